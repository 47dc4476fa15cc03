"""Quantities and dates, in whatever form they are written: "28 percent", "1.2k", "half an hour", "10 May", "10/05"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from assistant.facts.text import Token

_UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_CARDINAL = {w: i for i, w in enumerate(_UNITS, 1)} | {w: 10 * i for i, w in enumerate(_TENS, 2)} | {"zero": 0}
_ORDINAL = {w: i for i, w in enumerate(_ORDINALS, 1)} | {"thirtieth": 30}
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

_FAMILIES: dict[str, tuple[str, Fraction]] = {}
for _family, _factor, _names in (
    ("percent", 1, "% percent pct percentage"),
    ("£", 1, "£ gbp pound quid sterling"),
    ("€", 1, "€ eur euro"),
    ("$", 1, "$ usd dollar buck"),
    ("₹", 1, "₹ inr rupee rs"),
    ("₦", 1, "₦ ngn naira"),
    ("¥", 1, "¥ jpy yen"),
    ("zl", 1, "zl pln zloty"),
    ("chf", 1, "chf franc"),
    ("kr", 1, "kr sek nok dkk krona krone kronor kroner"),
    ("time", Fraction(1, 1000), "ms millisecond"),
    ("time", 1, "s sec second"),
    ("time", 60, "min minute"),
    ("time", 3600, "h hr hour"),
    ("time", 86400, "day d"),
    ("time", 7 * 86400, "wk week"),
    ("time", 14 * 86400, "fortnight"),
    ("months", 1, "mo mth month"),
    ("months", 12, "yr year"),
    ("months", 120, "decade"),
    ("length", Fraction(1, 1000), "mm millimetre millimeter"),
    ("length", Fraction(1, 100), "cm centimetre centimeter"),
    ("length", 1, "metre meter"),
    ("length", 1000, "km kilometre kilometer"),
    ("mile", 1, "mi mile"),
    ("foot", 1, "ft feet foot"),
    ("inch", 1, "inch inches"),
    ("mass", Fraction(1, 1000), "mg milligram"),
    ("mass", 1, "g gram gramme"),
    ("mass", 1000, "kg kilo kilogram kilogramme"),
    ("mass", 10**6, "tonne"),
    ("volume", Fraction(1, 1000), "ml millilitre milliliter"),
    ("volume", 1, "litre liter l"),
    ("area", 1, "ha hectare"),
    ("acre", 1, "acre"),
    ("power", 1, "kw kilowatt"),
    ("power", 1000, "mw megawatt"),
    ("times", 1, "x times"),
):
    for _name in _names.split():
        for _form in {_name, _name if _name == "ha" else _name + "s"}:
            _FAMILIES.setdefault(_form, (_family, Fraction(_factor)))
_HARD = {"percent", "£", "€", "$", "₹", "₦", "¥", "zl", "chf", "kr"}
_ONLY_ATTACHED = {"s", "d", "l", "g", "x", "b"}

MONTHS = {
    form: number
    for number, forms in enumerate(
        "january jan,february feb,march mar,april apr,may,june jun,july jul,august aug,september sep sept,october oct,"
        "november nov,december dec".split(","),
        1,
    )
    for form in forms.split()
}
WEEKDAYS = {
    form: number
    for number, forms in enumerate(
        "monday mon,tuesday tue tues,wednesday wed weds,thursday thu thur thurs,friday fri,saturday sat,sunday sun".split(
            ","
        )
    )
    for form in (*forms.split(), forms.split()[0] + "s")
}
_AMBIGUOUS = {"may", "march", "mar", "sat", "sun", "mon", "wed", "jan", "dec", "sep"}
_OF_THE_MESSAGE = frozenset(
    "line lines sentence sentences word words paragraph paragraphs of question questions".split()
)
_DATED = frozenset("in by since until till last next early late mid every".split())
_ENDS = re.compile(r"[.!?;:\n\"(]")
_NO_NOUN = frozenset("is are was were shall should would will if or and to on at with for in by from max".split())
_NUMBER = re.compile(
    r"^(?P<cur>[£$€¥₹₦])?\s?(?P<num>\d+(?:[.,:]\d+)*)(?P<suffix>[^\W\d_]*)(?P<percent>%)?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts. `first`/`last` are token positions; `weak` marks "one" and "first", `bare` a
    number that no noun follows, which may count anything."""

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
            return other.family not in _HARD
        return other.family is None and (self.carried or (other.bare and self._short()))

    def _short(self) -> bool:
        """A length of a call: notes may leave its unit out ("call: 15")."""
        return self.family == "time" and self.factor in (60, 3600) and self.value <= 90


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as far as it is said: month and weekday from 1 and 0; `clock` in minutes after midnight."""

    start: int
    end: int
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    year: int | None = None
    clock: frozenset[int] = frozenset()


def _unit(token: Token | None) -> tuple[str, Fraction] | None:
    if token is None or token.low in _ONLY_ATTACHED:
        return None
    return _FAMILIES.get(token.low)


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
        step = _digits(text, tokens, position) or _words(tokens, position) or _idiom(tokens, position)
        if step:
            found += step
            position = max(q.last for q in step) + 1
        else:
            position += 1
    return _carry(text, [replace(q, bare=_bare(tokens, q)) for q in found])


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
    if suffix in ("st", "nd", "rd", "th"):
        ordinal = True
    elif scale == 1 and suffix in _FAMILIES:
        family, factor = _FAMILIES[suffix]
    elif scale == 1 and suffix and suffix not in ("s", "p", "am", "pm", "e"):
        return []
    if not suffix and close and after is not None and after.low in (*_SCALE, "k", "m", "mn", "bn", "lakh", "crore"):
        scale = _SCALE.get(after.low) or _SUFFIX_SCALE[after.low]
        last, after = i + 1, tokens[i + 2] if i + 2 < len(tokens) else None
        close = after is not None and after.gap in ("", " ", "-")
    value *= scale
    end = tokens[last].end
    if match["cur"]:
        family, factor = _FAMILIES[match["cur"]]
    elif text[end : end + 2].strip().startswith("%"):
        family, factor, end = "percent", Fraction(1), end + text[end : end + 2].index("%") + 1
    elif i and tokens[i - 1].low in _FAMILIES and _FAMILIES[tokens[i - 1].low][0] in _HARD and token.gap == " ":
        family, factor = _FAMILIES[tokens[i - 1].low]
    elif family is None and close and (unit := _unit(after)):
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
    if not ordinal and after is not None and after.gap in (" ", "-") and (unit := _unit(after)):
        family, factor = unit
        last = j
    single = last == i or (family is not None and last == i + 1)
    weak = single and tokens[i].low in ("one", "first", "second") and family not in ("time", "months", *_HARD)
    if tokens[i].low == "one" and family == "time" and (factor < 3600 or factor == 86400):
        weak = True
    after_low = tokens[last + 1].low if last + 1 < len(tokens) else ""
    before_low = tokens[i - 1].low if i else ""
    if single and value < 6 and (after_low in _OF_THE_MESSAGE or (value == 2 and before_low in ("or", "you", "the"))):
        weak = True
    return [Quantity(value, family, factor, tokens[i].start, tokens[last].end, i, last, weak, ordinal)]


def _idiom(tokens: Sequence[Token], i: int) -> list[Quantity]:
    low = tokens[i].low
    ahead = [t.low for t in tokens[i + 1 : i + 4]]
    before = tokens[i - 1].low if i else ""

    def found(value: Fraction, family: str | None, factor: int, length: int, weak: bool = False) -> list[Quantity]:
        last = min(i + length - 1, len(tokens) - 1)
        return [Quantity(value, family, Fraction(factor), tokens[i].start, tokens[last].end, i, last, weak)]

    if low == "half" and ahead[:2] in (["an", "hour"], ["a", "hour"]):
        return found(Fraction(30), "time", 60, 3)
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
        said = before in "for in after within spent spare about over nearly almost under took takes last".split()
        if low != "per" and (said or (len(ahead) > 1 and ahead[1] in ("ago", "later", "before", "of", "earlier"))):
            family, factor = _FAMILIES[ahead[0]]
            return [Quantity(Fraction(1), family, factor, tokens[i].start, tokens[i + 1].end, i, i + 1)]
    return []


def _carry(text: str, found: list[Quantity]) -> list[Quantity]:
    """Lets "5 to 10%" and "$3-4m" say their unit once."""
    for n in range(len(found) - 1):
        here, after = found[n], found[n + 1]
        between = text[here.end : after.start].strip().casefold()
        if (
            between in ("-", "–", "to", "or", "and", "->", "→", "/")
            and here.family is None
            and after.family is not None
        ):
            found[n] = replace(here, family=after.family, factor=after.factor, carried=True)
    return found


_ISO = re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b")
_SLASHED = re.compile(
    r"(?<![\d/.])(?P<a>\d{1,2})(?:/(?P<b>\d{1,2})(?:/\d{2,4})?|\.(?P<c>\d{1,2})\.\d{2,4})(?![\d/%]|\.\d)"
)
_CLOCK = re.compile(
    r"(?<![\d.,:])(?P<h>\d{1,2})(?:[:.h](?P<m>\d\d))?\s?(?P<half>[ap]\.?m\b\.?)|(?<![\d.,:])(?P<h2>\d{1,2}):(?P<m2>\d\d)(?!\d)",
    re.IGNORECASE,
)
_NAMED = "|".join(sorted((*MONTHS,), key=len, reverse=True))
_DAY = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th)?"
_DAY_MONTH = re.compile(
    rf"\b{_DAY.format('d1')}(?:\s+of)?\s+(?P<m1>{_NAMED})\b\.?(?:,?\s+(?P<y1>\d{{4}}))?"
    rf"|\b(?P<m2>{_NAMED})\b\.?\s+(?:the\s+)?{_DAY.format('d2')}\b(?!\s*(?:min|hour|%|people|k\b))(?:,?\s+(?P<y2>\d{{4}}))?",
    re.IGNORECASE,
)


def moments(text: str, tokens: Sequence[Token], *, generous: bool = False) -> list[Moment]:
    """Every date, weekday and clock time of a text; `generous` takes "sat" and "dec" as dates wherever they stand."""
    found: list[Moment] = []
    for match in _ISO.finditer(text):
        found.append(Moment(match.start(), match.end(), int(match["m"]), int(match["d"]), year=int(match["y"])))
    for match in _SLASHED.finditer(text):
        day, month = int(match["a"]), int(match["b"] or match["c"])
        found += [
            Moment(match.start(), match.end(), m, d)
            for d, m in {(day, month), (month, day)}
            if 1 <= m <= 12 and 1 <= d <= 31
        ]
    for match in _CLOCK.finditer(text):
        hour, minute = int(match["h"] or match["h2"]), int(match["m"] or match["m2"] or 0)
        half = (match["half"] or "").casefold()
        hours = (
            {hour % 12 + 12}
            if half.startswith("p")
            else {hour % 12}
            if half
            else {hour, hour + 12}
            if hour < 12
            else {hour}
        )
        found.append(Moment(match.start(), match.end(), clock=frozenset(60 * h + minute for h in hours)))
    for match in _DAY_MONTH.finditer(text):
        name = match["m1"] or match["m2"]
        if name.casefold() in ("may", "march") and name[0].islower() and not match["d1"]:
            continue
        day = int(match["d1"] or match["d2"])
        found.append(Moment(match.start(), match.end(), MONTHS[name.casefold()], day))
    covered = [(m.start, m.end) for m in found]
    found += [m for m in _named(tokens, generous) if not any(a <= m.start < b for a, b in covered)]
    return found


def _named(tokens: Sequence[Token], generous: bool) -> Iterator[Moment]:
    for i, token in enumerate(tokens):
        low = token.low
        before = tokens[i - 1].low if i else ""
        if generous and low in (MONTHS.keys() | WEEKDAYS.keys()) and (token.capital or low != "may"):
            before = "in"
        alone = i > 0 and not _ENDS.search(token.gap)
        sure = low not in _AMBIGUOUS or before in _DATED or (token.capital and alone)
        if sure and low in MONTHS:
            yield Moment(token.start, token.end, month=MONTHS[low])
        elif sure and low in WEEKDAYS:
            yield Moment(token.start, token.end, weekday=WEEKDAYS[low])
