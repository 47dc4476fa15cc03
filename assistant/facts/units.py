"""Units as they are written, each with its family and how much of the family's own unit it is."""

from __future__ import annotations

from fractions import Fraction

from assistant.facts.lexicon import lines
from assistant.facts.text import Token


def _read_units() -> dict[str, tuple[str, Fraction]]:
    table: dict[str, tuple[str, Fraction]] = {}
    for line in lines("units"):
        family, factor, *names = line.split()
        for name in names:
            for form in (name, name if name == "ha" else name + "s"):
                table.setdefault(form, (family, Fraction(factor)))
    return table


FAMILIES = _read_units()
HARD = {"percent", "£", "€", "$", "₹", "₦", "¥", "zl", "chf", "kr"}
SPANS = {n: u for n, u in FAMILIES.items() if u[0] in ("time", "months") and len(n) > 2 and n.endswith("s")}
_ONLY_ATTACHED = {"s", "d", "l", "g", "x", "b"}


def unit_of(token: Token | None) -> tuple[str, Fraction] | None:
    """The family and the factor of a word that is a unit."""
    if token is None or token.low in _ONLY_ATTACHED:
        return None
    return FAMILIES.get(token.low)
