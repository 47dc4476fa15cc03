"""Numbers that cannot stand where they do: "from 8% to 8%", "of 14 pupils 900", "placed in 24", "week 13"."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.facts.clauses import Told
from assistant.facts.lexicon import named
from assistant.facts.numbers import Quantity
from assistant.facts.sources import Text
from assistant.facts.text import lemma
from assistant.facts.whose import content
from assistant.records import Unsupported

_LABELS = frozenset(map(lemma, named("amounts-labels")))
_YEARS = range(1950, 2040)
_DATING = named("amounts-dating")
_NEAR = 5


def amounts(text: Text, known: Told) -> Iterator[Unsupported]:
    """A change to the same number, a part above its whole, a count told as a year, and another number of a series."""
    numbered = sorted(text.quantities, key=lambda q: q.first)
    for n, one in enumerate(numbered):
        two = numbered[n + 1] if n + 1 < len(numbered) else None
        last = one.last
        if (
            two is not None
            and _near(text, one, two)
            and (_no_change(text, one, two, known) or _too_many(text, one, two))
        ):
            last = two.last
        elif not (_no_year(text, one, known) or _another_of_series(text, one, known)):
            continue
        first = max(text.sentence(one.first)[0], one.first - 1)
        said = text.text[text.tokens[first].start : text.tokens[last].end]
        yield Unsupported(said, f"In the notes another number stands here: “{said}”.", "pairing")


def _near(text: Text, one: Quantity, two: Quantity) -> bool:
    return two.first - one.last <= _NEAR and text.sentence(one.first) == text.sentence(two.first)


def _no_change(text: Text, one: Quantity, two: Quantity, known: Told) -> bool:
    """Whether something goes from a number to the same one, or is "3 of 3" that no source counts so."""
    if one.value != two.value or not (one.same(two) or one.family is None or two.family is None):
        return False
    before = text.tokens[one.first - 1].low if one.first else ""
    between = [text.tokens[j].low for j in range(one.last + 1, two.first)]
    if before == "from" and between[-1:] == ["to"]:
        return True
    return between == ["of"] and not any(
        a.value == b.value == one.value and b.first - a.last == 2
        for source in known.index.texts
        for a in source.quantities
        for b in source.quantities
    )


def _too_many(text: Text, one: Quantity, two: Quantity) -> bool:
    """Whether a part is above its whole: "of 14 pupils 900 said so", "40 farms, and 85 of them"."""
    before = text.tokens[one.first - 1].low if one.first else ""
    after = [token.low for token in text.tokens[two.last + 1 : two.last + 3]]
    parted = (before == "of" and one.first - 1 == text.sentence(one.first)[0]) or after in (
        ["of", "them"],
        ["of", "those"],
    )
    counted = text.tokens[one.first].text[0].isalnum()  # no price: "at $140, and 200 of them sold"
    return counted and parted and not one.weak and one.family is None and two.family is None and two.value > one.value


def _no_year(text: Text, one: Quantity, known: Told) -> bool:
    """Whether a count stands as a year does, "placed in 24", or a year as a count does, "the team of 2022"."""
    if one.first != one.last or not one.first or one.family is not None or one.value != int(one.value):
        return False
    if text.tokens[one.first].gap != " ":
        return False
    before = text.tokens[one.first - 1].low
    ends = one.last + 1 == len(text.tokens) or text.tokens[one.last + 1].gap != " " or not _goes_on(text, one.last + 1)
    told = _before(known, one)
    if not told or text.tokens[one.first].kind != "number" or not text.tokens[one.first].low.isdigit():
        return False
    if one.value in _YEARS:
        return before not in _DATING and bool(told) and told <= _DATING
    return before == "in" and ends and before not in told


def _goes_on(text: Text, j: int) -> bool:
    return text.tokens[j].low not in ("and", "but", "so", "or", "when", "where", "with", "to")


def _another_of_series(text: Text, one: Quantity, known: Told) -> bool:
    """Whether a label as "week" or "SB" has a number that no source gives it, and the sources give it another."""
    if not one.first or text.tokens[one.first].gap != " ":
        return False
    token = text.tokens[one.first - 1]
    label = lemma(token.low)
    if label not in _LABELS and not (token.text.isupper() and len(token.text) > 1 and content(text, one.first - 1)):
        return False
    given = {
        q.value
        for source in known.index.texts
        for q in source.quantities
        if q.first and lemma(source.tokens[q.first - 1].low) == label and source.tokens[q.first].gap == " "
    }
    return bool(given) and one.value not in given


def _before(known: Told, one: Quantity) -> set[str]:
    """The words that stand before a number in the sources."""
    return {
        source.tokens[q.first - 1].low if q.first else ""
        for source in known.index.texts
        for q in source.quantities
        if q.value == one.value
    }
