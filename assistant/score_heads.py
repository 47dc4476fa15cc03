"""Faults that no pattern sees, found by small heads over sentence embeddings.

One logistic head a principle: score = weights · vector of the masked sentence + bias, a fault from its threshold on.
models/fit_faults.py fits them, models/faults.json holds them. They were fitted to rarely see a fault in a good message,
not to see every fault: they add to what the patterns find, and never take the place of a gate.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from assistant import paths
from assistant.engine import Embedder
from assistant.errors import DataError
from assistant.lint import finding
from assistant.records import Finding, Kind, Library, Principle
from assistant.score import Vector, dot, mask, spans


@dataclass(frozen=True, slots=True)
class Head:
    """One fitted line through the embedding space; a sentence has the fault from `threshold` on."""

    weights: tuple[float, ...]
    bias: float
    threshold: float

    def margin(self, vector: Vector) -> float:
        """How far a sentence is beyond the threshold; below 0 it has not the fault."""
        return dot(self.weights, vector) + self.bias - self.threshold


@lru_cache(maxsize=4)
def load(path: Path) -> tuple[str, Mapping[str, Head]]:
    """The embedder's sha256 and the heads by principle; raises DataError for a file that is not of this form."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        heads = {id: Head(tuple(h["weights"]), h["bias"], h["threshold"]) for id, h in raw["faults"].items()}
        return raw["embedder"], heads
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"The heads of the findings cannot be read: {error}.", "Install again.", file=path) from error


class Heads:
    """Finds faults in sentences with one embedder; finds none with an embedder they were not fitted to."""

    def __init__(self, embedder: Embedder, path: Path = paths.MODELS / "faults.json") -> None:
        self._embedder = embedder
        fitted, heads = load(path)
        self._heads = heads if getattr(embedder, "sha256", None) == fitted else {}

    def add(self, text: str, kind: Kind, library: Library, found: Sequence[Finding]) -> tuple[Finding, ...]:
        """The findings with those of the heads, by their place, at most one for each sentence that has none yet.

        What a head sees weighs as a warning at most: it may be wrong, and an error throws a candidate out.
        """
        principles = [p for p in library.for_kind(kind) if p.id in self._heads and p.checks]
        free = [s for s in spans(text) if not any(f.end and f.start < s[1] and s[0] < f.end for f in found)]
        more = list(self._seen(text, principles, free)) if principles else []
        kept = (f for f in found if f.end or not any(new.principle == f.principle for new in more))
        return tuple(sorted([*kept, *more], key=lambda f: (f.start, f.end, f.principle)))

    def _seen(self, text: str, principles: Sequence[Principle], free: Sequence[tuple[int, int]]) -> Iterator[Finding]:
        vectors = self._embedder.embed([mask(text[start:end]) for start, end in free])
        for (start, end), vector in zip(free, vectors, strict=True):
            margins = {p.id: self._heads[p.id].margin(vector) for p in principles}
            best = max(principles, key=lambda p: margins[p.id])
            if margins[best.id] >= 0:
                seen = finding(text, best, start, end)
                yield replace(seen, severity="warning") if seen.severity == "error" else seen
