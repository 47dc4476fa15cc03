"""What the makers of corrupted and honest texts share: a case's sources, and the sentences that state something."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

from assistant.records import SLOTS, Brief, Document, Excerpt

Case = dict[str, Any]
Change = Callable[[Case, str, random.Random], str | None]

MONTHS = [
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
]
SHORT = [m[:3] for m in MONTHS]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
CALENDAR = {w.casefold() for w in (*MONTHS, *SHORT, "sept", *DAYS)}


def documents(case: Case) -> tuple[Document, Document]:
    """Draft and notes as the product reads them."""
    return Document("draft", case["draft"]), Document("notes", case["context"])


def brief(case: Case) -> Brief:
    """The brief of a case's marked slots, each string found in the notes or else in the draft."""
    filled: dict[str, tuple[Excerpt, ...]] = {}
    for slot in SLOTS:
        found = []
        for text in case["slots"].get(slot, ()):
            for name, whole in (("notes", case["context"]), ("draft", case["draft"])):
                if (start := whole.find(text)) >= 0:
                    line = whole.count("\n", 0, start) + 1
                    found.append(Excerpt(text, name, start, start + len(text), line))
                    break
        filled[slot] = tuple(found)
    return Brief(**filled)


def sources_text(case: Case) -> str:
    return f"{case['draft']}\n{case['context']}"


def swap(text: str, span: tuple[int, int], new: str) -> str:
    return text[: span[0]] + new + text[span[1] :]


def sentences(text: str) -> list[re.Match[str]]:
    return [m for m in re.finditer(r"(?:[^.?!\n]|[.?!](?=[\w\"]))+[.?!]?", text) if len(m.group().split()) > 2]


_WAY_OUT = re.compile(
    r"(?i)^\W*(?:if|or if|no |say|please|feel free|could|would|can|may|do you|thanks|thank|and if|let me|tell|a no|"
    r"it's fine)"
)


def facts(text: str) -> list[re.Match[str]]:
    """The sentences that state something: no question, no request, no way out."""
    return [m for m in sentences(text) if not m.group().endswith("?") and not _WAY_OUT.match(m.group())]


def insert(text: str, sentence: str, rng: random.Random) -> str | None:
    ends = [m.end() for m in facts(text)]
    return swap(text, (at := rng.choice(ends), at), f" {sentence}") if ends else None
