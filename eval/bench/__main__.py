"""`python -m eval.bench`: measures every figure, prints the table, writes results.json and plot.svg into out/."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from assistant import prompting, writer
from assistant.facts import unsupported
from assistant.grounding import Grounding
from assistant.intake import read
from assistant.library import load_library
from assistant.records import Prompt
from eval.bench import engines, product, random_model, report
from eval.bench.inputs import example
from eval.bench.measure import Figure

Group = Callable[["Plan"], list[Figure]]


class Plan:
    """How often and how much: everything, or a small look that shows that it runs."""

    def __init__(self, quick: bool, rounds: int) -> None:
        self.rounds = 1 if quick else rounds
        self.tokens = 16 if quick else 64
        self.random_tokens = 4 if quick else 24
        self.requests = 20 if quick else 200
        self.plain, self.fast = engines.bundled()
        self.prompt, self.ruled, self.guard = _example()


def _example() -> tuple[Prompt, Prompt, Grounding]:
    """For the example: a prompt for the tuned writer, one with rules for other models, and the guard."""
    request, library = example(), load_library()
    draft, brief, kind, _ = read(request, library, None)
    sources = (request.draft, *request.notes)
    phrases = kind.fixed
    guard = Grounding(sources, phrases, lambda text: bool(unsupported(text, sources, brief=brief, allowed=phrases)))
    notes = request.notes
    ruled = prompting.build_prompt(kind, library, draft, notes, brief, [], max_chars=None, small=True)
    return writer.build_prompt(kind.id, brief, writer.MESSAGE), ruled, guard


def _loop(plan: Plan) -> list[Figure]:
    return [engines.against_bare(plan.fast, plan.prompt, plan.rounds, plan.tokens)]


def _calls(plan: Plan) -> list[Figure]:
    return engines.against_calls(plan.plain, plan.fast, plan.prompt, plan.rounds, plan.tokens)


def _parts(plan: Plan) -> list[Figure]:
    figures = engines.parts(plan.plain, plan.fast, plan.prompt, plan.guard, plan.rounds, plan.tokens)
    return [*figures, engines.stored_head(plan.plain, plan.ruled, plan.rounds)]


def _random(plan: Plan) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "random-1.5B-Q4_0.gguf"
        random_model.write(path)
        model = engines.unknown(path)
        return [
            engines.of_random_model(model, plan.rounds, plan.random_tokens),
            engines.stored_head(model, plan.ruled, min(plan.rounds, 2)),
        ]


GROUPS: dict[str, Group] = {
    "loop": _loop,
    "calls": _calls,
    "cold": lambda plan: product.cold(plan.rounds),
    "warm": lambda plan: product.second_request(plan.rounds),
    "shares": lambda plan: [product.shares(plan.rounds)],
    "memory": lambda plan: [product.memory_of_n(min(plan.rounds, 3))],
    "growth": lambda plan: [product.growth(plan.requests)],
    "length": lambda plan: [product.length(plan.rounds)],
    "random": _random,
    "parts": _parts,
}


def main() -> int:
    """0 when every figure that was measured is as it must be, else 1."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=GROUPS, help="only these groups; may be repeated")
    parser.add_argument("--rounds", type=int, default=5, help="rounds a figure, its median counts (default 5)")
    parser.add_argument("--quick", action="store_true", help="one short round: that it runs, not how fast")
    parser.add_argument("-o", "--output", type=Path, help="a folder, whose other groups are kept; default: a new one")
    options = parser.parse_args()
    made = datetime.now().astimezone()
    folder = options.output or Path("out") / f"bench-{made:%Y-%m-%d-%H%M%S}"
    plan = Plan(options.quick, options.rounds)
    groups = report.stored(folder)
    for name in options.only or GROUPS:
        started = time.perf_counter()
        groups[name] = report.Measured(made.isoformat(timespec="seconds"), plan.rounds, tuple(GROUPS[name](plan)))
        print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
        report.write(folder, {name: groups[name] for name in GROUPS if name in groups}, tuple(GROUPS))
    figures = report.figures(groups, tuple(GROUPS))
    print(report.table(figures))
    print(f"\n{folder / 'results.json'}\n{folder / 'plot.svg'}")
    if os.getloadavg()[0] > 2 * len(os.sched_getaffinity(0)):
        print("The machine was busy: measure again on a quiet one.", file=sys.stderr)
    return int(any(figure.met is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
