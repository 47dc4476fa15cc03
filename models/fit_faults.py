"""Fits the sentence heads of the findings and writes models/faults.json, with what they measure.

    python models/fit_faults.py

One logistic head a fault over the MiniLM vector of a masked sentence. Its examples are the sentences written for it
(`eval/sentences.jsonl`), the train drafts' sentences in which a pattern already sees it, and against them the
sentences of good messages, written near misses, and the other faults' sentences. A second group of heads tells what a
sentence says (reason, proof, offer), from the marked slots of the corpus. A head's threshold is the lowest at which
hardly any sentence of a good validation message is taken for the fault. scikit-learn comes with sentence-transformers.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant import models
from assistant.check import examine
from assistant.embed import MiniLM
from assistant.library import load_library
from assistant.score import mask, spans
from eval.plant import BANK

HERE = Path(__file__).parent
# Sentences of good validation messages that a head may take for its fault, as a share.
FALSE_SHARE = 0.001
# What a sentence says counts only where it is nearly sure that a good message's sentence says it.
SAID = {"why_them": "reason", "proof": "proof", "offer": "offer", "target": "role"}
STRENGTH = 1.0
# Drafts hold more than good messages and faults: what is neither lies nearer to a fault than a good sentence does.
MARGIN = 2.5
# Written for the fault, seen by a pattern, written for another fault, of a good message.
WEIGHTS = (8.0, 0.5, 2.0, 1.0)
SPREAD = 5.0  # entries of a vector are about 0.05 wide


@dataclass(frozen=True)
class Sentence:
    """One sentence of the corpus: its case, which text it is of, the faults patterns see in it, and what it says."""

    split: str
    form: str
    kind: str
    text: str
    faults: frozenset[str]
    says: frozenset[str]


def corpus(split: str) -> Iterable[Sentence]:
    library = load_library()
    for case in map(json.loads, (HERE / "corpus" / f"{split}.jsonl").read_text("utf-8").splitlines()):
        for form in ("draft", "plain", "rewrite"):
            text = case.get(form)
            if not text:
                continue
            found = examine(text, library.kind(case["kind"]), library) if form == "draft" else ()
            for start, end in spans(text):
                inside = {
                    f.principle
                    for f in found
                    if f.end and min(end, f.end) - max(start, f.start) >= 0.5 * (f.end - f.start)
                }
                yield Sentence(
                    split,
                    form,
                    case["kind"],
                    text[start:end],
                    frozenset(inside),
                    frozenset(SAID[slot] for slot in SAID if says(text[start:end], case["slots"][slot])),
                )


def says(sentence: str, excerpts: Sequence[str]) -> bool:
    words = stems(sentence)
    return any(len(stems(e) & words) >= max(2, 0.5 * len(stems(e))) for e in excerpts)


def stems(text: str) -> set[str]:
    return {w[:5] for w in re.findall(r"\w+", text.casefold()) if len(w) > 3 or w.isdigit()}


def written() -> list[dict[str, str]]:
    return [json.loads(line) for line in BANK.read_text("utf-8").splitlines()]


class Vectors:
    """Vectors of masked sentences, each computed once."""

    def __init__(self, embedder: MiniLM) -> None:
        self.embedder = embedder
        self.kept: dict[str, np.ndarray] = {}

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        new = sorted({mask(t) for t in texts} - self.kept.keys(), key=len)
        for at in range(0, len(new), 64):
            batch = new[at : at + 64]
            self.kept.update(zip(batch, np.array(self.embedder.embed(batch), np.float32), strict=True))
        return np.array([self.kept[mask(t)] for t in texts]) * SPREAD


def head(model: LogisticRegression, threshold: float) -> dict[str, Any]:
    return {
        "bias": round(float(model.intercept_[0]), 4),
        "threshold": round(threshold, 4),
        "weights": [round(float(w) * SPREAD, 3) for w in model.coef_[0]],
    }


def logits(model: LogisticRegression, x: np.ndarray) -> np.ndarray:
    return np.asarray(model.decision_function(x))


class Material:
    """The vectors that every head is fitted and measured on."""

    def __init__(self, vectors: Vectors) -> None:
        self.library = load_library()
        self.vectors = vectors
        self.own = written()
        self.train, held = list(corpus("train")), [s for s in corpus("validation") if s.form != "draft"]
        self.good = [s for s in self.train if s.form != "draft"]
        self.good_x = vectors([s.text for s in self.good])
        self.held, self.held_x = held, vectors([s.text for s in held])

    def sentences(self, fault: str, splits: Sequence[str]) -> list[str]:
        return [r["text"] for r in self.own if r["principle"] == fault and r["split"] in splits]

    def kinds(self, fault: str) -> set[str]:
        """Good sentences of kinds to which the fault does not apply say nothing about it."""
        return {k.id for k in self.library.kinds if self.library.principle(fault) in self.library.for_kind(k)}

    def fit(self, fault: str, splits: Sequence[str]) -> tuple[LogisticRegression, float]:
        """A head fitted on the written sentences of these splits, and its threshold."""
        kinds = self.kinds(fault)
        silver = [s.text for s in self.train if s.form == "draft" and fault in s.faults][:150]
        yes = self.sentences(fault, splits)
        others = [r["text"] for r in self.own if r["principle"] != fault and r["split"] in splits]
        rows = np.array([s.kind in kinds for s in self.good])
        sizes = (len(yes), len(silver), len(others), int(rows.sum()))
        x = np.concatenate([self.vectors([*yes, *silver, *others]), self.good_x[rows]])
        y = np.repeat([1, 1, 0, 0], sizes)
        model = LogisticRegression(C=STRENGTH, max_iter=3000).fit(x, y, sample_weight=np.repeat(WEIGHTS, sizes))
        clean = logits(model, self.held_x[np.array([s.kind in kinds for s in self.held])])
        return model, float(np.quantile(clean, 1 - FALSE_SHARE)) + MARGIN

    def measured(self, fault: str) -> dict[str, list[int]]:
        """Caught and all, of the sentences that were kept out of the fit, and wrongly caught of the near misses."""
        model, threshold = self.fit(fault, ("train", "validation"))
        rows = {"caught": self.sentences(fault, ["test"]), "near misses": self.sentences("", ["test"])}
        return {
            name: [int((logits(model, self.vectors(texts)) >= threshold).sum()), len(texts)]
            for name, texts in rows.items()
            if texts
        }


def main() -> None:
    vectors = Vectors(MiniLM(models.bundled_embedder()))
    material = Material(vectors)
    faults = sorted({r["principle"] for r in material.own} - {""})
    report = {fault: material.measured(fault) for fault in faults}
    caught = [sum(part) for part in zip(*(r["caught"] for r in report.values()), strict=True)]
    result = {
        "embedder": vectors.embedder.sha256,
        "held out": {"caught": caught, **report},
        "faults": {fault: head(*material.fit(fault, ("train", "validation", "test"))) for fault in faults},
    }
    (HERE / "faults.json").write_text(json.dumps(result) + "\n", "utf-8")
    sys.stdout.write(json.dumps(result["held out"], indent=1) + "\n")


if __name__ == "__main__":
    main()
