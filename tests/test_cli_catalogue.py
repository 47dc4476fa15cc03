"""`principles`, `kinds`, `models` and `doctor`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_support import CommandLine

from assistant import models as registry
from assistant import prepared
from assistant.cli import doctor
from assistant.errors import ModelError
from assistant.library import load_library

LIBRARY = load_library()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


def test_the_lists_name_everything(run: CommandLine) -> None:
    for command, ids in (
        ("principles", [p.id for p in LIBRARY.principles]),
        ("kinds", [k.id for k in LIBRARY.kinds]),
    ):
        ran = run(command)
        assert ran.code == 0 and ran.err == ""
        starts = [line.split()[0] for line in ran.out.splitlines() if not line.startswith(" ")]
        assert starts == ids
        assert max(map(len, ran.out.splitlines())) <= 80
        assert [row["id"] for row in json.loads(run(command, "--json").out)["result"][command]] == ids


@pytest.mark.parametrize("id", [p.id for p in LIBRARY.principles])
def test_a_principle_shows_its_rule_reason_source_and_examples(run: CommandLine, id: str) -> None:
    principle = LIBRARY.principle(id)
    text = " ".join(run("principles", id).out.split())
    for part in (principle.title, principle.rule, principle.why, *principle.source):
        assert " ".join(part.split()) in text
    for example in (*(b.text for b in principle.bad), *(b.fixed for b in principle.bad)):
        assert " ".join(example.split()) in text
    (row,) = json.loads(run("principles", id, "--json").out)["result"]["principles"]
    assert row["rule"] == principle.rule and row["kinds"]


@pytest.mark.parametrize("id", [k.id for k in LIBRARY.kinds])
def test_a_kind_shows_its_shape_principles_and_examples(run: CommandLine, id: str) -> None:
    kind = LIBRARY.kind(id)
    text = " ".join(run("kinds", id).out.split())
    assert " ".join(kind.shape.split()) in text and f"{kind.min_words} to {kind.max_words} words" in text
    assert "A good one" in text and "A bad one" in text
    (row,) = json.loads(run("kinds", id, "--json").out)["result"]["kinds"]
    assert row["principles"] == [p.id for p in LIBRARY.for_kind(kind)]


def model(tmp_path: Path, id: str, *, bundled: bool) -> registry.ModelFile:
    return registry.ModelFile(
        id, tmp_path / f"{id}.gguf", "0" * 64 if bundled else None, "apache-2.0", 98_000_000, bundled
    )


@pytest.fixture
def three_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = (
        model(tmp_path, "good", bundled=True),
        model(tmp_path, "own", bundled=False),
        model(tmp_path, "torn", bundled=True),
    )

    def verify(which: registry.ModelFile) -> None:
        if which.id == "torn":
            raise ModelError("Its sha256 differs.", "Install it again.")

    monkeypatch.setattr(registry, "installed", lambda: found)
    monkeypatch.setattr(registry, "verify", verify)


def test_models_says_what_is_verified_and_what_is_not(run: CommandLine, three_models: None) -> None:
    rows = {m["id"]: m for m in json.loads(run("models", "--json").out)["result"]["models"]}
    assert {id: m["verified"] for id, m in rows.items()} == {"good": True, "own": False, "torn": False}
    assert rows["torn"]["problem"] == "Its sha256 differs." and rows["own"]["problem"] is None
    ran = run("models")
    assert ran.code == 0
    assert "good.gguf" in ran.out and "98 MB, licence apache-2.0" in ran.out
    assert "verified: its hash is the published one" in ran.out
    assert "Its sha256 differs." in ran.out and "Install it again." in ran.out


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Pretends that the bundled model is prepared at the first call; each making is noted."""
    pair = (model(tmp_path, "fast", bundled=True), model(tmp_path, "low-rank", bundled=True))
    done: list[str] = []

    def prepare(*_: object) -> object:
        done.append("made")
        return pair

    monkeypatch.setattr(prepared, "prepare", prepare)
    monkeypatch.setattr(prepared, "find", lambda m, a: pair if done and m.id != "own" else None)
    return done


def test_models_prepare_makes_it_once_and_models_shows_it(run: CommandLine, made: list[str]) -> None:
    ran = run("models", "prepare")
    assert ran.code == 0 and "is prepared: 196 MB" in ran.out and "fast.gguf" in ran.out
    again = json.loads(run("models", "prepare", "--json").out)["result"]
    assert made == ["made"] and again["made"] is False and len(again["files"]) == 2
    assert "prepared for this computer: " in run("models").out
    assert [f.state for f in doctor._prepared()] == ["ok"]


def test_models_prepare_says_what_is_in_the_way(run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(prepared, "find", lambda *_: None)
    monkeypatch.setattr(prepared, "prepare", full)
    ran = run("models", "prepare")
    assert ran.code == 2 and "No space left" in ran.err
    assert [f.state for f in doctor._prepared()] == ["warning"]


def checks(*findings: doctor.Finding) -> tuple[tuple[str, object], ...]:
    def look() -> Iterator[doctor.Finding]:
        yield from findings

    return (("everything", look),)


def test_doctor_is_content_or_says_how_to_mend(run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    fine = doctor.Finding("Python", "ok", "3.11.7")
    slow = doctor.Finding("memory", "warning", "0.4 GB free", "Close other programs.")
    gone = doctor.Finding("packages", "problem", "not installed: torch", "Install again.")
    monkeypatch.setattr(doctor, "CHECKS", checks(fine, slow))
    ran = run("doctor")
    assert ran.code == 0 and "Everything needed is there." in ran.out and "Close other programs." in ran.out
    monkeypatch.setattr(doctor, "CHECKS", checks(fine, gone))
    ran = run("doctor")
    assert ran.code == 3 and "not installed: torch" in ran.out and "Install again." in ran.out
    ran = run("doctor", "--json")
    body = json.loads(ran.out)["result"]
    assert ran.code == 3 and body["usable"] is False
    assert body["checks"][1] == {
        "name": "packages",
        "state": "problem",
        "detail": "not installed: torch",
        "hint": "Install again.",
    }


def test_doctor_sees_a_library_that_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "IMPORTS", ("json", "no_such_library", "os; os.abort()"))
    found = list(doctor._imports())
    assert [f.state for f in found] == ["ok", "problem", "problem"]
    assert "No module named 'no_such_library'" in found[1].detail
    assert "signal 6" in found[2].detail and all(f.hint for f in found[1:])


def test_doctor_sees_what_is_missing(
    run: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, three_models: None
) -> None:
    def gone() -> Path:
        raise ModelError("The bundled model is not installed.", "Install it again.")

    monkeypatch.setattr(doctor, "PACKAGES", ("click", "no-such-package"))
    monkeypatch.setattr(registry, "bundled_embedder", gone)
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    found = [f for look in (doctor._packages, doctor._models, doctor._cache) for f in look()]
    states = {(f.name, f.state) for f in found}
    assert ("packages", "problem") in states and ("embeddings", "problem") in states
    assert ("model torn", "problem") in states and ("model good", "ok") in states
    assert ("cache folder", "warning") in states
    assert all(f.hint for f in found if f.state != "ok")
