"""Measures the gate: corrupted rewrites it must catch, honest variants it must pass.

    python -m eval.corrupt models/corpus/validation.jsonl [--show SORT]

Every corruption is drawn by a fixed seed from hand-written rewrites that the gate passes as they are, so that what is
caught is caught for the corruption. A sort is counted only where a case has something to corrupt.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.facts import leftovers, unsupported
from eval import corrupt_claims as claims
from eval import corrupt_words as words
from eval.corrupt_honest import VARIANTS
from eval.corrupt_text import Case, Change, brief, documents

SEED = 20261122
CORRUPTIONS: dict[str, Change] = {
    change.__name__: change
    for change in (
        *(words.number, words.unit, words.name, words.company, words.role, words.date, words.negation_dropped),
        *(words.negation_added, words.hedge_lost, words.condition_lost, claims.owner, claims.proof, claims.link),
        *(claims.attachment, claims.meeting, claims.tie, claims.exchanged, claims.exchanged_names),
    )
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One text held against its case's sources: `sort` is the corruption or the honest variant made of it."""

    case: Case
    sort: str
    text: str


def samples(cases: list[Case], changes: dict[str, Change]) -> Iterator[Sample]:
    """Every change made once to each of a case's rewrites that can bear it and that the gate passes as it is."""
    for case in cases:
        for key in ("plain", "rewrite"):
            text = case.get(key)
            if not text or refused(case, text):
                continue
            for sort, change in changes.items():
                made = change(case, text, random.Random(f"{SEED}:{case['id']}:{key}:{sort}"))
                if made is not None and made != text:
                    yield Sample(case, sort, made)


def refused(case: Case, text: str) -> bool:
    """Whether the gate holds a text back."""
    return bool(unsupported(text, documents(case), brief=brief(case)) or leftovers(text))


def main(path: Path, show: str = "") -> None:
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for key in ("plain", "rewrite"):
        texts = [(c, c[key]) for c in cases if c.get(key)]
        passed = sum(not refused(c, t) for c, t in texts)
        print(f"honest {key:18} {passed:5d} of {len(texts):5d} passed  {passed / len(texts):6.1%}")
    for title, changes, wanted in (("caught", CORRUPTIONS, True), ("passed", VARIANTS, False)):
        tally: dict[str, list[bool]] = {sort: [] for sort in changes}
        for sample in samples(cases, changes):
            good = refused(sample.case, sample.text) == wanted
            tally[sample.sort].append(good)
            if not good and show in (sample.sort, "all"):
                _show(sample)
        for sort, marks in tally.items():
            if marks:
                print(f"{sort:25} {sum(marks):5d} of {len(marks):5d} {title}  {sum(marks) / len(marks):6.1%}")


def _show(sample: Sample) -> None:
    case = sample.case
    print(f"--- {case['id']} {sample.sort}\n{sample.text}\n   DRAFT {case['draft']}\n   NOTES {case['context']}")
    for fault in unsupported(sample.text, documents(sample.case), brief=brief(sample.case)):
        print("   ", fault)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Catch rate of the gate per sort of corruption.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--show", default="", help="print the failures of one sort, or all")
    arguments = parser.parse_args()
    main(arguments.corpus, arguments.show)
