"""Measuring in turn: whatever else the machine does hits both sides alike, so only ratios are kept."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table: `value` is the median of `values`; `most` says that it must not be above `must`."""

    name: str
    values: tuple[float, ...]
    must: float | None
    most: bool = True
    unit: str = "ratio"
    setting: Mapping[str, Any] = field(default_factory=dict)
    missing: str = ""

    @property
    def value(self) -> float | None:
        return statistics.median(self.values) if self.values else None

    @property
    def met(self) -> bool | None:
        """Whether it is as it must be; None where it was not measured or nothing is asked of it."""
        if self.value is None or self.must is None:
            return None
        return self.value <= self.must if self.most else self.value >= self.must


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: seconds on the wall clock, the most memory it held, and what it wrote."""

    seconds: float
    peak_bytes: int
    output: str


def in_turn(rounds: int, *sides: Callable[[], float]) -> list[tuple[float, ...]]:
    """What each side measured in each round, after a round that does not count; each round begins with another side."""
    for side in sides:
        side()
    found = []
    for number in range(rounds):
        order = [(i + number) % len(sides) for i in range(len(sides))]
        values = {i: sides[i]() for i in order}
        found.append(tuple(values[i] for i in range(len(sides))))
    return found


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def run(command: Sequence[str | Path], environment: Mapping[str, str]) -> Run:
    """Raises RuntimeError with what it said when a process fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**_environment(), **environment},
        text=True,
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {output[-500:]}")
    return Run(took, usage.ru_maxrss * 1024, output)


@cache
def _bytecode() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


def _environment() -> dict[str, str]:
    """Of this process, but that Python may keep its bytecode, as where a user runs it: it compiles once."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return own | {"PYTHONPYCACHEPREFIX": _bytecode().name}


def own_memory() -> int:
    """Bytes of this process's own memory, without pages of mapped files, which the system drops when it likes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon:"))


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The exponent of a power law through the points: 1 where twice as much takes twice as long."""
    import math

    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    return statistics.linear_regression(xs, ys).slope
