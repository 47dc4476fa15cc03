"""The inner part of llama.py, which passes the library in: a context, its cells, and what is sampled from them.

A cell holds what the model keeps of one token. Sequence 0 is the prompt; candidates share its cells and add their own.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.engine import Guard, last_sentence_end
from assistant.errors import ModelError

WIDTH = 8  # candidates written side by side
CHUNK = 64  # prompt tokens a decode: larger ones are no faster on a CPU, and smaller ones answer Ctrl-C sooner
_PROMPT, _PADDING = 0, WIDTH + 1
RESERVED = 4  # candidates that there is room for at once, though fewer are asked for
REJECTIONS = 12  # tokens that a guard may refuse at one place, before the text goes on and the gate judges it
_GRAIN = 256  # llama.cpp rounds the number of cells up to this
_FLASH_ATTENTION = 1

Row = tuple[int, int, int]
"""A token to decode: its id, its position, its sequence."""


@dataclass(slots=True)
class Writing:
    """A candidate being written. `token` is the next to be decoded, `finished` None until it has ended.

    `written` begins with the prompt's prefix, and may end in the midst of a letter; `checked` is how much of the text
    a guard has seen in whole sentences.
    """

    sequence: int
    seed: int
    sampler: Any
    position: int
    token: int
    written: bytes = b""
    tokens: list[int] = field(default_factory=list)
    finished: bool | None = None
    checked: int = 0

    @property
    def text(self) -> str:
        return self.written.decode("utf-8", "ignore")

    def hopeless(self, guard: Guard) -> bool:
        """Asks the guard once for each sentence that is whole."""
        text = self.text
        end = last_sentence_end(text, self.checked)
        if end == self.checked:
            return False
        self.checked = end
        return guard.hopeless(text[:end])


class Cells:
    """One context with room for `size` tokens, all sequences together. Not thread-safe: its owner holds the lock."""

    def __init__(self, lib: Any, model: Any, size: int, adapter: Any = None) -> None:
        params = lib.llama_context_default_params()
        self.size = -(-size // _GRAIN) * _GRAIN
        params.n_ctx = self.size
        params.n_batch = params.n_ubatch = CHUNK
        params.n_seq_max = WIDTH + 2
        params.kv_unified = True  # or sharing a part of a sequence aborts the process
        params.flash_attn_type = _FLASH_ATTENTION
        params.no_perf = True
        self._lib = lib
        self.context = lib.llama_init_from_model(model, params)
        if not self.context:
            raise ModelError(
                f"There is not enough memory for a context of {self.size} tokens.",
                "Close other programs, shorten the notes, or choose a smaller model.",
            )
        if adapter is not None:
            pointers = (lib.llama_adapter_lora_p_ctypes * 1)(ctypes.cast(adapter, lib.llama_adapter_lora_p_ctypes))
            lib.llama_set_adapters_lora(self.context, pointers, 1, (ctypes.c_float * 1)(1.0))
        self._memory = lib.llama_get_memory(self.context)
        self._batch = lib.llama_batch_init(CHUNK, 0, 1)
        self._prompt: list[int] = []

    def free(self) -> None:
        self._lib.llama_batch_free(self._batch)
        self._lib.llama_free(self.context)
        self.context = None

    def use_threads(self, threads: int) -> None:
        self._lib.llama_set_n_threads(self.context, threads, threads)

    def forget(self) -> None:
        """Empties every cell, as after an error."""
        self._prompt = []
        if self.context:
            self._lib.llama_memory_clear(self._memory, False)

    def read_prompt(self, tokens: Sequence[int]) -> None:
        """Decodes the prompt into sequence 0, keeping the whole chunks it shares with the prompt before.

        Only whole chunks: a chunk cut elsewhere gives other rounding, and a reply must not depend on earlier ones.
        """
        same = next((i for i, (a, b) in enumerate(zip(self._prompt, tokens, strict=False)) if a != b), None)
        kept = min(len(self._prompt), len(tokens)) if same is None else same
        if not kept == len(self._prompt) == len(tokens):
            kept -= kept % CHUNK
            if not self._lib.llama_memory_seq_rm(self._memory, _PROMPT, kept, -1):
                self.forget()
                kept = 0
        self._prompt = self._prompt[:kept]
        for start in range(kept, len(tokens), CHUNK):
            chunk = tokens[start : start + CHUNK]
            self._decode([(token, start + i, _PROMPT) for i, token in enumerate(chunk)], logits=False)
            self._prompt += chunk

    def holds(self, tokens: Sequence[int]) -> bool:
        """Whether the prompt read last begins with these tokens."""
        return self._prompt[: len(tokens)] == list(tokens)

    def save(self, path: Path) -> bool:
        """Writes what is kept of the prompt to a file."""
        ids = (self._lib.llama_token * len(self._prompt))(*self._prompt)
        name = os.fsencode(path)
        return bool(self._lib.llama_state_seq_save_file(self.context, name, _PROMPT, ids, len(ids)))

    def load(self, path: Path, tokens: Sequence[int]) -> bool:
        """Takes the prompt from a file that `save` wrote for these very tokens; False where it did not."""
        self.forget()
        ids, count = (self._lib.llama_token * len(tokens))(), ctypes.c_size_t()
        name = os.fsencode(path)
        done = self._lib.llama_state_seq_load_file(self.context, name, _PROMPT, ids, len(ids), ctypes.byref(count))
        if not done or list(ids[: count.value]) != list(tokens):
            self.forget()
            return False
        self._prompt = list(tokens)
        return True

    def share_prompt(self, sequence: int) -> None:
        self._lib.llama_memory_seq_cp(self._memory, _PROMPT, sequence, 0, len(self._prompt))

    def release(self, sequence: int) -> None:
        if not self.context:
            return
        self._lib.llama_memory_seq_rm(self._memory, sequence, -1, -1)

    def decode(self, rows: Sequence[Row]) -> None:
        """One step, with logits for every row. A single row gets company: see llama.py on what keeps texts the same."""
        if len(rows) > 1:
            self._decode(rows, logits=True)
            return
        self._decode([*rows, (rows[0][0], 0, _PADDING)], logits=True)
        self.release(_PADDING)

    def _decode(self, rows: Sequence[Row], *, logits: bool) -> None:
        if not self.context:
            raise RuntimeError("this context is closed")
        batch = self._batch
        batch.n_tokens = len(rows)
        for i, (token, position, sequence) in enumerate(rows):
            batch.token[i] = token
            batch.pos[i] = position
            batch.n_seq_id[i] = 1
            batch.seq_id[i][0] = sequence
            batch.logits[i] = logits
        status = self._lib.llama_decode(self.context, batch)
        if status:
            raise ModelError(
                f"The model stopped in the middle of its work (llama_decode returned {status}).",
                "Try again; if it happens again, choose another model: `assistant models` lists them.",
            )


def sampler(lib: Any, seed: int, temperature: float, vocab_size: int) -> Any:
    """A chain of llama.cpp's samplers with a seed of its own; temperature 0 always takes the likeliest token.

    Chosen by reading what the bundled model writes: without a penalty it runs in circles at low temperatures, and with
    1.15 it avoids the names and numbers that a message has to repeat, and invents others.
    """
    chain = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
    lib.llama_sampler_chain_add(chain, lib.llama_sampler_init_penalties(vocab_size, 64, 1.05, 0.0, 0.0))
    if temperature <= 0:
        lib.llama_sampler_chain_add(chain, lib.llama_sampler_init_greedy())
        return chain
    for part in (
        lib.llama_sampler_init_top_k(40),
        lib.llama_sampler_init_top_p(0.9, 1),
        lib.llama_sampler_init_min_p(0.05, 1),
        lib.llama_sampler_init_temp(temperature),
        lib.llama_sampler_init_dist(seed & 0xFFFFFFFF),
    ):
        lib.llama_sampler_chain_add(chain, part)
    return chain


def circles(tokens: Sequence[int]) -> bool:
    """Whether the text has begun to repeat itself: the same run of up to 40 tokens at its end three times over."""
    for period in range(1, 41):
        span = max(3 * period, 24)
        if span > len(tokens):
            continue
        tail = tokens[-span:]
        if all(tail[i] == tail[i - period] for i in range(period, span)):
            return True
    return False
