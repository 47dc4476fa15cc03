"""Cases → arms → scorers → results: one plain document that the table, the report and the baseline are made from."""

from __future__ import annotations

import re
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant import reading, reading_kind
from assistant.check import examine
from assistant.engine import Progress
from assistant.errors import AssistantError
from assistant.records import Finding, Message, Prompt, Verdict
from assistant.score import Closeness
from eval.arms import WRITING_ARMS, Answer, Solver, Tools, solver
from eval.cases import Case
from eval.scorers import SCORERS, Ground, Sample, Scorer
from eval.stats import estimate

VERSION = 1
Results = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """What stopped a sample; `bug` unless the error is one that a person can act on."""

    type: str
    message: str
    hint: str
    where: tuple[str, ...]
    bug: bool


@dataclass(frozen=True, slots=True)
class Solved:
    case: Case
    outcome: Answer | Failure
    seconds: float


def evaluate(
    cases: Sequence[Case],
    arms: Sequence[str],
    tools: Tools,
    *,
    n: int,
    seed: int,
    settings: Results,
    progress: Progress = lambda _: None,
) -> Results:
    """Runs every arm over every case and scores the answers; `settings` is stored with the results.

    A sample that raises keeps its place with the worst values, and the error is stored with it.
    """
    progress("reading the cases")
    grounds = {case.id: _ground(case, tools) for case in cases}
    closeness = Closeness(tools.library, tools.embedder)
    _warm(tools, arms)
    samples: list[Results] = []
    for arm in arms:
        solved = _solve(arm, solver(arm, tools, n=n, seed=seed), cases, progress)
        solved, measured = _measure(solved, closeness)
        samples += [_sample(arm, s, grounds[s.case.id], measured.get(s.case.id, 0.0), tools) for s in solved]
    return {
        "version": VERSION,
        "settings": settings,
        "figures": _figures(samples, arms, seed),
        "sources": {arm: _count(s["source"] for s in samples if s["arm"] == arm) for arm in arms},
        "refused": {arm: _refusals(s for s in samples if s["arm"] == arm) for arm in arms if arm in WRITING_ARMS},
        "auto_kind": _auto_kind(grounds.values(), tools, seed),
        "cases": [_case(ground) for ground in grounds.values()],
        "samples": samples,
    }


def reason_class(reason: str) -> str:
    """A refusal without what is particular to one text, so that equal reasons can be counted."""
    return re.sub(r"\d[\d,.]*", "N", re.sub(r":?\s*[“\"].*", "", reason)).strip()


# --- solving ----------------------------------------------------------------------------------------------------


def _ground(case: Case, tools: Tools) -> Ground:
    kind, marked = tools.library.kind(case.kind), case.brief()
    ground = Ground(case, kind, reading.read_brief(case.draft, (case.notes,), tools.tuned), marked, ())
    return replace(ground, draft_findings=_examined(case.draft.text, ground, tools))


def _examined(text: str, ground: Ground, tools: Tools) -> tuple[Finding, ...]:
    return examine(text, ground.kind, tools.library, known=ground.marked, max_chars=ground.limit)


def _warm(tools: Tools, arms: Sequence[str]) -> None:
    """Loads the models now, so that no sample's seconds hold it."""
    tools.embedder.embed(["warm"])
    if tools.engine is not None and WRITING_ARMS & set(arms):
        tools.engine.count_tokens(Prompt((Message("user", "warm"),)))


def _solve(arm: str, solve: Solver, cases: Sequence[Case], progress: Progress) -> list[Solved]:
    started = time.perf_counter()
    solved = []
    for number, case in enumerate(cases, start=1):
        begun = time.perf_counter()
        outcome = _attempt(lambda case=case: solve(case))  # type: ignore[misc]
        solved.append(Solved(case, outcome, time.perf_counter() - begun))
        spent = time.perf_counter() - started
        left = spent / number * (len(cases) - number)
        progress(f"{arm}: {number} of {len(cases)} cases, about {left / 60:.0f} min left")
        if isinstance(outcome, Failure):
            progress(f"{arm}: {case.id}: {outcome.type}: {outcome.message}")
    return solved


def _attempt(work: Callable[[], Answer]) -> Answer | Failure:
    # An evaluation takes an hour: one bad sample is stored with its trace and counted, and the others go on.
    try:
        return work()
    except Exception as error:
        return _failure(error)


def _failure(error: Exception) -> Failure:
    known = isinstance(error, AssistantError)
    frames = traceback.extract_tb(error.__traceback__)
    where = tuple(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames)
    hint = error.hint if isinstance(error, AssistantError) else ""
    return Failure(type(error).__name__, str(error), hint, () if known else where, not known)


def _measure(solved: Sequence[Solved], closeness: Closeness) -> tuple[list[Solved], dict[str, float]]:
    """Closeness by case id, measured a kind at a time; where that fails, the samples of the kind become failures."""
    measured: dict[str, float] = {}
    failed: dict[str, Failure] = {}
    for kind in dict.fromkeys(s.case.kind for s in solved):
        rows = [(s.case.id, s.outcome.message) for s in solved if s.case.kind == kind and isinstance(s.outcome, Answer)]
        try:
            values = closeness.measure([text for _, text in rows], kind) if rows else []
            measured.update(zip((id for id, _ in rows), values, strict=True))
        except Exception as error:
            failed.update({id: _failure(error) for id, _ in rows})
    return [Solved(s.case, failed.get(s.case.id, s.outcome), s.seconds) for s in solved], measured


# --- scoring ----------------------------------------------------------------------------------------------------


def _sample(arm: str, solved: Solved, ground: Ground, closeness: float, tools: Tools) -> Results:
    outcome = solved.outcome
    findings: tuple[Finding, ...] = ()
    scores: dict[str, Results] = {}
    if isinstance(outcome, Answer):
        try:
            findings = _examined(outcome.message, ground, tools)
            sample = Sample(outcome, findings, closeness, solved.seconds)
            scores = {s.id: _scored(s, ground, sample) for s in SCORERS if s.applies(ground, arm)}
        except Exception as error:
            outcome = _failure(error)
    if isinstance(outcome, Failure):
        scores = {s.id: _worst(s, outcome, solved.seconds) for s in SCORERS if s.applies(ground, arm)}
    return {
        "case": solved.case.id,
        "arm": arm,
        "kind": solved.case.kind,
        "seconds": round(solved.seconds, 3),
        "scores": scores,
        "findings": [_finding(f) for f in findings],
        **_outcome(outcome),
    }


def _outcome(outcome: Answer | Failure) -> Results:
    if isinstance(outcome, Failure):
        error = {
            "type": outcome.type,
            "message": outcome.message,
            "hint": outcome.hint,
            "where": list(outcome.where),
            "bug": outcome.bug,
        }
        return {"message": "", "source": "error", "accepted": None, "tokens": 0, "candidates": [], "error": error}
    return {
        "message": outcome.message,
        "source": outcome.source,
        "accepted": outcome.accepted,
        "tokens": outcome.tokens,
        "candidates": [_candidate(v) for v in outcome.verdicts],
        "error": None,
    }


def _scored(scorer: Scorer, ground: Ground, sample: Sample) -> Results:
    score = scorer.score(ground, sample)
    return {"value": round(score.value, 6), "answer": score.answer, "explanation": score.explanation}


def _worst(scorer: Scorer, failure: Failure, seconds: float) -> Results:
    value = seconds if scorer.worst is None else scorer.worst
    return {"value": round(value, 6), "answer": "error", "explanation": f"{failure.type}: {failure.message}"}


def _candidate(verdict: Verdict) -> Results:
    return {
        "text": verdict.candidate.text,
        "source": verdict.candidate.source,
        "wave": verdict.candidate.wave,
        "accepted": verdict.accepted,
        "score": round(verdict.score.total, 4),
        "reasons": list(verdict.reasons),
        "unsupported": [{"text": u.text, "why": u.why, "sort": u.sort} for u in verdict.unsupported],
    }


def _finding(finding: Finding) -> Results:
    return {"principle": finding.principle, "severity": finding.severity, "quote": finding.quote}


def _case(ground: Ground) -> Results:
    case = ground.case
    findings = [_finding(f) for f in ground.draft_findings]
    return {"id": case.id, "kind": case.kind, "domain": case.domain, "draft_findings": findings}


# --- adding up --------------------------------------------------------------------------------------------------


def _figures(samples: Sequence[Results], arms: Sequence[str], seed: int) -> list[Results]:
    figures = []
    kinds = sorted({s["kind"] for s in samples})
    for arm in arms:
        for scorer in SCORERS:
            scored = [s for s in samples if s["arm"] == arm and scorer.id in s["scores"]]
            for kind in (None, *kinds):
                figures += _figure(arm, scorer, kind, [s for s in scored if kind in (None, s["kind"])], seed)
    return figures


def _figure(arm: str, scorer: Scorer, kind: str | None, samples: Sequence[Results], seed: int) -> list[Results]:
    if not samples:
        return []
    result = estimate([s["scores"][scorer.id]["value"] for s in samples], seed=seed)
    return [
        {
            "arm": arm,
            "scorer": scorer.id,
            "kind": kind,
            "mean": round(result.mean, 6),
            "low": round(result.low, 6),
            "high": round(result.high, 6),
            "noise": round(result.noise, 6),
            "n": result.n,
            "errors": sum(s["error"] is not None for s in samples),
        }
    ]


def _refusals(samples: Iterable[Results]) -> Results:
    """How many of the model's candidates were refused, and for which reasons; one candidate can have several."""
    candidates = [c for s in samples for c in s["candidates"] if c["source"] == "model"]
    reasons: Counter[str] = Counter()
    for candidate in candidates:
        plain = {reason_class(r) for r in candidate["reasons"] if not r.startswith("invented: ")}
        reasons.update(plain | {f"invented: {u['sort']}" for u in candidate["unsupported"]})
    return {
        "candidates": len(candidates),
        "refused": sum(not c["accepted"] for c in candidates),
        "reasons": dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
    }


def _auto_kind(grounds: Iterable[Ground], tools: Tools, seed: int) -> Results:
    guesses = [
        (g.case.kind, reading_kind.guess_kind(g.case.draft, (g.case.notes,), g.brief, tools.library)) for g in grounds
    ]
    result = estimate([float(kind == guess) for kind, guess in guesses], seed=seed)
    wrong = Counter(f"{kind} taken for {guess}" for kind, guess in guesses if kind != guess)
    figure = {"mean": round(result.mean, 6), "low": round(result.low, 6), "high": round(result.high, 6), "n": result.n}
    return {**figure, "wrong": dict(wrong.most_common())}


def _count(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())
