"""The benchmark's own arithmetic: what it concludes from times, not how long anything takes."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from assistant.gguf import check_gguf
from eval.bench import random_model, report
from eval.bench.bar import simulate
from eval.bench.inputs import changed, example, long, other
from eval.bench.measure import Figure, in_turn, run, slope


def test_the_median_counts_and_either_way_of_must() -> None:
    assert Figure("a", (0.9, 0.2, 0.4), 0.5).value == 0.4
    assert Figure("a", (0.4,), 0.5).met and not Figure("a", (0.6,), 0.5).met
    assert Figure("a", (0.95,), 0.9, most=False).met and not Figure("a", (0.8,), 0.9, most=False).met
    assert Figure("a", (), 0.5, missing="no peer").met is None
    assert Figure("a", (3.0,), None).met is None


def test_sides_are_measured_in_turn_after_a_round_that_does_not_count() -> None:
    order: list[str] = []

    def side(name: str) -> float:
        order.append(name)
        return float(len(order))

    found = in_turn(2, lambda: side("a"), lambda: side("b"))
    assert "".join(order) == "ab" + "ab" + "ba"
    assert found == [(3.0, 4.0), (6.0, 5.0)]


def test_a_power_law_gives_its_exponent() -> None:
    assert slope([(w, 3 * w**0.5) for w in (50, 100, 800)]) == pytest.approx(0.5)
    assert slope([(w, 0.1 * w**2) for w in (50, 100, 800)]) == pytest.approx(2.0)


def test_a_process_is_measured_and_its_failure_told() -> None:
    done = run([sys.executable, "-c", "x = b'x' * 60_000_000; print(len(x))"], {})
    assert done.output.strip() == "60000000"
    assert done.peak_bytes > 60_000_000
    held = b"x" * 400_000_000  # what this process holds is none of its child's peak
    assert run([sys.executable, "-c", "pass"], {}).peak_bytes < len(held) / 2
    with pytest.raises(RuntimeError, match="ended with 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"], {})


def test_inputs_are_as_long_as_asked_and_differ() -> None:
    for words in (50, 100, 200, 400, 800, 1500):
        request = long(words)
        assert abs(len(f"{request.draft.text} {request.notes[0].text}".split()) - words) < 15
    assert len({other(i).notes[0].text for i in range(64)}) == 64
    assert example().n == 8


def test_an_early_end_costs_less_and_may_lose() -> None:
    case = [(True, 0.7, 10), (False, 0.0, 20), (True, 0.9, 10), (True, 0.8, 10)]
    assert simulate(case, (2, 2), 0.6) == (20.0, 0.7, 2)
    assert simulate(case, (2, 2), 0.8) == (30.0, 0.9, 4)
    assert simulate(case, (4,), 9.0)[1:] == (0.9, 4)


def test_the_report_tells_what_was_missed_and_what_was_not_measured(tmp_path: Path) -> None:
    figures = [
        Figure("quick <enough>", (0.3, 0.4), 0.5),
        Figure("too slow", (0.9,), 0.5),
        Figure("nobody there", (), 0.8, missing="llm is not installed"),
        Figure("for information", (2.0,), None),
    ]
    text = report.table(figures)
    assert "MISSED" in text.splitlines()[1] and "met" in text.splitlines()[0]
    assert "llm is not installed" in text.splitlines()[2]
    out = tmp_path / "out"
    report.write(out, {"some": report.Measured("now", 2, tuple(figures))}, ("some", "others"))
    found = json.loads((out / "results.json").read_text())
    assert [f["met"] for f in found["groups"]["some"]["figures"]] == [True, False, None, None]
    assert found["not_measured"] == ["others"]
    picture = ET.fromstring((tmp_path / "out" / "plot.svg").read_text())
    assert "quick <enough>" in "".join(picture.itertext())
    assert "for information" not in "".join(picture.itertext())


def test_groups_measured_one_by_one_come_together(tmp_path: Path) -> None:
    assert report.stored(tmp_path) == {}
    first = report.Measured("monday", 5, (Figure("a", (0.3, 0.4), 0.5, setting={"ours_s": [1.5]}),))
    report.write(tmp_path, {"one": first}, ("two", "one", "three"))
    groups = report.stored(tmp_path)
    assert groups == {"one": first}
    second = report.Measured("tuesday", 2, (Figure("b", (), 0.9, most=False, missing="no peer"),))
    report.write(tmp_path, {"two": second, **groups}, ("two", "one", "three"))
    assert report.stored(tmp_path) == {"one": first, "two": second}
    names = [f.name for f in report.figures(report.stored(tmp_path), ("two", "one", "three"))]
    assert names == ["b", "a", "the group “three”"]
    assert "--only three" in report.table(report.figures(groups, ("three",)))


def test_one_changed_note_is_one_line(tmp_path: Path) -> None:
    (draft, first), (same, second) = changed(1), changed(2)
    assert draft == same
    assert sum(a != b for a, b in zip(first.splitlines(), second.splitlines(), strict=True)) == 1


def test_the_random_model_is_a_whole_gguf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random_model, "LAYERS", 1)
    path = tmp_path / "r.gguf"
    random_model.write(path)
    header = check_gguf(path)
    assert header.end == path.stat().st_size
    assert header.metadata["llama.embedding_length"] == random_model.WIDTH
    assert len(header.tensors) == 11
