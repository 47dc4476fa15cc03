from __future__ import annotations

import dataclasses
import json
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant import paths
from assistant.embed import MiniLM
from assistant.engine import ScriptedEmbedder
from assistant.errors import DataError
from assistant.records import Example, Library
from assistant.score import Calibration, Closeness, mask

ALONE = Calibration(embedder="none", weights=(), difference=0.0, biases={}, alone=(10.0, 0.0))


class Counting(ScriptedEmbedder):
    """Says what it is, so that its vectors may be kept, and counts the texts it is given."""

    def __init__(self, sha256: str = "a" * 64) -> None:
        self.sha256 = sha256
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.seen += texts
        return super().embed(texts)


@pytest.fixture
def small(library: Library) -> Library:
    """One kind with two good and two bad examples, told apart by their letters."""
    examples = tuple(
        Example(f"{label}-{i}", "reply", label, text, notes=notes)
        for label, pairs in (
            ("good", (("aaab aab", "zebra zoo"), ("aabb abab", "quiz jazz"))),
            ("bad", (("cccd ccd", ""), ("ccdd cdcd", ""))),
        )
        for i, (text, notes) in enumerate(pairs)
    )
    return Library(library.principles, (dataclasses.replace(library.kind("reply"), examples=examples),))


def test_closer_to_the_good_ones_scores_higher(small: Library) -> None:
    good, even, bad = Closeness(small, ScriptedEmbedder(), ALONE).measure(["aab", "aabccd", "ccd"], "reply")
    assert 1 >= good > even > bad >= 0


def test_nearest_of_each_label_and_its_similarity(small: Library) -> None:
    closeness = Closeness(small, ScriptedEmbedder(), ALONE)
    found = closeness.nearest("aaab aab", "reply", "good")
    assert found is not None
    assert found.example.id == "good-0"
    assert found.similarity == pytest.approx(1.0)
    other = closeness.nearest("ccdd cdcd", "reply", "bad")
    assert other is not None
    assert other.example.id == "bad-1"


def test_kind_without_examples_has_no_nearest_and_an_even_score(small: Library) -> None:
    empty = Library(small.principles, (dataclasses.replace(small.kinds[0], examples=()),))
    closeness = Closeness(empty, ScriptedEmbedder(), ALONE)
    assert closeness.nearest("aab", "reply", "good") is None
    assert closeness.measure(["aab"], "reply") == [0.5]
    assert closeness.choose("aab", "reply", 2) == ()


def test_examples_are_chosen_by_what_notes_and_text_are_about(small: Library) -> None:
    closeness = Closeness(small, ScriptedEmbedder(), ALONE)
    assert [e.id for e in closeness.choose("jazz quiz", "reply", 1)] == ["good-1"]
    assert [e.id for e in closeness.choose("zoo zebra", "reply", 5)] == ["good-0", "good-1"]
    assert {e.label for e in closeness.choose("zoo", "reply", 2, "bad")} == {"bad"}


def test_no_texts_no_scores(small: Library) -> None:
    assert Closeness(small, ScriptedEmbedder(), ALONE).measure([], "reply") == []


def test_unknown_kind_is_a_bug_of_the_caller(small: Library) -> None:
    with pytest.raises(KeyError):
        Closeness(small, ScriptedEmbedder(), ALONE).measure(["x"], "sonnet")


def test_vectors_of_examples_are_kept_privately_and_read_again(small: Library) -> None:
    first = Closeness(small, Counting(), ALONE).measure(["aab"], "reply")
    (kept,) = paths.user_cache().glob("examples-*.f32")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    again = Counting()
    assert Closeness(small, again, ALONE).measure(["aab"], "reply") == pytest.approx(first)
    assert again.seen == ["aab"]


def test_users_text_is_never_kept(small: Library) -> None:
    Closeness(small, Counting(), ALONE).measure(["secret plans for Oslo"], "reply")
    assert all(b"secret" not in p.read_bytes() for p in paths.user_cache().rglob("*") if p.is_file())
    assert sum(p.stat().st_size for p in paths.user_cache().glob("*.f32")) == 32 + 8 * 26 * 4


@pytest.mark.parametrize("cut", [0, 10, 32, 500])
def test_damaged_vectors_are_made_again(small: Library, cut: int) -> None:
    first = Closeness(small, Counting(), ALONE).measure(["aab"], "reply")
    (kept,) = paths.user_cache().glob("examples-*.f32")
    whole = kept.read_bytes()
    kept.write_bytes(whole[:cut] + b"\0\1\2\3")
    again = Counting()
    assert Closeness(small, again, ALONE).measure(["aab"], "reply") == pytest.approx(first)
    assert len(again.seen) == 9
    assert kept.read_bytes() == whole


def test_other_model_or_other_examples_use_other_vectors(small: Library) -> None:
    Closeness(small, Counting(), ALONE).measure(["aab"], "reply")
    other = Counting("b" * 64)
    Closeness(small, other, ALONE).measure(["aab"], "reply")
    assert len(other.seen) == 9
    assert len(list(paths.user_cache().glob("examples-*.f32"))) == 1


def test_cache_that_cannot_be_used_is_no_error(small: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Path:
        raise PermissionError("read-only")

    monkeypatch.setattr(paths, "user_cache", refuse)
    assert Closeness(small, Counting(), ALONE).measure(["aab"], "reply")


def test_weights_count_only_for_the_embedder_they_were_made_for(small: Library) -> None:
    made = dataclasses.replace(ALONE, embedder="a" * 64, weights=(100.0, *[0.0] * 25), biases={"reply": -1.0})
    assert Closeness(small, Counting(), made).measure(["aab"], "reply")[0] > 0.99
    assert Closeness(small, ScriptedEmbedder(), made).measure(["c"], "reply")[0] < 0.5
    assert Closeness(small, Counting(), made).measure(["c"], "reply")[0] == pytest.approx(0.269, abs=0.001)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Hi Ngozi,\n\nI'm with Volta Rail.", "Hi Name,\n\nI'm with Name."),
        ("Dear Ms. Okafor, thanks.", "Dear Name, thanks."),
        ("I saw 12 beds, and €4,500 for three.", "I saw some beds, and some for some."),
        ("Write to ana.b@mail.pt or see https://x.org/a?b=1.", "Write to link or see link."),
        ("My boss Ben and I've met Ida Berg.", "My boss Name and I've met Name."),
        ("Thanks.\n\nBest,\nTariq Aziz", "Thanks.\n\nBest,\nName"),
        ("hey, can we talk", "hey Name, can we talk"),
        ("hi hana can you help me out", "hi hana can you help me out"),
        ("Hello\nI saw it.", "Hello Name,\nI saw it."),
        ("", ""),
    ],
)
def test_mask(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_same_manner_about_another_person_is_the_same_text() -> None:
    one = "Hi Lena,\n\nI read your talk on kilns. I fired 40 pieces with Otto Holm.\n\nMia"
    other = "Hi Sven,\n\nI read your talk on kilns. I fired 7 pieces with Ruth.\n\nJan"
    assert mask(one) == mask(other)


@pytest.mark.parametrize("content", [None, "", "{}", "[]", '{"head": {}}'])
def test_calibration_that_cannot_be_read_is_a_data_error(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "closeness.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(DataError) as caught:
        Calibration.load(path)
    assert caught.value.hint


def test_shipped_calibration_beats_length_and_is_calibrated() -> None:
    data = json.loads((paths.MODELS / "closeness.json").read_text("utf-8"))
    measured = data["validation"]
    score, length = measured["score"], measured["length alone"]
    assert score["one sentence differs"] > max(0.85, length["one sentence differs"])
    assert score["same topic, length shuffled"] > max(0.95, length["same topic, length shuffled"])
    assert score["calibration error"] < 0.08
    assert len(data["head"]["weights"]) == 384


def test_one_bad_sentence_and_the_findings_pull_a_fitted_score_down(library: Library) -> None:
    made = dataclasses.replace(ALONE, embedder="a" * 64, weights=(0.0,) * 26, sentence=(1.0, *[0.0] * 25), worst=-2.0)
    closeness = Closeness(library, Counting(), made)
    calm, bad = closeness.measure(["zzz zz zz zz. bbb bb bb bb.", "aaa aa aa aa. bbb bb bb bb."], "reply")
    assert calm == pytest.approx(0.5, abs=1e-4)
    assert bad < 0.3
    faulty = Closeness(library, Counting(), dataclasses.replace(made, worst=0.0, faults=-5.0))
    clean, arguing = faulty.measure(
        ["Thank you for telling me.", "Please reconsider, you are making a mistake."], "reply"
    )
    assert clean > arguing


@pytest.mark.model
def test_real_closeness_prefers_what_can_be_answered(library: Library, real_embedder: MiniLM) -> None:
    closeness = Closeness(library, real_embedder)
    asks = (
        "Hi Sam,\n\nYou wired the solar farm at Ridley. I'm an electrician in my second year, and our site gets its "
        "first inverters in June. Could I call you for 15 minutes about how you planned the cable runs? If this is a "
        "bad month, no problem.\n\nTia"
    )
    vague = (
        "Hi Sam! I came across your amazing profile and I'm so inspired by everything you do. I'd love to pick your "
        "brain sometime and hear any advice you might have for someone like me. Let me know!\n\nTia"
    )
    good, bad = closeness.measure([asks, vague], "informational")
    assert good > 0.6
    assert bad < 0.3
    assert closeness.choose("electrician, solar inverters", "informational", 2)
