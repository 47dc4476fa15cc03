"""The JSON documents: one a run, versioned, keys as the README lists them. Keys may be added, never taken away."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Sequence
from typing import Any

from assistant.errors import AssistantError, DataError
from assistant.records import (
    Excerpt,
    Finding,
    Kind,
    Library,
    Missing,
    Neighbour,
    Principle,
    Rewrite,
    Unsupported,
    Verdict,
)

VERSION = 1
Json = dict[str, Any]
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def dumps(document: Json) -> str:
    """One line of JSON; characters that a terminal or a line reader could act on are escaped."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    return _UNSAFE.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


def result_document(result: Json) -> Json:
    return {"version": VERSION, "result": result}


def error_document(error: AssistantError) -> Json:
    body: Json = {"code": error.code, "message": str(error), "hint": error.hint}
    if isinstance(error, DataError) and error.faults:
        body["faults"] = list(error.faults)
    return {"version": VERSION, "error": body}


def rewrite_document(rewrite: Rewrite, *, id: str | int | None = None) -> Json:
    """The whole answer of `rewrite`, `follow-up` or one batch line (`id` as that line gave it).

    `scores` are closeness to good, 0..1; a candidate's `score` is the total that the choice compared.
    """
    explanation = rewrite.explanation
    result: Json = {} if id is None else {"id": id}
    result |= {
        "message": rewrite.message,
        "subject": rewrite.subject,
        "kind": rewrite.kind,
        "source": rewrite.source,
        "accepted": rewrite.accepted,
        "verdict": explanation.verdict,
        "warnings": list(explanation.warnings),
        "disagreements": list(explanation.disagreements),
        "scores": {
            "draft": _round(rewrite.draft_verdict.score.closeness),
            "message": _round(rewrite.verdict.score.closeness),
        },
        "findings": {
            "draft": findings(rewrite.draft_verdict.findings),
            "message": findings(rewrite.verdict.findings),
        },
        "facts": {
            "used": _excerpts(explanation.used),
            "unsupported": _unsupported(rewrite.verdict.unsupported),
            "left_out": _excerpts(explanation.left_out),
        },
        "missing": missing(rewrite.missing),
        "questions": [dataclasses.asdict(q) for q in explanation.questions],
        "changes": [dataclasses.asdict(c) for c in explanation.changes],
        "nearest": {"good": _neighbour(explanation.good), "bad": _neighbour(explanation.bad)},
        "candidates": [_candidate(v) for v in rewrite.verdicts],
        "model": None if rewrite.model is None else dataclasses.asdict(rewrite.model),
        "seed": rewrite.seed,
        "timing": {k: _round(v) if isinstance(v, float) else v for k, v in dataclasses.asdict(rewrite.timing).items()},
    }
    return result_document(result)


def checked_file(path: str, kind: Kind, score: float, found: Sequence[Finding], lacking: Sequence[Missing]) -> Json:
    """One file's entry in the document of `check`."""
    return {
        "path": path,
        "kind": kind.id,
        "score": _round(score),
        "findings": findings(found),
        "missing": missing(lacking),
    }


def check_document(files: Sequence[Json]) -> Json:
    return result_document({"files": list(files)})


def findings(found: Sequence[Finding]) -> list[Json]:
    return [dataclasses.asdict(f) for f in found]


def missing(lacking: Sequence[Missing]) -> list[Json]:
    return [{"slot": m.slot, "question": m.question} for m in lacking]


def principle_document(principle: Principle, library: Library) -> Json:
    """A principle with its reason, source, examples, and the kinds it applies to."""
    body = dataclasses.asdict(principle)
    body["checks"] = sorted({c.type for c in principle.checks}) or ["none"]
    body["kinds"] = [k.id for k in library.kinds if principle in library.for_kind(k)]
    return body


def kind_document(kind: Kind, library: Library) -> Json:
    """A kind with its shape, limits, questions, principles and examples."""
    return {
        "id": kind.id,
        "title": kind.title,
        "summary": kind.summary,
        "shape": kind.shape,
        "traits": list(kind.traits),
        "min_words": kind.min_words,
        "max_words": kind.max_words,
        "max_chars": kind.max_chars,
        "needs": list(kind.needs),
        "questions": dict(kind.questions),
        "principles": [p.id for p in library.for_kind(kind)],
        "examples": [{"id": e.id, "label": e.label, "text": e.text} for e in kind.examples],
    }


def _round(value: float) -> float:
    return round(value, 4)


def _excerpts(excerpts: Sequence[Excerpt]) -> list[Json]:
    return [{"text": e.text, "from": e.origin} for e in excerpts]


def _unsupported(items: Sequence[Unsupported]) -> list[Json]:
    return [{"text": u.text, "why": u.why} for u in items]


def _neighbour(neighbour: Neighbour | None) -> Json | None:
    if neighbour is None:
        return None
    example = neighbour.example
    return {"id": example.id, "text": example.text, "similarity": _round(neighbour.similarity)}


def _candidate(verdict: Verdict) -> Json:
    candidate = verdict.candidate
    return {
        "text": candidate.text,
        "accepted": verdict.accepted,
        "score": _round(verdict.score.total),
        "reasons": list(verdict.reasons),
        "source": candidate.source,
        "seed": candidate.seed,
        "wave": candidate.wave,
        "unsupported": _unsupported(verdict.unsupported),
        "components": {k: _round(v) for k, v in dataclasses.asdict(verdict.score).items()},
    }
