"""Fits what counts how much in the choice among candidates and writes models/choice.json, with what it measures.

    python models/fit_choice.py                            # on made candidates of the validation cases (eval/choice.py)
    python models/fit_choice.py out/eval-…/results.json    # on a model's own candidates, of an evaluation's `full` arm

Of all weights in tenths it takes those whose choices gain most over the first accepted candidate, on average over the
weights next to them, so that one lucky case decides less. The made candidates are drawn twice, with sentences of the
"train" and of the "validation" part; those of the "test" part stay unseen.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

from assistant import models
from assistant.embed import MiniLM
from assistant.judge import Weights
from assistant.library import load_library
from assistant.score import Closeness
from eval.choice import Set, judged, options, regret, written

HERE = Path(__file__).parent
PARTS = ("closeness", "clean", "told", "agreement")
SPLIT = "validation"
BANKS = ("train", "validation")
STEPS = 10


def fit(sets: Sequence[Set]) -> dict[str, float]:
    """The weights in tenths, together 1, with the best mean gain over themselves and their neighbours."""
    every = [w for w in product(range(STEPS + 1), repeat=4) if sum(w) == STEPS and sum(w[:3])]
    won = {w: regret(sets, Weights(*(part / STEPS for part in w)))["mean gain"] for w in every}

    def smooth(w: tuple[int, ...]) -> float:
        near = [won[o] for o in won if sum(abs(a - b) for a, b in zip(w, o, strict=True)) <= 2]
        return sum(near) / len(near)

    best = max(won, key=smooth)
    return dict(zip(PARTS, (part / STEPS for part in best), strict=True))


def main() -> None:
    library = load_library()
    closeness = Closeness(library, MiniLM(models.bundled_embedder()))
    cases = [json.loads(line) for line in (HERE / "corpus" / f"{SPLIT}.jsonl").read_text("utf-8").splitlines()]
    candidates = written(json.loads(Path(sys.argv[1]).read_text("utf-8")), cases) if len(sys.argv) > 1 else {}
    drawn = (
        [(case, candidates[case["id"]]) for case in cases if case["id"] in candidates]
        if candidates
        else [(case, options(case, library, split=bank)) for bank in BANKS for case in cases]
    )
    sets = [judged(case, texts, library, closeness) for case, texts in drawn]
    found = fit(sets)
    report: dict[str, Any] = {"cases": len(sets), "fitted on": "a model's candidates" if candidates else "made ones"}
    for name, weights in (("before", Weights(0.4, 0.2, 0.4, 0.0)), ("fitted", Weights(**found))):
        report[name] = regret(sets, weights)
    (HERE / "choice.json").write_text(json.dumps({"weights": found, "validation": report}) + "\n", "utf-8")
    sys.stdout.write(json.dumps({"weights": found, **report}, indent=1) + "\n")


if __name__ == "__main__":
    main()
