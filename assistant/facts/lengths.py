"""Spans of time beside what the sources tell of another span: "led the ward for 6 years"."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.facts.clauses import Told
from assistant.facts.nearness import Thing, beside_of, fit
from assistant.facts.numbers import Quantity
from assistant.facts.sources import Text
from assistant.records import Unsupported

_WEEK = 7 * 24 * 3600


def spans(text: Text, known: Told) -> Iterator[Unsupported]:
    """A span of time beside what the sources tell of another span: "led the ward for 6 years"."""
    sources = [(n, q) for n, source in enumerate(known.index.texts) for q in source.quantities if _is_span(q)]
    for quantity in text.quantities:
        after = text.tokens[quantity.last + 1].low if quantity.last + 1 < len(text.tokens) else ""
        if not _is_span(quantity) or after == "ago":
            continue
        same = [known.spot(n, q.first) for n, q in sources if quantity.same(q)]
        rivals = [known.spot(n, q.first) for n, q in sources if not quantity.same(q)]
        if not same or not rivals:
            continue
        beside = beside_of(text, quantity.first, quantity.last, r"[.?!;,\n]", 7, names=True)
        thing = Thing((), frozenset(), beside, "")
        own = fit(known, same, thing)
        if any(fit(known, [rival], thing) - own >= 0.7 for rival in rivals):
            said = text.text[text.tokens[max(0, quantity.first - 3)].start : text.tokens[quantity.last].end]
            yield Unsupported(said, f"In the notes another span of time stands here: “{said}”.", "pairing")


def _is_span(quantity: Quantity) -> bool:
    long = quantity.family == "months" or (quantity.family == "time" and quantity.factor >= _WEEK)
    return long and not quantity.weak and not quantity.ordinal
