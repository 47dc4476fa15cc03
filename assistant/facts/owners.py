"""Who did what: the sender's proof told as the reader's, the reader's post told as mine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from assistant.facts.aligned import done_by_other
from assistant.facts.clauses import Sentence, Told
from assistant.facts.doers import contacted, deed_of_other, letters, state_of_other
from assistant.facts.evidence import SAYING, SEEN, WRITING, weigh, weight_of
from assistant.facts.joined import quotations
from assistant.facts.lexicon import named
from assistant.facts.possessed import everywhere, possessed
from assistant.facts.sources import Text, flat, lemmas_of
from assistant.facts.statements import MODALS, Statement, statements
from assistant.facts.text import lemma, root
from assistant.facts.whose import MINE, Owner, content
from assistant.records import Unsupported

_PLACES = named("owners-places")
_STAYING = named("owners-staying")
_SPEAKING = flat(
    ("interview", "podcast", "talk", "paper", "article", "post", "panel", "blog", "episode", "book", "slides")
)
_PUBLIC = flat(("say", "tell", "explain", "describe", "mention", "write", "show"))
_AT = {"i": ("at", "with", "for", "in"), "you": ("at", "with", "in", "from", "for", "on")}
_LIMITS: dict[Owner, tuple[float, float, float]] = {"me": (1.5, 1.3, 0.9), "other": (1.3, 0.9, 0.5)}
_BARELY = 0.9


def owners(text: Text, known: Told) -> Iterator[Unsupported]:
    """Statements whose words the sources tell of the other side."""
    quoted = quotations(text.text)
    for statement in statements(text):
        if any(a < text.tokens[statement.subject].start < b for a, b in quoted) or _introduced(text, statement, known):
            continue
        if _reported(text, statement):
            continue
        statement = _without_topic(text, statement)
        if _turned(text, statement, known) or _counted(text, statement, known):
            last = max((statement.head, *statement.rest))
            said = text.text[text.tokens[statement.subject].start : text.tokens[last].end]
            whose = "you" if statement.owner == "other" else "the other side"
            yield Unsupported(said, f"The notes say this of {whose}: “{said}”.", "owner")
    yield from possessed(text, known)
    yield from _places(text, known)
    yield from letters(text, known)


def _introduced(text: Text, statement: Statement, known: Told) -> bool:
    """Whether "I" is the introducer, who speaks of the sender by name in a note to pass on."""
    note = text.text.casefold().find("forwardable note:")
    first, last = text.sentence(statement.subject)
    named_ = any(token.low in known.mine for token in text.tokens[first:last])
    return statement.owner == "me" and named_ and -1 < note < text.tokens[statement.subject].start


def _reported(text: Text, statement: Statement) -> bool:
    """Whether a side only retells what the other said of it: "you wrote that I can start", "you asked if I may"."""
    first, _ = text.sentence(statement.subject)
    ahead = text.tokens[max(first, statement.subject - 6) : statement.subject]
    if not ahead or ahead[-1].low not in ("that", "if", "whether"):
        return False
    other = "you" if statement.owner == "me" else "i"
    return any(a.low == other and lemma(b.low) in SAYING for a, b in pairwise(ahead))


def _without_topic(text: Text, statement: Statement) -> Statement:
    """A statement that I wrote, without what it was about: that can be anybody's."""
    if statement.owner != "me" or lemma(text.tokens[statement.head].low) not in WRITING:
        return statement
    topic = next((j for j in statement.rest if text.tokens[j - 1].low == "about"), None)
    return statement if topic is None else replace(statement, rest=tuple(j for j in statement.rest if j < topic))


def _turned(text: Text, statement: Statement, known: Told) -> bool:
    """Whether the sources tell the statement's words of another than its subject, and nowhere of that one."""
    if statement.verb and not statement.held and _by_another(text, statement, known):
        return True
    if deed_of_other(text, statement, known) or state_of_other(text, statement, known):
        return True
    if not statement.held and (_by_trade(text, statement, known) or _in_public(text, statement, known)):
        return False
    ahead = statement.subject - 1
    relative = ahead >= 0 and text.tokens[statement.subject].gap == " " and content(text, ahead)
    if relative and not statement.rest and lemma(text.tokens[statement.head].low) in lemmas_of("free"):
        return False
    if contacted(text, statement, known):
        return True
    if done_by_other(text, statement, known):
        return True
    against, support = weigh(text, statement, known)
    limits = _LIMITS[statement.owner]
    if (not support and against >= _BARELY and _in_one_place(text, statement, known)) or _borrowed(
        text, statement, known
    ):
        return True
    return against >= (limits[0] if support else limits[1]) and against - support >= limits[2]


def _by_trade(text: Text, statement: Statement, known: Told) -> bool:
    """Whether the sources name a side by its trade, which does what the verb says: "painter" for "I paint"."""
    low = text.tokens[statement.head].low
    for n, p in known.places.get(root(low), ()):
        sentence = known.sentences[n]
        token = known.index.texts[sentence.text].tokens[p]
        trade = token.low
        doer = (
            not token.capital and trade.removesuffix("s").endswith(("er", "or", "ist")) and lemma(trade) != lemma(low)
        )
        if doer and (sentence.said.get(p) or sentence.hinted.get(p)) == statement.owner:
            return True
    return False


def _in_public(text: Text, statement: Statement, known: Told) -> bool:
    """Whether a bare "you said" stands where the sources have a talk or article: what was said follows by itself."""
    key = lemma(text.tokens[statement.head].low)
    spoke = statement.owner == "other" and key in _PUBLIC and not statement.rest
    return spoke and any(word in known.places for word in _SPEAKING)


def _in_one_place(text: Text, statement: Statement, known: Told) -> bool:
    """Whether one sentence of the sources holds the verb and two more of the words."""
    rest = [known.where(text.tokens[j].low) for j in statement.rest]
    return any(sum(n in found for found in rest) > 1 for n in known.where(text.tokens[statement.head].low))


def _borrowed(text: Text, statement: Statement, known: Told) -> bool:
    """Whether a place or matter of the other side's alone ends a statement of mine: "26 surveys in dammed rivers"."""
    if statement.owner != "me" or statement.held or not statement.verb:
        return False
    words = [statement.head, *statement.rest]
    edge = min(statement.crossed, max(words) + 1)
    joints = [j for j in range(words[0] + 1, edge) if text.tokens[j].low in ("in", "on", "at", "of")]
    if not joints or lemma(text.tokens[statement.head].low) in SEEN | WRITING:
        return False
    tail = [j for j in words if joints[-1] < j < edge]
    lead = [j for j in words if j < joints[-1]]
    if len(tail) < 2 or len(lead) < 2 or any(text.tokens[j].capital or weight_of(text, j) < 1 for j in tail):
        return False
    owners = [{_owner(s, p) for s, p in everywhere(known, text.tokens[j].low)} for j in tail]
    own = [_owner(s, p) == "me" for j in lead for s, p in everywhere(known, text.tokens[j].low)]
    return all(found == {"other"} for found in owners) and sum(own) > 1


def _owner(sentence: Sentence, spot: int) -> Owner | None:
    return sentence.said.get(spot) or sentence.hinted.get(spot)


def _by_another(text: Text, statement: Statement, known: Told) -> bool:
    """Whether the very verb is only ever told of somebody's wife, boss or student."""
    key = lemma(text.tokens[statement.head].low)
    if statement.owner == "other" and key in _PUBLIC and any(word in known.places for word in _SPEAKING):
        return False
    spots = known.places.get(key, ())
    told = [known.sentences[n].said.get(p) for n, p in spots]
    others = [j for j in statement.rest if any(n in known.where(text.tokens[j].low) for n, _ in spots)]
    counted = any(text.tokens[statement.head].end < q.start for q in text.quantities)
    return bool(told) and all(owner == "third" for owner in told) and bool(others or counted)


def _counted(text: Text, statement: Statement, known: Told) -> bool:
    """Whether a statement counts what the sources count for the other side alone: "You have 6 years of Go"."""
    before = statement.subject - 1
    relative = before >= 0 and text.tokens[statement.subject].gap == " " and content(text, before)
    if statement.held or relative:
        return False
    edge = min(statement.crossed, max((statement.head, *statement.rest)) + 1)
    for quantity in text.quantities:
        if not statement.subject < quantity.first < edge or quantity.weak or quantity.ordinal:
            continue
        if quantity.value < (2 if quantity.family in ("time", "months") else 5):
            continue
        after = text.tokens[quantity.last + 1].low if quantity.last + 1 < len(text.tokens) else ""
        if (
            after == "ago"
            or any(m.start <= quantity.start < m.end for m in text.moments)
            or 1900 <= quantity.value < 2100
        ):
            continue
        owners: set[Owner | None] = set()
        for number, source in enumerate(known.index.texts):
            for same in source.quantities:
                if quantity.same(same) and not same.weak:
                    n, spot = known.spot(number, same.first)
                    sentence = known.sentences[n]
                    both = spot in sentence.together
                    owners.add(None if both else sentence.said.get(spot) or sentence.hinted.get(spot))
        if owners and owners <= {"me", "other"} and statement.owner not in owners:
            return True
    return False


def _places(text: Text, known: Told) -> Iterator[Unsupported]:
    """What the sources tell of one side alone, said of the other: "I work at", "you're with"."""
    for i, token in enumerate(text.tokens):
        if token.low not in ("i", "you"):
            continue
        j = i + 1
        while j < len(text.tokens) and text.tokens[j].low in _STAYING and text.tokens[j].gap in ("", " "):
            j += 1
        if j == i + 1 or j + 1 >= len(text.tokens) or text.tokens[j].low not in _AT[token.low]:
            continue
        named_here = [p for p in range(j + 1, min(j + 5, len(text.tokens))) if text.tokens[p].capital]
        first, _ = text.sentence(i)
        open_ = any(text.tokens[p].low in MODALS | {"if", "when", "because"} for p in range(first, i))
        if not named_here or text.tokens[j + 1].low in MINE | {"your"} or open_:
            continue
        if token.low == "i" and text.tokens[j].low == "in" and len(named_here) < 2:
            continue  # a town is nobody's alone
        spots = everywhere(known, text.tokens[named_here[0]].low)
        whole = {id(s) for s, _ in everywhere(known, text.tokens[named_here[-1]].low)}
        spots = [(s, p) for s, p in spots if id(s) in whole] or spots
        mine: Owner = "me" if token.low == "i" else "other"
        owners = {s.said.get(p) or s.hinted.get(p) for s, p in spots}
        lows = {text.tokens[p].low for p in range(i + 1, j)}
        others = owners == {"other"} and "was" not in lows if mine == "me" else owners == {"me"}
        if spots and others and not any(s.together for s, p in spots):
            said = text.text[token.start : text.tokens[named_here[0]].end]
            yield Unsupported(said, f"The notes do not say this of that side: “{said}”.", "owner")
