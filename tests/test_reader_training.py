"""What the reader is taught: labels stand where the words stand, variants stay true, and torch and numpy agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant import models, paths
from assistant.segments import TOKEN, Stretch
from models.reader_labels import label, stretches
from models.reader_widen import Widener

CASES = [json.loads(line) for line in (paths.MODELS / "corpus" / "validation.jsonl").read_text("utf-8").splitlines()][
    :60
]
COMMON = frozenset("the and a of for in job role lead team".split())


def tokens(text: str) -> list[Stretch]:
    return [Stretch(m.start(), m.end()) for m in TOKEN.finditer(text)]


def test_labels_mark_the_words_of_each_slot() -> None:
    case = {
        "context": "Ann Bell, ward lead. role: night nurse",
        "draft": "pls refer me",
        "plain": "",
        "slots": {"recipient": ["Ann Bell"], "target": ["night nurse"], "ask": ["refer me"], "sender": []},
    }
    assert label(case, "N", tokens(case["context"]), ("recipient", "target"))[:3] == ["B-recipient", "I-recipient", "O"]
    assert label(case, "N", tokens(case["context"]), ("target",))[-2:] == ["B-target", "I-target"]
    assert label(case, "D", tokens(case["draft"]), ("ask",)) == ["O", "B-ask", "I-ask"]


def test_a_word_inside_another_is_not_its_place() -> None:
    case = {"context": "Annex: Ann", "draft": "", "plain": "", "slots": {"recipient": ["Ann"]}}
    assert stretches(case, "recipient") == [("N", 7, 10)]


def test_variants_hold_every_slots_words_and_name_their_case() -> None:
    widener = Widener(CASES, COMMON, seed=3)
    changed = removed = 0
    for case in CASES:
        variant = widener.variant(case)
        assert variant["id"].split("/")[0] == case["id"]
        assert all(v in variant["context"] or v in variant["draft"] for vs in variant["slots"].values() for v in vs)
        changed += variant["context"] != case["context"]
        for need in set(variant["missing"]) - set(case["missing"]):
            removed += 1
            slots = {"role": ["target"], "why_them": ["why_them", "history"]}.get(need, [need])
            assert not any(variant["slots"][slot] for slot in slots)
    assert changed > 50 and removed > 3


def test_the_same_seed_gives_the_same_variants() -> None:
    one, other = (Widener(CASES, COMMON, seed=3) for _ in range(2))
    assert [one.variant(c) for c in CASES[:9]] == [other.variant(c) for c in CASES[:9]]


@pytest.mark.model
def test_torch_and_numpy_compute_the_same(tmp_path: Path) -> None:
    import numpy as np
    import torch

    from assistant.embed import encoder
    from assistant.reader_head import load_head
    from assistant.reader_tuned import TunedReader, part
    from models.reader_tagger import Network, collated, item, save

    torch.manual_seed(1)
    folder = models.bundled_embedder()
    whole = encoder(folder)
    items = [item(case, load_head(), whole) for case in CASES[:3]]
    network = Network(folder, items[0].features.shape[1]).eval()
    learnt: dict[str, Any] = {name: p for name, p in network.named_parameters() if p.requires_grad}
    for p in learnt.values():
        p.data += 0.02 * torch.randn_like(p)
    save(learnt, np.zeros((11, 4)), tmp_path / "reader.safetensors")
    with torch.no_grad():
        theirs = torch.log_softmax(network(collated(items)), -1).numpy()
    reader = TunedReader(whole, tmp_path / "reader.safetensors")
    for row, (case, one) in enumerate(zip(CASES, items, strict=False)):
        from assistant.reader_features import known_names
        from assistant.reading_kind import likely_kind

        names, kind = known_names(case["draft"]), likely_kind(case["draft"], case["context"])
        parts = [part(case[key], draft=key == "draft", names=names, kind=kind) for key in ("draft", "context")]
        ours = reader.scores(parts)
        assert np.abs(np.exp(ours) - np.exp(theirs[row, : len(one.first)])).max() < 0.01


@pytest.mark.model
def test_training_goes_on_from_what_was_saved(tmp_path: Path) -> None:
    import numpy as np
    import torch

    from models.reader_tagger import Network, load, save

    def network(seed: int) -> dict[str, Any]:
        torch.manual_seed(seed)
        made = Network(models.bundled_embedder(), 20)
        return {name: p for name, p in made.named_parameters() if p.requires_grad}

    one, other = network(1), network(2)
    assert not all(torch.allclose(one[name], other[name], atol=1e-3) for name in one)
    save(one, np.zeros((11, 4)), tmp_path / "reader.safetensors")
    load(other, tmp_path / "reader.safetensors")
    assert all(torch.allclose(one[name], other[name], atol=1e-3) for name in one)
