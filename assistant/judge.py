"""A candidate against the gate and the principles: accepted or out, with every reason, and its score."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache

from assistant import paths
from assistant.check import examine, score
from assistant.errors import DataError
from assistant.facts import keeps, leftovers, unsupported
from assistant.lint import faults
from assistant.records import (
    Brief,
    Candidate,
    Document,
    Excerpt,
    Finding,
    Kind,
    Library,
    Need,
    Score,
    Slot,
    Unsupported,
    Verdict,
)

# With fewer candidates than this, one odd one would make the others look wrong.
AGREEING = 3

# An excerpt counts as kept from this share of its content words on: rewrites shorten, and half says which fact it is.
KEPT_BAR = 0.5
# What was to be left out counts as said only when nearly all of it is there: single words are shared with good facts.
LEFT_OUT_BAR = 0.75
# So far from every good example that it is no message of its kind: rambling, or several faults.
UNLIKE_BAR = 0.02
# A draft is called already good only when it reads at least this close to the good examples.
GOOD_DRAFT = 0.2
# From this share of what the notes tell on, a draft keeps nothing back that would mend what is absent from it.
TOLD_IN_FULL = 0.7
# A follow-up that shares this much of the first message repeats it.
REPEAT_BAR = 0.6

CORE: dict[Need, Slot] = {"role": "target", "proof": "proof", "why_them": "why_them"}
TOLD: tuple[Slot, ...] = ("target", "proof", "why_them", "history", "offer", "ask")
NEED_WORDS: dict[Need, str] = {
    "role": "what you are after",
    "proof": "your proof",
    "why_them": "why you write to this person",
}


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much in the choice, together 1: models/fit_choice.py fits it, models/choice.json holds it.

    Closeness says whether a text reads like the good ones, `clean` what a reader would trip over, `told` how much it
    says of what this person has to say, and agreement how much of what the other candidates say of it.
    """

    closeness: float
    clean: float
    told: float
    agreement: float

    def total(self, closeness: float, clean: float, told: float) -> float:
        """The weighted mean of what a candidate shows by itself, 0..1."""
        own = self.closeness * closeness + self.clean * clean + self.told * told
        return own / (self.closeness + self.clean + self.told)


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The fitted weights; raises DataError for a file that cannot be read."""
    path = paths.MODELS / "choice.json"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))["weights"]
        return Weights(**{name: float(raw[name]) for name in ("closeness", "clean", "told", "agreement")})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"The weights of the choice cannot be read: {error}.", "Install again.", file=path) from error


def agreed(verdicts: Sequence[Verdict], sources: Sequence[Document]) -> list[Verdict]:
    """The verdicts with their agreement, and their totals with it; as they are where fewer than three were written.

    Only words that stand in the sources count, so that a candidate gains nothing by an invention that others share.
    """
    written = [i for i, v in enumerate(verdicts) if v.candidate.source == "model"]
    if len(written) < AGREEING:
        return list(verdicts)
    known = frozenset().union(*(content(document.text) for document in sources))
    said = [content(v.candidate.text) & known for v in verdicts]
    share = weights().agreement
    result = []
    for i, verdict in enumerate(verdicts):
        others = Counter(word for j in written if j != i for word in said[j])
        agreement = sum(n for word, n in others.items() if word in said[i]) / max(others.total(), 1)
        total = (1 - share) * verdict.score.total + share * agreement
        result.append(replace(verdict, score=replace(verdict.score, agreement=agreement, total=total)))
    return result


def choose(verdicts: Sequence[Verdict], *, draft_may_win: bool) -> Verdict:
    """The accepted verdict with the best total; a draft that is good already wins, as a change must earn its place.

    Where nothing else is accepted, an accepted draft with nothing to trip over is sent as it is; else the safe edit is
    returned: the last of the verdicts, with its reasons.
    """
    own = next((v for v in verdicts if v.candidate.source == "draft"), None)
    if own and own.accepted and draft_may_win:
        return own
    race = [v for v in verdicts if v.accepted and v.candidate.source != "draft"]
    if not race and own and own.accepted and not faulty(own):
        return own
    if not race:
        return next(v for v in verdicts if v.candidate.source == "safe-edit")
    return max(race, key=lambda v: v.score.total)


def faulty(verdict: Verdict) -> list[Finding]:
    """The findings that a reader would trip over."""
    return [f for f in verdict.findings if f.severity in ("error", "warning")]


def draft_is_good(own: Verdict, judge: Judge, *, again: bool) -> bool:
    """Nothing to trip over, nothing from the notes held back, close to the good examples, and not sent before.

    One thing may be absent that neither draft nor notes hold, where the notes are told: no change could put it in.
    """
    if again:
        return False
    found = faulty(own)
    in_full = own.score.told >= TOLD_IN_FULL
    noted = any(document.text.strip() for document in judge.sources[1:])
    clean = not found or (in_full and noted and len(found) == 1 and judge.unknown(found[0]))
    full = in_full or (own.score.kept >= 0.5 and own.score.told >= 0.5)
    return own.accepted and clean and full and own.score.closeness >= GOOD_DRAFT


def content(text: str) -> frozenset[str]:
    """The stems of a text's content words and its numbers."""
    return frozenset(w[:5] for w in re.findall(r"\w+", text.casefold()) if len(w) > 3 or w.isdigit())


@dataclass(frozen=True, slots=True)
class Judge:
    """Everything that stays the same while the candidates of one request are judged."""

    kind: Kind
    library: Library
    brief: Brief
    sources: tuple[Document, ...]
    max_chars: int | None
    measure: Callable[[Sequence[str]], list[float]]
    earlier: str | None = None
    instructions: frozenset[str] = frozenset()
    # The kind's recipe puts the candidates together: what it leaves out could not be said well.
    recipe: bool = False

    def judge(self, candidates: Sequence[Candidate]) -> tuple[Verdict, ...]:
        """One verdict a candidate, in order; the closeness of all of them is measured in one go."""
        if not candidates:
            return ()
        closeness = self.measure([c.text for c in candidates])
        return tuple(self._verdict(c, near) for c, near in zip(candidates, closeness, strict=True))

    def _verdict(self, candidate: Candidate, closeness: float) -> Verdict:
        text = candidate.text
        findings = examine(text, self.kind, self.library, known=self.brief, max_chars=self.max_chars)
        # The user's own words need no support but the user's.
        wrong = () if candidate.source == "draft" else self.invented(text)
        reasons = [
            *leftovers(text),
            *(f"invented: {u.why}" for u in wrong),
            *self._limits(text),
            *self._faults(findings),
            *(self._models_own(text, closeness) if candidate.source == "model" else ()),
            *(self._told_to_leave_out(text) if candidate.source != "draft" else ()),
        ]
        if not candidate.finished:
            reasons.append("cut off before its end")
        told = self.told(text)
        total = weights().total(closeness, score(findings), told)
        result = Score(closeness, faults(findings), self.kept(text), total, told)
        return Verdict(candidate, not reasons, tuple(reasons), wrong, findings, result)

    def invented(self, text: str) -> tuple[Unsupported, ...]:
        """What a text says that neither draft, notes nor the kind's fixed phrases do."""
        return unsupported(text, self.sources, brief=self.brief, allowed=self.kind.fixed)

    def unknown(self, finding: Finding) -> bool:
        """Whether a finding is about something absent that neither draft nor notes hold, and that is not asked for.

        What the kind has to say is asked for, and a way out can always be put in.
        """
        asked = {c.slot for c in self.library.principle(finding.principle).checks if c.type == "slot" and not c.hidden}
        needed = {CORE[need] for need in self.kind.needs if need in CORE} | {"exit"}
        return finding.end == 0 and bool(asked) and all(s not in needed and not self.brief.get(s) for s in asked if s)

    def core(self) -> tuple[tuple[Need, tuple[Excerpt, ...]], ...]:
        """What this person's message has to say, as far as draft and notes hold it."""
        pairs = ((need, self.brief.get(CORE[need])) for need in self.kind.needs if need in CORE)
        return tuple((need, excerpts) for need, excerpts in pairs if excerpts)

    def kept(self, text: str) -> float:
        """Mean over the core needs of the share of their best-kept excerpt in the text, 0..1; 1 where none is known."""
        shares = [max(keeps(text, e) for e in excerpts) for _, excerpts in self.core()]
        return sum(shares) / len(shares) if shares else 1.0

    def told(self, text: str) -> float:
        """Mean share of the words of everything the brief holds to be said that the text has; 1 where it holds none."""
        shares = [keeps(text, e) for slot in TOLD for e in self.brief.get(slot)]
        return sum(shares) / len(shares) if shares else 1.0

    def _limits(self, text: str) -> list[str]:
        reasons = []
        if self.max_chars is not None and len(text) > self.max_chars:
            reasons.append(f"{len(text)} characters, over the limit of {self.max_chars}")
        if self.earlier and SequenceMatcher(None, self.earlier.casefold(), text.casefold()).ratio() > REPEAT_BAR:
            reasons.append("repeats the first message")
        return reasons

    def _faults(self, findings: Sequence[Finding]) -> list[str]:
        errors = {f.principle for f in findings if f.severity == "error"}
        return [f"still has a fault: {self.library.principle(id).title}" for id in sorted(errors)]

    def _models_own(self, text: str, closeness: float) -> list[str]:
        """What only a model does wrong: it repeats its instructions, wanders off, or leaves out what matters."""
        folded = " ".join(text.split()).casefold()
        # A short line ("from: piotr") may stand inside an honest sentence; a long one does not get there by chance.
        echoed = any(line in folded for line in self.instructions if len(line.split()) >= 5)
        reasons = ["repeats its instructions"] if echoed or self.instructions & set(lines_of(text)) else []
        if closeness < UNLIKE_BAR:
            reasons.append("reads like none of the good examples")
        if self.recipe:
            return reasons
        return reasons + [
            f"leaves out {NEED_WORDS[need]}"
            for need, excerpts in self.core()
            if max(keeps(text, e) for e in excerpts) < KEPT_BAR
        ]

    def _told_to_leave_out(self, text: str) -> list[str]:
        wanted = [e for slot in ("target", "proof", "why_them", "history", "about") for e in self.brief.get(slot)]
        said = (e for e in self.brief.leave_out if _tells(e.text) and keeps(text, e) >= LEFT_OUT_BAR)
        return [
            f"says what is to be left out: “{e.text}”"
            for e in said
            if not any(keeps(w.text, e) >= KEPT_BAR for w in wanted)
        ]


def lines_of(text: str) -> list[str]:
    """The lines of two words and more, as they are compared with a prompt's: folded, without what surrounds them."""
    lines = (" ".join(line.split()).strip(" >#*-•.:").casefold() for line in text.split("\n"))
    return [line for line in lines if " " in line]


def _tells(text: str) -> bool:
    """Whether an excerpt says enough to be known again: "ok thanks for nothing" shares its words with any message."""
    return any(c.isdigit() for c in text) or sum(len(word) > 3 for word in text.split()) >= 4
