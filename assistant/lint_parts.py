"""Where a text's greeting ends, where its sentences lie, and where a note to be passed on begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

from assistant.patterns import plain

_GREETING = re.compile(
    r"\s*(?:subject:[^\n]*\n\s*)?"
    r"(?:(?:hi|hello|hey|hiya|dear|respected|good (?:morning|afternoon|evening|day)|greetings|to whom)\b"
    r"(?:[ ]+[\w.'/&-]+){0,5}?[ ]*(?:[,!:;–—]+|-(?=[ ])|\n))?\s*",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?]+[\"')\]]*(?=\s|$)|\n\s*\n|\n(?=\s*(?:[-*•>]|\d+[.)]\s))|(?<=[,:])\n")
# A name's initial or a common short form does not end a sentence.
_SHORT_FORM = re.compile(
    r"\b(?:[A-Z]|[Mm]rs?|[Mm]s|[Dd]r|[Ss]t|[Vv]s|[Pp]rof|[Dd]ept|[Ee]\.g|[Ii]\.e|[Ii]nc|[Ll]td|approx)\.$"
)
_NOTE = re.compile(
    r"^[ \t>*_#]*(?:forwardable|note to (?:forward|pass on|share)|(?:text|blurb|message) to forward)\b[^\n]{0,20}:",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNOFF_WORDS = 4


@dataclass(frozen=True, slots=True)
class Parts:
    """`text` is the message with plain apostrophes; all spans are (start, end) into it."""

    text: str
    sentences: tuple[tuple[int, int], ...]
    opening: tuple[int, int]
    closing: tuple[int, int]
    body: tuple[int, int]
    # What each check's patterns were found to match here, by what decides it.
    seen: dict[tuple[object, ...], tuple[Any, ...]] = field(default_factory=dict, compare=False, repr=False)

    def region(self, where: str) -> tuple[int, int]:
        """The stretch that a check looks at; the whole text where it names none."""
        whole = (0, len(self.text))
        return {"opening": self.opening, "closing": self.closing, "body": self.body}.get(where, whole)

    def sentence(self, place: int) -> str:
        """The sentence that holds the offset."""
        for start, end in self.sentences:
            if place < end:
                return self.text[start:end]
        return ""


@lru_cache(maxsize=64)
def parts(text: str) -> Parts:
    """Splits a message. Offsets are those of the text as given."""
    flat = plain(text)
    greeting = _GREETING.match(flat)
    begin = greeting.end() if greeting else 0
    cuts = [begin, *_ends(flat, begin), len(flat)]
    sentences = [(a, b) for a, b in pairwise(cuts) if flat[a:b].strip()]
    note = _NOTE.search(flat)
    body_end = note.start() if note else len(flat)
    telling = [s for s in sentences if s[1] <= body_end and _is_telling(flat[slice(*s)])] or sentences
    opening_end = sentences[min(1, len(sentences) - 1)][1] if sentences else len(flat)
    closing_start = telling[-min(2, len(telling))][0] if telling else 0
    if begin:
        sentences.insert(0, (0, begin))
    return Parts(flat, tuple(sentences), (0, opening_end), (closing_start, len(flat)), (0, body_end))


def _is_telling(sentence: str) -> bool:
    """A sentence with an end mark, or too long for a name and "Best regards,"."""
    words = sentence.split()
    return len(words) > _SIGNOFF_WORDS or (bool(words) and words[-1][-1] in ".!?")


def _ends(flat: str, begin: int) -> Iterator[int]:
    for match in _END.finditer(flat, begin):
        if not _SHORT_FORM.search(flat, max(0, match.start() - 8), match.start() + 1):
            yield match.end()
