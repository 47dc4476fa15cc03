"""Words that no source holds and that claim nothing all the same: in a way out, a question, or beside what is held."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from assistant.facts.lexicon import named
from assistant.facts.sources import Index, Text, lemmas_of
from assistant.facts.text import lemma
from assistant.facts.whose import tells

_BUYERS = frozenset(("client", "customer"))
_FIRMS = frozenset(("company", "compani", "business"))
_JOINS = frozenset(("and", "but", "which", "who", "where", "while", "using"))
_LOOSE_TIES = frozenset(("friend", "acquaintanc", "colleagu", "neighbour", "neighbor", "stranger"))
_OPENERS = named("unheard-openers")
_ASKING = named("unheard-asking")
_WILL = named("unheard-will")
_NO_ADVERBS = named("unheard-telling-adverbs")
_IN_ASKING = 2
_ONE, _TWO = 1, 3


def may_go_unheard(text: Text, run: range, new: Sequence[bool], sort: str, known: Index) -> bool:
    """Whether an unheard run of words claims nothing; `new` marks every unheard word of the text."""
    tied = sort == "role" and all(text.tokens[j].low.endswith("s") for j in run)
    if (sort == "claim" or tied) and _courtesy(text, run[0], new):
        return True
    return (sort == "claim" and _common(text, run, new, known)) or (len(run) == 1 and _of_nobody(text, run[0]))


def _courtesy(text: Text, i: int, new: Sequence[bool]) -> bool:
    """Whether an unheard word stands in a way out ("If the roster has no gap, leave it"), where nothing is claimed."""
    first, last = text.sentence(i)
    said = text.tokens[first:last]
    if said[0].low not in _OPENERS or (said[0].low in ("and", "or") and said[1].low != "if"):
        return False
    own = any(
        t.low == "my" or (t.low == "i" and said[j + 1].low in ("have", "was", "am")) for j, t in enumerate(said[:-1])
    )
    fields = lemmas_of("fields")
    heard = any(
        new[j] and lemma(text.tokens[j].low) in fields and lemma(text.tokens[j].low) not in _BUYERS
        for j in range(first, last)
    )
    return not own and not heard and sum(new[first:last]) <= _IN_ASKING


def _clause(text: Text, i: int, first: int, last: int) -> tuple[int, int]:
    """Where the clause about a place begins and ends: at a comma, or at "and" or "which"."""
    edges = [
        j for j in range(first + 1, last) if re.search(r"[,;:()]", text.tokens[j].gap) or text.tokens[j].low in _JOINS
    ]
    start = max((j for j in edges if j <= i), default=first)
    return start, min((j for j in edges if j > i), default=last)


def _weight(text: Text, j: int, known: Index) -> float:
    """How far a word that may be said ties its sentence to the sources: a telling one more than a free one."""
    key = lemma(text.tokens[j].low)
    if text.tokens[j].kind != "word" or j in text.covered or key not in _plain():
        return 1.0
    return 0.5 if key in known.lemmas and key not in lemmas_of("function") else 0.0


def _of_nobody(text: Text, i: int) -> bool:
    """Whether a tie is told of nobody in particular: "more than a friend's word", "a friendship", "an acquaintance"."""
    tokens = text.tokens
    after = tokens[i + 1].low if i + 1 < len(tokens) else ""
    before = tokens[i - 1].low if i else ""
    named_ = after in ("of", "who") or (i + 1 < len(tokens) and tokens[i + 1].capital and tokens[i + 1].gap == " ")
    nobody = before in ("a", "an", "any", "no", "every") or (tokens[i].low == "acquaintance" and before != "my")
    return lemma(tokens[i].low) in _LOOSE_TIES and nobody and not named_


def _common(text: Text, run: range, new: Sequence[bool], known: Index) -> bool:
    """Whether a run is common English in a sentence that asks, or whose telling words the sources hold."""
    first, last = text.sentence(run[0])
    unheard = sum(new[j] and not _adverb(text.tokens[j].low) for j in range(first, last))
    asking = _asks(text, first, last) and not _owned(text, run[0], first)
    spared = _shared() | _BUYERS if asking else _shared()
    if any(lemma(text.tokens[j].low) not in spared and not _adverb(text.tokens[j].low) for j in run):
        return False
    if asking:
        return unheard <= _IN_ASKING
    start, end = _clause(text, run[0], first, last)
    done = any(tells(text, j) and not known.has(text.tokens[j]) for j in range(start, end))
    if done:
        first, last = start, end
    heard = sum(_weight(text, j, known) for j in range(first, last) if not new[j])
    everyday = not done and any(lemma(text.tokens[j].low) in lemmas_of("everyday") for j in run)
    light = everyday and heard > 0 and not _owned(text, run[0], first)
    return unheard <= (light or heard >= _ONE) + (heard >= _TWO)


@cache
def _shared() -> frozenset[str]:
    return lemmas_of("common") | lemmas_of("everyday") | _FIRMS


@cache
def _plain() -> frozenset[str]:
    return lemmas_of("free") | lemmas_of("function")


def _adverb(low: str) -> bool:
    """Whether a word tells how: "squarely", "luckily"."""
    return low.endswith("ly") and len(low) > 5 and low not in _NO_ADVERBS


def _asks(text: Text, first: int, last: int) -> bool:
    """Whether a sentence asks, offers or promises, so that it tells of nothing done."""
    if "?" in text.text[text.tokens[last - 1].end : text.tokens[last - 1].end + 2]:
        return True
    lows = [token.low for token in text.tokens[first : first + 3]]
    if lows[:2] == ["good", "luck"]:
        return True
    shortened = text.tokens[first].text.casefold().endswith("'d")
    return lows[0] in _ASKING or shortened or (lows[0] in ("i", "you", "we", "it") and bool(_WILL & set(lows[1:])))


def _owned(text: Text, i: int, first: int) -> bool:
    """Whether a word is told as one's own: "my studio", "I have a studio", "our new studio"."""
    before = [token.low for token in text.tokens[max(first, i - 3) : i]]
    had = any(a in ("i", "we") and b in ("have", "had", "was", "am", "were") for a, b in pairwise(before))
    return bool({"my", "our"} & set(before)) or had
