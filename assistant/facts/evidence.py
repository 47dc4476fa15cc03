"""What the sources say for a statement's subject, and against it."""

from __future__ import annotations

from assistant.facts.clauses import Sentence, Told
from assistant.facts.lexicon import named
from assistant.facts.sources import Text, flat, lemmas_of
from assistant.facts.statements import Statement
from assistant.facts.text import lemma
from assistant.facts.whose import Owner, tells

_THEM = named("owners-them")
_WATCHED = flat(named("owners-watched"))
WRITING = flat(named("owners-writing"))
SAYING = flat(named("owners-saying"))
SEEN = flat(named("owners-seen"))
_DATED = 0.6  # a day is nobody's own
_OWN = 1.5
_PLENTY = 2.8
_OPEN = 0.5
_ELSEWHERE = 0.5


def weigh(text: Text, statement: Statement, known: Told) -> tuple[float, float]:
    """The most that one sentence of the sources says against a statement's subject, and the most one says for it."""
    head = text.tokens[statement.head].low
    hits = {j: known.where(text.tokens[j].low) for j in (statement.head, *statement.rest)}
    direct = hits[statement.head]
    received = lemma(head) in (SEEN if statement.owner == "me" else _WATCHED)
    if received and not any(_told_of_other(statement, n, spots, hits, known) for n, spots in direct.items()):
        return 0.0, 0.0
    weights = {j: weight_of(text, j) for j in hits}
    numbers = sorted({n for found in hits.values() for n in found})
    scored = {n: _evidence(text, statement, n, hits, known, weights) for n in numbers}
    support = against = 0.0
    untold = max((_untold(n, hits, known, weights) for n in numbers), default=0.0)
    for n, (for_it, against_it) in scored.items():
        if n in direct and for_it > _OWN and n - 1 in scored and _refers_back(known, n):
            for_it += sum(scored[n - 1])
        for_it *= 1.0 if n in direct or not direct else _ELSEWHERE
        support, against = max(support, for_it), max(against, against_it)
    if statement.owner == "me" and lemma(head) in WRITING and not direct and against < _PLENTY:
        return 0.0, 0.0
    return against, support if support >= against or untold < against else against


def _untold(number: int, hits: dict[int, dict[int, tuple[int, ...]]], known: Told, weights: dict[int, float]) -> float:
    """What a sentence that tells of nobody in particular holds of a statement, where it holds two words of it."""
    sentence = known.sentences[number]
    open_ = [
        weights[j]
        for j, found in hits.items()
        if any(sentence.said.get(p) is None and sentence.hinted.get(p) is None for p in found.get(number, ()))
    ]
    return sum(open_) if len(open_) > 1 else 0.0


def _told_of_other(
    statement: Statement, n: int, spots: tuple[int, ...], hits: dict[int, dict[int, tuple[int, ...]]], known: Told
) -> bool:
    said = known.sentences[n].said
    shared = any(n in hits[j] for j in statement.rest)
    return shared and all(said.get(p) not in (None, statement.owner) for p in spots)


def weight_of(text: Text, j: int) -> float:
    """How telling a word is: an everyday one, or a verb of saying, less than another."""
    token = text.tokens[j]
    key = lemma(token.low)
    if token.kind == "number" and any(m.start <= token.start < m.end for m in text.moments):
        return _DATED
    return 0.6 if key in SAYING else 0.4 if token.kind == "word" and key in lemmas_of("free") else 1.0


def _evidence(
    text: Text,
    statement: Statement,
    number: int,
    hits: dict[int, dict[int, tuple[int, ...]]],
    known: Told,
    weights: dict[int, float],
) -> tuple[float, float]:
    """What one sentence of the sources says for a statement's subject, and against it."""
    sentence = known.sentences[number]
    source = known.index.texts[sentence.text]
    support = against = 0.0
    owned, led, turned = 0, False, False
    done = statement.owner == "me" and statement.verb and tells(text, statement.head)
    for j, weight in weights.items():
        spots = hits[j].get(number)
        if done and spots:
            spots = tuple(p for p in spots if p not in sentence.wished)
        if not spots:
            continue
        head = j == statement.head
        owner = statement.owned.get(j, None if j > statement.crossed else statement.owner)
        owners: set[Owner | None] = set()
        for spot in spots:
            held = sentence.possessed.get(spot) if j in statement.owned else None
            owners |= {held} if j in statement.owned else _whose(sentence, spot, statement.held)
        crossed = (
            head and owners != {"third"} and any(_crossed(text, statement, sentence, spot, source) for spot in spots)
        )
        mine = crossed or owner in owners or bool(sentence.together & set(spots))
        if mine or None in owners or owner is None:
            support += weight if mine or statement.held else weight * _OPEN
            owned += mine
            led = led or (head and mine)
        else:
            said = any(sentence.said.get(spot) for spot in spots) or statement.held
            turned = turned or head
            against += weight * (1.0 if said else 0.8) * (0.5 if text.tokens[j].capital else 1.0) + 0.5 * head
    if turned:
        return 0.0, against
    said_so = lemma(text.tokens[statement.head].low) in SAYING
    return support + (_OWN if led and statement.verb and (said_so or owned > 1 or not statement.rest) else 0.0), against


def _refers_back(known: Told, number: int) -> bool:
    """Whether a sentence speaks of what the one before it named: "I've used it since"."""
    sentence = known.sentences[number]
    tokens = known.index.texts[sentence.text].tokens[sentence.first : sentence.last]
    return any(token.low in ("it", "them", "this", "that", "one") for token in tokens)


def _crossed(text: Text, statement: Statement, sentence: Sentence, spot: int, source: Text) -> bool:
    """Whether both speak of the same side's thing: "I used your worksheet" and "used her worksheet" agree."""
    span = range(statement.subject + 1, max((statement.head, *statement.rest)) + 1)
    said = {text.tokens[j].low for j in span}
    told = {source.tokens[j].low for j in range(spot + 1, min(spot + 9, sentence.last))}
    if statement.owner == "me":
        return (bool(said & {"your", "you"}) and bool(told & _THEM) and not told & {"my", "me"}) or (
            "my" in said and "my" in told
        )
    return bool(said & {"my", "me"}) and bool(told & {"my", "me"}) and not told & {"her", "his", "him"}


def _whose(sentence: Sentence, spot: int, held: bool) -> set[Owner | None]:
    """Whose a source's word may be: a thing is its holder's; a deed its doer's, or the holder's of what was done."""
    possessed = sentence.possessed.get(spot)
    if held:
        return {possessed or sentence.hinted.get(spot)}
    return {sentence.said.get(spot) or sentence.hinted.get(spot), *([possessed] if possessed else [])}
