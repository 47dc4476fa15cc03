"""The learned part of the reader: a linear tagger over tokens, and linear choices over whole texts; no model, no numpy.

Its weights are data, models/reader.json, made by models/train_reader.py. A tagger scores every token's features and
finds the best label sequence (Viterbi over a linear-chain conditional random field, Lafferty et al. 2001); labels are
B-x, I-x and O.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assistant import paths

_NEVER = -1e9


class Weights:
    """Weights by feature, sparse: a row of label index and weight, in turn. They are divided by `scale`.

    A row is made ready when it is first asked for: most of them never are.
    """

    def __init__(self, table: Mapping[str, Sequence[float]], scale: float = 1) -> None:
        self._table = table
        self._rows = _Rows(table, scale)

    def add(self, features: Iterable[str], total: list[float]) -> list[float]:
        """Adds each feature's row to `total`, one number a label, in place and in order."""
        known = filter(self._table.__contains__, features)
        for row in map(self._rows.__getitem__, known):
            for at, weight in row:
                total[at] += weight
        return total


# So many features' weights stay ready: several texts' worth, and no more however long the process runs.
READY = 6000


class _Rows(dict[str, tuple[tuple[int, float], ...]]):
    def __init__(self, table: Mapping[str, Sequence[float]], scale: float) -> None:
        super().__init__()
        self._table, self._scale = table, scale

    def __missing__(self, feature: str) -> tuple[tuple[int, float], ...]:
        row = self._table[feature]
        if len(self) >= READY:
            self.clear()
        self[feature] = pairs = tuple(
            (int(at), weight / self._scale) for at, weight in zip(row[::2], row[1::2], strict=True)
        )
        return pairs


@dataclass(frozen=True, slots=True)
class Tagger:
    """`transitions[a][b]` scores b after a."""

    labels: tuple[str, ...]
    weights: Weights
    transitions: tuple[tuple[float, ...], ...]

    def scores(self, features: Iterable[str]) -> list[float]:
        """One score a label for one token."""
        return self.weights.add(features, [0.0] * len(self.labels))

    def best(
        self, emitted: Sequence[Sequence[float]], slots: frozenset[str] = frozenset(), gain: float = 0.0
    ) -> list[str]:
        """The best label sequence for one text's tokens, from each one's scores; the labels of `slots` gain so much."""
        if not emitted:
            return []
        if slots:
            more = [gain if label[2:] in slots else 0.0 for label in self.labels]
            emitted = [[score + m for score, m in zip(row, more, strict=True)] for row in emitted]
        count = len(self.labels)
        start = [0.0 if not label.startswith("I-") else _NEVER for label in self.labels]
        current = [s + b for s, b in zip(emitted[0], start, strict=True)]
        reach = [[a for a in range(count) if self.transitions[a][to] > _NEVER / 2] for to in range(count)]
        back: list[list[int]] = []
        for row in emitted[1:]:
            step, pointers = [0.0] * count, [0] * count
            for to in range(count):
                best, choice = _NEVER * 2, 0
                for origin in reach[to]:
                    value = current[origin] + self.transitions[origin][to]
                    if value > best:
                        best, choice = value, origin
                step[to], pointers[to] = best + row[to], choice
            back.append(pointers)
            current = step
        last = max(range(count), key=current.__getitem__)
        path = [last]
        for pointers in reversed(back):
            path.append(pointers[path[-1]])
        return [self.labels[i] for i in reversed(path)]


@dataclass(frozen=True, slots=True)
class Chooser:
    """A linear model over a whole text: one class (softmax), or each class by itself (logistic)."""

    labels: tuple[str, ...]
    weights: Weights
    bias: tuple[float, ...]

    def scores(self, features: Iterable[str]) -> dict[str, float]:
        """The raw score of each class."""
        return dict(zip(self.labels, self.weights.add(features, list(self.bias)), strict=True))

    def chances(self, features: Iterable[str]) -> dict[str, float]:
        """The probability of each class by itself."""
        return {label: 1 / (1 + math.exp(-max(-30.0, min(30.0, s)))) for label, s in self.scores(features).items()}


@dataclass(frozen=True, slots=True)
class Head:
    """All that was learnt."""

    names: Tagger
    slots: Tagger
    kinds: Chooser
    message: Chooser
    common: frozenset[str]


def tagger(data: Mapping[str, Any]) -> Tagger:
    """A tagger from its JSON."""
    scale = data["scale"]
    moves = tuple(tuple(v / scale if v is not None else _NEVER for v in row) for row in data["transitions"])
    return Tagger(tuple(data["labels"]), Weights(data["weights"], scale), moves)


def chooser(data: Mapping[str, Any]) -> Chooser:
    """A chooser from its JSON."""
    scale = data["scale"]
    return Chooser(tuple(data["labels"]), Weights(data["weights"], scale), tuple(v / scale for v in data["bias"]))


def head_of(data: Mapping[str, Any]) -> Head:
    """The head from its JSON."""
    return Head(
        tagger(data["names"]),
        tagger(data["slots"]),
        chooser(data["kinds"]),
        chooser(data["message"]),
        frozenset(data["common"].split()),
    )


@lru_cache(maxsize=1)
def load_head() -> Head:
    """Reads models/reader.json once; a missing or damaged file is a fault of the installation and shows as such."""
    return head_of(json.loads((paths.MODELS / "reader.json").read_text(encoding="utf-8")))
