"""Whose a thing or a person is: "my stall", "your cousin Lene", where the sources give it to the other side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.facts.clauses import Sentence, Told
from assistant.facts.denials import way_out
from assistant.facts.evidence import weight_of
from assistant.facts.joined import possessions, together
from assistant.facts.sources import Text, flat, lemmas_of
from assistant.facts.text import lemma
from assistant.facts.whose import MINE, RELATIONS, Owner, content
from assistant.records import Unsupported

_MUTUAL = flat(
    ("flatmate", "roommate", "housemate", "classmate", "colleague", "neighbour", "neighbor", "friend", "mate",
     "teammate", "coworker", "cousin", "brother", "sister", "bandmate")
)  # fmt: skip
_TIES = flat(RELATIONS) | _MUTUAL
_SHARED = 2.0


def possessed(text: Text, known: Told) -> Iterator[Unsupported]:
    """What a text calls "my" or "your" and the sources only give to the other side."""
    last = 0
    while last < len(text.tokens):
        first = last
        _, last = text.sentence(first)
        if together(text, first, last):
            continue
        owned = possessions(text, first, last)
        for i in range(first, last):
            if text.tokens[i].low not in ("my", "your") or i + 1 not in owned:
                continue
            spots = [j for j in range(i + 1, min(i + 4, last)) if j in owned and content(text, j)]
            if spots and (_named(text, spots, owned[i + 1], known) or _thing(text, (first, last), spots, owned, known)):
                said = text.text[text.tokens[i].start : text.tokens[spots[-1]].end]
                whose = "the other side's" if text.tokens[i].low in MINE else "yours"
                yield Unsupported(said, f"In the notes it is {whose}: “{said}”.", "owner")


def _thing(text: Text, bounds: tuple[int, int], spots: Sequence[int], owned: dict[int, Owner], known: Told) -> bool:
    """Whether every place of the sources that has a thing, or the one that is retold, gives it to another."""
    if any(lemma(text.tokens[j].low) in _MUTUAL or text.tokens[j].low == "network" for j in spots):
        return False
    common = lemmas_of("free")
    telling = [j for j in spots if lemma(text.tokens[j].low) not in common and len(text.tokens[j].low) > 3]
    found = [(s, p) for j in telling for s, p in everywhere(known, text.tokens[j].low)]
    whose = owned[spots[0]]
    if found and all(s.possessed.get(p) not in (None, whose) and p not in s.together for s, p in found):
        return True
    if way_out(text, *bounds):
        return False
    named = len(spots) > 1 and text.tokens[spots[1]].capital
    holder = next((j for j in spots if text.tokens[j].text.endswith("'s")), spots[0 if named else -1])
    return _retold(text, bounds, holder, whose, known)


def _retold(text: Text, bounds: tuple[int, int], j: int, whose: Owner, known: Told) -> bool:
    """Whether the sentences that have a thing and more of what is told of it give it to another, none to this one."""
    words = [k for k in range(*bounds) if k != j and (content(text, k) or text.tokens[k].kind == "number")]
    places = known.where(text.tokens[j].low)
    if any(known.sentences[n].possessed.get(p) == whose for n, spots in places.items() for p in spots):
        return False
    near = [
        None if _retells(known.sentences[n], p, whose) else known.sentences[n].possessed.get(p)
        for n, spots in places.items()
        for p in spots
        if sum(weight_of(text, k) for k in words if n in known.where(text.tokens[k].low)) >= _SHARED
        if p not in known.sentences[n].together
    ]
    return bool(near) and all(near)


def _retells(sentence: Sentence, place: int, whose: Owner) -> bool:
    """Whether "his school" stands where somebody else tells of this side, whose school it then may be."""
    return sentence.said.get(place) is None and sentence.hinted.get(place) == whose


def _named(text: Text, spots: Sequence[int], whose: Owner, known: Told) -> bool:
    """Whether the sources call somebody the other side's colleague or cousin by name, and never this one's."""
    for tie, name in pairwise(spots):
        if lemma(text.tokens[tie].low) not in _TIES or not text.tokens[name].capital or name != tie + 1:
            continue
        held = {
            s.possessed[p]
            for s, p in everywhere(known, text.tokens[name].low)
            if p in s.possessed and any(p - 2 <= q < p for q in s.keys.get(lemma(text.tokens[tie].low), ()))
        }
        if held and whose not in held:
            return True
    return False


def everywhere(known: Told, low: str) -> list[tuple[Sentence, int]]:
    """Every place of the sources that has a word, its lemma, root or synonym."""
    return [(known.sentences[n], p) for n, spots in known.where(low).items() for p in spots]
