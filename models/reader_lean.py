"""How readily the tuned reader speaks, a slot: what an excerpt's words gain, and what ends inside a segment lose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from assistant.encoder import Encoder
from assistant.models import bundled_embedder
from assistant.reader_tuned import Part, TunedReader
from assistant.records import SLOTS
from eval.slots import read, score_slots
from models.reader_labels import Case

START = (0.6, 2.0, 2.0)
GRIDS = ((0.0, 0.3, 0.6, 0.9, 1.2, 1.6, 2.2), (0.0, 1.0, 2.0, 3.0, 4.5, 6.0), (0.0, 1.0, 2.0, 3.0, 4.5, 6.0))


class Remembering(TunedReader):
    """The scores of a text do not depend on the leanings: they are computed once."""

    def __init__(self, encoder: Encoder, path: Path) -> None:
        super().__init__(encoder, path)
        self._seen: dict[tuple[Any, ...], Any] = {}

    def scores(self, parts: Any) -> Any:
        key = tuple((p.text, p.draft) for p in parts if isinstance(p, Part))
        if key not in self._seen:
            self._seen[key] = super().scores(parts)
        return self._seen[key]

    def leaning(self, lean: Any) -> TunedReader:
        self._lean = lean
        return self


def fit(cases: list[Case], path: Path) -> None:
    """Chooses each slot's three numbers, one after the other, by F1 on these cases, and writes them into the file."""
    reader = Remembering(Encoder(bundled_embedder()), path)
    lean = np.array([START] * len(SLOTS), np.float32)
    for column, grid in enumerate(GRIDS):
        tables = []
        for value in grid:
            tried = lean.copy()
            tried[:, column] = value
            read_all = [read(case, reader.leaning(tried))[2] for case in cases]
            tables.append(score_slots(cases, read_all))
        for at, slot in enumerate(SLOTS):
            if slot != "about":  # nobody marked it in these cases
                # Where little speaks for one value, it stays near what all slots began with.
                worth = [
                    t[slot]["soft f1"] + 0.25 * t[slot]["exact f1"] - 0.002 * abs(v - START[column])
                    for t, v in zip(tables, grid, strict=True)
                ]
                lean[at, column] = grid[int(np.argmax(worth))]
    save_file({**load_file(path), "lean": lean.astype(np.float16)}, str(path))
    print("leanings:", {slot: [round(float(v), 1) for v in row] for slot, row in zip(SLOTS, lean, strict=True)})
