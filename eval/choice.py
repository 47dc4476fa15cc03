"""Sets of eight candidates whose quality is known without the judge, to fit the choice on and to measure it.

No model's candidates: each is made from what a person wrote for the case (the plain and the free rewrite, the safe edit
and the draft) by dropping facts and planting faulty sentences. Its quality is known from how it was made and what a
person marked: the marked facts that it keeps, less a part for each planted fault. The judge sees neither.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.check import score
from assistant.facts import keeps
from assistant.judge import Judge, Weights, agreed
from assistant.lint_parts import parts
from assistant.reading import read_brief, read_draft
from assistant.records import Candidate, Document, Excerpt, Kind, Library, Severity, Verdict
from assistant.safe_edit import safe_edit
from assistant.score import Closeness
from eval.inventions import inventions
from eval.plant import SEED, bank, put

N = 8
# What a planted fault costs, by its principle's severity: an error as much as dropping half of what there is to say.
FAULT_COST: dict[Severity, float] = {"error": 0.5, "warning": 0.25, "info": 0.1}
INVENTED_COST = 0.5


@dataclass(frozen=True, slots=True)
class Option:
    """One candidate's text and its quality, 1 for all facts and no fault."""

    text: str
    quality: float


def options(case: dict[str, Any], library: Library, *, split: str) -> tuple[Option, ...]:
    """The eight candidates of a raw case, in an order that says nothing of their quality."""
    draw = random.Random(f"{SEED}:{case['id']}:choice")
    kind = library.kind(case["kind"])
    bases = [text for text in (case["plain"], case.get("rewrite"), _safe(case, kind, library)) if text]
    made: list[Option] = []
    while len(made) < N:
        text = draw.choice(bases)
        for _ in range(draw.choice((0, 0, 1, 1, 2))):
            text = _dropped(text, draw)
        faults = draw.choice((0, 0, 1, 1, 2))
        cost = 0.0
        for _ in range(faults):
            text, fault = _planted(text, kind, library, split, draw)
            cost += FAULT_COST[library.principle(fault).severity]
        made.append(Option(text, max(0.0, kept(case, text) - cost)))
    return tuple(made)


def kept(case: dict[str, Any], text: str) -> float:
    """Mean share of content words kept of the facts that a person marked in the case's rewrite; 1 without any."""
    shares = [keeps(text, Excerpt(fact, "case", 0, len(fact), 1)) for fact in case["facts"]]
    return sum(shares) / len(shares) if shares else 1.0


def _safe(case: dict[str, Any], kind: Kind, library: Library) -> str:
    draft, notes = Document("draft", case["draft"]), Document("notes", case["context"])
    brief = read_brief(draft, [notes])
    return safe_edit(read_draft(draft), brief, kind, library, (draft, notes), max_chars=case["max_chars"])


def _dropped(text: str, draw: random.Random) -> str:
    """The text without one of its sentences, never the greeting or the last."""
    middle = parts(text).sentences[1:-1]
    if not middle:
        return text
    start, end = draw.choice(middle)
    return text[:start] + text[end:]


def _planted(text: str, kind: Kind, library: Library, split: str, draw: random.Random) -> tuple[str, str]:
    sentences = bank(split)
    fault = draw.choice([p.id for p in library.for_kind(kind) if p.id in sentences])
    return put(text, fault, draw.choice(sentences[fault])), fault


@dataclass(frozen=True, slots=True)
class Set:
    """The judged candidates of one case, in the order they came, with their qualities."""

    case: str
    verdicts: tuple[Verdict, ...]
    qualities: tuple[float, ...]

    def chosen(self, weights: Weights) -> float | None:
        """The quality of the accepted candidate with the best total; None where none is accepted."""
        race = [(_total(v, weights), q) for v, q in zip(self.verdicts, self.qualities, strict=True) if v.accepted]
        return max(race, key=lambda pair: pair[0])[1] if race else None

    @property
    def first(self) -> float | None:
        """The quality of the first accepted candidate."""
        return next((q for v, q in zip(self.verdicts, self.qualities, strict=True) if v.accepted), None)


def judged(case: dict[str, Any], texts: Sequence[Option], library: Library, closeness: Closeness) -> Set:
    """The case's candidates as the product judges them, as if a model had written them."""
    kind = library.kind(case["kind"])
    draft, notes = Document("draft", case["draft"]), Document("notes", case["context"])
    judge = Judge(
        kind,
        library,
        read_brief(draft, [notes]),
        (draft, notes),
        case["max_chars"] if case["max_chars"] is not None else kind.max_chars,
        lambda found: closeness.measure(found, kind.id),
    )
    verdicts = agreed(judge.judge([Candidate(option.text, "model") for option in texts]), judge.sources)
    return Set(case["id"], tuple(verdicts), tuple(option.quality for option in texts))


def gains(found: Set, weights: Weights) -> tuple[float, float, float] | None:
    """What the choice gains over the first accepted candidate, what the best of all would, and the best accepted one.

    None where no candidate is accepted.
    """
    chosen, first = found.chosen(weights), found.first
    if chosen is None or first is None:
        return None
    passed = max(q for v, q in zip(found.verdicts, found.qualities, strict=True) if v.accepted)
    return chosen - first, max(found.qualities) - first, passed - first


def regret(sets: Sequence[Set], weights: Weights) -> dict[str, float]:
    """The share of the oracle's gain that the choice reaches, its mean gain, and how many cases had a candidate."""
    pairs = [pair for found in sets if (pair := gains(found, weights))]
    won, possible, passed = (sum(column) for column in zip(*pairs, strict=True))
    return {
        "share of the oracle's gain": round(won / possible, 3) if possible else 1.0,
        "share of the best accepted one's": round(won / passed, 3) if passed else 1.0,
        "mean gain": round(won / len(pairs), 4),
        "oracle's mean gain": round(possible / len(pairs), 4),
        "cases": len(pairs),
    }


def written(results: dict[str, Any], cases: Sequence[dict[str, Any]]) -> dict[str, tuple[Option, ...]]:
    """A model's own candidates by case, from an evaluation's `full` arm, for those of these cases that it ran.

    Their quality is the marked facts that they keep, less a half where the plain check sees something invented.
    """
    known = {case["id"]: case for case in cases}
    found = {}
    for sample in results["samples"]:
        case = known.get(sample["case"])
        texts = [c["text"] for c in sample["candidates"] if c["source"] == "model"] if sample["arm"] == "full" else []
        if case and texts:
            sources = (case["draft"], case["context"])
            found[case["id"]] = tuple(
                Option(text, max(0.0, kept(case, text) - INVENTED_COST * bool(inventions(text, sources))))
                for text in texts
            )
    return found


def _total(verdict: Verdict, weights: Weights) -> float:
    s = verdict.score
    own = weights.total(s.closeness, score(verdict.findings), s.told)
    return (1 - weights.agreement) * own + weights.agreement * s.agreement
