"""Who said something, and who was whose boss, told the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.facts.clauses import Told
from assistant.facts.denials import way_out
from assistant.facts.joined import quotations
from assistant.facts.lexicon import named
from assistant.facts.sources import Text
from assistant.facts.text import lemma
from assistant.facts.whose import Owner, content, sentences
from assistant.records import Unsupported

_SIDES: dict[str, Owner] = {"i": "me", "you": "other"}
_SAID = frozenset(map(lemma, ("said", "promised", "agreed", "offered", "posted", "wrote", "mentioned", "suggested")))
_TELLING = _SAID | {lemma(low) for low in ("told", "answered", "replied")}
_ABOVE = named("spoken-above")
_BEING = frozenset(("was", "were", "am", "are", "been", "be"))
_BETWEEN = frozenset(("have", "had", "also", "once", "kindly", "both", "just"))
_SHARED = 2
_REACH = 20


def spoken(text: Text, known: Told) -> Iterator[Unsupported]:
    """What the sources have one side say told as said by the other, and "I was your boss" for "she was my boss"."""
    quoted = quotations(text.text)
    for first, last in sentences(text):
        if way_out(text, first, last):
            continue
        for i in range(first, last - 1):
            token = text.tokens[i]
            if token.low not in _SIDES or any(a < token.start < b for a, b in quoted):
                continue
            verb = next((j for j in range(i + 1, last) if text.tokens[j].low not in _BETWEEN), i + 1)
            end = min(verb + _REACH, last)
            if _says_other(text, verb, end, _SIDES[token.low], known) or _turned_rank(text, i, verb, last, known):
                said = text.text[token.start : text.tokens[min(verb + 3, last - 1)].end]
                yield Unsupported(said, f"The notes say this the other way round: “{said}”.", "owner")
                return


def _says_other(text: Text, verb: int, end: int, side: Owner, known: Told) -> bool:
    """Whether a verb of saying is told of one side, and the sources have what was said from the other alone."""
    key = lemma(text.tokens[verb].low)
    if verb >= end or key not in _TELLING or text.tokens[verb].gap not in (" ", ""):
        return False
    inner = (
        j for j in range(verb + 2, end - 1) if text.tokens[j].low in _SIDES and lemma(text.tokens[j + 1].low) in _SAID
    )
    end = min(next(inner, end), next((j for j in range(verb + 1, end) if {":", '"'} & set(text.tokens[j].gap)), end))
    words = [text.tokens[j].low for j in range(verb + 1, end) if content(text, j) or j in text.covered]
    other: Owner = "other" if side == "me" else "me"
    shared = [
        (known.sentences[n].said.get(p), told == key, sum(n in known.where(word) for word in words))
        for told in _TELLING
        for n, p in known.places.get(told, ())
    ]
    if max((held for owner, _, held in shared if owner == other), default=0) < _SHARED:
        return False
    very = {owner for owner, same, _ in shared if same}
    return not any(held for owner, _, held in shared if owner != other) or (key in _SAID and very == {other})


def _turned_rank(text: Text, i: int, verb: int, last: int, known: Told) -> bool:
    """Whether "I was your manager" stands for the sources' "was my manager"."""
    if verb + 2 >= last or text.tokens[verb].low not in _BEING:
        return False
    whose, rank = text.tokens[verb + 1].low, lemma(text.tokens[verb + 2].low)
    if rank not in {lemma(low) for low in _ABOVE} or whose != {"i": "your", "you": "my"}[text.tokens[i].low]:
        return False
    told = {
        known.index.texts[known.sentences[n].text].tokens[p - 1].low if p else "" for n, p in known.places.get(rank, ())
    }
    ours, theirs = {"my", "our"}, {"your", "his", "her", "their"}
    return bool(told & ours) and not told & theirs if whose == "your" else bool(told & theirs) and not told & ours
