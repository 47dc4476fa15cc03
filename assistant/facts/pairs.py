"""Two facts exchanged: a number with the noun of another, a rank beside the wrong trade, a name in another's place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from assistant.facts.clauses import Told
from assistant.facts.lexicon import named
from assistant.facts.numbers import Quantity
from assistant.facts.sources import Text, ends_sentence, flat, lemmas_of, synonyms
from assistant.facts.text import lemma, root
from assistant.facts.whose import content
from assistant.records import Unsupported

_RANKS = flat(named("pairs-ranks"))
_DATING = frozenset(("in", "since", "until", "till", "from", "by", "your", "my", "the", "and", "of", "early", "late"))
_DEGREES = frozenset(("phd", "msc", "ma", "bsc", "ba", "mba"))
_LABELS = flat(named("pairs-labels"))
_VERBS = frozenset(("has", "have", "had", "is", "are", "was", "were"))


def ranks(text: Text, told: Told) -> Iterator[Unsupported]:
    """A rank has to stand by the same trade as in the sources: "senior nurse" is not "senior partner" and "nurse"."""
    trades = lemmas_of("roles")
    for i in range(len(text.tokens) - 1):
        a, b = text.tokens[i], text.tokens[i + 1]
        one, two = lemma(a.low), lemma(b.low)
        if a.low in _DEGREES or b.gap not in (" ", "-") or not (one in _RANKS or two in _RANKS):
            continue
        if not (content(text, i) and content(text, i + 1)) or not (one in trades and two in trades):
            continue
        if not any(_near(told, one, two, sentence_text) for sentence_text in range(len(told.index.texts))):
            said = text.text[a.start : b.end]
            yield Unsupported(said, f"Neither draft nor notes say “{said}”.", "role")


def _near(told: Told, one: str, two: str, number: int) -> bool:
    firsts = [i for n, i in told.index.places.get(one, ()) if n == number]
    seconds = [i for n, i in told.index.places.get(two, ()) if n == number]
    initials = any(one[:1] + two[:1] in short for short in told.index.capitals)
    return initials or any(abs(i - j) < 5 for i in firsts for j in seconds) or not (firsts or seconds)


def counted(text: Text, told: Told) -> Iterator[Unsupported]:
    """A number has to stand by words that it stands by in the sources, and on its side of "from ... to ..."."""
    sources = [(source, q) for source in told.index.texts for q in source.quantities]
    for quantity in text.quantities:
        if (
            quantity.weak
            or quantity.family is not None
            or (quantity.value < 4 and not text.text[quantity.start].isdigit())
        ):
            continue
        if any(m.start <= quantity.start < m.end for m in text.moments) or _share(text, quantity):
            continue
        own = _after(text, quantity)
        year = 1900 <= quantity.value <= 2100
        before = not own and not year
        own = own or (_around(text, quantity.first, quantity.first, text.covered, 3) if before else own)
        same = [(source, q) for source, q in sources if quantity.same(q)]
        dated = year and text.tokens[max(0, quantity.first - 1)].low in _DATING
        if not own or not same or (dated and any(own & _sentence(s, q) for s, q in same)):
            continue
        others = [(s, q) for s, q in sources if not quantity.same(q) and not q.weak and not _stands(text, q, own)]
        counts = not before and any(own & _after(s, q) for s, q in others)
        counts = counts and not any(own & (_after(s, q) or _before(s, q)) for s, q in same)
        wide = own | _around(text, quantity.first, quantity.first, text.covered, 6) if before else own
        if not counts and any(wide & _sentence(s, q) if before else own & _beside(s, q) for s, q in same):
            continue
        if any(_label(text, quantity) & _label(s, q) for s, q in same):
            continue
        around = _sentence(text, quantity)
        rivals = [
            (s, q) for s, q in others if own & (_around(s, q.first, q.last, s.covered, 3) if before else _after(s, q))
        ]
        bare = any(not _after(s, q) and len(around & _sentence(s, q)) > 2 for s, q in same)
        if bare and not any(q.same(other) for q in text.quantities for _, other in rivals):
            continue
        if rivals:
            last = min(quantity.last + 2, len(text.tokens) - 1)
            said = text.text[quantity.start : text.tokens[last].end].strip()
            yield Unsupported(said, f"In the notes another number stands here: “{said}”.", "pairing")
    yield from _turned_round(text, told)
    yield from _numbered(text, told)


def _stands(text: Text, number: Quantity, own: frozenset[str]) -> bool:
    """Whether a text tells another number of the sources by these very words, so that the two are not exchanged."""
    return any(q.same(number) and own & (_after(text, q) or _before(text, q)) for q in text.quantities)


def _share(text: Text, quantity: Quantity) -> bool:
    """Whether a number is a share of another ("11 of the 47 wells"), which may be told in either order."""
    after = [t.low for t in text.tokens[quantity.last + 1 : quantity.last + 3]]
    return after[:1] == ["of"] and after[1:2] in (["the"], ["them"], ["those"], ["these"], ["my"], ["our"])


def _past_whole(text: Text, quantity: Quantity) -> int:
    """Where the words after "19 of 70" begin; "500 in 2 shops" is no share."""
    j = quantity.last + 1
    larger = any(
        q.first - quantity.last in (2, 3, 4)
        and (q.value > quantity.value or q.last + 1 >= len(text.tokens) or not content(text, q.last + 1))
        for q in text.quantities
    )
    if larger and j < len(text.tokens) and text.tokens[j].low in ("of", "in", "out"):
        j += 1 + (text.tokens[j].low == "out") + (j + 1 < len(text.tokens) and text.tokens[j + 1].low == "the")
        if j in text.covered:
            return j + 1
    return quantity.last + 1


def _beside(text: Text, quantity: Quantity) -> frozenset[str]:
    """The words about a number in a source, as far as the next number."""
    return _around(text, quantity.first, quantity.last, text.covered, 6) | _after(text, quantity)


def _label(text: Text, quantity: Quantity) -> frozenset[str]:
    """What a number numbers: "table" in "table 3"."""
    i = quantity.first - 1
    if i < 0 or text.tokens[quantity.first].gap != " " or not content(text, i):
        return frozenset()
    return frozenset((root(text.tokens[i].low), *synonyms(text.tokens[i].low)))


def _before(text: Text, quantity: Quantity) -> frozenset[str]:
    """What a number in brackets or behind a colon counts: "office chairs (40)"."""
    i = quantity.first
    if not re.fullmatch(r"\s*[(:=]\s*", text.tokens[i].gap):
        return frozenset()
    near = [text.tokens[j].low for j in range(max(0, i - 2), i) if content(text, j)]
    return frozenset(key for low in near for key in (root(low), *synonyms(low)))


def _sentence(text: Text, quantity: Quantity) -> frozenset[str]:
    """The words of a number's whole sentence."""
    first, last = text.sentence(quantity.first)
    lows = [text.tokens[j].low for j in range(first, last) if content(text, j)]
    return frozenset(key for low in lows for key in (root(low), *synonyms(low)))


def _after(text: Text, quantity: Quantity) -> frozenset[str]:
    """What a number counts: the content words of the next three, before any comma."""
    found: set[str] = set()
    start = _past_whole(text, quantity)
    for j in range(start, min(start + 3, len(text.tokens))):
        if not re.fullmatch(r"[ \-]?", text.tokens[j].gap) or j in text.covered or text.tokens[j].low in _VERBS:
            break
        if content(text, j):
            found.add(root(text.tokens[j].low))
            found.update(synonyms(text.tokens[j].low))
    return frozenset(found)


def _around(text: Text, first: int, last: int, edges: frozenset[int], reach: int = 4) -> frozenset[str]:
    """The content words beside a place, up to the next number, full stop or line."""
    found: set[str] = set()
    for step, start in ((-1, first - 1), (1, last + 1)):
        j = start
        while 0 <= j < len(text.tokens) and abs(j - start) < reach and j not in edges:
            gap = text.tokens[j + 1].gap if step < 0 else text.tokens[j].gap
            if ends_sentence(gap) or (step > 0 and reach < 4 and "," in gap):
                break
            if content(text, j):
                found.add(root(text.tokens[j].low))
                found.update(synonyms(text.tokens[j].low))
            j += step
    return frozenset(found)


def _held(quantity: Quantity, told: Told) -> bool:
    return any(quantity.same(other) for source in told.index.texts for other in source.quantities)


def _from(text: Text, a: Quantity, b: Quantity) -> bool:
    """Whether two numbers are told as "from 9 to 3", with no more than one word between each and its preposition."""
    before = [text.tokens[j].low for j in range(max(0, a.first - 2), a.first)]
    return "from" in before and a.start < b.start and b.first - a.last < 5


_ONWARD = re.compile(r"\b(?:to|into)\b|->|→|>|\bthen\b|\bnow\b|\bbefore(?:,| and\b)")
_BACKWARD = re.compile(
    r"\b(?:from|instead of|rather than|used to be|was|were|against|before(?!,| and\b)|not|vs|versus)\b"
)


def moves(text: Text) -> Iterator[tuple[Quantity, Quantity]]:
    """Pairs of numbers told as a change, in the order of time: "from 9 to 3", "3, down from 9", "3 instead of 9"."""
    wholes = {whole.start for _, whole in _shares(text)}
    parts = [q for q in text.quantities if q.start not in wholes]
    for a, b in pairwise(parts):
        between = text.text[a.end : b.start].casefold()
        if len(between) > 40 or re.search(r"[.?!;\n]", between) or a.value == b.value:
            continue
        onward, backward = _ONWARD.search(between), _BACKWARD.search(between)
        if onward and not backward:
            yield a, b
        elif backward and not onward:
            yield b, a


_SHARE = re.compile(r"\s*(?:[\w'-]+ )?(?:in|of|out of|per) (?:the |every |each )?")


def _shares(text: Text) -> Iterator[tuple[Quantity, Quantity]]:
    """Pairs of numbers of which one is told as a part of the other: "1 in 8", "70 of the 82", "500 sold in 2"."""
    for a, b in zip(text.quantities, text.quantities[1:], strict=False):
        between = text.text[a.end : b.start].casefold()
        if a.value != b.value and a.family == b.family and not (a.ordinal or b.ordinal) and _SHARE.fullmatch(between):
            yield a, b


def _numbered(text: Text, told: Told) -> Iterator[Unsupported]:
    """A number that numbers a thing, where the sources number it otherwise: "room 14" for "room 3"."""
    known = [(label, q) for source in told.index.texts for q in source.quantities if (label := _numbers(source, q))]
    for quantity in text.quantities:
        label = _numbers(text, quantity)
        told_so = [q for other, q in known if other == label]
        if label and told_so and not any(quantity.value == q.value for q in told_so):
            said = text.text[text.tokens[quantity.first - 1].start : quantity.end]
            yield Unsupported(said, f"In the notes another number stands here: “{said}”.", "pairing")


def _numbers(text: Text, quantity: Quantity) -> str:
    """The word that a number numbers, one of those that are numbered."""
    i = quantity.first - 1
    if i < 0 or text.tokens[quantity.first].gap not in (" ", " #", " no. ") or quantity.family is not None:
        return ""
    key = lemma(text.tokens[i].low)
    return key if key in _LABELS else ""


def _turned_round(text: Text, told: Told) -> Iterator[Unsupported]:
    parts = [pair for source in told.index.texts for pair in _shares(source)]
    for a, b in _shares(text):
        straight = any(a.value == c.value and b.value == d.value for c, d in parts)
        turned = any(a.value == d.value and b.value == c.value for c, d in parts)
        whole = text.text[a.end : b.start].strip().startswith("of") and a.value > b.value
        if not straight and (turned or whole):
            said = text.text[a.start : b.end]
            yield Unsupported(said, f"In the notes these two stand the other way round: “{said}”.", "pairing")
    known = [move for source in told.index.texts for move in moves(source)]
    for a, b in moves(text):
        turned = any(a.value == d.value and b.value == c.value for c, d in known)
        straight = any(a.value == c.value and b.value == d.value for c, d in known)
        beside = {q.value for move in known for q in move}
        mixed = (a.value in beside) != (b.value in beside) and _held(a, told) and _held(b, told)
        if (turned or (mixed and _from(text, a, b))) and not straight:
            first, last = sorted((a, b), key=lambda q: q.start)
            said = text.text[first.start : last.end]
            yield Unsupported(said, f"In the notes the change runs the other way: “{said}”.", "pairing")
