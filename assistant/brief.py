"""The brief as a small text that a person can correct: one `slot: words` a line, a line more for every further excerpt.

Words that draft or notes hold are taken from there, wherever they stand. Other words count as what the sender says
there: the text is then one more document that a message may be built from, as an answer to a question is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from assistant.errors import UsageError
from assistant.records import SLOTS, Brief, Document, Excerpt, Slot
from assistant.segments import excerpt

NAME = "brief"
_LINE = re.compile(r"[ \t]*(\w+)[ \t]*:[ \t]*(.*?)[ \t]*$")
_HEAD = """\
# What was read, for the kind {kind}. One `slot: words` a line; add, change or take away lines.
# Words of your draft and notes are taken from there; other words count as your own statement.
"""


def written(brief: Brief, kind: str) -> str:
    """The text of a brief; a slot for which nothing was found is a line without words, to be filled."""
    lines = [f"{slot}: {' '.join(e.text.split())}".rstrip() for slot in SLOTS for e in brief.get(slot) or (_NOTHING,)]
    return _HEAD.format(kind=kind) + "\n".join(lines) + "\n"


_NOTHING = Excerpt("", NAME, 0, 0, 1)


def corrected(document: Document) -> Document:
    """The document `brief` made from a file: its remarks (`# …`) blanked, its lines where they were.

    Raises UsageError, with the file's name and the line, for a line that is neither empty, nor a remark, nor
    `slot: words`, and for a slot that does not exist.
    """
    lines = []
    for number, line in enumerate(document.text.split("\n"), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            lines.append("")
            continue
        match, where = _LINE.match(line), f"{document.name}, line {number}"
        known = f"The slots are: {', '.join(SLOTS)}."
        if match is None:
            raise UsageError(
                f"{where}: “{line.strip()[:60]}” does not begin with a slot.", f"Write `slot: words`. {known}"
            )
        if match.group(1).casefold() not in SLOTS:
            raise UsageError(f"{where}: there is no slot “{match.group(1)}”.", known)
        lines.append(line.rstrip())
    return Document(NAME, "\n".join(lines))


def filled(document: Document, sources: Sequence[Document]) -> Brief:
    """The brief that the document tells, each excerpt from the first source that holds it, else from the document."""
    found: dict[Slot, list[Excerpt]] = {slot: [] for slot in SLOTS}
    start = 0
    for line in document.text.split("\n"):
        match = _LINE.match(line)
        if match and match.group(2):
            one = _quoted(match.group(2), sources) or excerpt(document, start + match.start(2), start + match.end(2))
            found[cast(Slot, match.group(1).casefold())].append(one)
        start += len(line) + 1
    return Brief(**{slot: tuple(found[slot]) for slot in SLOTS})


def own(brief: Brief) -> tuple[Excerpt, ...]:
    """The excerpts that stand in the brief's text alone."""
    return tuple(e for slot in SLOTS for e in brief.get(slot) if e.source == NAME)


def _quoted(words: str, sources: Sequence[Document]) -> Excerpt | None:
    """Where a source says exactly these words, whatever its line breaks between them."""
    pattern = r"(?<!\w)" if words[0].isalnum() else ""
    pattern += r"\s+".join(map(re.escape, words.split())) + (r"(?!\w)" if words[-1].isalnum() else "")
    for source in sources:
        match = re.search(pattern, source.text)
        if match:
            return excerpt(source, match.start(), match.end())
    return None
