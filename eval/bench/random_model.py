"""A model of 1.5 billion random weights as Q4_0, for what depends on size alone: noise at a real model's pace.

Tokenizer and header are the bundled model's, with other sizes in it.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from assistant.gguf import read_header
from assistant.models import bundled_generator
from assistant.recode import F32, Q4_0

LAYERS, WIDTH, FEED, HEADS, VOCABULARY = 21, 2048, 8192, 32, 49152
_SIZES = {
    "llama.block_count": LAYERS,
    "llama.embedding_length": WIDTH,
    "llama.feed_forward_length": FEED,
    "llama.attention.head_count": HEADS,
    "llama.attention.head_count_kv": HEADS,
    "llama.rope.dimension_count": WIDTH // HEADS,
}
_SCALE = 0.005  # of a block: weights of about the size that keeps activations alike from layer to layer


def write(path: Path) -> None:
    """Takes 0.85 GB and some seconds."""
    pairs = _pairs()
    table, at = b"", 0
    for name, shape in _shapes().items():
        kind = F32 if len(shape) == 1 else Q4_0
        text = name.encode()
        table += struct.pack("<Q", len(text)) + text
        table += struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, at)
        at += -(-_bytes(shape) // 32) * 32
    head = b"GGUF" + struct.pack("<IQQ", 3, len(_shapes()), pairs[0]) + pairs[1] + table
    chance = np.random.default_rng(1)
    with path.open("wb") as file:
        file.write(head + b"\0" * (-len(head) % 32))
        for shape in _shapes().values():
            file.write(_values(shape, chance))
            file.write(b"\0" * (-file.tell() % 32))


def _pairs() -> tuple[int, bytes]:
    """How many key-value pairs the bundled model has, and their bytes with the sizes changed."""
    source = bundled_generator().path
    header = read_header(source)
    first = header.tensors[0]
    start = first.entry - 8 * len(first.shape) - 4 - len(first.name.encode()) - 8
    whole = source.read_bytes()[: header.data]
    pairs = bytearray(whole[24:start])
    for key, size in _SIZES.items():
        text = key.encode()
        at = pairs.index(struct.pack("<Q", len(text)) + text) + 8 + len(text)
        struct.pack_into("<II", pairs, at, 4, size)
    return struct.unpack_from("<Q", whole, 16)[0], bytes(pairs)


def _shapes() -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {"token_embd.weight": (WIDTH, VOCABULARY), "output_norm.weight": (WIDTH,)}
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        shapes |= {f"{block}attn_norm.weight": (WIDTH,), f"{block}ffn_norm.weight": (WIDTH,)}
        shapes |= {f"{block}attn_{part}.weight": (WIDTH, WIDTH) for part in ("q", "k", "v", "output")}
        shapes |= {f"{block}ffn_{part}.weight": (WIDTH, FEED) for part in ("gate", "up")}
        shapes[f"{block}ffn_down.weight"] = (FEED, WIDTH)
    return shapes


def _bytes(shape: tuple[int, ...]) -> int:
    return shape[0] * 4 if len(shape) == 1 else shape[0] * shape[1] // 32 * 18


def _values(shape: tuple[int, ...], chance: np.random.Generator) -> bytes:
    if len(shape) == 1:
        return np.ones(shape, np.float32).tobytes()
    blocks = np.frombuffer(chance.bytes(_bytes(shape)), np.uint8).reshape(-1, 18).copy()
    blocks[:, :2] = np.frombuffer(np.float16(_SCALE).tobytes(), np.uint8)
    return blocks.tobytes()
