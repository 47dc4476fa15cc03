"""Two places of which each stands where the other side is told of: "I'm at Orla Foods, and you're at mine"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.facts.clauses import Told
from assistant.facts.employers import SEEKS
from assistant.facts.nearness import DATES, Run, Spot, owner_at, runs, spots_of
from assistant.facts.sources import Text, lemmas_of
from assistant.facts.statements import MODALS
from assistant.facts.text import lemma
from assistant.facts.whose import content
from assistant.records import Unsupported

Side = Literal["me", "other", "third", "aim", "both", None]
_BEHIND = frozenset(("at", "with", "for", "of"))
_ANYBODY = frozenset(("our", "he", "she", "they", "who", "us", "where"))
_AIMED = 4
_AGREES: dict[Side, frozenset[Side]] = {
    "me": frozenset(("me", "both")),
    "other": frozenset(("other", "aim", "both")),
    "aim": frozenset(("aim", "other")),
    "both": frozenset(("both",)),
}
_OPPOSITE: dict[Side, frozenset[Side]] = {
    "me": frozenset(("other", "aim")),
    "other": frozenset(("me",)),
    "aim": frozenset(("me",)),
    "both": frozenset(("other", "aim", "me")),
}


@dataclass(frozen=True, slots=True)
class _Place:
    """A name of a text, of which side its sentence speaks, and of which sides the sources tell it, whole or in part."""

    run: Run
    key: frozenset[str]
    side: Side
    told: frozenset[Side]
    wide: frozenset[Side]


def crossings(text: Text, known: Told) -> Iterator[Unsupported]:
    """The first name that stands where the sources have another name of the text, which stands in its place."""
    here = list(_places(text, known))
    for one in here:
        for two in here:
            if one.key <= two.key or two.key <= one.key or not _against(one):
                continue
            fits = two.wide & _AGREES[one.side] and one.wide & _AGREES[two.side]
            if fits and not two.told & _AGREES[two.side]:
                said = text.text[text.tokens[one.run[0] - 1].start : text.tokens[one.run[-1]].end]
                yield Unsupported(said, f"In the notes another name stands here: “{said}”.", "pairing")
                return


def _against(one: _Place) -> bool:
    """Whether the sources only tell a place of other sides than a text does."""
    told = one.told - {None}
    return bool(told) and told <= _OPPOSITE[one.side]


def _places(text: Text, known: Told) -> Iterator[_Place]:
    for run in map(tuple, runs(text)):
        key = frozenset(lemma(text.tokens[j].low) for j in run)
        if not run[0] or text.starts_sentence(run[0]) or key & (DATES | known.mine | known.theirs):
            continue
        at = run[0] - 1 - (text.tokens[run[0] - 1].low == "the" and run[0] > 1)
        side = _side(text, run[0], known) if text.tokens[at].low in _BEHIND else None
        first = lemma(text.tokens[run[0]].low)
        told = frozenset(_told_of(known, spots_of(known, key)))
        alone = known.places.get(first, ()) if first not in lemmas_of("free") else ()
        wide = told | frozenset(_told_of(known, alone))
        if side and told:
            yield _Place(run, key, side, told, wide)


def _side(text: Text, i: int, known: Told) -> Side:
    """Of whom a sentence speaks before a place, or "aim" where it seeks a post."""
    first, _ = text.sentence(i)
    lows: set[str] = set()
    if any(_aimed(text, j, known) for j in range(max(first, i - _AIMED), i)):
        return "aim"
    for j in range(i - 1, first - 1, -1):
        low = text.tokens[j].low
        if low == "we" and not MODALS & {token.low for token in text.tokens[first:i]}:
            return "both"
        if low in _ANYBODY or low == "we":
            return None
        mine, theirs = low in ("i", "my") or low in known.mine, low in ("you", "your") or low in known.theirs
        if mine or theirs:
            return "aim" if lows & SEEKS else "me" if mine else "other"
        lows |= {low, lemma(low)}
    return "aim" if lows & SEEKS else None


def _aimed(text: Text, j: int, known: Told) -> bool:
    """Whether a name of what is aimed at stands at a place: "about Team Lead at"."""
    if not text.tokens[j].capital or not content(text, j) or text.starts_sentence(j):
        return False
    spots = known.places.get(lemma(text.tokens[j].low), ())
    return bool(spots) and all(p in known.sentences[n].aims for n, p in spots)


def _told_of(known: Told, spots: Sequence[Spot]) -> Iterator[Side]:
    for n, p in spots:
        sentence = known.sentences[n]
        yield "both" if p in sentence.together else "aim" if p in sentence.aims else owner_at(known, (n, p))
