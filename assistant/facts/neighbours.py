"""Names that stand beside each other's words: "a deputy at Orla Foods" where the sources have "deputy, Bly & Co"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, permutations

from assistant.facts.clauses import Told
from assistant.facts.lexicon import named
from assistant.facts.nearness import DATES, Run, Spot, runs, spots_of
from assistant.facts.sources import Text, lemmas_of
from assistant.facts.text import lemma
from assistant.facts.whose import content
from assistant.records import Unsupported

_PLACING = named("nearness-placing")
_FIELDS = named("neighbours-fields")
_OFFERS = frozenset(("job", "role", "post", "position", "opening", "vacancy", "the", "a", "an", "my", "your", "their"))
_APART = 10
_CLOSE = 8
_BREAKS = re.compile(r"[.?!;\n|]")


def neighbours(text: Text, known: Told) -> Iterator[Unsupported]:
    """A field told as a place, a town told as a firm, and two names of which each has the other's word before it."""
    people = known.mine | known.theirs
    places: dict[Run, list[Spot]] = {}
    for run in map(tuple, runs(text)):
        key = frozenset(lemma(text.tokens[j].low) for j in run)
        behind = run[0] > 1 and text.tokens[run[0] - 1 - (text.tokens[run[0] - 1].low == "the")].low in _PLACING
        if behind and not key & DATES and not key & people and not text.starts_sentence(run[0]):
            places[run] = spots_of(known, key)
    yield from _fields(text, known)
    heads = {run: _head(text, run[0]) for run in places}
    told = {run: {_told_head(known, spot) for spot in spots} for run, spots in places.items()}
    for one, two in permutations(places, 2):
        if not places[one] or not places[two] or {text.tokens[j].low for j in one} & {text.tokens[j].low for j in two}:
            continue
        crossed = heads[one] in told[two] - told[one] and heads[two] not in told[two] and _telling(heads[one])
        crossed = crossed and not _near(known, heads[one], places[one])
        again = any(heads[run] == heads[one] and places[run] == places[two] for run in places)
        if (crossed and not again and not _together(places[one], places[two])) or _inside_out(
            text, known, one, two, places
        ):
            said = text.text[text.tokens[one[0] - 1].start : text.tokens[one[-1]].end]
            yield Unsupported(said, f"In the notes another name stands here: “{said}”.", "pairing")
            return


def _fields(text: Text, known: Told) -> Iterator[Unsupported]:
    """A field of work told as a place: "at IT"."""
    told = {(a.low, b.low) for source in known.index.texts for a, b in pairwise(source.tokens)}
    for before, token in pairwise(text.tokens):
        field = token.low in _FIELDS and token.text.isupper() and token.gap == " "
        if field and before.low == "at" and ("at", token.low) not in told:
            said = text.text[before.start : token.end]
            yield Unsupported(said, f"The notes do not name this as a place: “{said}”.", "pairing")


def _inside_out(text: Text, known: Told, one: Run, two: Run, places: dict[Run, list[Spot]]) -> bool:
    """Whether "at Leeds in Orla Foods" stands for the sources' "Orla Foods, Leeds"."""
    joined = (
        two[0] - one[-1] == 2 and text.tokens[one[-1] + 1].low == "in" and text.tokens[one[0] - 1].low in ("at", "of")
    )
    return joined and _follows(known, places[two], places[one]) and not _follows(known, places[one], places[two])


def _follows(known: Told, firsts: Sequence[Spot], seconds: Sequence[Spot]) -> bool:
    """Whether one name of the sources comes straight after another, with a comma or a preposition at most."""
    for n, a in firsts:
        tokens = known.index.texts[known.sentences[n].text].tokens
        for m, b in seconds:
            if (
                n == m
                and 0 < b - a < 4
                and all(tokens[j].capital or tokens[j].low in ("in", "the") for j in range(a, b))
            ):
                return True
    return False


def _together(firsts: Sequence[Spot], seconds: Sequence[Spot]) -> bool:
    """Whether the sources have two names so near each other that one word may belong to both."""
    return any(a[0] == b[0] and abs(a[1] - b[1]) < _APART for a in firsts for b in seconds)


def _near(known: Told, head: str, spots: Sequence[Spot]) -> bool:
    """Whether a word stands by a name of the sources in some other way: "ran design at the agency Orla"."""
    return any(
        n == m and (abs(a - b) < _CLOSE or known.parts.get((n, a)) == known.parts.get((m, b)))
        for n, a in spots
        for m, b in known.places.get(head, ())
    )


def _head(text: Text, i: int) -> str:
    """The lemma of the word that a name hangs on, the preposition and "the role" left out; "" where none does."""
    first, _ = text.sentence(i)
    j = i - 1
    while j >= first and (text.tokens[j].low in _PLACING or text.tokens[j].low in _OFFERS):
        j -= 1
    return lemma(text.tokens[j].low) if j >= first and content(text, j) else ""


def _told_head(known: Told, spot: Spot) -> str:
    """The same for a name of the sources, which may stand behind a comma or a colon."""
    sentence = known.sentences[spot[0]]
    source = known.index.texts[sentence.text]
    at = spot[1]
    while at > sentence.first and source.tokens[at - 1].capital and source.tokens[at].gap in (" ", "-", " & "):
        if not content(source, at - 1):
            break
        at -= 1
    return "" if _BREAKS.search(source.tokens[at].gap) else _head(source, at)


def _telling(head: str) -> bool:
    return bool(head) and head not in lemmas_of("free")
