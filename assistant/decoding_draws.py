"""Draws the next token of replies that are the same so far, each with its own seed, through llama.cpp's samplers."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.decoding_logits import Exact, likeliest
from assistant.engine import Guard

REJECTIONS = 12  # tokens that a guard may refuse at one place, before the text goes on and the gate judges it


@dataclass(slots=True)
class Vocabulary:
    """What the loop needs of the tokenizer."""

    size: int
    ends: Callable[[int], bool]
    letters: Callable[[int], bytes]
    exact: Exact | None = None


class Draw:
    """Draws what follows `written` for some replies, from the logits of a row; `cut` leaves the tokens to draw from."""

    def __init__(
        self, lib: Any, vocabulary: Vocabulary, context: Any, row: int, cut: Any, written: bytes, guard: Guard | None
    ) -> None:
        self._lib = lib
        self._vocabulary = vocabulary
        self._sampler, self._written, self._guard = cut, written, guard
        self._start = len(written.decode("utf-8", "ignore")) if guard else 0
        self._near, self._logits = likeliest(lib, context, row, vocabulary.size, vocabulary.exact)
        self._options: dict[frozenset[int], Any] = {}
        self._allowed: dict[int, bool] = {}

    def token(self, pick: Any) -> int:
        """What a reply with this sampler goes on with: drawn again where the guard does not allow it."""
        refused: set[int] = set()
        while True:
            token = self._drawn(pick, frozenset(refused))
            if len(refused) == REJECTIONS or self._allows(token):
                return token
            refused.add(token)

    def _allows(self, token: int) -> bool:
        if self._guard is None:
            return True
        if token not in self._allowed:
            # the end of the text ends its last word too
            piece = b"\n" if self._vocabulary.ends(token) else self._vocabulary.letters(token)
            text = (self._written + piece).decode("utf-8", "ignore")
            self._allowed[token] = self._guard.allows(text, self._start)
        return self._allowed[token]

    def _drawn(self, pick: Any, refused: frozenset[int]) -> int:
        if refused not in self._options:
            self._options[refused] = self._cut(refused)
        options = self._options[refused]
        options = type(options).from_buffer_copy(options)
        found = self._lib.llama_token_data_array(options, len(options), -1, False)
        self._lib.llama_sampler_apply(pick, ctypes.byref(found))
        return int(options[found.selected].id)

    def _cut(self, refused: frozenset[int]) -> Any:
        """The tokens to draw from, with their logits, as llama.cpp takes them."""
        import numpy as np

        options = (self._lib.llama_token_data * len(self._near))()
        view = np.frombuffer(options, _option())
        view["id"], view["logit"] = self._near, self._logits
        if refused:
            view["logit"][np.isin(self._near, list(refused))] = -np.inf
        found = self._lib.llama_token_data_array(options, len(options), -1, False)
        self._lib.llama_sampler_apply(self._sampler, ctypes.byref(found))
        return (self._lib.llama_token_data * found.size).from_buffer_copy(options)


@cache
def _option() -> Any:
    """llama_token_data."""
    import numpy as np

    return np.dtype([("id", np.intc), ("logit", np.single), ("p", np.single)])


def cut(lib: Any, vocabulary_size: int, temperature: float) -> Any:
    """llama.cpp's samplers that leave the tokens to draw from.

    Chosen by reading what the bundled model writes: without a penalty it runs in circles at low temperatures, and with
    1.15 it avoids the names and numbers that a message has to repeat, and invents others.
    """
    parts = [lib.llama_sampler_init_penalties(vocabulary_size, 64, 1.05, 0.0, 0.0)]
    if temperature > 0:
        parts += [
            lib.llama_sampler_init_top_k(40),
            lib.llama_sampler_init_top_p(0.9, 1),
            lib.llama_sampler_init_min_p(0.05, 1),
            lib.llama_sampler_init_temp(temperature),
        ]
    chain = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
    for part in parts:
        lib.llama_sampler_chain_add(chain, part)
    return chain


def pick(lib: Any, seed: int, temperature: float) -> Any:
    """The sampler that draws one, with a seed of its own; temperature 0 always takes the likeliest token."""
    return lib.llama_sampler_init_dist(seed & 0xFFFFFFFF) if temperature > 0 else lib.llama_sampler_init_greedy()
