"""How readily the tuned reader speaks, a slot: chosen on cases that it has not learnt from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from assistant.encoder import Encoder
from assistant.models import bundled_embedder
from assistant.reader_tuned import EAGER, NEEDED, Part, TunedReader
from assistant.records import SLOTS, Brief
from eval.slots import f1, read, score_missing, score_slots
from models.cases import Case

START = (0.6, 2.0, 2.0, 1.0)
GRIDS = ((0.0, 0.3, 0.6, 0.9, 1.2, 1.6), (0.0, 1.0, 2.0, 3.0, 4.5), (0.0, 1.0, 2.0, 3.0, 4.5))
GRID_EAGER = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
_NEED = {"target": "role"}


class Remembering(TunedReader):
    """Computes once what does not depend on the leanings."""

    def __init__(self, encoder: Encoder, path: Path) -> None:
        super().__init__(encoder, path)
        self._seen: dict[Any, Any] = {}
        self._parts: dict[Any, Part] = {}

    def part(self, text: str, draft: bool, names: dict[str, str], kind: str) -> Part:
        key = text, draft, kind, *sorted(names.items())
        if key not in self._parts:
            self._parts[key] = super().part(text, draft, names, kind)
        return self._parts[key]

    def scores(self, parts: Any) -> Any:
        key = tuple((p.text, p.draft) for p in parts)
        if key not in self._seen:
            self._seen[key] = super().scores(parts)
        return self._seen[key]

    def leaning(self, lean: Any) -> TunedReader:
        self._lean = lean
        return self


def fit(cases: Sequence[Case], variants: Sequence[Case], path: Path) -> None:
    """Chooses the numbers one after the other and writes them into the file.

    The first three by the F1 of each slot's excerpts in `cases`; the last, how eager the second look is, by the F1 of
    what is said to be missing, in `variants` (cases with facts removed) too.
    """
    reader = Remembering(Encoder(bundled_embedder()), path)
    lean = np.array([START] * len(SLOTS), np.float32)
    for column, grid in enumerate(GRIDS):
        tables = [score_slots([*cases], _read(reader, cases, _tried(lean, column, value))) for value in grid]
        for at, slot in enumerate(SLOTS):
            if slot != "about":  # nobody marked it in these cases
                # Where little speaks for one value, it stays near what all slots began with.
                near = [0.002 * abs(value - START[column]) for value in grid]
                worth = [t[slot]["soft f1"] + 0.25 * t[slot]["exact f1"] - n for t, n in zip(tables, near, strict=True)]
                lean[at, column] = grid[int(np.argmax(worth))]
    mixed = [*cases, *variants]
    counted = [score_missing(mixed, _read(reader, mixed, _tried(lean, EAGER, value))) for value in GRID_EAGER]
    for need in NEEDED:
        found = [_f1(table[_NEED.get(need[0], need[0])]) for table in counted]
        for slot in need:
            lean[SLOTS.index(slot), EAGER] = GRID_EAGER[int(np.argmax(found))]
    save_file({**load_file(path), "lean": lean.astype(np.float16)}, str(path))
    print("leanings:", {slot: [round(float(v), 1) for v in row] for slot, row in zip(SLOTS, lean, strict=True)})


def _tried(lean: Any, column: int, value: float) -> Any:
    changed = lean.copy()
    changed[:, column] = value
    return changed


def _read(reader: Remembering, cases: Sequence[Case], lean: Any) -> list[Brief]:
    return [read(case, reader.leaning(lean))[2] for case in cases]


def _f1(count: Counter[str]) -> float:
    named, gold = count["right"] + count["wrong"], count["right"] + count["overlooked"]
    return f1(count["right"] / max(named, 1), count["right"] / max(gold, 1))
