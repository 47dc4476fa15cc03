"""Dates and times in whatever form they are written: "10 May", "10/05", "May 10th", "3pm"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.facts.lexicon import lines, named
from assistant.facts.text import Token

MONTHS = {form: number for number, line in enumerate(lines("calendar")[:12], 1) for form in line.split()}
WEEKDAYS = {form: number for number, line in enumerate(lines("calendar")[12:]) for form in line.split()}
_AMBIGUOUS = {"may", "march", "mar", "sat", "sun", "mon", "wed", "jan", "dec", "sep"}
_DATED = named("numbers-dated")
_ENDS = re.compile(r"[.!?;:\n\"(]")


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
        calendar = low in MONTHS or low in WEEKDAYS
        if generous and calendar and (token.capital or low != "may" or _beside_a_month(tokens, i)):
            before = "in"
        alone = i > 0 and not _ENDS.search(token.gap)
        sure = low not in _AMBIGUOUS or before in _DATED or (token.capital and alone)
        if sure and low in MONTHS:
            yield Moment(token.start, token.end, month=MONTHS[low])
        elif sure and low in WEEKDAYS:
            yield Moment(token.start, token.end, weekday=WEEKDAYS[low])


def _beside_a_month(tokens: Sequence[Token], i: int) -> bool:
    """Whether a small "may" is the month: in "march & may", "april to may", "till may"."""
    near = [j for j in (i - 2, i - 1, i + 1, i + 2) if 0 <= j < len(tokens)]
    joined = (tokens[i - 1].low if i else "") in ("and", "to", "or", "till", "until", "since", "early", "late", "mid")
    months = any(tokens[j].low in MONTHS and tokens[j].low != "may" for j in near)
    after = tokens[i + 1].gap if i + 1 < len(tokens) else "\n"
    if i and "," in tokens[i].gap and re.search(r"[.;\n)]", after):
        return True
    return months or (joined and tokens[i - 1].low in ("till", "until", "since", "early", "late", "mid"))
