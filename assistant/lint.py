"""Text and principles → findings: instant, no model. The words of every finding come from its principle."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.lint_parts import Parts, parts
from assistant.patterns import compile_check, compile_unless, plain
from assistant.records import Brief, Check, Document, Excerpt, Finding, Kind, Library, Principle, Severity

WEIGHTS: dict[Severity, float] = {"error": 1.0, "warning": 0.4, "info": 0.1}
# A kind's range is what good messages have, not a law: a tenth more or less is no fault. A channel's limit is one.
SLACK = 0.1
_QUOTE_CHARS = 60
_SAID_SHARE = 0.5


def lint(
    text: str,
    kind: Kind,
    library: Library,
    *,
    said: Brief,
    known: Brief | None = None,
    max_chars: int | None = None,
) -> tuple[Finding, ...]:
    """The faults of a message, by their place in it; at most one a principle where something is absent.

    `said` is what the text says by itself, `known` what draft and notes say together (for what the text keeps back).
    `max_chars` is the channel's limit in code points, or the kind's own where it is None.
    """
    case = _Case(parts(text), text, kind, said, known, max_chars if max_chars is not None else kind.max_chars)
    principles = library.for_kind(kind)
    found = _collect(text, principles, case.spots)
    return _with_combined(text, principles, found)


def lint_notes(document: Document, kind: Kind, library: Library) -> tuple[Finding, ...]:
    """What the sender's notes give against sending at all; the offsets are those of `document.text`."""
    split = parts(document.text)

    def spots(check: Check) -> Iterable[_Spot]:
        return _matches(check, split) if check.where == "notes" else ()

    return _collect(document.text, library.for_kind(kind), spots)


def faults(findings: Iterable[Finding]) -> float:
    """The findings' weights together: 0 for none, 1 for one error."""
    return sum(WEIGHTS[finding.severity] for finding in findings)


@dataclass(frozen=True, slots=True)
class _Spot:
    start: int = 0
    end: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Case:
    parts: Parts
    text: str
    kind: Kind
    said: Brief
    known: Brief | None
    max_chars: int | None

    def spots(self, check: Check) -> Iterable[_Spot]:
        if check.where == "notes":
            return ()
        match check.type:
            case "phrase" | "pattern":
                return _matches(check, self.parts)
            case "count":
                return _count(check, self.parts)
            case "length":
                return self._length(check)
            case "slot":
                return self._slot(check)
            case "together" | "embedding" | "none":
                return ()

    def _length(self, check: Check) -> Iterator[_Spot]:
        words = sum(1 for word in self.text.split() if any(c.isalnum() for c in word))
        low, high = (self.kind.min_words, self.kind.max_words) if check.side else (check.min or 0, check.max)
        slack = SLACK if check.side else 0
        if check.side == "over" and self.max_chars is not None and len(self.text) > self.max_chars:
            yield _Spot(detail=f"{len(self.text)} characters, at most {self.max_chars}")
        elif check.side != "under" and high is not None and words > high * (1 + slack):
            yield _Spot(detail=f"{words} words, at most {high}")
        elif check.side != "over" and words < low * (1 - slack):
            yield _Spot(detail=f"{words} words, at least {low}")

    def _slot(self, check: Check) -> Iterator[_Spot]:
        assert check.slot is not None
        if self.said.get(check.slot):
            return
        unless = compile_unless(check)
        if unless and unless.search(self.parts.text):
            return
        held = self.known.get(check.slot) if self.known else ()
        if not check.hidden:
            if not any(_says(self.text, excerpt) for excerpt in held):
                yield _Spot()
            return
        if held and not any(_says(self.text, excerpt) for excerpt in held):
            yield _Spot(detail=f"your notes say “{_short(held[0].text)}”")


def _matches(check: Check, split: Parts) -> tuple[_Spot, ...]:
    """Where a check's patterns match; kept with the text's parts, since one text is looked at several times."""
    key = (check.type, check.any, check.unless, check.where)
    if key not in split.seen:
        split.seen[key] = tuple(_found(check, split))
    return split.seen[key]


def _found(check: Check, split: Parts) -> Iterator[_Spot]:
    unless = compile_unless(check)
    start, end = split.region(check.where)
    for match in compile_check(check).finditer(split.text, start, end):
        if match.end() > match.start() and not (unless and unless.search(split.sentence(match.start()))):
            yield _trimmed(match)


def _trimmed(match: re.Match[str]) -> _Spot:
    word = match.group()
    start = match.start() + len(word) - len(word.lstrip())
    return _Spot(start, match.end() - (len(word) - len(word.rstrip(" \n\t,"))))


def _count(check: Check, split: Parts) -> list[_Spot]:
    found = list(_matches(check, split))
    if check.min is not None:
        return [_Spot()] if len(found) < check.min else []
    return found[check.max :]


def _says(text: str, excerpt: Excerpt) -> bool:
    """Whether the text has at least half of the excerpt's content words, whatever their endings."""
    wanted = _stems(excerpt.text)
    return not wanted or len(wanted & _stems(text)) >= _SAID_SHARE * len(wanted)


def _stems(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"\w+", plain(text).casefold()) if len(word) > 3 or word.isdigit()}


def _collect(
    text: str, principles: Iterable[Principle], spots: Callable[[Check], Iterable[_Spot]]
) -> tuple[Finding, ...]:
    found = [f for principle in principles for f in _of_principle(text, principle, spots)]
    return tuple(sorted(found, key=lambda f: (f.start, f.end, f.principle)))


def _with_combined(text: str, principles: Sequence[Principle], found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, and first those of principles whose faults are made of others."""
    ids = {f.principle for f in found}
    made = [p for p in principles for c in p.checks if c.type == "together" and ids.issuperset(c.any)]
    return (*(finding(text, p, 0, 0) for p in made), *found)


def _of_principle(text: str, principle: Principle, spots: Callable[[Check], Iterable[_Spot]]) -> Iterator[Finding]:
    found = sorted((s for check in principle.checks for s in spots(check)), key=lambda s: (s.start, -s.end))
    absence = next((s for s in found if s.end == 0), None)
    # Words that show the fault say more than that something is missing.
    if absence and not found[-1].end:
        yield finding(text, principle, absence.start, absence.end, detail=absence.detail)
    reached = 0
    for spot in found:
        if spot.end and spot.start >= reached:
            reached = spot.end
            yield finding(text, principle, spot.start, spot.end, detail=spot.detail)


def finding(text: str, principle: Principle, start: int, end: int, *, detail: str = "") -> Finding:
    """A finding in the principle's own words; `end` is 0 where the fault is something absent."""
    quote = text[start:end]
    more = f" ({detail})" if detail else ""
    shown = f": “{_short(quote)}”" if quote else ""
    message = f"{principle.title}{more}{shown}. {principle.rule}"
    return Finding(principle.id, principle.severity, start, end, quote, message)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _QUOTE_CHARS else words[: _QUOTE_CHARS - 1].rstrip() + "…"
