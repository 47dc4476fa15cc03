"""The inner part of llama.py, which passes the library in: a context and its cells.

A cell holds what the model keeps of one token. Sequences that begin alike share the cells of what they have in common:
sequence 0 is a prompt that may be wanted again, the others are prompts and replies being written.

What is kept of a token depends on the tokens before it in its sequence and on nothing else, to the last bit. Three
habits keep it so: decodes of 4 to 60 rows, as llama.cpp takes other paths of arithmetic for one row and from 64 on;
flash attention, which sums over a sequence's own cells in their order; and that order being the order of the tokens,
so no cell is given back before all that is written side by side is done.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from assistant.errors import ModelError

CHUNK = 60  # rows of a decode at most
SEQUENCES = 56  # replies written side by side at most
ROWS = 4  # kernels compute so many rows in the time of fewer
_PROMPT, _PADDING, _DROPPED = 0, SEQUENCES + 1, SEQUENCES + 2
_GRAIN = 256  # llama.cpp rounds the number of cells up to this
_FLASH_ATTENTION = 1

Row = tuple[int, int, Sequence[int]]
"""A token to decode: its id, its position, the sequences that it belongs to."""


class Cells:
    """One context with room for `size` tokens, all sequences together. Not thread-safe: its owner holds the lock.

    With `states`, a step gives the last layer's states beside the logits.
    """

    def __init__(self, lib: Any, model: Any, size: int, adapter: Any = None, *, states: bool = False) -> None:
        params = lib.llama_context_default_params()
        self.size = -(-size // _GRAIN) * _GRAIN
        params.n_ctx = self.size
        params.n_batch = params.n_ubatch = CHUNK
        params.n_seq_max = CHUNK  # llama.cpp wants no more sequences than rows
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
        self._batch = lib.llama_batch_init(CHUNK, 0, CHUNK)
        self._states = states
        self._prompt: list[int] = []
        self._used = 0

    def free(self) -> None:
        self._lib.llama_batch_free(self._batch)
        self._lib.llama_free(self.context)
        self.context = None

    def use_threads(self, threads: int) -> None:
        self._lib.llama_set_n_threads(self.context, threads, threads)

    @property
    def room(self) -> int:
        """How many more tokens can be decoded before something is released."""
        return self.size - self._used - ROWS

    def forget(self) -> None:
        """Empties every cell, as after an error."""
        self._prompt, self._used = [], 0
        if self.context:
            self._lib.llama_memory_clear(self._memory, False)

    def release(self) -> None:
        """Gives back all cells but the prompt's."""
        if not self.context:
            return
        for sequence in range(_PROMPT + 1, _DROPPED + 1):
            self._lib.llama_memory_seq_rm(self._memory, sequence, -1, -1)
        self._used = len(self._prompt)

    # --- prompts ------------------------------------------------------------------------------------------------

    def shared(self, tokens: Sequence[int]) -> int:
        """How many leading tokens the prompt read last has in common with these."""
        return len(common(self._prompt, tokens))

    def read_prompt(self, tokens: Sequence[int]) -> None:
        """Decodes the prompt into sequence 0, where nothing else is held, keeping what it shares with the last."""
        kept = self.shared(tokens)
        if kept < len(self._prompt) and not self._lib.llama_memory_seq_rm(self._memory, _PROMPT, kept, -1):
            self.forget()
            kept = 0
        del self._prompt[kept:]
        self._used = kept
        self._decode_all([(token, kept + i, (_PROMPT,)) for i, token in enumerate(tokens[kept:])])
        self._prompt = list(tokens)

    def read_others(self, prompts: Sequence[tuple[int, Sequence[int]]]) -> None:
        """Decodes prompts, each into a sequence of its own, what they share with sequence 0 or one another once."""
        rows: list[tuple[int, int, list[int]]] = []
        known: dict[tuple[int, int], int] = {}  # the row before (below 0: a place in sequence 0) and a token: its row
        for sequence, tokens in prompts:
            start = self.shared(tokens)
            self._copy(_PROMPT, sequence, start)
            at = -1 - start
            for position in range(start, len(tokens)):
                step = (at, tokens[position])
                if step not in known:
                    known[step] = len(rows)
                    rows.append((tokens[position], position, []))
                at = known[step]
                rows[at][2].append(sequence)
        self._decode_all(rows)

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
        self._prompt, self._used = list(tokens), len(tokens)
        return True

    # --- replies ------------------------------------------------------------------------------------------------

    def fork(self, source: int, sequence: int, end: int) -> None:
        """Lets a sequence begin with the first `end` tokens of another."""
        self._copy(source, sequence, end)

    def drop(self, sequence: int, start: int) -> None:
        """Takes from a sequence what it holds from a place on; the cells are given back with all others."""
        self._lib.llama_memory_seq_cp(self._memory, sequence, _DROPPED, start, -1)
        self._lib.llama_memory_seq_rm(self._memory, sequence, start, -1)

    def decode(self, rows: Sequence[Row]) -> None:
        """One step, with logits for every row until the next decode."""
        self._decode(rows, logits=True)

    def _copy(self, source: int, sequence: int, end: int) -> None:
        if end:
            self._lib.llama_memory_seq_cp(self._memory, source, sequence, 0, end)

    def _decode_all(self, rows: Sequence[Row]) -> None:
        for start in range(0, len(rows), CHUNK):
            self._decode(rows[start : start + CHUNK], logits=False)

    def _decode(self, rows: Sequence[Row], *, logits: bool) -> None:
        if not self.context:
            raise RuntimeError("this context is closed")
        batch = self._batch
        padding = -len(rows) % ROWS
        batch.n_tokens = len(rows) + padding
        for i, (token, position, sequences) in enumerate(
            [*rows, *((rows[0][0], i, [_PADDING]) for i in range(padding))]
        ):
            batch.token[i] = token
            batch.pos[i] = position
            batch.n_seq_id[i] = len(sequences)
            for place, sequence in enumerate(sequences):
                batch.seq_id[i][place] = sequence
            batch.logits[i] = logits and (self._states or i < len(rows))
        if self._states:
            self._lib.llama_set_embeddings(self.context, logits)
        status = self._lib.llama_decode(self.context, batch)
        if padding:
            self._lib.llama_memory_seq_rm(self._memory, _PADDING, -1, -1)
        self._used += len(rows)
        if status:
            raise ModelError(
                f"The model stopped in the middle of its work (llama_decode returned {status}).",
                "Try again; if it happens again, choose another model: `assistant models` lists them.",
            )


def common(first: Sequence[int], second: Sequence[int]) -> Sequence[int]:
    """What two runs of tokens begin with alike."""
    length = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
    return first[:length]
