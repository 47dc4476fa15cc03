"""A Q4_1 model as Q4_0 and a low-rank part: the same weights, in a form for which llama.cpp has faster kernels.

In each block of 32 weights, Q4_1 holds d·q + m and Q4_0 holds d·(q − 8), q from 0 to 15. So a Q4_1 matrix is the Q4_0
matrix with the same d and q, plus m + 8d all over each block. Times a vector, that second part is the sum of the vector
over each block, times m + 8d: a product of two thin matrices, which is what llama.cpp adds for a LoRA adapter. A real
adapter goes into the same one. Its rank is filled up to a multiple of 16, for which there is a fast kernel too.

The output layer, a third of the work, is the embedding as Q8_0. It is written once more, as Q4_0, to find the likeliest
tokens with; their logits are then computed from the Q8_0 (decoding_logits.py).
"""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError
from assistant.gguf import Header, Tensor, read_header

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

F32, F16, Q4_0, Q4_1, Q8_0 = 0, 1, 2, 3, 8
_BLOCK = 32
_RANKS = 16
_ALIGN = 32
# The matrices to which llama.cpp applies an adapter in models of the llama family.
_MATRIX = re.compile(r"blk\.\d+\.(?:attn_(?:q|k|v|output)|ffn_(?:gate|up|down))\.weight")
_EMBEDDING, _OUTPUT = "token_embd.weight", "output.weight"
_STRING, _FLOAT32 = 8, 6


def recodes(header: Header) -> bool:
    """Whether a model holds matrices that become faster."""
    return header.metadata.get("general.architecture") == "llama" and any(_turns(t) for t in header.tensors)


def recode_model(source: Path, target: Path) -> None:
    """Writes `source` with its Q4_1 matrices as Q4_0; without the adapter of `recode_adapter` it is another model.

    Raises ModelError for a damaged source, OSError where the target cannot be written.
    """
    import numpy as np

    header = read_header(source)
    whole = np.memmap(source, np.uint8, "r")
    head = bytearray(whole[: header.tensors[-1].entry + 12].tobytes())
    at = 0
    starts = []
    for tensor in header.tensors:
        starts.append(at)
        kind, size = (Q4_0, tensor.size // 20 * 18) if _turns(tensor) else (tensor.type, tensor.size)
        struct.pack_into("<IQ", head, tensor.entry, kind, at)
        at += -(-size // _ALIGN) * _ALIGN
    embedding = _doubled(header)
    if embedding:
        struct.pack_into("<Q", head, 8, len(header.tensors) + 1)
        head += _text(_OUTPUT) + struct.pack("<IQQIQ", 2, *embedding.shape, Q4_0, at)
    head += b"\0" * (-len(head) % _ALIGN)
    with target.open("wb") as file:
        file.write(head)
        for tensor, start in zip(header.tensors, starts, strict=True):
            file.write(b"\0" * (len(head) + start - file.tell()))
            data = _data(whole, header, tensor)
            if _turns(tensor):
                blocks = data.reshape(-1, 20)
                data = np.concatenate([blocks[:, :2], blocks[:, 4:]], axis=1)
            file.write(data.tobytes())
        file.write(b"\0" * (len(head) + at - file.tell()))
        if embedding:
            file.write(_coarse(_data(whole, header, embedding)).tobytes())
            file.write(b"\0" * (-file.tell() % _ALIGN))


def exact_output(path: Path) -> tuple[int, tuple[int, int]] | None:
    """Where a recoded model's output layer stands as it was published, in Q8_0, and its rows and bytes a row.

    None where the model has no other one.
    """
    header = read_header(path)
    named = {tensor.name: tensor for tensor in header.tensors}
    if _OUTPUT not in named:
        return None
    table = named[_EMBEDDING]
    rows = table.shape[1]
    return header.data + table.start, (rows, table.size // rows)


def _doubled(header: Header) -> Tensor | None:
    """The embedding that is the output layer too and is written as Q4_0 besides, if it is."""
    named = {tensor.name: tensor for tensor in header.tensors}
    embedding = named.get(_EMBEDDING)
    return embedding if embedding and embedding.type == Q8_0 and _OUTPUT not in named else None


def _coarse(data: Array) -> Array:
    """Q8_0 as Q4_0: in each block, the weight that is furthest from zero becomes -8 steps."""
    import numpy as np

    blocks = data.reshape(-1, 34)
    scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    weights = blocks[:, 2:].view(np.int8)
    furthest = np.take_along_axis(weights, np.abs(weights.astype(np.int16)).argmax(axis=1)[:, None], axis=1)
    step = furthest.astype(np.float32) / -8
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.clip(np.floor(np.nan_to_num(weights / step) + 8.5), 0, 15).astype(np.uint8)
    packed = steps[:, :16] | (steps[:, 16:] << 4)
    return np.concatenate([(step * scales).astype(np.float16).view(np.uint8), packed], axis=1)


def recode_adapter(source: Path, adapter: Path | None, target: Path) -> None:
    """Writes the adapter that makes the recoded model `source` again, with `adapter` applied to it.

    Raises ModelError for a damaged source, or an adapter that does not fit it, and OSError.
    """
    import numpy as np

    header = read_header(source)
    whole = np.memmap(source, np.uint8, "r")
    learnt = _adapter(adapter) if adapter else {}
    unknown = learnt.keys() - {t.name for t in header.tensors if _MATRIX.fullmatch(t.name)}
    if unknown:
        raise ModelError(f"The adapter changes {min(unknown)}, which it should not.", "Run without it.", file=adapter)
    parts: dict[str, Array] = {}
    for tensor in header.tensors:
        sides = [_offsets(_data(whole, header, tensor), tensor.shape)] if _turns(tensor) else []
        if tensor.name in learnt:
            sides.append(learnt[tensor.name])
        if not sides:
            continue
        down = np.concatenate([a for a, _ in sides])
        up = np.concatenate([b for _, b in sides], axis=1)
        empty = -len(down) % _RANKS
        parts[f"{tensor.name}.lora_a"] = np.pad(down, ((0, empty), (0, 0))).astype(np.float16)
        parts[f"{tensor.name}.lora_b"] = np.pad(up, ((0, 0), (0, empty))).astype(np.float16)
    _write_adapter(target, parts)


def _turns(tensor: Tensor) -> bool:
    return tensor.type == Q4_1 and _MATRIX.fullmatch(tensor.name) is not None


def _data(whole: Array, header: Header, tensor: Tensor) -> Array:
    start = header.data + tensor.start
    found: Array = whole[start : start + tensor.size]
    if not tensor.size or len(found) < tensor.size:
        raise ModelError("This model file is cut off, or of a form not known here.", "Install its package again.")
    return found


def _offsets(data: Array, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """Which block each input belongs to (blocks, in), and m + 8d of every block (out, blocks)."""
    import numpy as np

    inputs, outputs = shape
    scales = data.reshape(-1, 20)[:, :4].copy().view(np.float16).astype(np.float32)
    offsets = (scales[:, 1] + 8 * scales[:, 0]).reshape(outputs, inputs // _BLOCK)
    return np.repeat(np.eye(inputs // _BLOCK, dtype=np.float32), _BLOCK, axis=1), offsets


def _adapter(path: Path) -> dict[str, tuple[Array, Array]]:
    """Each matrix's lora_a (rank, in) and lora_b (out, rank), the adapter's own scale taken into lora_b."""
    import numpy as np

    header = read_header(path)
    whole = np.memmap(path, np.uint8, "r")
    alpha = float(header.metadata.get("adapter.lora.alpha", 0.0))
    sides: dict[str, Array] = {}
    for tensor in header.tensors:
        if tensor.type not in (F32, F16):
            raise ModelError("The adapter is neither F16 nor F32.", "Write it again as F16.", file=path)
        values = _data(whole, header, tensor).view(np.float32 if tensor.type == F32 else np.float16)
        sides[tensor.name] = values.reshape(tensor.shape[::-1]).astype(np.float32)
    names = sorted({name.rpartition(".lora_")[0] for name in sides})
    found = {}
    for name in names:
        down, up = sides[f"{name}.lora_a"], sides[f"{name}.lora_b"]
        found[name] = (down, up * (alpha / len(down) if alpha else 1.0))
    return found


def _write_adapter(path: Path, parts: dict[str, Array]) -> None:
    """A LoRA adapter as GGUF; an alpha of zero means that nothing is scaled."""
    strings = {"general.type": "adapter", "general.architecture": "llama", "adapter.type": "lora"}
    head = b"GGUF" + struct.pack("<IQQ", 3, len(parts), len(strings) + 1)
    for key, value in strings.items():
        head += _text(key) + struct.pack("<I", _STRING) + _text(value)
    head += _text("adapter.lora.alpha") + struct.pack("<If", _FLOAT32, 0.0)
    at = 0
    for name, values in parts.items():
        head += _text(name) + struct.pack("<IQQIQ", 2, *values.shape[::-1], F16, at)
        at += -(-values.nbytes // _ALIGN) * _ALIGN
    with path.open("wb") as file:
        file.write(head + b"\0" * (-len(head) % _ALIGN))
        for values in parts.values():
            file.write(values.tobytes() + b"\0" * (-values.nbytes % _ALIGN))


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data
