"""The prepared form of a model: the same weights, made once, private, verified, made anew when it is damaged."""

from __future__ import annotations

import ctypes
import stat
from pathlib import Path

import numpy as np
import pytest
import tiny_gguf

from assistant import models, paths, prepared, recode
from assistant.decoding_logits import LIKELIEST, _bound, likeliest
from assistant.errors import ModelError
from assistant.gguf import read_header
from assistant.llama import LlamaEngine, open_fastest
from assistant.models import ModelFile
from assistant.records import Message, Prompt

PROMPT = Prompt((Message("user", "Ask Lea for a coffee at 3."),), "Hi Lea,")


def quiet(_: str) -> None:
    pass


@pytest.fixture
def model(tmp_path: Path) -> ModelFile:
    """The tiny model with its matrices as Q4_1."""
    import llama_cpp

    big = LlamaEngine(_file(tiny_gguf.write(tmp_path / "tiny.gguf")))  # also makes llama.cpp quiet
    big.close()
    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype, params.nthread = 3, 1
    path = tmp_path / "tiny-q4_1.gguf"
    source = str(tmp_path / "tiny.gguf").encode()
    assert llama_cpp.llama_model_quantize(source, str(path).encode(), ctypes.byref(params)) == 0
    return _file(path)


def _file(path: Path, **more: object) -> ModelFile:
    fields = {"licence": "cc0-1.0", "size": path.stat().st_size, "bundled": True, **more}
    return ModelFile("tiny", path, models.sha256_of(path), **fields)


@pytest.fixture
def adapter(model: ModelFile, tmp_path: Path) -> ModelFile:
    chance = np.random.default_rng(3)
    parts = {}
    for name in ("attn_q", "ffn_down"):
        parts[f"blk.0.{name}.weight.lora_a"] = chance.normal(0, 0.3, (4, 32)).astype(np.float16)
        parts[f"blk.0.{name}.weight.lora_b"] = chance.normal(0, 0.3, (32, 4)).astype(np.float16)
    path = tmp_path / "adapter.gguf"
    recode._write_adapter(path, parts)
    return _file(path, role="adapter")


def weights(path: Path) -> dict[str, np.ndarray]:
    """Every quantised matrix of a file as numbers."""
    header, data = read_header(path), np.fromfile(path, np.uint8)
    found = {}
    for tensor in header.tensors:
        if tensor.type not in (recode.Q4_0, recode.Q4_1):
            continue
        blocks = data[header.data + tensor.start :][: tensor.size].reshape(-1, 18 if tensor.type == recode.Q4_0 else 20)
        scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
        least = -8 * scale if tensor.type == recode.Q4_0 else blocks[:, 2:4].copy().view(np.float16).astype(np.float32)
        packed = blocks[:, -16:]
        found[tensor.name] = (np.concatenate([packed & 15, packed >> 4], axis=1) * scale + least).reshape(
            tensor.shape[::-1]
        )
    return found


def test_the_weights_are_the_same(model: ModelFile, adapter: ModelFile, tmp_path: Path) -> None:
    recode.recode_model(model.path, tmp_path / "m.gguf")
    recode.recode_adapter(model.path, adapter.path, tmp_path / "a.gguf")
    parts, own = recode._adapter(tmp_path / "a.gguf"), recode._adapter(adapter.path)
    before, after = weights(model.path), weights(tmp_path / "m.gguf")
    assert len(parts) == 7
    for name, (down, up) in parts.items():
        assert len(down) % 16 == 0
        expected = before[name] + (own[name][1] @ own[name][0] if name in own else 0)
        np.testing.assert_allclose(after[name] + up @ down, expected, atol=2e-3 * np.abs(expected).max())
    assert {t.type for t in read_header(tmp_path / "m.gguf").tensors} >= {recode.Q4_0, recode.F32}


@pytest.mark.parametrize("tuned", [False, True])
def test_the_prepared_model_gives_the_same_likelihoods(model: ModelFile, adapter: ModelFile, tuned: bool) -> None:
    own = adapter if tuned else None
    plain, fast = LlamaEngine(model, adapter=own), open_fastest(model, own)
    expected, found = (logits(engine) for engine in (plain, fast))
    bare = LlamaEngine(model)
    untuned = logits(bare)
    for engine in (plain, fast, bare):
        engine.close()
    assert np.corrcoef(expected, found)[0, 1] > 0.999
    assert (np.abs(expected - found).max() < 0.3 * np.abs(expected - untuned).max()) == tuned


def logits(engine: LlamaEngine) -> np.ndarray:
    """Of every token, at each place of the prompt."""
    cells = engine._room_for(256)
    ids, size = engine.tokens(PROMPT)[:60], engine._tokenizer.size
    cells._decode([(token, i, (0,)) for i, token in enumerate(ids)], logits=True)
    rows = [likeliest(engine._lib, cells.context, row, size, engine._exact, size) for row in range(len(ids))]
    return np.array([found[np.argsort(near)] for near, found in rows]).ravel()


def test_the_likeliest_are_exactly_those_that_a_sort_finds(model: ModelFile) -> None:
    engine = LlamaEngine(model)
    cells, size = engine._room_for(256), engine._tokenizer.size
    cells.decode([(token, i, (0,)) for i, token in enumerate(range(30))])
    for row in range(30):
        whole = np.ctypeslib.as_array(engine._lib.llama_get_logits_ith(cells.context, row), (size,))
        near, found = likeliest(engine._lib, cells.context, row, size, None)
        assert sorted(found) == sorted(np.sort(whole)[-LIKELIEST:])
        assert list(whole[near]) == list(found)
    engine.close()
    chance = np.random.default_rng(5)
    for size in (LIKELIEST, 600, 5000, 49152):
        for logits in (chance.normal(0, 3, size), np.round(chance.normal(0, 1, size)), np.arange(size) * 0.5):
            assert (logits >= _bound(logits, LIKELIEST)).sum() >= LIKELIEST


@pytest.mark.model
def test_the_bundled_model_gives_what_its_published_output_layer_gives(tmp_path: Path) -> None:
    """The prepared model, once with its exact output layer and once without its second, coarse one."""
    made, adapter = prepared.prepare(models.bundled_generator(), models.bundled_adapter(), quiet)
    header, data = read_header(made.path), made.path.read_bytes()
    coarse = header.tensors[-1]
    assert coarse.name == "output.weight" and coarse.start + header.data + coarse.size <= len(data)
    single = bytearray(data)
    single[8:16] = (len(header.tensors) - 1).to_bytes(8, "little")
    start = coarse.entry - 8 * 2 - 4 - len(coarse.name) - 8
    single[start : coarse.entry + 12] = b"\0" * (coarse.entry + 12 - start)
    (tmp_path / "single.gguf").write_bytes(single)
    plain = LlamaEngine(_file(tmp_path / "single.gguf"), adapter=adapter)
    fast = LlamaEngine(made, adapter=adapter)
    assert plain._exact is None and fast._exact is not None
    found = []
    for engine in (plain, fast):
        cells, size = engine._room_for(256), engine._tokenizer.size
        cells.decode([(token, i, (0,)) for i, token in enumerate(engine.tokens(PROMPT))])
        rows = [
            likeliest(engine._lib, cells.context, row, size, engine._exact) for row in range(len(fast.tokens(PROMPT)))
        ]
        found.append([dict(zip(near.tolist(), values.tolist(), strict=True)) for near, values in rows])
        engine.close()
    for expected, row in zip(*found, strict=True):
        best = sorted(expected, key=expected.__getitem__)[-10:]
        assert [row[token] for token in best] == pytest.approx([expected[token] for token in best], abs=1e-4)


def test_it_is_made_once_private_and_named_as_its_source(model: ModelFile, adapter: ModelFile) -> None:
    said: list[str] = []
    first = prepared.fastest(model, adapter, said.append)
    assert prepared.fastest(model, adapter, said.append) == first == prepared.find(model, adapter)
    assert len(said) == 1
    files = sorted(prepared.folder().iterdir())
    assert len(files) == 4
    assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}
    assert stat.S_IMODE(prepared.folder().stat().st_mode) == 0o700
    engine = open_fastest(model, adapter)
    assert (engine.info.sha256, engine.info.adapter) == (model.sha256, "tiny")
    engine.close()
    bare = open_fastest(model, None)
    assert bare.info.adapter is None
    bare.close()


def test_a_damaged_one_is_made_anew(model: ModelFile) -> None:
    made, _ = prepared.prepare(model, None, quiet)
    data = bytearray(made.path.read_bytes())
    data[-1] ^= 1
    made.path.write_bytes(data)
    assert prepared.find(model, None) is None
    again, _ = prepared.fastest(model, None, quiet)
    assert again.sha256 == made.sha256 == models.sha256_of(again.path)


def test_what_an_earlier_adapter_needed_is_removed(model: ModelFile, adapter: ModelFile, tmp_path: Path) -> None:
    prepared.prepare(model, None, quiet)
    prepared.prepare(model, adapter, quiet)
    changed = tmp_path / "changed.gguf"
    recode._write_adapter(changed, {})
    prepared.prepare(model, _file(changed, role="adapter"), quiet)
    assert prepared.find(model, adapter) is None
    assert prepared.find(model, None) is not None
    assert len(list(prepared.folder().iterdir())) == 6


def test_a_cache_that_cannot_be_written_leaves_the_published_form(
    model: ModelFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> Path:
        raise PermissionError("read-only")

    monkeypatch.setattr(paths, "user_cache", refuse)
    assert prepared.fastest(model, None, quiet) == (model, None)


def test_nothing_is_left_of_one_that_failed(model: ModelFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(recode, "recode_adapter", full)
    assert prepared.fastest(model, None, quiet) == (model, None)
    assert len([f for f in prepared.folder().iterdir() if "-none" in f.name]) == 0


def test_other_models_stay_as_they_are(model: ModelFile, tmp_path: Path) -> None:
    plain = _file(tmp_path / "tiny.gguf")
    assert prepared.fastest(plain, None, quiet) == (plain, None)
    with pytest.raises(ModelError, match="nothing makes it faster"):
        prepared.prepare(plain, None, quiet)
    own = ModelFile("mine", model.path, None, "unknown", 0, bundled=False)
    assert prepared.fastest(own, None, quiet) == (own, None)


def test_an_adapter_of_another_model_is_refused(model: ModelFile, tmp_path: Path) -> None:
    path = tmp_path / "other.gguf"
    recode._write_adapter(path, {f"blk.7.attn_q.weight.lora_{s}": np.zeros((16, 16), np.float16) for s in ("a", "b")})
    with pytest.raises(ModelError, match=r"blk\.7"):
        recode.recode_adapter(model.path, path, tmp_path / "out.gguf")
