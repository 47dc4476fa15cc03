"""Measuring in turn: whatever else the machine does hits both sides alike, so only ratios are kept."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
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


# Linux counts into a process's peak what its parent held when it started it, so that a heavy benchmark would measure
# itself; this small parent holds nothing. It writes how the command ended, its seconds and its peak in KiB.
_PARENT = """
import os, sys, time
started = time.perf_counter()
child = os.fork()
if not child:
    os.execvp(sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(child, 0)
with open(sys.argv[1], "w") as out:
    print(os.waitstatus_to_exitcode(status), time.perf_counter() - started, usage.ru_maxrss, file=out)
"""


def run(command: Sequence[str | Path], environment: Mapping[str, str]) -> Run:
    """Raises RuntimeError with what it said when a process fails."""
    with tempfile.NamedTemporaryFile("r", encoding="ascii") as told:
        done = subprocess.run(
            [sys.executable, "-S", "-E", "-c", _PARENT, told.name, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**_environment(), **environment},
            text=True,
            check=False,
        )
        code, took, peak = told.read().split() or ("1", "0", "0")
    if int(code):
        raise RuntimeError(f"{command[0]} ended with {code}: {done.stdout[-500:]}")
    return Run(float(took), int(peak) * 1024, done.stdout)


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
