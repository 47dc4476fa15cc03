"""The scorers: each gives one sample a value, what it saw (`answer`) and how it got there (`explanation`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.facts import keeps, unsupported
from assistant.records import Brief, Excerpt, Finding, Kind, Slot
from eval.arms import PRODUCT_ARMS, Answer
from eval.cases import Case
from eval.inventions import inventions

NEEDED_SLOTS: tuple[Slot, ...] = ("target", "proof", "why_them", "recipient", "sender")


@dataclass(frozen=True, slots=True)
class Ground:
    """What stays the same for a case whichever arm answers it.

    `brief` is the product's reading, as its gate uses it; `marked` holds the slots that a person marked, and findings
    are made with these known.
    """

    case: Case
    kind: Kind
    brief: Brief
    marked: Brief
    draft_findings: tuple[Finding, ...]

    @property
    def limit(self) -> int | None:
        """The most characters that the message may have: the case's own, or else the kind's."""
        return self.case.max_chars if self.case.max_chars is not None else self.kind.max_chars

    @property
    def phrases(self) -> tuple[str, ...]:
        return tuple(phrase for group in self.kind.phrases.values() for phrase in group)


@dataclass(frozen=True, slots=True)
class Sample:
    """An answer with what was measured of it: its findings, its closeness 0..1, and the seconds it took."""

    answer: Answer
    findings: tuple[Finding, ...]
    closeness: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Score:
    value: float
    answer: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Scorer:
    """A figure: `worst` is what an errored sample gets (None: what was measured all the same).

    `applies` says for which cases and arms it is defined. A figure that is not `compared` never counts against a
    baseline.
    """

    id: str
    title: str
    higher_is_better: bool
    worst: float | None
    score: Callable[[Ground, Sample], Score]
    applies: Callable[[Ground, str], bool] = lambda ground, arm: True
    compared: bool = True
    unit: str = "share"


def findings_removed(ground: Ground, sample: Sample) -> Score:
    """Share of the draft's findings that the message no longer has, counted by principle."""
    before, after = _counts(ground.draft_findings), _counts(sample.findings)
    gone, left = before - after, before & after
    value = gone.total() / before.total()
    return Score(value, _listed(gone) or "none gone", f"of {before.total()}; still there: {_listed(left) or 'none'}")


def findings_added(ground: Ground, sample: Sample) -> Score:
    """1 where the message has a finding that the draft had not."""
    new = _counts(sample.findings) - _counts(ground.draft_findings)
    return Score(float(bool(new)), _listed(new) or "none", f"{new.total()} new findings in the message")


def invented_by_gate(ground: Ground, sample: Sample) -> Score:
    """1 where the gate sees a fact in the message that draft and notes do not support."""
    wrong = unsupported(sample.answer.message, ground.case.sources, brief=ground.brief, allowed=ground.phrases)
    listed = "; ".join(f"“{u.text}”: {u.why}" for u in wrong)
    return Score(float(bool(wrong)), f"{len(wrong)} unsupported", listed or "nothing unsupported seen")


def invented_by_check(ground: Ground, sample: Sample) -> Score:
    """1 where a number, address or name is in neither draft nor notes; see eval.inventions."""
    sources = [*(d.text for d in ground.case.sources), *ground.phrases]
    found = inventions(sample.answer.message, sources)
    return Score(float(bool(found)), f"{len(found)} unknown", ", ".join(found) or "every number and name is known")


def kept_facts(ground: Ground, sample: Sample) -> Score:
    """Mean share of content words kept of each fact that a careful person's rewrite holds."""
    shares = [(fact, keeps(sample.answer.message, _excerpt(fact))) for fact in ground.case.facts]
    return _kept(shares)


def kept_slots(ground: Ground, sample: Sample) -> Score:
    """Mean over target, proof, reason, recipient and sender of how much of the best-kept marked stretch is there.

    One stretch a slot is enough: a pile of proofs is a fault. Of a person's name one word is enough.
    """
    shares = []
    for slot in NEEDED_SLOTS:
        texts = ground.case.slots.get(slot, ())
        if texts:
            names = slot in ("recipient", "sender")
            pieces = [word for text in texts for word in text.split()] if names else texts
            shares.append((slot, max(keeps(sample.answer.message, _excerpt(piece)) for piece in pieces)))
    return _kept(shares)


def closeness(ground: Ground, sample: Sample) -> Score:
    """Calibrated closeness to the bundled good examples of the kind."""
    return Score(sample.closeness, f"{sample.closeness:.2f}", "closeness to good against bad examples")


def length(ground: Ground, sample: Sample) -> Score:
    """1 where the message is within the kind's range in words and the limit in characters."""
    text, kind, limit = sample.answer.message, ground.kind, ground.limit
    words = len(text.split())
    fits = kind.min_words <= words <= kind.max_words and (limit is None or len(text) <= limit)
    most = f", at most {limit} characters" if limit is not None else ""
    return Score(
        float(fits), f"{words} words, {len(text)} characters", f"{kind.min_words}-{kind.max_words} words{most}"
    )


def model_written(ground: Ground, sample: Sample) -> Score:
    """1 where the returned message is the model's, not the draft nor a safe edit."""
    source = sample.answer.source
    passed = {True: "accepted", False: "not accepted", None: "not judged"}[sample.answer.accepted]
    return Score(float(source == "model"), source, f"the returned message was {passed}")


def candidates_passed(ground: Ground, sample: Sample) -> Score:
    """Share of the model's candidates that the gate accepted."""
    passed, written = _passed(sample.answer)
    return Score(passed / written if written else 0.0, f"{passed} of {written}", "the model's candidates past the gate")


def any_passed(ground: Ground, sample: Sample) -> Score:
    """1 where the gate accepted at least one of the model's candidates."""
    passed, written = _passed(sample.answer)
    return Score(float(passed > 0), f"{passed} of {written}", "one candidate past the gate is enough")


def seconds(ground: Ground, sample: Sample) -> Score:
    """Wall-clock seconds for the answer, the models already loaded."""
    return Score(sample.seconds, f"{sample.seconds:.2f} s", f"{sample.answer.tokens} tokens written")


def _product_only(ground: Ground, arm: str) -> bool:
    return arm in PRODUCT_ARMS


SCORERS: tuple[Scorer, ...] = (
    Scorer(
        "findings-removed", "draft's findings removed", True, 0.0, findings_removed, lambda g, _: bool(g.draft_findings)
    ),
    Scorer("findings-added", "with a new finding", False, 1.0, findings_added),
    Scorer("invented-gate", "invents, by the gate", False, 1.0, invented_by_gate),
    Scorer("invented-check", "invents, by the plain check", False, 1.0, invented_by_check),
    Scorer("kept-facts", "facts kept", True, 0.0, kept_facts, lambda g, _: bool(g.case.facts)),
    Scorer("kept-slots", "needed slots kept", True, 0.0, kept_slots),
    Scorer("closeness", "closeness to good", True, 0.0, closeness),
    Scorer("length", "length in the kind's range", True, 0.0, length),
    Scorer("model-written", "written by the model", True, 0.0, model_written, _product_only),
    Scorer("candidates-passed", "candidates past the gate", True, 0.0, candidates_passed, _product_only),
    Scorer("any-passed", "with a candidate past the gate", True, 0.0, any_passed, _product_only),
    Scorer("seconds", "seconds", False, None, seconds, compared=False, unit="s"),
)


def _counts(findings: Sequence[Finding]) -> Counter[str]:
    return Counter(f.principle for f in findings)


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{id} ×{n}" if n > 1 else id for id, n in sorted(counts.items()))


def _kept(shares: Sequence[tuple[str, float]]) -> Score:
    value = sum(share for _, share in shares) / len(shares) if shares else 1.0
    return Score(value, f"{value:.2f}", "; ".join(f"{share:.2f} {text}" for text, share in shares) or "nothing marked")


def _excerpt(text: str) -> Excerpt:
    return Excerpt(text, "case", 0, len(text), 1)


def _passed(answer: Answer) -> tuple[int, int]:
    written = [v for v in answer.verdicts if v.candidate.source == "model"]
    return sum(v.accepted for v in written), len(written)
