"""Quantities in whatever form they are written: "28 percent", "1.2k", "three", "half an hour"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from assistant.facts.lexicon import named, ordered
from assistant.facts.text import Token
from assistant.facts.units import FAMILIES, HARD, SPANS, unit_of

_CARDINAL = (
    {w: i for i, w in enumerate(ordered("units"), 1)}
    | {w: 10 * i for i, w in enumerate(ordered("tens"), 2)}
    | {"zero": 0}
)
_ORDINAL = {w: i for i, w in enumerate(ordered("ordinals"), 1)} | {"thirtieth": 30}
_SCALE = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "dozen": 12}
_SUFFIX_SCALE = {
    "k": 1000,
    "m": 10**6,
    "mn": 10**6,
    "mio": 10**6,
    "bn": 10**9,
    "b": 10**9,
    "lakh": 10**5,
    "crore": 10**7,
}


_PARTS = {"thirds": 3, "quarters": 4, "fifths": 5}
_OF_THE_MESSAGE = named("numbers-of-the-message")
_NO_NOUN = named("numbers-no-noun")
_NUMBER = re.compile(
    r"^(?P<cur>[£$€¥₹₦])?\s?(?P<num>\d+(?:[.,:]\d+)*)(?P<suffix>[^\W\d_]*)(?P<percent>%)?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts. `first`/`last` are token positions; `weak` marks "one" and "first", `bare` a
    number that no noun follows, which may count anything.
    """

    value: Fraction
    family: str | None
    factor: Fraction
    start: int
    end: int
    first: int
    last: int
    weak: bool = False
    ordinal: bool = False
    carried: bool = False
    bare: bool = False

    def same(self, other: Quantity) -> bool:
        """Whether this one, of a candidate, is supported by `other`, of a source."""
        if self.family is not None and self.family == other.family:
            return self.value * self.factor == other.value * other.factor
        if self.value != other.value:
            return False
        if self.family is None:
            return other.family not in HARD
        return other.family is None and (self.carried or (other.bare and self._short()))

    def _short(self) -> bool:
        """A length of a call: notes may leave its unit out ("call: 15")."""
        return self.family == "time" and 60 <= self.factor <= 3600 and self.value * self.factor <= 3 * 3600


def _decimal(text: str) -> Fraction | None:
    if ":" in text:
        return None
    if re.fullmatch(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}", text):
        text = text.replace(",", "") if "," in text else text.replace(".", "")
    elif re.fullmatch(r"\d+,\d{1,2}", text):
        text = text.replace(",", ".")
    try:
        return Fraction(text)
    except ValueError:
        return None


def quantities(text: str, tokens: Sequence[Token]) -> list[Quantity]:
    """Every number of a text, digits or words, with its unit where one is said."""
    found: list[Quantity] = []
    position = 0
    while position < len(tokens):
        step = _digits(text, tokens, position) or _part(tokens, position) or _words(tokens, position)
        step = step or _idiom(tokens, position)
        if step:
            found += step
            position = max(q.last for q in step) + 1
        else:
            position += 1
    return _carry(text, [_labelled(tokens, replace(q, bare=_bare(tokens, q))) for q in found])


def _labelled(tokens: Sequence[Token], quantity: Quantity) -> Quantity:
    """A bare number takes the unit of its label: "years: 6", "my years here = 6"."""
    start = quantity.first
    if not quantity.bare or not start or not re.fullmatch(r"\s*[:=]\s*", tokens[start].gap):
        return quantity
    for j in range(start - 1, max(-1, start - 4), -1):
        if unit := SPANS.get(tokens[j].low):
            return replace(quantity, family=unit[0], factor=unit[1])
        if j and tokens[j].gap != " ":
            break
    return quantity


def _bare(tokens: Sequence[Token], quantity: Quantity) -> bool:
    after = tokens[quantity.last + 1] if quantity.last + 1 < len(tokens) else None
    if quantity.weak or quantity.ordinal or quantity.family is not None:
        return False
    return after is None or after.gap not in (" ", "-", "") or after.low in _NO_NOUN


def _digits(text: str, tokens: Sequence[Token], i: int) -> list[Quantity]:
    token = tokens[i]
    if token.kind != "number":
        return []
    match = _NUMBER.match(token.low.strip())
    value = _decimal(match["num"]) if match else None
    if match is None or value is None:
        return []
    last, family, factor, ordinal = i, None, Fraction(1), False
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    close = after is not None and after.gap in ("", " ", "-")
    suffix = match["suffix"]
    scale = _SUFFIX_SCALE.get(suffix, 1)
    if suffix == "m" and after is not None and after.low in ("call", "chat", "talk", "phone", "zoom", "video"):
        suffix, scale = "min", 1
    if suffix in ("st", "nd", "rd", "th"):
        ordinal = True
    elif scale == 1 and suffix in FAMILIES:
        family, factor = FAMILIES[suffix]
    elif scale == 1 and suffix and suffix not in ("s", "p", "am", "pm", "e"):
        return []
    if not suffix and close and after is not None and after.low in (*_SCALE, "k", "m", "mn", "bn", "lakh", "crore"):
        scale = _SCALE.get(after.low) or _SUFFIX_SCALE[after.low]
        last, after = i + 1, tokens[i + 2] if i + 2 < len(tokens) else None
        close = after is not None and after.gap in ("", " ", "-")
    value *= scale
    end = tokens[last].end
    if match["cur"]:
        family, factor = FAMILIES[match["cur"]]
    elif text[end : end + 2].strip().startswith("%"):
        family, factor, end = "percent", Fraction(1), end + text[end : end + 2].index("%") + 1
    elif i and tokens[i - 1].low in FAMILIES and FAMILIES[tokens[i - 1].low][0] in HARD and token.gap == " ":
        family, factor = FAMILIES[tokens[i - 1].low]
    elif family is None and close and (unit := unit_of(after)) and not _second_hand(tokens, last + 1):
        family, factor = unit
        assert after is not None
        last, end = last + 1, after.end
    year = (
        family is None and not suffix and 1900 <= value <= 2100 and "," not in match["num"] and "." not in match["num"]
    )
    result = [Quantity(value, family, factor, token.start, end, i, last, ordinal=ordinal)]
    if year and (short := re.match(r"\s?[-/]\s?(\d\d)(?!\d)", text[token.end :])):
        century = value - value % 100
        result.append(Quantity(century + int(short[1]), None, Fraction(1), token.start, end, i, last))
    return result


def _words(tokens: Sequence[Token], i: int) -> list[Quantity]:
    total, current, j, ordinal, seen = 0, 0, i, False, False
    while j < len(tokens) and (j == i or tokens[j].gap in (" ", "-", "")):
        low = tokens[j].low
        if _second_hand(tokens, j):
            break
        if low in _CARDINAL and (not current % 100 or (current % 100 >= 20 and _CARDINAL[low] < 10)):
            current += _CARDINAL[low]
        elif low in _ORDINAL and (not seen or current % 10 == 0):
            current, ordinal = current + _ORDINAL[low], True
        elif low in _SCALE and (seen or (low != "second" and i and tokens[i - 1].low in ("a", "the", "per", "half"))):
            current = (current or 1) * _SCALE[low]
            if _SCALE[low] >= 1000:
                total, current = total + current, 0
        elif (
            low == "and"
            and seen
            and j + 1 < len(tokens)
            and tokens[j - 1].low in _SCALE
            and tokens[j + 1].low in _CARDINAL
        ):
            j += 1
            continue
        elif low.endswith("fold") and (low[:-4] in _CARDINAL):
            current = _CARDINAL[low[:-4]]
        else:
            break
        seen, j = True, j + 1
        if ordinal:
            break
    if not seen:
        return []
    last, value = j - 1, Fraction(total + current)
    family, factor = None, Fraction(1)
    after = tokens[j] if j < len(tokens) else None
    if not ordinal and after is not None and after.gap in (" ", "-") and (unit := unit_of(after)):
        family, factor = unit
        last = j
    single = last == i or (family is not None and last == i + 1)
    weak = single and tokens[i].low in ("one", "first", "second") and family not in ("time", "months", *HARD)
    if tokens[i].low == "one" and family == "time" and (factor < 3600 or factor == 86400):
        weak = True
    after_low = tokens[last + 1].low if last + 1 < len(tokens) else ""
    before_low = tokens[i - 1].low if i else ""
    if (
        single
        and value < 6
        and (
            after_low in _OF_THE_MESSAGE
            or before_low in ("all", "any")
            or (value == 2 and before_low in ("or", "you", "the"))
        )
    ):
        weak = True
    return [Quantity(value, family, factor, tokens[i].start, tokens[last].end, i, last, weak, ordinal)]


def _second_hand(tokens: Sequence[Token], i: int) -> bool:
    return tokens[i].low == "second" and i + 1 < len(tokens) and tokens[i + 1].low == "hand"


def _part(tokens: Sequence[Token], i: int) -> list[Quantity]:
    """Parts of a whole in words: "two thirds"; "a third" may stand in a row and is left as it is."""
    if i + 1 >= len(tokens) or tokens[i].low not in ("two", "three", "four") or tokens[i + 1].gap not in (" ", "-"):
        return []
    whole = _PARTS.get(tokens[i + 1].low)
    if whole is None:
        return []
    value = Fraction(_CARDINAL[tokens[i].low], whole)
    return [Quantity(value, "part", Fraction(1), tokens[i].start, tokens[i + 1].end, i, i + 1)]


def _idiom(tokens: Sequence[Token], i: int) -> list[Quantity]:
    low = tokens[i].low
    ahead = [t.low for t in tokens[i + 1 : i + 4]]
    before = tokens[i - 1].low if i else ""

    def found(value: Fraction, family: str | None, factor: int, length: int, weak: bool = False) -> list[Quantity]:
        last = min(i + length - 1, len(tokens) - 1)
        return [Quantity(value, family, Fraction(factor), tokens[i].start, tokens[last].end, i, last, weak)]

    if low == "half" and ahead[:2] in (["an", "hour"], ["a", "hour"]):
        return found(Fraction(30), "time", 60, 3)
    if low == "half" and ahead[:1] == ["hour"] and tokens[i + 1].gap in (" ", "-"):
        return found(Fraction(30), "time", 60, 2)
    if low == "half" and ahead[:2] == ["a", "year"]:
        return found(Fraction(6), "months", 1, 3)
    if low == "quarter" and ahead[:3] in (["of", "an", "hour"],):
        return found(Fraction(15), "time", 60, 4)
    if low == "half":
        return found(Fraction(1, 2), None, 1, 1)
    if low in ("twice", "double", "doubled", "doubling", "doubles"):
        return found(Fraction(2), None, 1, 1)
    if low in ("triple", "tripled", "tripling", "thrice"):
        return found(Fraction(3), None, 1, 1)
    if (
        low in ("a", "an", "per")
        and ahead
        and ahead[0] in ("hour", "day", "week", "month", "year", "decade", "fortnight")
    ):
        said = before in named("numbers-spans")
        if low != "per" and (said or (len(ahead) > 1 and ahead[1] in ("ago", "later", "before", "of", "earlier"))):
            family, factor = FAMILIES[ahead[0]]
            return [Quantity(Fraction(1), family, factor, tokens[i].start, tokens[i + 1].end, i, i + 1)]
    return []


def _carry(text: str, found: list[Quantity]) -> list[Quantity]:
    """Lets "5 to 10%", "$3-4m", "5 days vs 9" and "11 years, the last 4 in …" say their unit once."""
    for n in range(len(found) - 1):
        here, after = found[n], found[n + 1]
        between = text[here.end : after.start].strip().casefold()
        if (
            between in ("-", "–", "to", "or", "and", "->", "→", "/")
            and here.family is None
            and after.family is not None
        ):
            found[n] = replace(here, family=after.family, factor=after.factor, carried=True)
        again = between in ("vs", "not", "instead of", "down from", "up from", "against", "from", "was", "to")
        lasting = re.search(r"\b(?:last|past|latest)$", between) and here.family == "months" and "." not in between
        if here.family in ("time", "months") and after.family is None and ((again and after.bare) or lasting):
            found[n + 1] = replace(after, family=here.family, factor=here.factor, carried=True)
    return found
