"""score_heads.py: faults that only embeddings see, with heads made for the test; and the shipped ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant import paths
from assistant.embed import MiniLM
from assistant.engine import ScriptedEmbedder
from assistant.errors import DataError
from assistant.records import Finding, Library
from assistant.rules import with_levels
from assistant.score_heads import Heads

FITTED = "a" * 64


class Named(ScriptedEmbedder):
    sha256 = FITTED


@pytest.fixture
def heads(tmp_path: Path) -> Heads:
    """One head that sees sentences of many z's, and a weaker one for another rule."""
    z = [0.0] * 25 + [1.0]
    file = tmp_path / "faults.json"
    raw = {"flattery": {"weights": z, "bias": 0.0, "threshold": 0.5}}
    raw["guilt-trip"] = {"weights": z, "bias": -0.2, "threshold": 0.5}
    file.write_text(json.dumps({"embedder": FITTED, "faults": raw}))
    return Heads(Named(), file)


TEXT = "Hi Bo, bab abab bab ab. Zzz zzz zz zzz. If not, cab cab."


def test_a_head_marks_its_sentence_and_the_surest_one_speaks(heads: Heads, library: Library) -> None:
    (seen,) = heads.add(TEXT, library.kind("reply"), library, ())
    assert (seen.principle, seen.quote, seen.severity) == ("flattery", "Zzz zzz zz zzz.", "warning")
    assert TEXT[seen.start : seen.end] == seen.quote


def test_a_sentence_with_a_finding_is_left_alone(heads: Heads, library: Library) -> None:
    there = TEXT.index("Zzz")
    known = Finding("too-long", "warning", there, there + 3, "Zzz", "")
    assert heads.add(TEXT, library.kind("reply"), library, (known,)) == (known,)


def test_what_a_head_shows_takes_the_place_of_an_absence(heads: Heads, library: Library) -> None:
    absent = Finding("flattery", "warning", 0, 0, "", "")
    assert [f.quote for f in heads.add(TEXT, library.kind("reply"), library, (absent,))] == ["Zzz zzz zz zzz."]


def test_an_error_of_a_head_weighs_as_a_warning(heads: Heads, library: Library) -> None:
    only = with_levels(library, {"flattery": "off"})
    (seen,) = heads.add("Zzz zzz zz zzz.", only.kind("reply"), only, ())
    assert (seen.principle, library.principle("guilt-trip").severity, seen.severity) == (
        "guilt-trip",
        "error",
        "warning",
    )


def test_another_embedder_finds_nothing(heads: Heads, library: Library) -> None:
    assert Heads(ScriptedEmbedder()).add(TEXT, library.kind("reply"), library, ()) == ()


def test_a_damaged_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    file.write_text("{}")
    with pytest.raises(DataError) as caught:
        Heads(Named(), file)
    assert caught.value.file == file


def test_the_shipped_heads_are_of_known_rules(library: Library) -> None:
    data = json.loads((paths.MODELS / "faults.json").read_text("utf-8"))
    assert {p.id for p in library.principles} >= data["faults"].keys()
    assert all(len(h["weights"]) == 384 for h in data["faults"].values())


@pytest.mark.model
def test_the_shipped_heads_see_what_no_pattern_lists(library: Library, real_embedder: MiniLM) -> None:
    kind = library.kind("informational")
    text = "Hi Jo, I keep bees in Dover. It would be an honour to receive even a word from someone so admired."
    assert [f.principle for f in Heads(real_embedder).add(text, kind, library, ())] == ["flattery"]
    plain = "Hi Jo, I keep bees in Dover. Which of the two frames did you use in the wet spring of 2021?"
    assert Heads(real_embedder).add(plain, kind, library, ()) == ()
