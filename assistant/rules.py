"""The user's own word on the rules: a level for each in the config file, and comments in a draft that switch one off.

[rules]                       # config.toml in the user's config folder
no-thanks = "off"             # or "info", "warning", "error"

<!-- assistant: ignore flattery -->
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from assistant import paths
from assistant.errors import UsageError
from assistant.library import load_library
from assistant.records import SEVERITIES, Document, Library, Principle, Severity

Level = Literal["off"] | Severity
LEVELS: tuple[str, ...] = ("off", *SEVERITIES)

_COMMENT = re.compile(r"<!--\s*assistant:\s*ignore\s+([\w-]+(?:[\s,]+[\w-]+)*)\s*-->", re.IGNORECASE)
# A comment on a line of its own takes the line with it.
_LINE = re.compile(rf"^[ \t]*{_COMMENT.pattern}[ \t]*(?:\n|\Z)", re.IGNORECASE | re.MULTILINE)


def user_library() -> Library:
    """The bundled library with the user's levels; raises DataError, and UsageError for a fault in the config file."""
    library = load_library()
    return with_levels(library, read_levels(paths.user_settings(), library))


def read_levels(path: Path, library: Library) -> dict[str, Level]:
    """The levels of a config file by rule, none where there is no file. Raises UsageError with file and key."""
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        hint = 'Mend it, or take it away. It may hold a table [rules] with lines such as no-thanks = "off".'
        raise UsageError(f"The settings cannot be read: {error}.", hint, file=path) from error
    rules = data.get("rules", {})
    if not isinstance(rules, dict):
        raise UsageError(
            "This must be a table: [rules].", 'A line in it is: no-thanks = "off".', file=path, key="rules"
        )
    for id, level in rules.items():
        known_rule(id, library, file=path, key=f"rules.{id}")
        if level not in LEVELS:
            message = f"“{level}” is no level."
            raise UsageError(message, f"The levels are: {', '.join(LEVELS)}.", file=path, key=f"rules.{id}")
    return rules


def with_levels(library: Library, levels: Mapping[str, Level]) -> Library:
    """The library with these severities; a rule that is off keeps its place and finds nothing."""
    return replace(library, principles=tuple(_with(p, levels.get(p.id)) for p in library.principles))


def ignored(text: str, library: Library) -> dict[str, Level]:
    """The rules that comments in a text switch off; raises UsageError for one that does not exist."""
    names = [name for found in _COMMENT.finditer(text) for name in re.split(r"[\s,]+", found[1].casefold())]
    for name in names:
        known_rule(name, library, key="<!-- assistant: ignore … -->")
    return dict.fromkeys(names, "off")


def without_comments(document: Document) -> Document:
    """The text as it is to be sent."""
    if not _COMMENT.search(document.text):
        return document
    return replace(document, text=_COMMENT.sub("", _LINE.sub("", document.text)).strip())


def blanked(document: Document) -> Document:
    """The same with spaces in place of the comments, so that every offset stays the same."""
    return replace(document, text=_COMMENT.sub(lambda m: re.sub(r"\S", " ", m[0]), document.text))


def known_rule(name: str, library: Library, *, file: Path | None = None, key: str | None = None) -> None:
    """Raises UsageError, with the nearest name, for a rule that does not exist."""
    ids = [p.id for p in library.principles]
    if name in ids:
        return
    import difflib

    close = difflib.get_close_matches(name, ids, n=1)
    guess = f"Did you mean “{close[0]}”? " if close else ""
    raise UsageError(
        f"There is no rule “{name}”.", f"{guess}`assistant principles` lists them all.", file=file, key=key
    )


def _with(principle: Principle, level: Level | None) -> Principle:
    if level is None:
        return principle
    return replace(principle, checks=()) if level == "off" else replace(principle, severity=level)
