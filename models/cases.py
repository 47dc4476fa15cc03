"""The cases that models learn from, as they lie in models/corpus.

`train.jsonl` and `validation.jsonl` are two parts of the split; the third, the test cases, is eval/cases.jsonl and
never read here. `written/` holds cases written for the thin kinds, with a plain message each. `told/` holds cases with
`tell` instead, a list of [slot, excerpt, sentence]: a slot that begins with "note:" is told by somebody else about the
sender, and the sentence "-" says that the excerpt cannot be told truthfully in that slot. `marked.jsonl` adds to
training cases, by id, the same and who the sender is (`about`). `read/` holds cases written for the reader over what it
misread, and ordinary ones, nearly all told too, and `fresh.jsonl` a tenth of them that is kept out of the training.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

Case = dict[str, Any]
CORPUS = Path(__file__).resolve().parent / "corpus"


def read(*paths: Path) -> list[Case]:
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines() if line.strip()]


def train() -> list[Case]:
    return [_with_marks(case) for case in read(CORPUS / "train.jsonl")]


def validation() -> list[Case]:
    return read(CORPUS / "validation.jsonl")


def written() -> list[Case]:
    return read(*sorted((CORPUS / "written").glob("*.jsonl")))


def told() -> list[Case]:
    return read(*sorted((CORPUS / "told").glob("*.jsonl")))


def noted() -> list[Case]:
    return read(*sorted((CORPUS / "read").glob("*.jsonl")))


def fresh() -> list[Case]:
    return read(CORPUS / "fresh.jsonl")


@cache
def _marks() -> dict[str, Case]:
    return {mark["id"]: mark for mark in read(CORPUS / "marked.jsonl")}


def _with_marks(case: Case) -> Case:
    mark = _marks().get(case["id"])
    return {**case, "slots": {**case["slots"], "about": mark["about"]}, "tell": mark["tell"]} if mark else case
