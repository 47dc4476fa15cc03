"""Fits what counts how much in the choice among candidates and writes models/choice.json, with what it measures.

    python models/fit_choice.py                            # on made candidates of the validation cases (eval/choice.py)
    python models/fit_choice.py out/eval-…/results.json    # on a model's own candidates, of an evaluation's `full` arm

Accepted candidates of one case are compared two by two: a logistic regression on the difference of their scores says
which is the better one, each pair weighted by how much. Negative weights are set to zero. A model's candidates count as
better when they keep more of the facts that a person marked and have fewer faults by the plain check and the linter.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant import models
from assistant.check import score
from assistant.embed import MiniLM
from assistant.judge import Weights
from assistant.library import load_library
from assistant.records import Verdict
from assistant.score import Closeness
from eval.choice import judged, options, regret, written

HERE = Path(__file__).parent
PARTS = ("closeness", "clean", "told", "agreement")
SPLIT = "validation"


def numbers(verdict: Verdict) -> np.ndarray:
    s = verdict.score
    return np.array([s.closeness, score(verdict.findings), s.told, s.agreement])


def fit(sets: Sequence[Sequence[tuple[Verdict, float]]]) -> dict[str, float]:
    """The weights, together 1, from the accepted candidates of each case with their quality."""
    rows, weight = [], []
    for found in sets:
        for (one, better), (other, worse) in combinations([f for f in found if f[0].accepted], 2):
            if abs(better - worse) > 0.01:
                rows.append((numbers(one) - numbers(other)) * np.sign(better - worse))
                weight.append(abs(better - worse))
    x = np.array([*rows, *(-row for row in rows)])
    y = np.repeat([1, 0], len(rows))
    model = LogisticRegression(C=1.0, fit_intercept=False).fit(x, y, sample_weight=np.array([*weight, *weight]))
    plain = np.maximum(model.coef_[0], 0.0)
    return {name: round(float(w), 4) for name, w in zip(PARTS, plain / plain.sum(), strict=True)}


def main() -> None:
    library = load_library()
    closeness = Closeness(library, MiniLM(models.bundled_embedder()))
    cases = [json.loads(line) for line in (HERE / "corpus" / f"{SPLIT}.jsonl").read_text("utf-8").splitlines()]
    candidates = written(json.loads(Path(sys.argv[1]).read_text("utf-8")), cases) if len(sys.argv) > 1 else {}
    sets = []
    for case in cases:
        texts = candidates.get(case["id"]) if candidates else options(case, library, split=SPLIT)
        if texts:
            sets.append(judged(case, texts, library, closeness))
    found = fit([list(zip(s.verdicts, s.qualities, strict=True)) for s in sets])
    report: dict[str, Any] = {"cases": len(sets), "fitted on": "a model's candidates" if candidates else "made ones"}
    for name, weights in (("before", Weights(0.4, 0.2, 0.4, 0.0)), ("fitted", Weights(**found))):
        report[name] = regret(sets, weights)
    (HERE / "choice.json").write_text(json.dumps({"weights": found, "validation": report}) + "\n", "utf-8")
    sys.stdout.write(json.dumps({"weights": found, **report}, indent=1) + "\n")


if __name__ == "__main__":
    main()
