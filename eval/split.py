"""Split the corpus once, by whole cases, stratified by kind and domain: test feeds eval/, the rest may be learnt from.

    python -m eval.split CORPUS_DIR

A case is its draft, notes, slots and both rewrites together, so no part of a test case can reach training.
The split is drawn by a fixed seed from the case ids alone; running it again on the same corpus changes nothing.
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

SEED = 20261122
SHARES = {"test": 0.15, "validation": 0.10}
ROOT = Path(__file__).resolve().parent.parent
PLACES = {
    "test": ROOT / "eval" / "cases.jsonl",
    "validation": ROOT / "models" / "corpus" / "validation.jsonl",
    "train": ROOT / "models" / "corpus" / "train.jsonl",
}

Case = dict[str, Any]


def read_lines(path: Path) -> list[Case]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def gather(corpus: Path) -> list[Case]:
    """Every case whole: its slots and its plain rewrite joined to it by id; `domain` is its file's name."""
    slots = {c["id"]: c["slots"] for f in sorted((corpus / "slots").glob("*.jsonl")) for c in read_lines(f)}
    plain = {c["id"]: c["plain"] for f in sorted((corpus / "plain").glob("*.jsonl")) for c in read_lines(f)}
    files = [*sorted(corpus.glob("*.jsonl")), *sorted((corpus / "plain").glob("*-more.jsonl"))]
    cases = []
    for file in files:
        domain = file.stem.removesuffix("-more")
        for case in read_lines(file):
            cases.append(case | {"domain": domain, "plain": plain[case["id"]], "slots": slots[case["id"]]})
    return cases


def split(cases: list[Case]) -> dict[str, list[Case]]:
    """Largest-remainder shares within each kind and domain, so that even thin kinds reach every split."""
    strata: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in cases:
        strata[case["kind"], case["domain"]].append(case)
    result: dict[str, list[Case]] = {name: [] for name in PLACES}
    owed = dict.fromkeys(SHARES, 0.0)
    for key in sorted(strata):
        members = sorted(strata[key], key=lambda c: str(c["id"]))
        random.Random(f"{SEED}:{key}").shuffle(members)
        for name, share in SHARES.items():
            owed[name] += share * len(members)
            take = round(owed[name])
            owed[name] -= take
            result[name] += members[:take]
            members = members[take:]
        result["train"] += members
    return {name: sorted(members, key=lambda c: str(c["id"])) for name, members in result.items()}


def main(corpus: Path) -> None:
    for name, members in split(gather(corpus)).items():
        lines = [json.dumps(case, ensure_ascii=False, sort_keys=True) for case in members]
        PLACES[name].parent.mkdir(parents=True, exist_ok=True)
        PLACES[name].write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{len(members):5d} {name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
