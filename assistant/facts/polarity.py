"""Negations dropped or added: the same words, said with another truth."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator

from assistant.facts.clauses import Sentence, Told, where
from assistant.facts.denials import COURTESY, OPINION, Negation, denials, denied, quote, way_out
from assistant.facts.lexicon import named
from assistant.facts.lost import dropped, stranded
from assistant.facts.sources import Text
from assistant.facts.whose import content
from assistant.records import Unsupported

_TENSED = named("polarity-tensed")
_OPEN = frozenset(("if", "whether", "unless", "should"))


def negations(text: Text, told: Told) -> Iterator[Unsupported]:
    """A negation that the retold source sentence lacks, and a source's negation that the text lost."""
    last = 0
    while last < len(text.tokens):
        first = last
        _, last = text.sentence(first)
        if way_out(text, first, last):
            continue
        own = denials(text, first, last)
        for negation in own:
            if not _same_words(text, negation.at, told) and _added(text, negation, first, last, told):
                said = quote(text, negation.at, negation.scope)
                yield Unsupported(said, f"The notes do not deny this: “{said}”.", "negation")
        yield from dropped(text, first, last, told)
        yield from stranded(text, first, last, told)


def _same_words(text: Text, at: int, told: Told) -> bool:
    """Whether a source has the very denial: "never off" in "never off by more"."""
    if at + 1 >= len(text.tokens):
        return False
    if text.tokens[at].low in ("none", "nobody") and text.tokens[at].low in told.index.lows:
        return True
    after = text.tokens[at + 1].low
    if text.tokens[at].low in ("no", "without") and f"{after}less" in told.index.lows:
        return True
    after = text.tokens[at + 2].low if after in ("the", "a", "an", "any") and at + 2 < len(text.tokens) else after
    return any(
        a.low == text.tokens[at].low and b.low == after
        for source in told.index.texts
        for a, b in itertools.pairwise(source.tokens)
    )


def _added(text: Text, negation: Negation, first: int, last: int, told: Told) -> bool:
    """A denied statement of fact that no source denies, or that the sources rather say without the denial."""
    at = negation.at
    low = text.tokens[at].low
    before = text.tokens[at - 1].low if at > first else ""
    if any(text.tokens[j].low in _OPEN for j in range(first, at)) or before in (
        "this",
        "that",
        "why",
        "or",
        "and",
        "but",
    ):
        return False
    lows = {text.tokens[j].low for j in range(first, at)}
    if [t.low for t in text.tokens[at + 1 : at + 3]] in (["for", "me"], ["for", "us"], ["for", "you"]):
        return False
    if lows & {"maybe", "perhaps", "might", "suppose", "guess"}:
        return False
    spared = text.tokens[at + 1].low in ("have", "need") if at + 1 < last else False
    if (spared and "you" in lows) or {"happy", "hear"} <= lows or {"glad", "hear"} <= lows:
        return False
    near = {text.tokens[j].low for j in range(max(first, at - 2), at)}
    doing = bool(near & {"do", "does"})
    if low == "not" and (not (near & _TENSED or doing) or "please" in near or (at + 1 < last and _about(text, at + 1))):
        return False
    if not negation.scope:
        return low == "not" and before in ("is", "was")
    if doing:
        told_of = any(text.tokens[j].low in ("i", "we", "you", "he", "she", "they") for j in range(first, at))
        if not told_of or text.tokens[negation.scope[0]].low in OPINION:
            return False
        return _denied_more(text, negation, first, told) is False
    courteous = text.tokens[negation.scope[0]].low in COURTESY
    mine = any(text.tokens[j].low in ("i", "we", "this", "it", "there") for j in range(max(first, at - 3), at))
    if low not in ("not", "never") and (courteous or low == "nothing"):
        return False
    if courteous and mine and low == "not":
        return False
    more = _denied_more(text, negation, first, told)
    if more is None:
        if low == "never":
            return text.tokens[negation.scope[0]].low not in named("polarity-unheard")
        return low == "not" and not mine and text.tokens[negation.scope[0]].low not in named("polarity-unheard")
    return not more


def _about(text: Text, j: int) -> bool:
    return text.tokens[j].low in ("about", "only", "just", "to")


def _denied_more(text: Text, negation: Negation, first: int, told: Told) -> bool | None:
    """Whether the sources say a negation's words rather with a denial than without one; None where they do not."""
    ahead = [j for j in range(max(first, negation.at - 6), negation.at) if content(text, j)][-2:]
    spots = {j: _everywhere(text, j, told) for j in (*negation.scope, *ahead)}
    denials: dict[int, float] = defaultdict(float)
    plain: dict[int, float] = defaultdict(float)
    for j, found in spots.items():
        weight = 1.0 if j == negation.scope[0] else 0.6 if j in negation.scope else 0.4
        for n, places in found.items():
            sentence = told.sentences[n]
            source = told.index.texts[sentence.text]
            if any(denied(source, sentence.first, sentence.last, p, 5) for p in places):
                denials[n] += weight
            else:
                plain[n] += weight
    if not any(spots[j] for j in negation.scope[:2]):
        return None
    best = max(denials.values(), default=0.0)
    return best >= 0.6 and best >= max(plain.values(), default=0.0) - 0.4


def _everywhere(text: Text, j: int, told: Told) -> dict[int, tuple[int, ...]]:
    """The places of a word in the sources, or of a number of the same value."""
    if j not in text.covered:
        return told.where(text.tokens[j].low)
    found = {n: _places(text, j, sentence, told) for n, sentence in enumerate(told.sentences)}
    return {n: places for n, places in found.items() if places}


def _places(text: Text, j: int, sentence: Sentence, told: Told) -> tuple[int, ...]:
    """Where a sentence holds a word, or a number of the same value."""
    if j not in text.covered:
        return where(text.tokens[j].low, sentence)
    mine = [q for q in text.quantities if q.first <= j <= q.last]
    source = told.index.texts[sentence.text]
    return tuple(
        q.first for q in source.quantities if sentence.first <= q.first < sentence.last and any(m.same(q) for m in mine)
    )
