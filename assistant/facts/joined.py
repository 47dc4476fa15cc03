"""Parts of a sentence that tell of both sides at once, that a possessive governs, or that are quoted."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from assistant.facts.lexicon import named
from assistant.facts.sources import Text
from assistant.facts.whose import MINE, THEIRS, Owner, People, content

_TOGETHER = named("clauses-together")


def parts_together(text: Text, first: int, last: int) -> frozenset[int]:
    """The positions of the parts of a sentence, between commas, that tell of both sides at once."""
    found: set[int] = set()
    start = first
    inside = False
    for i in range(first + 1, last + 1):
        if i == last or re.search(r"[,()]", text.tokens[i].gap):
            opens = [t.low for t in text.tokens[first:start]] in (
                ["like", "you"],
                ["like", "me"],
                ["like", "her"],
                ["like", "him"],
            )
            aside = start > first and "(" in text.tokens[start].gap and start - 1 in found
            if together(text, start, i) or opens or aside or (inside and start - 1 in found):
                found.update(range(start, i))
            inside = i < last and (aside or inside) and ")" not in text.tokens[i].gap
            start = i
    return frozenset(found)


def together(text: Text, first: int, last: int) -> bool:
    """Whether a sentence tells of both sides at once."""
    lows = [text.tokens[i].low for i in range(first, last)]
    like = any(a == "like" and b in ("me", "you", "us") for a, b in itertools.pairwise(lows))
    both = lows[:1] in (["both"], ["same"]) and not any(t.capital for t in text.tokens[first + 1 : first + 2])
    shared = (
        text.tokens[i].low in _TOGETHER and text.tokens[i].text.islower() and not _quality(text, i, last)
        for i in range(first, last)
    )
    return like or both or any(shared)


def _quality(text: Text, i: int, last: int) -> bool:
    """Whether "shared" or "both" joins no two sides: "shared kiln slots", "manual and automated both"."""
    low = text.tokens[i].low
    follows = i + 1 < last and text.tokens[i + 1].gap == " "
    if low == "both":
        return not follows and not {"we", "us", "you"} & {text.tokens[j].low for j in range(max(0, i - 4), i)}
    return low == "shared" and follows and content(text, i + 1)


def quotations(text: str) -> list[tuple[int, int]]:
    """Where a text quotes, as offsets."""
    return [m.span() for m in re.finditer(r"\"[^\"\n]{3,400}\"|(?<!\w)'[^'\n]{3,}(?:'\w[^'\n]*)*'(?!\w)", text)]


def _apposed(text: Text, i: int, last: int) -> range:
    """The name that a comma or a bracket sets beside a thing: "my college (Orla Tech)", "my firm, Orla Foods"."""
    if i >= last or text.tokens[i].gap not in (" (", ", ") or not text.tokens[i].capital or not content(text, i):
        return range(0)
    end = next((j for j in range(i + 1, last) if text.tokens[j].gap != " " or not text.tokens[j].capital), last)
    return range(i, end)


def possessions(
    text: Text, first: int, last: int, quoted: Sequence[tuple[int, int]] = (), people: People | None = None
) -> dict[int, Owner]:
    """The positions that a possessive governs, up to the next grammar word or comma: "her stall", "Ana's stall"."""
    owned: dict[int, Owner] = {}
    for i in range(first, last):
        low = text.tokens[i].low
        whose = people.side(low) if people and text.tokens[i].text.endswith("'s") else None
        if (low not in MINE | THEIRS and not whose) or any(a < text.tokens[i].start < b for a, b in quoted):
            continue
        for j in range(i + 1, min(i + 5, last)):
            if text.tokens[j].gap not in (" ", "-") or (text.tokens[j].kind == "word" and not content(text, j)):
                break
            if low != "our":
                owned[j] = whose or ("me" if low in MINE else "other")
                owned.update(dict.fromkeys(_apposed(text, j + 1, last), owned[j]))
    return owned
