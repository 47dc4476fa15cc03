"""How the tuned writer does, from the results of an evaluation.

    assistant eval --arm untuned --arm full
    python -m eval.writing out/eval-…/results.json

First samples are the fair count of what one sample is worth: later ones are drawn only where earlier ones failed.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from eval.stats import Estimate, estimate

CORPUS = Path(__file__).resolve().parents[1] / "models" / "corpus"
OPENING_WORDS = 4
PHRASE_WORDS = 6  # a sentence this short is a phrase that anybody writes
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def sentences(message: str) -> list[str]:
    """The message's sentences that are longer than a phrase: no greeting, no name at the end."""
    return [s.strip() for s in _SENTENCE.split(message) if len(s.split()) > PHRASE_WORDS]


def opening(message: str) -> str:
    """The first words after the greeting."""
    body = re.sub(r"\A(?:hi|hello|dear|good \w+)\b[^,\n]*,\s*", "", message.strip(), flags=re.IGNORECASE)
    return " ".join(body.split()[:OPENING_WORDS]).casefold()


def trained_sentences(folder: Path = CORPUS) -> set[str]:
    """Every sentence of the replies that the writer learned from."""
    files = [folder / "train.jsonl", folder / "marked.jsonl"]
    files += [file for name in ("written", "told", "read") for file in sorted((folder / name).glob("*.jsonl"))]
    cases = (json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line.strip())
    replies = (text for c in cases for text in (c.get("plain", ""), *(t[2] for t in c.get("tell", ()))))
    return {sentence for reply in replies for sentence in sentences(reply)}


def figures(samples: Sequence[dict[str, Any]], known: set[str]) -> dict[str, Estimate]:
    """Shares over cases, with 95% intervals."""
    written = [[c for c in s["candidates"] if c["source"] == "model"] for s in samples]
    drawn = [candidates for candidates in written if candidates]
    said = [sentences(s["message"]) for s in samples]
    shares = {
        "first sample accepted": [float(c[0]["accepted"]) for c in drawn],
        "a sample accepted": [float(any(x["accepted"] for x in c)) for c in drawn],
        "returned a safe edit": [float(s["source"] == "safe-edit") for s in samples],
        "sentences as in training": [sum(x in known for x in one) / len(one) for one in said if one],
    }
    return {name: estimate(values) for name, values in shares.items() if values}


def openings(samples: Iterable[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    """For each kind, how many messages begin in a way of their own, and how many there are."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for sample in samples:
        by_kind[sample["kind"]].append(opening(sample["message"]))
    return {kind: (len(set(begun)), len(begun)) for kind, begun in sorted(by_kind.items())}


def main(file: Path) -> None:
    samples = json.loads(file.read_text("utf-8"))["samples"]
    known = trained_sentences()
    for arm in dict.fromkeys(s["arm"] for s in samples):
        mine = [s for s in samples if s["arm"] == arm]
        print(f"\n{arm}: {len(mine)} messages")
        for name, e in figures(mine, known).items():
            print(f"  {name:28} {e.mean:.3f}  {e.low:.3f} to {e.high:.3f}  (of {e.n})")
        print(
            "  distinct openings: " + ", ".join(f"{kind} {own}/{all_}" for kind, (own, all_) in openings(mine).items())
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
