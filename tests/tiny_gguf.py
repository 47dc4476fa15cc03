"""A GGUF file of a few kilobytes: a chat model with random weights, small enough to be made anew in every test."""

from __future__ import annotations

import random
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CHATML = (
    "{% for m in messages %}{{'<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
WIDTH, FEED, HEADS = 32, 32, 2
_UINT32, _INT32, _FLOAT32, _BOOL, _STRING, _ARRAY = 4, 5, 6, 7, 8, 9


def _byte_letters() -> list[str]:
    """The 256 letters that GPT-2's tokenizer writes bytes with."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    letters = {byte: chr(byte) for byte in shown} | {byte: chr(256 + i) for i, byte in enumerate(hidden)}
    return [letters[byte] for byte in range(256)]


TOKENS = (*SPECIAL, *_byte_letters())


def metadata(template: str | None = CHATML, context: int = 512) -> dict[str, Any]:
    pairs: dict[str, Any] = {
        "general.architecture": "llama",
        "general.type": "model",
        "general.license": "cc0-1.0",
        "llama.context_length": context,
        "llama.embedding_length": WIDTH,
        "llama.block_count": 1,
        "llama.feed_forward_length": FEED,
        "llama.attention.head_count": HEADS,
        "llama.rope.dimension_count": WIDTH // HEADS,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "gpt-2",
        "tokenizer.ggml.tokens": list(TOKENS),
        "tokenizer.ggml.token_type": [3] * len(SPECIAL) + [1] * 256,
        "tokenizer.ggml.merges": ["t h"],
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.add_bos_token": False,
    }
    if template is not None:
        pairs["tokenizer.chat_template"] = template
    return pairs


def tensors() -> dict[str, tuple[int, ...]]:
    block = "blk.0."
    return {
        "token_embd.weight": (WIDTH, len(TOKENS)),
        "output_norm.weight": (WIDTH,),
        block + "attn_norm.weight": (WIDTH,),
        **{f"{block}attn_{part}.weight": (WIDTH, WIDTH) for part in ("q", "k", "v", "output")},
        block + "ffn_norm.weight": (WIDTH,),
        block + "ffn_gate.weight": (WIDTH, FEED),
        block + "ffn_up.weight": (WIDTH, FEED),
        block + "ffn_down.weight": (FEED, WIDTH),
    }


def write(
    path: Path, pairs: Mapping[str, Any] | None = None, shapes: Mapping[str, tuple[int, ...]] | None = None
) -> Path:
    """Writes the file; the same weights every time."""
    pairs = metadata() if pairs is None else pairs
    shapes = tensors() if shapes is None else shapes
    head = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), len(pairs))
    head += b"".join(_text(key) + _value(value) for key, value in pairs.items())
    data = b""
    chance = random.Random(7)
    for name, shape in shapes.items():
        size = 1
        for edge in shape:
            size *= edge
        head += _text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, len(data))
        values = [1.0] * size if "norm" in name else [chance.gauss(0, 0.4) for _ in range(size)]
        data += struct.pack(f"<{size}f", *values)
        data += b"\0" * (-len(data) % 32)
    path.write_bytes(head + b"\0" * (-len(head) % 32) + data)
    return path


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _value(value: Any) -> bytes:
    if isinstance(value, list):
        code = _STRING if isinstance(value[0], str) else _INT32
        return struct.pack("<IIQ", _ARRAY, code, len(value)) + b"".join(_plain(item, code) for item in value)
    kinds = ((bool, _BOOL), (str, _STRING), (int, _UINT32), (float, _FLOAT32))
    code = next(code for kind, code in kinds if isinstance(value, kind))
    return struct.pack("<I", code) + _plain(value, code)


def _plain(value: Any, code: int) -> bytes:
    if code == _STRING:
        return _text(value)
    return struct.pack("<" + {_BOOL: "?", _UINT32: "I", _INT32: "i", _FLOAT32: "f"}[code], value)
