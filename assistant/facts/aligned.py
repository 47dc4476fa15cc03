"""The very verb of a statement, where the sources only have the other side do it."""

from __future__ import annotations

from assistant.facts.clauses import Sentence, Told
from assistant.facts.doers import alike
from assistant.facts.evidence import SEEN, WRITING, weight_of
from assistant.facts.sources import Text, flat
from assistant.facts.statements import Statement
from assistant.facts.text import lemma
from assistant.facts.whose import MINE, Owner, content

_LIGHT = flat(("know", "think", "hope", "want", "like", "love", "understand", "see", "hear", "read", "find", "look"))
_ENOUGH = 1.0
_REACH = 3
_SELVES: dict[Owner, frozenset[str]] = {"me": frozenset(("i", "we")), "other": frozenset(("he", "she", "you"))}


def done_by_other(text: Text, statement: Statement, known: Told) -> bool:
    """Whether the sources have the verb of the other side alone, by a pronoun, in a sentence that shares more words."""
    key = lemma(text.tokens[statement.head].low)
    if statement.held or not statement.verb or key in WRITING | _LIGHT or (statement.owner == "me" and key in SEEN):
        return False
    first, last = text.sentence(statement.subject)
    if text.tokens[statement.subject + 1].gap not in ("", " "):
        return False
    if alike([token.low for token in text.tokens[first:last]]) or not content(text, statement.head):
        return False
    places = [(n, p) for n, p in known.places.get(key, ())]
    sides = [_doer(known, n, p) for n, p in places]
    other: Owner = "other" if statement.owner == "me" else "me"
    if not places or any(side != other for side in sides):
        return False
    words = [j for j in range(first, last) if j != statement.head and (content(text, j) or j in text.covered)]
    return any(
        sum(weight_of(text, j) for j in words if n in known.where(text.tokens[j].low)) >= _ENOUGH for n, _ in places
    )


def _doer(known: Told, number: int, place: int) -> Owner | None:
    """Which side a pronoun or a name right before a verb makes its doer; None where none stands there."""
    sentence: Sentence = known.sentences[number]
    tokens = known.index.texts[sentence.text].tokens
    if place in sentence.together or place in sentence.wished or sentence.possessed.get(place):
        return None
    side = sentence.said.get(place)
    for j in range(place - 1, max(sentence.first, place - _REACH) - 1, -1):
        low = tokens[j].low
        if (j > sentence.first and tokens[j - 1].low == "and") or low in MINE or low in ("her", "his"):
            return None
        if low in _SELVES["me"] or low in known.mine:
            return "me" if side == "me" else None
        if low in _SELVES["other"] or low in known.theirs:
            return "other" if side == "other" else None
    return None
