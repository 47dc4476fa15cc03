"""Fits the closeness score on the corpus and writes models/closeness.json, with what it measures on validation.

    python models/fit_closeness.py

Cases whose texts are bundled examples are left out of the training split. The strength of the weights' penalty is
chosen by cross-validation within the training split; validation is only measured. scikit-learn comes with
sentence-transformers.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from assistant import models
from assistant.embed import MiniLM
from assistant.library import load_library
from assistant.score import NEIGHBOURS, mask

HERE = Path(__file__).parent
STRENGTHS = (0.1, 0.3, 1.0, 3.0, 10.0)


@dataclass(frozen=True)
class Row:
    case: str
    kind: str
    form: str  # draft, plain or rewrite
    text: str


def rows(split: str) -> list[Row]:
    found = []
    for line in (HERE / "corpus" / f"{split}.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        for form in ("draft", "plain", "rewrite"):
            if case.get(form):
                found.append(Row(case["id"], case["kind"], form, case[form]))
    return found


class Features:
    """One row a text: its vector, the difference between good and bad neighbours, and its kind."""

    def __init__(self, embedder: MiniLM) -> None:
        library = load_library()
        self.embedder = embedder
        self.kinds = [kind.id for kind in library.kinds]
        self.examples = {
            (kind.id, label): np.array(embedder.embed([mask(e.text) for e in kind.examples if e.label == label]))
            for kind in library.kinds
            for label in ("good", "bad")
        }
        self.bundled = {e.id.rsplit("-", 1)[0] for kind in library.kinds for e in kind.examples}

    def __call__(self, found: Sequence[Row]) -> np.ndarray:
        vectors = np.array(self.embedder.embed([mask(row.text) for row in found]))
        lines = []
        for row, vector in zip(found, vectors, strict=True):
            near = [np.sort(self.examples[row.kind, label] @ vector)[-NEIGHBOURS:].mean() for label in ("good", "bad")]
            # scaled so that one penalty suits all three: vectors' entries are about 0.05 wide, differences 0.1
            lines.append(np.concatenate([vector * 5, [20 * (near[0] - near[1])], [row.kind == k for k in self.kinds]]))
        return np.array(lines)


def good(found: Sequence[Row]) -> np.ndarray:
    return np.array([row.form != "draft" for row in found], int)


def fit(x: np.ndarray, y: np.ndarray, strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, class_weight="balanced", max_iter=5000).fit(x, y)


def strongest(x: np.ndarray, y: np.ndarray, groups: Sequence[str]) -> float:
    """The penalty with the least logistic loss on left-out cases."""
    losses = []
    for strength in STRENGTHS:
        loss = []
        for inside, outside in GroupKFold(5).split(x, y, groups):
            chance = fit(x[inside], y[inside], strength).predict_proba(x[outside])[:, 1].clip(1e-6, 1 - 1e-6)
            loss.append(-np.mean(np.where(y[outside] == 1, np.log(chance), np.log(1 - chance))))
        losses.append(float(np.mean(loss)))
    return STRENGTHS[int(np.argmin(losses))]


def figures(found: Sequence[Row], chance: np.ndarray) -> dict[str, float]:
    """Pair accuracy (a rewrite above its own draft), the same where both are about as long, and calibration error."""
    drafts = {row.case: i for i, row in enumerate(found) if row.form == "draft"}
    pairs = [(drafts[row.case], i) for i, row in enumerate(found) if row.form != "draft"]
    words = [len(row.text.split()) for row in found]
    alike = [(d, g) for d, g in pairs if abs(words[d] - words[g]) <= 0.2 * max(words[d], words[g])]
    y = good(found)
    bins = np.minimum((chance * 10).astype(int), 9)
    gaps = [abs(chance[bins == b].mean() - y[bins == b].mean()) * (bins == b).mean() for b in set(bins)]
    return {
        "pairs": len(pairs),
        "pair_accuracy": round(float(np.mean([chance[g] > chance[d] for d, g in pairs])), 3),
        "pairs_of_like_length": len(alike),
        "pair_accuracy_like_length": round(float(np.mean([chance[g] > chance[d] for d, g in alike])), 3),
        "calibration_error": round(float(sum(gaps)), 3),
    }


def lengths(found: Sequence[Row], kinds: Sequence[str]) -> np.ndarray:
    words = np.array([len(row.text.split()) for row in found], float)
    kind = np.array([[row.kind == k for k in kinds] for row in found], float)
    return np.hstack([np.log(words)[:, None], kind, kind * words[:, None] / 50])


def main() -> None:
    path = models.bundled_embedder()
    embedder = MiniLM(path)
    features = Features(embedder)
    train = [row for row in rows("train") if row.case not in features.bundled]
    held = rows("validation")
    x, y, x_held = features(train), good(train), features(held)
    at = len(features.kinds) + 1  # the difference stands before the kinds
    strength = strongest(x, y, [row.case for row in train])
    whole = fit(x, y, strength)
    alone = fit(x[:, [-at]], y, 10.0)
    length = fit(lengths(train, features.kinds), y, 10.0)
    validation = {
        "length alone": figures(held, length.predict_proba(lengths(held, features.kinds))[:, 1]),
        "difference alone": figures(held, alone.predict_proba(x_held[:, [-at]])[:, 1]),
        "head": figures(held, whole.predict_proba(x_held)[:, 1]),
    }
    weights = whole.coef_[0]
    bias = float(whole.intercept_[0])
    result = {
        "embedder": embedder.sha256,
        "trained_on": len(train),
        "penalty": strength,
        "validation": validation,
        "alone": {
            "difference": round(float(alone.coef_[0][0]) * 20, 4),
            "bias": round(float(alone.intercept_[0]), 4),
        },
        "head": {
            "difference": round(float(weights[-at]) * 20, 4),
            "biases": {
                kind: round(bias + float(w), 4) for kind, w in zip(features.kinds, weights[-at + 1 :], strict=True)
            },
            "weights": [round(float(w) * 5, 4) for w in weights[:-at]],
        },
    }
    (HERE / "closeness.json").write_text(json.dumps(result) + "\n", "utf-8")
    sys.stdout.write(json.dumps(validation, indent=1) + "\n")


if __name__ == "__main__":
    main()
