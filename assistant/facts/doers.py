"""Who does the very verb in the sources: "I asked" where she did, "you sent" where the writer did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from assistant.facts.clauses import Sentence, Told
from assistant.facts.evidence import SEEN, WRITING
from assistant.facts.lexicon import named
from assistant.facts.sources import Text, flat
from assistant.facts.statements import Statement
from assistant.facts.text import lemma
from assistant.facts.whose import Owner, tells
from assistant.records import Unsupported

_CONTACT = WRITING | flat(("ask", "chase", "invite", "apply", "request"))
_LETTERS = frozenset(("note", "mail", "email", "message", "letter", "request"))
_SPOKEN = flat(("ask", "go"))
_THEY = frozenset(("from", "he", "she", "you", "your", "her", "his"))
_ENOUGH = 2
_LIKE = named("doers-like")


def contacted(text: Text, statement: Statement, known: Told) -> bool:
    """Whether "you wrote", "you asked" stands where the sources only tell of the writer's own message."""
    key = lemma(text.tokens[statement.head].low)
    if statement.owner != "other" or not statement.verb or statement.held or key not in _CONTACT:
        return False
    places = [(n, p) for n, p in known.places.get(key, ()) if not _requested(known.sentences[n], p)]
    owners = {_owner(known.sentences[n], p) for n, p in places}
    until = max((statement.head, *statement.rest))
    dated = any(j in text.covered for j in range(statement.head, until + 1))
    dated = dated or any(text.tokens[statement.head].start < m.start <= text.tokens[until].end for m in text.moments)
    if not owners or not (len(statement.rest) > 1 or dated):
        return False
    return owners == {"me"} or (
        dated and key != "post" and owners <= {"me", None} and not any(_from_them(known, *p) for p in places)
    )


def _requested(sentence: Sentence, place: int) -> bool:
    """Whether the draft asks the reader to do something, or wishes for it, so that nobody has done it."""
    return sentence.text == 0 and (sentence.said.get(place) == "other" or place in sentence.wished)


def _from_them(known: Told, number: int, place: int) -> bool:
    """Whether the reader, or "from", stands before a message that a sentence tells of: "mail from Ana, 3 May"."""
    sentence = known.sentences[number]
    tokens = known.index.texts[sentence.text].tokens
    ahead = {token.low for token in tokens[sentence.first : place]}
    after = tokens[place + 1] if place + 1 < sentence.last else None
    sent = after is not None and after.gap == " " and after.low in known.theirs | {"her", "him", "them"}
    sent = sent and tells(known.index.texts[sentence.text], place)
    behind = set() if sent else {token.low for token in tokens[place : place + 4]}
    return bool(ahead & (known.theirs | _THEY) or behind & (known.theirs | {"from"}))


def deed_of_other(text: Text, statement: Statement, known: Told) -> bool:
    """Whether the sentence of the sources that holds most of a statement, its verb among it, tells it of the other."""
    head = text.tokens[statement.head]
    if statement.held or not statement.verb or (statement.owner == "me" and lemma(head.low) in SEEN - _SPOKEN):
        return False
    if alike([token.low for token in text.tokens[slice(*text.sentence(statement.subject))]]):
        return False
    rest = [j for j in statement.rest if j < statement.crossed or statement.owner == "me"]
    found = {j: known.where(text.tokens[j].low) for j in rest}
    shares: dict[bool, int] = {True: 0, False: 0}
    for n, place in known.places.get(lemma(head.low), ()):
        sentence = known.sentences[n]
        owner = sentence.said.get(place) or sentence.hinted.get(place)
        source = known.index.texts[sentence.text]
        lows = [token.low for token in source.tokens[sentence.first : sentence.last]]
        against = owner not in (None, "third", statement.owner) and place not in sentence.together and not alike(lows)
        named_ = owner == "other" and not known.mine.isdisjoint(lows)
        if against and (named_ or not _does(known, sentence, place, owner)):
            continue
        shares[against] = max(shares[against], 1 + sum(n in found[j] for j in rest))
    return shares[True] > _ENOUGH and shares[True] > shares[False]


def state_of_other(text: Text, statement: Statement, known: Told) -> bool:
    """Whether a sentence of the sources that says "I" or "she" holds what a text says the other side is."""
    if statement.held or statement.verb or lemma(text.tokens[statement.head].low) in SEEN:
        return False
    if alike([token.low for token in text.tokens[slice(*text.sentence(statement.subject))]]):
        return False
    against: Counter[int] = Counter()
    own: Counter[int] = Counter()
    open_ = {None} if statement.owner == "me" else set()
    for j in (statement.head, *(j for j in statement.rest if j < statement.crossed)):
        for n, spots in known.where(text.tokens[j].low).items():
            sentence = known.sentences[n]
            told = {sentence.said.get(p) or sentence.hinted.get(p) for p in spots}
            said = {sentence.said.get(p) for p in spots if p not in sentence.together and p not in sentence.wished}
            against[n] += said == {"other" if statement.owner == "me" else "me"}
            own[n] += bool(told & ({statement.owner} | open_)) or bool(sentence.together & set(spots))
    return max(against.values(), default=0) > _ENOUGH and max(own.values(), default=0) < _ENOUGH


def _does(known: Told, sentence: Sentence, place: int, owner: Owner | None) -> bool:
    """Whether a subject of that side stands before the verb: "she asked who had", not "she was judge where he came"."""
    before = known.index.texts[sentence.text].tokens[max(sentence.first, place - 3) : place]
    sides = ("i", "we") if owner == "me" else ("he", "she", "you")
    return any(token.low in sides or (owner == "other" and token.low in known.theirs) for token in before)


def alike(lows: list[str]) -> bool:
    """Whether a sentence sets both sides side by side: "like you", "too", "the same"."""
    return bool(_LIKE & set(lows)) or any(a == "like" and b in ("you", "me") for a, b in pairwise(lows))


def letters(text: Text, known: Told) -> Iterator[Unsupported]:
    """A message of the reader's, "your note of 3 May", where no source tells of a message from the reader."""
    for i in range(len(text.tokens) - 3):
        if text.tokens[i].low != "your" or text.tokens[i + 1].low not in _LETTERS:
            continue
        dated = {i + 3, i + 4} & text.covered or any(
            m.start in (text.tokens[j].start for j in range(i + 3, min(i + 5, len(text.tokens)))) for m in text.moments
        )
        if not dated or text.tokens[i + 2].low not in ("of", "from", "on"):
            continue
        owners = {owner for j in (i + 3, i + 4) for owner in _writers(text, j, known)}
        if owners and "other" not in owners:
            said = text.text[text.tokens[i].start : text.tokens[i + 3].end]
            yield Unsupported(said, f"The notes tell of no message from the reader: “{said}”.", "owner")


def _writers(text: Text, j: int, known: Told) -> Iterator[Owner | None]:
    """Who wrote or asked in the sentences of the sources that hold the number at a place."""
    for quantity in text.quantities:
        if not quantity.first <= j <= quantity.last:
            continue
        for number, source in enumerate(known.index.texts):
            for same in source.quantities:
                if quantity.same(same):
                    n, _ = known.spot(number, same.first)
                    sentence = known.sentences[n]
                    spots = [p for key in _WRITTEN for p in sentence.keys.get(key, ())]
                    yield from (_owner(sentence, p) for p in spots)


_WRITTEN = _CONTACT | flat(("reply", "answer", "say", "tell", "suggest", "message", "mail", "note"))


def _owner(sentence: Sentence, place: int) -> Owner | None:
    return sentence.possessed.get(place) or sentence.said.get(place) or sentence.hinted.get(place)
