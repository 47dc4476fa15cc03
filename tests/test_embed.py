from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import models
from assistant.embed import MiniLM
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


@pytest.mark.model
def test_loading_prints_nothing_and_asks_no_server() -> None:
    code = (
        "import json, os, socket\n"
        "def refuse(*_, **__): raise RuntimeError('network')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from assistant import models; from assistant.embed import MiniLM\n"
        "n = len(MiniLM(models.bundled_embedder()).embed(['Hi'])[0])\n"
        "print(json.dumps([n, os.environ['HF_HUB_OFFLINE']]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert json.loads(done.stdout) == [384, "1"]
    assert done.stderr == ""
