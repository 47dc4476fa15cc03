"""Write a trained adapter as a GGUF that llama.cpp applies to the bundled model, with its hash beside it.

    python -m models.export_writer out/writer/best.pt [models/writer.gguf]

Needs the `train` extra. llama.cpp stores the rows of q and k in another order than transformers does (the two halves
of each head interleaved), so the rows of their lora_b move too; without that nothing fails, the output is only worse,
which is why a test compares both.
"""

from __future__ import annotations

import hashlib
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch

from models.cases import CORPUS

HEADS = {"q_proj": 9, "k_proj": 3}
NAMES = {
    "q_proj": "attn_q",
    "k_proj": "attn_k",
    "v_proj": "attn_v",
    "o_proj": "attn_output",
    "gate_proj": "ffn_gate",
    "up_proj": "ffn_up",
    "down_proj": "ffn_down",
}
KEY = re.compile(r"layers\.(\d+)\.\w+\.(\w+)\.lora_([AB])\.weight$")


def interleave(rows: np.ndarray[Any, Any], heads: int) -> np.ndarray[Any, Any]:
    """Rows (out, r) of a q or k matrix, from transformers' order to llama.cpp's."""
    out, rank = rows.shape
    return rows.reshape(heads, 2, out // heads // 2, rank).swapaxes(1, 2).reshape(out, rank)


def export(weights: dict[str, torch.Tensor], alpha: float, path: Path) -> str:
    """Writes the adapter as F16, and its sha256 beside it in the form of `sha256sum`; returns the hash."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)  # an integer here aborts the process that loads it
    for name, tensor in sorted(weights.items()):
        match = KEY.search(name)
        if match is None:
            raise ValueError(f"not a LoRA weight of a linear layer: {name}")
        layer, module, side = match.groups()
        rows = tensor.float().numpy()
        if side == "B" and module in HEADS:
            rows = interleave(rows, HEADS[module])
        writer.add_tensor(f"blk.{layer}.{NAMES[module]}.weight.lora_{side.lower()}", rows.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".gguf.sha256").write_text(f"{digest}  {path.name}\n", encoding="ascii")
    return digest


if __name__ == "__main__":
    settings = tomllib.loads((CORPUS.parent / "train_writer.toml").read_text("utf-8"))
    target = Path(sys.argv[2]) if len(sys.argv) > 2 else CORPUS.parent / "writer.gguf"
    print(export(torch.load(sys.argv[1], weights_only=True), float(settings["alpha"]), target))
