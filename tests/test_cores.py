from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant import cores


def _load(monkeypatch: pytest.MonkeyPatch, text: str, available: int = 4) -> int:
    monkeypatch.setattr(cores, "available_cores", lambda: available)
    monkeypatch.setattr(Path, "read_text", lambda self, *_: text)
    return cores.free_cores()


def test_busy_cores_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _load(monkeypatch, "0.1 0.2 0.3 1/130 99") == 4
    assert _load(monkeypatch, "0.1 0.2 0.3 4/130 99") == 1
    assert _load(monkeypatch, "9.9 9.9 9.9 30/130 99") == 1


def test_unreadable_load_means_all_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _load(monkeypatch, "no numbers here") == 4


def test_only_cores_this_process_may_use() -> None:
    assert 1 <= cores.available_cores() <= (os.cpu_count() or 1)
