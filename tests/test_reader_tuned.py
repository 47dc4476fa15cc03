"""The tuned reader: how excerpts follow from scores, and what it reads on notes written for this test."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path

import pytest

from assistant import models, paths
from assistant.embed import encoder
from assistant.reader_head import Tagger, Weights
from assistant.reader_tuned import WINDOW, TunedReader, best, chances, part, pieces
from assistant.reading import read_brief
from assistant.records import SLOTS, Document
from eval.slots import over_all, score_slots

CASES = [
    json.loads(line) for line in (Path(__file__).parent / "data" / "reading.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture(scope="module")
def tuned() -> TunedReader:
    return TunedReader(encoder(models.bundled_embedder()))


# --- from scores to excerpts ------------------------------------------------------------------------------------


def scores(*slots: str) -> object:
    """Scores that speak for these labels, a string of O, B and I a slot, by two against each other label."""
    import numpy as np

    rows = [[[2.0 * (label == x) for x in "OBI"] for label in slot] for slot in slots]
    return np.array(rows).swapaxes(0, 1)


def lean(count: int, *numbers: float) -> object:
    import numpy as np

    return np.array([numbers or (0.0, 0.0, 0.0, 0.0)] * count)


def free(words: int) -> list[tuple[bool, bool]]:
    return [(True, True)] * words


def test_excerpts_follow_from_labels_and_slots_may_overlap() -> None:
    found = best(scores("OBIIO", "BIBII"), free(5), lean(2))
    assert found == [(0, 1, 4), (1, 0, 2), (1, 2, 5)]


def test_no_excerpt_begins_with_a_word_that_goes_on() -> None:
    assert best(scores("IIOII"), free(5), lean(1)) in ([], [(0, 0, 2), (0, 3, 5)])
    assert best(scores("O"), free(1), lean(1)) == []
    assert best(scores("")[:0], [], lean(1)) == []  # type: ignore[index]


def test_an_excerpt_keeps_to_its_segment_where_leaving_it_gains_little() -> None:
    edges = [(True, False), (False, False), (False, True), (True, False), (False, True)]
    weak = scores("OBIOO")
    weak[0] *= 0.5  # type: ignore[index]
    assert best(weak, edges, lean(1)) == [(0, 1, 3)]
    assert best(weak, edges, lean(1, 0.0, 5.0, 5.0, 0.0)) == [(0, 0, 3)]


def test_a_gain_a_word_lets_it_speak_more_readily() -> None:
    shy = scores("OOO") * 0.5  # type: ignore[operator]
    assert best(shy, free(3), lean(1)) == []
    assert best(shy, free(3), lean(1, 1.5, 0.0, 0.0, 0.0)) != []


def test_chances_are_those_of_all_label_sequences() -> None:
    never = -1e9
    tagger = Tagger(
        ("O", "B-x", "I-x"),
        Weights({"a": (0, 0.3, 1, 0.9), "b": (2, 1.1, 0, -0.2)}),
        ((0.2, 0.1, never), (0.4, -0.3, 0.5), (0.0, 0.2, 0.6)),
    )
    rows = [["a"], ["b"], ["a", "b"]]
    emitted = [tagger.scores(row) for row in rows]
    weight = {}
    for path in itertools.product(range(3), repeat=3):
        moves = sum(tagger.transitions[a][b] for a, b in itertools.pairwise(path))
        allowed = path[0] != 2
        weight[path] = math.exp(sum(emitted[i][label] for i, label in enumerate(path)) + moves) if allowed else 0.0
    total = sum(weight.values())
    for at, label in itertools.product(range(3), range(3)):
        true = sum(w for path, w in weight.items() if path[at] == label) / total
        assert chances(tagger, emitted)[at, label] == pytest.approx(true, abs=1e-6)
    assert chances(tagger, []).shape == (0, 3)


# --- with the model ---------------------------------------------------------------------------------------------


@pytest.mark.model
def test_every_word_knows_its_piece() -> None:
    whole = encoder(models.bundled_embedder())
    parts = [
        part(text, draft=d, names={}, kind="pitch")
        for text, d in (("Hi Zsófia,", True), ("", False), ("a 🙂 b", False))
    ]
    made = pieces(whole, parts)
    words = [p.text[w.start : w.end] for p in parts for w in p.words]
    tokens = [whole.tokenizer.id_to_token(i) for i in made.ids]
    assert tokens[0] == "[CLS]" and tokens.count("[SEP]") == 2 and tokens[-1] == "[SEP]"
    assert [tokens[first].strip("#") for first in made.first][:3] == ["hi", "z", ","]
    assert len(made.first) == len(words) and len(made.owner) == len(made.ids)
    assert {o for o in made.owner if o >= 0} <= set(range(len(words)))


@pytest.mark.model
@pytest.mark.parametrize(
    ("draft", "notes"),
    [
        ("", ["me: Kofi"]),
        ("Hi Ann, I'm Kofi. Could you refer me for the night nurse job?", []),
        ("\u202e🙂\x0b\ufeff", ["\n\n- \n*\n", "名前: 王芳"]),
        ("Hi", ["to: Ann Bell", "me: Kofi", "role: nurse"]),
    ],
)
def test_every_excerpt_stands_where_it_says(tuned: TunedReader, draft: str, notes: list[str]) -> None:
    documents = [Document(f"n{number}", text) for number, text in enumerate(notes)]
    brief = read_brief(Document("draft", draft), documents, tuned)
    texts = {"draft": draft} | {d.name: d.text for d in documents}
    for excerpt in (e for slot in SLOTS for e in brief.get(slot)):
        assert texts[excerpt.source][excerpt.start : excerpt.end] == excerpt.text


@pytest.mark.model
def test_a_text_longer_than_what_is_seen_at_once_is_read_to_its_end(tuned: TunedReader) -> None:
    filler = "The weather was fine and the trams were late again that day.\n" * (WINDOW // 8)
    notes = filler + "To: Brigid O'Shea, head of the archive\nRole: night archivist, Galway\nme: Kofi Mensah"
    brief = read_brief(Document("draft", "hi, can you refer me?"), [Document("notes", notes)], tuned)
    assert [e.text for e in brief.recipient] == ["Brigid O'Shea"]
    assert [e.text for e in brief.sender] == ["Kofi Mensah"]
    assert any("night archivist" in e.text for e in brief.target)


@pytest.mark.model
def test_it_reads_better_than_the_patterns_on_notes_written_for_this_test(tuned: TunedReader) -> None:
    briefs = {
        reader: [read_brief(Document("draft", c["draft"]), [Document("notes", c["context"])], reader) for c in CASES]
        for reader in (tuned, None)
    }
    figures = {reader: over_all(score_slots(CASES, found), "soft") for reader, found in briefs.items()}
    assert figures[tuned] > max(figures[None], 0.75)


def test_the_numbers_are_small_enough_to_be_kept_here() -> None:
    assert (paths.MODELS / "reader.safetensors").stat().st_size <= 10 * 2**20
