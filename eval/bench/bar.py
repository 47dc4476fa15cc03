"""Where to stop early: fits WAVES and GOOD_ENOUGH of assistant/rewrite_waves.py for a model that writes whole messages.

    python -m eval.bench.bar -m MODEL --limit 40

All candidates are written for cases of the validation split; then every plan of waves and every bar is tried on what
was written. Time is counted in steps of the decode loop, a step of several rows costing what STEP says; quality is the
total of the best accepted candidate so far, a case without one counting as 0. The least bar whose loss against writing
all is at most LOSS is the one to take.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant import rewrite_waves
from assistant.cli.pipeline import build_assistant
from assistant.library import load_library
from eval.cases import choose, read_cases

VALIDATION = Path(__file__).resolve().parents[2] / "models" / "corpus" / "validation.jsonl"
N = 8
LOSS = 0.01
# Measured for the prepared model: a step of so many rows against a step of two.
STEP = {1: 1.0, 2: 1.0, 3: 1.17, 4: 1.33, 5: 1.5, 6: 1.7, 7: 1.9, 8: 2.08}
PLANS = ((2, 2, 4), (2, 6), (3, 5), (4, 4), (8,))

Written = tuple[bool, float, int]
"""One candidate: whether it was accepted, its total, its tokens."""


def simulate(case: Sequence[Written], plan: Sequence[int], bar: float) -> tuple[float, float, int]:
    """Time in steps, the best accepted total, and how many candidates were written."""
    time, best, at = 0.0, 0.0, 0
    for size in plan:
        wave = case[at : at + size]
        at += len(wave)
        time += sum(STEP[sum(tokens > step for _, _, tokens in wave)] for step in range(max(t for _, _, t in wave)))
        best = max([best, *(total for accepted, total, _ in wave if accepted)])
        if best >= bar:
            break
    return time, best, at


def table(cases: Sequence[Sequence[Written]]) -> str:
    """A line for each plan and bar: candidates and time against writing all eight at once, and what is lost."""
    full = [simulate(case, (N,), 9.0) for case in cases]
    lines = [f"{'waves':10}{'bar':>6}{'written':>9}{'time':>7}{'loss':>8}"]
    for plan in PLANS:
        for bar in (0.0, *(b / 100 for b in range(50, 100, 5)), 9.0):
            tried = [simulate(case, plan, bar) for case in cases]
            loss = statistics.mean(a[1] for a in full) - statistics.mean(a[1] for a in tried)
            time = sum(a[0] for a in tried) / sum(a[0] for a in full)
            written = statistics.mean(a[2] for a in tried)
            mark = "  <- within the loss" if loss <= LOSS else ""
            lines.append(f"{'+'.join(map(str, plan)):10}{bar:6.2f}{written:9.2f}{time:7.2f}{loss:8.4f}{mark}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.bench.bar", description=__doc__)
    parser.add_argument("--limit", type=int, default=40, help="how many cases (default 40)")
    parser.add_argument("-m", "--model", help="a GGUF file; default: the bundled model without its adapter")
    options = parser.parse_args()
    rewrite_waves.GOOD_ENOUGH = 9.0
    assistant = build_assistant(load_library(), options.model, lambda _: None, adapter=False)
    found = []
    for number, case in enumerate(choose(read_cases(VALIDATION), limit=options.limit), start=1):
        verdicts = assistant.rewrite(case.request(n=N, seed=0)).verdicts
        own = [v for v in verdicts if v.candidate.source == "model"]
        found.append([(v.accepted, v.score.total, max(v.candidate.tokens, 1)) for v in own])
        print(f"{number} of {options.limit}: {sum(v.accepted for v in own)} accepted", file=sys.stderr, flush=True)
    accepted = [written[0] for case in found for written in case]
    print(f"{statistics.mean(accepted):.2f} of candidates accepted, {len(found)} cases\n{table(found)}")


if __name__ == "__main__":
    main()
