"""The figures of the tuned writer, on results made up for the purpose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from eval import writing


def _sample(message: str, *accepted: bool, source: str = "model", kind: str = "referral") -> dict[str, Any]:
    candidates = [{"source": "draft", "accepted": False}, *({"source": "model", "accepted": a} for a in accepted)]
    return {"arm": "full", "kind": kind, "message": message, "source": source, "candidates": candidates}


def test_shares_count_first_samples_and_any_sample_apart() -> None:
    samples = [_sample("a", True), _sample("b", False, True), _sample("c", False, False, source="safe-edit")]
    found = writing.figures(samples, set())
    assert found["first sample accepted"].mean == 1 / 3
    assert found["a sample accepted"].mean == 2 / 3
    assert found["returned a safe edit"].mean == 1 / 3


def test_a_sentence_of_the_training_data_is_seen_and_a_phrase_is_not() -> None:
    message = "Hi Ada,\n\nYou taught the evening class that I took in spring. Would you refer me?\n\nKofi"
    known = {"You taught the evening class that I took in spring."}
    assert writing.figures([_sample(message, True)], known)["sentences as in training"].mean == 1.0
    assert writing.figures([_sample(message, True)], {"Would you refer me?"})["sentences as in training"].mean == 0.0


def test_openings_are_counted_after_the_greeting() -> None:
    samples = [_sample("Hi Ada,\n\nYou taught the class."), _sample("Dear Dr. Lund,\n\nyou taught THE class too.")]
    assert writing.openings(samples) == {"referral": (2, 2)}
    samples = [_sample("Hi Ada,\n\nYou taught the class."), _sample("Hello Bo,\n\nYou taught the class there.")]
    assert writing.opening(samples[0]["message"]) == "you taught the class."
    assert writing.openings([samples[0], samples[0]]) == {"referral": (1, 2)}


def test_sentences_learned_from_are_read_from_every_training_file(tmp_path: Path) -> None:
    (tmp_path / "written").mkdir()
    (tmp_path / "told").mkdir()
    for name, case in (
        ("train.jsonl", {"plain": "One two three four five six seven."}),
        ("written/a.jsonl", {"plain": "No. A b c d e f g."}),
        ("marked.jsonl", {"tell": [["proof", "h", "H i j k l m n."], ["about", "o", "-"]]}),
        ("told/b.jsonl", {"plain": "", "tell": [["ask", "p", "P q r s t u v?"]]}),
    ):
        (tmp_path / name).write_text(json.dumps(case) + "\n", "utf-8")
    wanted = {"One two three four five six seven.", "A b c d e f g.", "H i j k l m n.", "P q r s t u v?"}
    assert writing.trained_sentences(tmp_path) == wanted
