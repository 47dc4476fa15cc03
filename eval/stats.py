"""Means with bootstrap intervals over cases, by the standard library alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean

RESAMPLES = 2000
Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `n` cases with the ends of its interval; `noise` is half the interval's width."""

    mean: float
    low: float
    high: float
    n: int

    @property
    def noise(self) -> float:
        return (self.high - self.low) / 2


def estimate(values: Sequence[float], *, level: float = 0.95, seed: int = 0) -> Estimate:
    """The mean and its percentile bootstrap interval; raises ValueError where there are no values.

    Cases are resampled whole, with replacement (Efron 1979). The same values and seed give the same interval. Where
    all values are equal the interval has no width: zero faults seen in n cases still allow a rate of about 3/n.
    """
    if not values:
        raise ValueError("no values to average")
    return _estimate(tuple(values), level, seed)


@lru_cache(maxsize=4096)
def _estimate(values: tuple[float, ...], level: float, seed: int) -> Estimate:
    mean = fmean(values)
    if min(values) == max(values):
        return Estimate(mean, mean, mean, len(values))
    draw = random.Random(seed)
    means = sorted(fmean(draw.choices(values, k=len(values))) for _ in range(RESAMPLES))
    tail = (1 - level) / 2
    return Estimate(mean, _quantile(means, tail), _quantile(means, 1 - tail), len(values))


def ratio(pairs: Sequence[Pair]) -> float:
    """The parts' sum by the wholes' sum; 1 where the wholes are nothing, as nothing could be lost."""
    whole = sum(pair[1] for pair in pairs)
    return sum(pair[0] for pair in pairs) / whole if whole else 1.0


def calibration_error(pairs: Sequence[Pair], bins: int = 10) -> float:
    """Expected calibration error of (chance, good) pairs: the mean gap between them over bins of like chance."""
    gaps = [0.0] * bins
    for chance, good in pairs:
        gaps[min(int(chance * bins), bins - 1)] += chance - good
    return sum(map(abs, gaps)) / len(pairs)


def interval(
    pairs: Sequence[Pair],
    statistic: Callable[[Sequence[Pair]], float],
    *,
    level: float = 0.95,
    seed: int = 0,
    resamples: int = 500,
) -> tuple[float, float]:
    """The percentile bootstrap interval of a statistic over pairs, resampled whole."""
    draw = random.Random(seed)
    values = sorted(statistic(draw.choices(pairs, k=len(pairs))) for _ in range(resamples))
    tail = (1 - level) / 2
    return _quantile(values, tail), _quantile(values, 1 - tail)


def difference(
    groups: Sequence[tuple[Sequence[Pair], Sequence[Pair]]],
    statistic: Callable[[Sequence[Pair]], float],
    *,
    level: float,
    seed: int = 0,
    resamples: int = 300,
) -> tuple[float, float]:
    """A statistic's value before less that after, and its noise: half the interval of it over cases resampled whole.

    Each group holds a case's pairs before and after.
    """

    def gap(drawn: Sequence[tuple[Sequence[Pair], Sequence[Pair]]]) -> float:
        before, after = ([pair for group in side for pair in group] for side in zip(*drawn, strict=True))
        return statistic(before) - statistic(after)

    draw = random.Random(seed)
    values = sorted(gap(draw.choices(groups, k=len(groups))) for _ in range(resamples))
    tail = (1 - level) / 2
    return gap(groups), (_quantile(values, 1 - tail) - _quantile(values, tail)) / 2


def _quantile(ordered: Sequence[float], share: float) -> float:
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)
