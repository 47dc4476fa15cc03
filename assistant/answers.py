"""Answers to the questions about what is missing: written down as notes, read back into the slots they were asked for.

A question names its slot, so its answer needs no guessing; `reading` guesses, and takes some names for the sender's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from assistant.records import Brief, Document, Excerpt, Need, Slot

NAME = "answers"
SLOT_OF: dict[Need, Slot] = {
    "role": "target",
    "proof": "proof",
    "why_them": "why_them",
    "ask": "ask",
    "recipient": "recipient",
    "sender": "sender",
}
_LINE = re.compile(r"^(\w+): (.+)$", re.MULTILINE)


def written(answers: Mapping[Need, str]) -> Document | None:
    """The notes document that holds the answers, one `need: words` a line; None where there is none."""
    lines = [f"{need}: {' '.join(words.split())}" for need, words in answers.items() if words.strip()]
    return Document(NAME, "\n".join(lines)) if lines else None


def filled(brief: Brief, document: Document) -> Brief:
    """The brief with each answer first in its slot. `brief` is of the draft and of the notes without `document`."""
    for line, match in enumerate(_LINE.finditer(document.text), start=1):
        need, words = match.groups()
        slot = next((slot for known, slot in SLOT_OF.items() if known == need), None)
        if slot is not None:
            answer = Excerpt(words, document.name, match.start(2), match.end(2), line)
            brief = replace(brief, **{slot: (answer, *brief.get(slot))})
    return brief
