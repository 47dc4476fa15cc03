from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import models, paths
from assistant.embed import MiniLM, reference
from assistant.encoder import Encoder, can_read
from assistant.errors import ModelError


def test_nothing_is_loaded_before_the_first_text() -> None:
    code = (
        "import sys; from assistant import models; from assistant.embed import MiniLM;"
        "print(MiniLM(models.bundled_embedder()).embed([]), 'torch' in sys.modules, 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]", "False", "False"]


def test_changed_weights_are_refused_before_anything_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(models.bundled_embedder(), folder, ignore=shutil.ignore_patterns("*.safetensors"))
    (folder / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.setattr(models, "bundled_embedder", lambda: folder)
    true = models.installed()[1]
    monkeypatch.setattr(models, "installed", lambda: (_at(true, folder / "model.safetensors"),))
    with pytest.raises(ModelError, match="sha256 differs"):
        MiniLM(folder).embed(["hello"])


def _at(model: models.ModelFile, path: Path) -> models.ModelFile:
    return models.ModelFile(model.id, path, model.sha256, model.licence, 15, bundled=True, role="embedder")


def test_missing_folder_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        _ = MiniLM(tmp_path / "none").sha256
    assert caught.value.hint


@pytest.mark.model
def test_vectors_are_unit_and_near_for_like_meaning(real_embedder: MiniLM) -> None:
    rows = real_embedder.embed(["The nurse starts her shift.", "A night nurse begins work.", "Bread needs yeast."])
    assert [len(row) for row in rows] == [384] * 3
    assert all(sum(x * x for x in row) == pytest.approx(1.0, abs=1e-5) for row in rows)
    like, unlike = (sum(a * b for a, b in zip(rows[0], other, strict=True)) for other in rows[1:])
    assert like > unlike + 0.3


@pytest.mark.model
def test_a_text_has_the_same_vector_alone_and_in_company(real_embedder: MiniLM) -> None:
    (alone,) = real_embedder.embed(["Hi"])
    together = real_embedder.embed(["a much longer text than the other one, " * 9, "Hi"])[1]
    assert sum(a * b for a, b in zip(alone, together, strict=True)) == pytest.approx(1.0, abs=1e-5)


def cosine(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


@pytest.mark.model
def test_the_vectors_are_those_of_sentence_transformers(real_embedder: MiniLM) -> None:
    lines = (paths.MODELS / "corpus" / "validation.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines[::3]]
    texts = [case[part] for case in cases for part in ("draft", "context", "plain")]
    # nothing at all, more than the model sees, other scripts, control signs, white space at the ends
    texts += ["", " ", "word " * 600, "日本語 ünïcode 🙂 naïve", "a\x00b\ufffd\u200dc", "\n\tHi Ann,\r\n"]
    ours, theirs = real_embedder.embed(texts), reference(models.bundled_embedder())(texts)
    assert min(cosine(a, b) for a, b in zip(ours, theirs, strict=True)) >= 0.99999


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("config.json", {"hidden_act": "relu"}),
        ("config.json", {"model_type": "mpnet"}),
        ("1_Pooling/config.json", {"pooling_mode_cls_token": True}),
        ("1_Pooling/config.json", {"pooling_mode_mean_tokens": False}),
    ],
)
def test_a_folder_of_another_build_is_left_to_sentence_transformers(
    tmp_path: Path, file: str, change: dict[str, object]
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(models.bundled_embedder(), folder, ignore=shutil.ignore_patterns("*.safetensors"))
    assert can_read(folder)
    place = folder / file
    place.write_text(json.dumps(json.loads(place.read_text()) | change))
    assert not can_read(folder)


def test_a_cut_off_file_is_a_model_error(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(models.bundled_embedder(), folder, ignore=shutil.ignore_patterns("*.safetensors"))
    with (models.bundled_embedder() / "model.safetensors").open("rb") as whole:
        (folder / "model.safetensors").write_bytes(whole.read(100_000))
    with pytest.raises(ModelError, match="cannot be loaded"):
        Encoder(folder)


@pytest.mark.model
def test_a_hidden_state_a_piece_and_no_text_sees_another(real_embedder: MiniLM) -> None:
    encoder = Encoder(models.bundled_embedder())
    one, two = ([101, 7592, 102], [101, 2023, 2003, 1037, 2936, 3793, 102])
    alone, together = encoder.hidden([one])[0], encoder.hidden([two, one])
    assert [states.shape for states in together] == [(7, 384), (3, 384)]
    assert abs(alone - together[1]).max() < 1e-4


@pytest.mark.model
def test_no_torch_is_imported_and_no_server_asked() -> None:
    code = (
        "import socket, sys\n"
        "def refuse(*_, **__): raise RuntimeError('network')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from assistant import models; from assistant.embed import MiniLM\n"
        "n = len(MiniLM(models.bundled_embedder()).embed(['Hi'])[0])\n"
        "print(n, {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("384 set()\n", "")


@pytest.mark.model
def test_the_reference_prints_nothing_and_asks_no_server() -> None:
    code = (
        "import json, os, socket\n"
        "def refuse(*_, **__): raise RuntimeError('network')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from assistant import models; from assistant.embed import reference\n"
        "n = len(reference(models.bundled_embedder())(['Hi'])[0])\n"
        "print(json.dumps([n, os.environ['HF_HUB_OFFLINE']]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert json.loads(done.stdout) == [384, "1"]
    assert done.stderr == ""
