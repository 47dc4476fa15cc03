"""The judge suite: every figure of the judge on the test split, each with its interval and the bar it must reach.

A figure is a statistic over measures, one or more a case: (part, whole) pairs whose shares are averaged by whole, or
(chance, good) pairs for the calibration. Intervals are 95% bootstrap intervals over the measures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from eval.stats import Pair, calibration_error, interval, ratio

VERSION = 1
Results = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """One (part, whole) or (chance, good) pair of a figure; `case` names what it was taken from."""

    figure: str
    case: str
    part: float
    whole: float = 1.0


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure is called, the bar it must reach (None: it is only stated), and which way is better."""

    id: str
    title: str
    must: float | None
    higher_is_better: bool = True
    unit: Literal["share", "value", "s"] = "share"
    statistic: Callable[[Sequence[Pair]], float] = ratio
    compared: bool = True

    def reached(self, value: float) -> bool | None:
        """Whether the value reaches the bar; None where there is none."""
        if self.must is None:
            return None
        return value >= self.must if self.higher_is_better else value <= self.must


def _figure(id: str, title: str, must: float | None = None, **more: Any) -> Figure:
    return Figure(id, title, must, **more)


# Sorts of corruption by the bar they must reach; whatever else eval/corrupt.py knows must reach the lower one.
STRICT = ("number", "unit", "name", "company", "link", "date")
STRICT_BAR, BAR = 0.99, 0.95

FIGURES: tuple[Figure, ...] = (
    _figure("passed-plain", "plain rewrites passed by the gate", 0.95),
    _figure("passed-rewrite", "free rewrites passed by the gate", 0.95),
    _figure("passed-honest", "honest variants passed by the gate", 0.95),
    _figure("missing-precision", "missing slots without a model: precision", 0.85),
    _figure("missing-recall", "missing slots without a model: recall", 0.85),
    _figure("findings-precision", "findings: precision by span overlap", 0.85),
    _figure("findings-recall", "findings: recall by span overlap", 0.85),
    _figure("findings-clean", "clean messages flagged", 0.05, higher_is_better=False),
    _figure("heads-precision", "findings with the embedding heads: precision"),
    _figure("heads-recall", "findings with the embedding heads: recall"),
    _figure("heads-clean", "clean messages flagged with the embedding heads", higher_is_better=False),
    _figure("topic-pairs", "good above bad, same topic, length shuffled", 0.95),
    _figure("topic-length", "  the same by length and kind alone", compared=False),
    _figure("sentence-pairs", "good above bad where one sentence differs", 0.85),
    _figure(
        "calibration",
        "calibration of the closeness, expected error",
        0.08,
        higher_is_better=False,
        unit="value",
        statistic=calibration_error,
    ),
    _figure("choice", "choice: share of the best-of-8's gain over the first accepted", 0.80),
    _figure("choice-accepted", "  the same against the best of those that the gate accepts"),
    _figure("choice-gain", "choice: mean gain in quality over the first accepted", 0.0, unit="value"),
    _figure("good-written", "already good drafts returned unchanged: written for this", 0.90),
    _figure("good-plain", "already good drafts returned unchanged: plain rewrites", 0.90),
    _figure(
        "check-seconds",
        "`assistant check`, 150 words, process included",
        0.5,
        higher_is_better=False,
        unit="s",
        compared=False,
    ),
    _figure(
        "heads-seconds",
        "  the embedding heads' extra: loading and one message",
        higher_is_better=False,
        unit="s",
        compared=False,
    ),
)


def figures(sorts: Iterable[str]) -> tuple[Figure, ...]:
    """All figures, those of the corruptions first."""
    caught = (
        _figure(f"caught-{sort}", f"caught: {sort.replace('_', ' ')}", STRICT_BAR if sort in STRICT else BAR)
        for sort in sorts
    )
    return (*caught, *FIGURES)


def summary(measures: Sequence[Measure], known: Sequence[Figure], *, seed: int = 0) -> list[Results]:
    """One row a figure that was measured: its value, interval, number of measures, and whether it reaches its bar."""
    rows = []
    for figure in known:
        pairs = [(m.part, m.whole) for m in measures if m.figure == figure.id]
        if not pairs:
            continue
        value = figure.statistic(pairs)
        low, high = interval(pairs, figure.statistic, seed=seed)
        rows.append(
            {
                "figure": figure.id,
                "title": figure.title,
                "must": figure.must,
                "higher_is_better": figure.higher_is_better,
                "unit": figure.unit,
                "measured": round(value, 4),
                "low": round(low, 4),
                "high": round(high, 4),
                "n": len(pairs),
                "reached": figure.reached(value),
            }
        )
    return rows


def table(rows: Sequence[Results]) -> str:
    """The figures as aligned text: figure, must, measured with its interval, n."""
    lines = [("figure", "must", "measured", "95% interval", "n", "")]
    for row in rows:
        sign = "≥" if row["higher_is_better"] else "≤"
        must = "" if row["must"] is None else f"{sign} {_shown(row['must'], row['unit'])}"
        between = f"[{_shown(row['low'], row['unit'])}, {_shown(row['high'], row['unit'])}]"
        mark = {True: "", False: "below its bar", None: ""}[row["reached"]]
        lines.append((row["title"], must, _shown(row["measured"], row["unit"]), between, str(row["n"]), mark))
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def _shown(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value:.1%}"
    return f"{value:.2f} s" if unit == "s" else f"{value:.3f}"
