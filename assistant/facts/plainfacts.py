"""Links, numbers, dates, names and other content words: each must be in draft or notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from assistant.facts.lexicon import lines
from assistant.facts.moments import MONTHS, WEEKDAYS, Moment
from assistant.facts.numbers import Quantity
from assistant.facts.pairs import moves
from assistant.facts.sources import Index, Text, implied, lemmas_of, tied
from assistant.facts.text import Token, lemma, tokenize
from assistant.facts.unheard import may_go_unheard
from assistant.records import Unsupported

_TITLES = {"mr", "mrs", "ms", "miss", "mx"}


def links(text: Text, known: Index) -> Iterator[Unsupported]:
    """A link, address or handle has to be the notes' own, character by character (scheme and "www." aside)."""
    for token in text.tokens:
        if token.kind == "link" and token.low not in known.links:
            yield Unsupported(token.text, f"Neither draft nor notes hold “{token.text}”.", "link")


def numbers(text: Text, known: Index, allowed: Sequence[str]) -> Iterator[Unsupported]:
    """Every number needs a number of the same value and unit in the sources."""
    clocks = [(m.start, m.end) for m in text.moments if m.clock or m.day]
    fixed = _fixed(text, allowed)
    for quantity in text.quantities:
        if quantity.weak or any(a <= quantity.start < b for a, b in clocks):
            continue
        # "15 minutes" of a fixed phrase is the kind's own, unless the sources name another length.
        if quantity.first in fixed and not any(q.family == quantity.family for q in known.quantities):
            continue
        if not _counted(quantity, known):
            said = text.text[quantity.start : quantity.end].strip()
            if _no_more(text, quantity) or _lasting(said, known) or _follows(quantity, known):
                continue
            sort = "date" if quantity.family is None and 1900 <= quantity.value <= 2100 and len(said) == 4 else "number"
            yield Unsupported(said, _instead(said, quantity, known), sort)
    for i, token in enumerate(text.tokens):
        dated = any(m.start <= token.start < m.end for m in text.moments)
        if token.kind == "number" and i not in text.covered and not dated and token.low not in known.lows:
            yield Unsupported(token.text, f"Neither draft nor notes mention “{token.text}”.", "number")


def _follows(quantity: Quantity, known: Index) -> bool:
    """Whether a share follows from a change that the sources tell: "by two thirds", "a 60% drop" for 50 to 20."""
    share = quantity.value / 100 if quantity.family == "percent" else quantity.value
    if quantity.family not in ("percent", "part") or not 0 < share < 1:
        return False
    close = 0.005 if quantity.family == "percent" else 0.045
    changes = [(abs(a.value - b.value), max(a.value, b.value)) for source in known.texts for a, b in moves(source)]
    return any(whole and abs(part / whole - share) <= close for part, whole in changes)


def _lasting(said: str, known: Index) -> bool:
    """Whether the sources tell "a day" of a stay or a task, not of a rate: "shadow her a day", not "40 doors a day"."""
    one, _, unit = said.partition(" ")
    return one == "a" and any(
        a.low == "a" and b.low == unit and before.kind == "word" and not before.low.endswith("s")
        for source in known.texts
        for before, a, b in zip(source.tokens, source.tokens[1:], source.tokens[2:], strict=False)
    )


def _no_more(text: Text, quantity: Quantity) -> bool:
    """Whether a count belongs to a promise to stay away: "I won't write twice", "I won't ask a third time"."""
    first, last = text.sentence(quantity.first)
    lows = {token.low for token in text.tokens[first:last]}
    said = text.tokens[quantity.first].low
    return {"i", "not"} <= lows and bool(lows & {"wo", "will"}) and (quantity.ordinal or said == "twice")


def _counted(quantity: Quantity, known: Index) -> bool:
    same = [other for other in known.quantities if quantity.same(other)]
    if any(other.family == quantity.family or quantity.carried or quantity.family is None for other in same):
        return True
    otherwise = [o for o in known.quantities if o.value == quantity.value and o.family in ("time", "months")]
    return bool(same) and not otherwise


def _instead(said: str, quantity: Quantity, known: Index) -> str:
    for text in known.texts:
        for other in text.quantities:
            source = text.text[other.start : other.end].strip()
            if other.value == quantity.value and other.family != quantity.family:
                return f"The notes say {source}, not {said}."
    for text in known.texts:
        for other in text.quantities:
            after = [t.low for t in text.tokens[other.last + 1 : other.last + 2]]
            if quantity.family is not None and other.family == quantity.family and not other.weak and not after:
                return f"The notes say {text.text[other.start : other.end].strip()}, not {said}."
    return f"Neither draft nor notes mention “{said}”."


def dates(text: Text, known: Index) -> Iterator[Unsupported]:
    """Months, weekdays, days of a month and clock times."""
    for moment in text.moments:
        if not _dated(moment, known):
            said = text.text[moment.start : moment.end].strip()
            yield Unsupported(said, f"Neither draft nor notes mention “{said}”.", "date")


def _dated(moment: Moment, known: Index) -> bool:
    moments = list(known.moments)
    if moment.clock:
        return any(moment.clock & other.clock for other in moments) or any(
            q.value * 60 in moment.clock or (q.value + 12) * 60 in moment.clock for q in known.quantities
        )
    if moment.weekday is not None:
        return any(other.weekday == moment.weekday for other in moments)
    months = {other.month for other in moments if other.month}
    if moment.month not in months:
        return False
    if moment.day is None:
        return True
    if any(other.month == moment.month and other.day == moment.day for other in moments):
        return True
    if any(other.day == moment.day and other.month for other in moments):
        return False
    elsewhere = any(other.month == moment.month and other.day for other in moments)
    return any(q.value == moment.day and not q.weak and (q.ordinal or not elsewhere) for q in known.quantities)


def claims(text: Text, known: Index, allowed: Sequence[str]) -> Iterator[Unsupported]:
    """Any other content word that no source holds: a name where it is written like one, else a claim."""
    fixed = _fixed(text, allowed)
    new = [i not in fixed and _new(text, i, known) for i in range(len(text.tokens))]
    i = 0
    while i < len(new):
        first = i
        while i < len(new) and new[i] and (i == first or text.tokens[i].gap in (" ", "-")):
            i += 1
        if i == first:
            i += 1
            continue
        said = text.text[text.tokens[first].start : text.tokens[i - 1].end]
        sort = _sort(text.tokens[first:i])
        if sort == "claim" and any(_is_name(text, j) for j in range(first, i)):
            sort = "name"
        if not may_go_unheard(text, range(first, i), new, sort, known):
            yield Unsupported(said, f"Neither draft nor notes mention “{said}”.", sort)


def _fixed(text: Text, allowed: Sequence[str]) -> set[int]:
    """The tokens that belong to a phrase which needs no support."""
    lows = tuple(t.low for t in text.tokens)
    own = [phrase for phrase in map(_lows, allowed) if phrase]
    spans: set[int] = set()
    for i, low in enumerate(lows):
        for phrase in (*_phrases().get(low, ()), *(phrase for phrase in own if phrase[0] == low)):
            if lows[i : i + len(phrase)] == phrase:
                spans.update(range(i, i + len(phrase)))
    return spans


@cache
def _phrases() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """The phrases that need no support, by their first word."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for words in map(tuple, (line.split() for line in lines("phrases"))):
        found[words[0]] = (*found.get(words[0], ()), words)
    return found


@lru_cache(maxsize=512)
def _lows(phrase: str) -> tuple[str, ...]:
    return tuple(t.low for t in tokenize(phrase))


def _sort(tokens: tuple[Token, ...]) -> str:
    roles = lemmas_of("roles")
    return "role" if any(lemma(t.low) in roles for t in tokens) else "claim"


def _is_name(text: Text, i: int) -> bool:
    token = text.tokens[i]
    return token.capital and not text.starts_sentence(i)


def _new(text: Text, i: int, known: Index) -> bool:
    token = text.tokens[i]
    if token.kind != "word" or i in text.covered or token.low in MONTHS or token.low in WEEKDAYS:
        return False
    key = lemma(token.low)
    named = _is_name(text, i)
    if len(token.low) < 2 and not named:
        return False
    unranked = key not in lemmas_of("roles")
    if (
        token.low in _TITLES
        or (key in lemmas_of("function"))
        or (key in lemmas_of("free") and unranked and not _odd(text, i))
    ):
        return False
    if known.has(token):
        return False
    if not named and not unranked and _learned(text, i, known):
        return False
    if named or key in lemmas_of("roles"):
        return (
            not (key in lemmas_of("free") or _spelled_out(text, i, known))
            if key not in lemmas_of("roles")
            else not _spelled_out(text, i, known)
        )
    return not (known.means(token) or implied(token, known) or _spelled_out(text, i, known) or _joined(text, i, known))


def _learned(text: Text, i: int, known: Index) -> bool:
    """A student where a class is told of, and "I lead" where a leader is; "lead engineer" stays a rank."""
    token = text.tokens[i]
    if tied(token, known):
        return True
    doing = i > 0 and text.tokens[i - 1].low in ("i", "you", "who", "we", "and", "to")
    return (token.low in ("student", "students") or (token.low in ("lead", "leading") and doing)) and implied(
        token, known
    )


def _odd(text: Text, i: int) -> bool:
    """A free word written as a name in the middle of a sentence beside another name: "Open Water"."""
    tokens = text.tokens
    if not _is_name(text, i):
        return False
    beside = [j for j in (i - 1, i + 1) if 0 <= j < len(tokens) and tokens[max(i, j)].gap == " "]
    return any(tokens[j].capital and tokens[j].low not in _TITLES and tokens[j].low != "i" for j in beside)


def _joined(text: Text, i: int, known: Index) -> bool:
    tokens = text.tokens
    return (
        (i > 0 and tokens[i - 1].low + tokens[i].low in known.lows)
        or (i + 1 < len(tokens) and tokens[i].low + tokens[i + 1].low in known.lows)
        or any(
            low.startswith(tokens[i].low) and low[len(tokens[i].low) :] in known.lows
            for low in known.lows
            if len(tokens[i].low) > 3
        )
    )


def _spelled_out(text: Text, i: int, known: Index) -> bool:
    """Whether the word belongs to the words that an initialism of the notes stands for ("HTA")."""
    for short in known.capitals:
        for offset in range(len(short)):
            first = i - offset
            run = text.tokens[max(first, 0) : first + len(short)] if first >= 0 else ()
            joined = all(t.gap in (" ", "-", " & ", "") for t in run[1:])
            if joined and len(run) == len(short) and all(t.low[:1] == c for t, c in zip(run, short, strict=True)):
                return True
    return False
