"""How the words of a check are looked for. Standard library only: the library validates with it, the linter runs it."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.records import Check

# One code point for one, so that offsets stay true.
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " "}
)


def plain(text: str) -> str:
    """The text with one form of apostrophe, quotation mark and space; every offset stays the same."""
    return text.translate(_PLAIN)


def compile_check(check: Check) -> re.Pattern[str]:
    """One expression for all of the check's `any`. Raises re.error where one of them is not valid."""
    return _compile(check.type, check.any)


def compile_unless(check: Check) -> re.Pattern[str] | None:
    """One expression for all of the check's `unless`, None where it has none. Raises re.error."""
    return _compile("pattern", check.unless) if check.unless else None


@lru_cache(maxsize=1024)
def _compile(type: str, sources: tuple[str, ...]) -> re.Pattern[str]:
    if type == "phrase":
        # Longest first: an alternation takes the first that fits, and the whole phrase should be shown.
        words = (r"\s+".join(map(re.escape, plain(s).split())) for s in sorted(sources, key=len, reverse=True))
        return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)
    return re.compile("|".join(f"(?:{plain(s)})" for s in sources), re.IGNORECASE)
