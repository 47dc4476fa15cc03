"""Fits the closeness score on the corpus and writes models/closeness.json, with what it measures on validation.

    python models/fit_closeness.py

Three things are fitted, each on material that the one before has not seen: the line through the sentences' space on the
written sentences of the "train" half (`eval/sentences.jsonl`) and the corpus; the score on drafts, rewrites and
rewrites with one "validation" sentence planted (eval/plant.py); and what it measures uses the "test" sentences and the
validation cases. Cases whose texts are bundled examples are left out. scikit-learn comes with sentence-transformers.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from assistant import models
from assistant.check import examine
from assistant.embed import MiniLM
from assistant.library import load_library
from assistant.score import Calibration, Closeness, mask, sentences, spans
from eval.plant import SEED, Planted, bank, plant, shuffled
from eval.stats import calibration_error

HERE = Path(__file__).parent
STRENGTHS = (0.1, 0.3, 1.0, 3.0)
SENTENCE_STRENGTH = 1.0
# A written sentence counts for as much as so many of the corpus: there are few of them, and each was meant.
WRITTEN = 4.0
# Entries of a vector are about 0.05 wide, differences 0.1, sentence scores 3, findings 1: one penalty suits all.
SCALES = (5.0, 20.0, 0.5, 1.0)


@dataclass(frozen=True)
class Row:
    case: str
    kind: str
    form: str  # draft, plain, rewrite or planted
    text: str


def rows(split: str) -> list[Row]:
    found = []
    for line in (HERE / "corpus" / f"{split}.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        for form in ("draft", "plain", "rewrite"):
            if case.get(form):
                found.append(Row(case["id"], case["kind"], form, case[form]))
    return found


class Fit:
    """The library, the vectors and the score with the sentences' line, as far as it is fitted."""

    def __init__(self) -> None:
        self.library = load_library()
        self.embedder = MiniLM(models.bundled_embedder())
        self.kinds = [kind.id for kind in self.library.kinds]
        self.bundled = {e.id.rsplit("-", 1)[0] for kind in self.library.kinds for e in kind.examples}
        self.kept: dict[str, np.ndarray] = {}
        self.score: Closeness

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of masked texts, each computed once."""
        new = sorted({mask(t) for t in texts} - self.kept.keys(), key=len)
        for at in range(0, len(new), 64):
            batch = new[at : at + 64]
            self.kept.update(zip(batch, np.array(self.embedder.embed(batch), np.float32), strict=True))
        return np.array([self.kept[mask(t)] for t in texts])

    def embed(self, texts: Sequence[str]) -> list[Any]:
        """The same for the score, whose texts come masked."""
        new = [t for t in dict.fromkeys(texts) if t not in self.kept]
        if new:
            self.kept.update(zip(new, np.array(self.embedder.embed(new), np.float32), strict=True))
        return [self.kept[t] for t in texts]

    def sentence_line(self, train: Sequence[Row]) -> LogisticRegression:
        """Sentences with a fault against those of good messages and written near misses."""
        bad, good = [], []
        for row in train:
            if row.form == "draft":
                found = examine(row.text, self.library.kind(row.kind), self.library)
                marked = [(f.start, f.end) for f in found if f.end and f.severity != "info"]
                bad += [
                    row.text[a:b] for a, b in spans(row.text) if any(a < end and start < b for start, end in marked)
                ]
            else:
                good += sentences(row.text)
        written = [text for fault, texts in bank("train").items() if fault for text in texts]
        near = bank("train")[""]
        sizes = (len(bad), len(written), len(good), len(near))
        x = self.vectors([*bad, *written, *good, *near]) * SCALES[0]
        y = np.repeat([1, 1, 0, 0], sizes)
        weight = np.repeat([1.0, WRITTEN, 1.0, WRITTEN], sizes)
        return LogisticRegression(C=SENTENCE_STRENGTH, max_iter=3000).fit(x, y, sample_weight=weight)

    def features(self, found: Sequence[Row]) -> np.ndarray:
        """One row a text: its vector, the difference of neighbours, the worst sentence, the findings, and its kind."""
        vectors = self.vectors([row.text for row in found])
        self.vectors([s for row in found for s in sentences(row.text)])
        lines = []
        for row, vector in zip(found, vectors, strict=True):
            three = (
                self.score.difference(row.text, row.kind),
                self.score.worst(row.text),
                self.score.weight(row.text, row.kind),
            )
            scaled = [scale * value for scale, value in zip(SCALES[1:], three, strict=True)]
            lines.append(np.concatenate([vector * SCALES[0], scaled, [row.kind == k for k in self.kinds]]))
        return np.array(lines)

    def planted(self, found: Sequence[Row], split: str, n: int = 1) -> list[tuple[Row, Planted]]:
        return [
            (row, p)
            for row in found
            if row.form != "draft"
            for p in plant(row.text, self.library.kind(row.kind), self.library, split=split, key=row.case, n=n)
        ]


def good(found: Sequence[Row]) -> np.ndarray:
    return np.array([row.form in ("plain", "rewrite") for row in found], int)


def fit(x: np.ndarray, y: np.ndarray, strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=5000).fit(x, y)


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


def lengths(found: Sequence[Row], kinds: Sequence[str]) -> np.ndarray:
    words = np.array([len(row.text.split()) for row in found], float)
    kind = np.array([[row.kind == k for k in kinds] for row in found], float)
    return np.hstack([np.log(words)[:, None], kind, kind * words[:, None] / 50])


def share(pairs: Sequence[tuple[float, float]]) -> float:
    return round(float(np.mean([one > other for one, other in pairs])), 3)


def measure(work: Fit, held: list[Row], chance: Any) -> dict[str, Any]:
    """Pairs won and calibration error on the held cases; `chance` gives each of some rows its score."""
    pairs = work.planted(held, "test")
    texts = {row.text: row for row in held}
    texts |= {p.bad: Row(row.case, row.kind, "planted", p.bad) for row, p in pairs}
    topics = [
        (row, bad)
        for row in held
        if row.form != "draft"
        for draft in held
        if draft.case == row.case and draft.form == "draft"
        if (
            bad := shuffled(
                draft.text, row.text, work.library.kind(row.kind), split="test", key=f"{row.case}:{row.form}"
            )
        )
    ]
    texts |= {bad: Row(row.case, row.kind, "planted", bad) for row, bad in topics}
    score = dict(zip(texts, chance(list(texts.values())), strict=True))
    mixed = [row for row in texts.values() if row.text not in {bad for _, bad in topics}]
    return {
        "one sentence differs": share([(score[p.good], score[p.bad]) for _, p in pairs]),
        "pairs": len(pairs),
        "same topic, length shuffled": share([(score[row.text], score[bad]) for row, bad in topics]),
        "topics": len(topics),
        "calibration error": round(
            calibration_error([(score[row.text], float(row.form in ("plain", "rewrite"))) for row in mixed]), 3
        ),
    }


def main() -> None:
    work = Fit()
    train = [row for row in rows("train") if row.case not in work.bundled]
    held = rows("validation")
    line = work.sentence_line(train)
    empty = Calibration(work.embedder.sha256, (0.0,) * 384, 0.0, {}, (1.0, 0.0))
    weights = tuple(float(w) * SCALES[0] for w in line.coef_[0])
    work.score = Closeness(
        work.library,
        _Known(work),
        replace(empty, sentence=weights, sentence_bias=float(line.intercept_[0])),
    )
    planted = [Row(row.case, row.kind, "planted", p.bad) for row, p in work.planted(train, "validation")]
    random.Random(SEED).shuffle(planted)
    fitted_on = [*train, *planted]
    x, y = work.features(fitted_on), good(fitted_on)
    strength = strongest(x, y, [row.case for row in fitted_on])
    whole = fit(x, y, strength)
    alone = fit(x[:, [384]], y, 10.0)
    length = fit(lengths(fitted_on, work.kinds), y, 10.0)
    validation = {
        "length alone": measure(work, held, lambda r: length.predict_proba(lengths(r, work.kinds))[:, 1]),
        "difference alone": measure(work, held, lambda r: alone.predict_proba(work.features(r)[:, [384]])[:, 1]),
        "score": measure(work, held, lambda r: whole.predict_proba(work.features(r))[:, 1]),
    }
    coefficients, bias = whole.coef_[0], float(whole.intercept_[0])
    result = {
        "embedder": work.embedder.sha256,
        "trained_on": len(fitted_on),
        "penalty": strength,
        "validation": validation,
        "alone": {
            "difference": round(float(alone.coef_[0][0]) * SCALES[1], 4),
            "bias": round(float(alone.intercept_[0]), 4),
        },
        "head": {
            "difference": round(float(coefficients[384]) * SCALES[1], 4),
            "worst": round(float(coefficients[385]) * SCALES[2], 4),
            "faults": round(float(coefficients[386]) * SCALES[3], 4),
            "biases": {k: round(bias + float(w), 4) for k, w in zip(work.kinds, coefficients[387:], strict=True)},
            "weights": [round(float(w) * SCALES[0], 4) for w in coefficients[:384]],
            "sentence": {
                "bias": round(float(line.intercept_[0]), 4),
                "weights": [round(w, 4) for w in weights],
            },
        },
    }
    (HERE / "closeness.json").write_text(json.dumps(result) + "\n", "utf-8")
    shown = {**validation, "worst": result["head"]["worst"], "faults": result["head"]["faults"], "penalty": strength}
    sys.stdout.write(json.dumps(shown, indent=1) + "\n")


class _Known:
    """The embedder of the score while it is fitted: it shares the vectors already computed."""

    def __init__(self, work: Fit) -> None:
        self.sha256 = work.embedder.sha256
        self.embed = work.embed


if __name__ == "__main__":
    main()
