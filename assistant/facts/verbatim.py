"""Words as they stand in a row, to find them again in a text word for word, whoever is spoken of."""

from __future__ import annotations

from assistant.facts.sources import Text
from assistant.facts.whose import content

_RUN = 7
_SIDES = {
    low: key
    for key, lows in (("they", "i we you he she they"), ("their", "my our your his her their"))
    for low in lows.split()
}


def side(low: str) -> str:
    """A word; "they" and "their" for whichever person it names."""
    return _SIDES.get(low, low)


def ahead(source: Text, i: int, last: int) -> list[str]:
    """The words from a place on, up to what tells something, as far as no comma parts them."""
    found: list[str] = []
    telling = 0
    while i < last and len(found) < _RUN and source.tokens[i].gap in (" ", "-", ""):
        found.append(side(source.tokens[i].low))
        telling += content(source, i) or i in source.covered
        i += 1
        if telling > 1 or (telling and len(found) > 2):
            break
    return found
