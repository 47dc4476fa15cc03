"""Prompts as tokens and tokens as text, by the model's own vocabulary and chat template."""

from __future__ import annotations

import ctypes
from functools import lru_cache
from typing import Any

from assistant.chat_template import Piece, pieces
from assistant.records import Prompt

_FREQUENT = 2048  # tokens whose letters are at hand


class Tokenizer:
    """The vocabulary of one loaded model, for as long as it is loaded."""

    def __init__(self, lib: Any, model: Any) -> None:
        self._lib = lib
        self._vocab = lib.llama_model_get_vocab(model)
        self.size = int(lib.llama_vocab_n_tokens(self._vocab))
        template = lib.llama_model_chat_template(model, None)
        self.letters = lru_cache(_FREQUENT)(self._letters)
        self._template = template.decode("utf-8", "replace") if template else None

    def pieces(self, prompt: Prompt) -> tuple[Piece, ...]:
        bos, eos = (self._name(f(self._vocab)) for f in (self._lib.llama_vocab_bos, self._lib.llama_vocab_eos))
        head = pieces(self._template, prompt.messages, bos=bos, eos=eos)
        return (*head, Piece(prompt.prefix, False)) if prompt.prefix else head

    def tokens(self, prompt: Prompt) -> list[int]:
        """The prompt's token ids: only the model's own template is read for control tokens."""
        found: list[int] = []
        for piece in self.pieces(prompt):
            found += self._tokenize(piece.text, special=True) if piece.control else self._plain(piece.text)
        bos = int(self._lib.llama_vocab_bos(self._vocab))
        if self._lib.llama_vocab_get_add_bos(self._vocab) and found[:1] != [bos]:
            found.insert(0, bos)
        return found

    def ends(self, token: int) -> bool:
        """Whether a reply is over with this token."""
        return self._lib.llama_vocab_is_eog(self._vocab, token) or self._is_control(token)

    def _letters(self, token: int) -> bytes:
        """What a token adds to a text, which may be a part of a letter."""
        size = 256
        buffer = ctypes.create_string_buffer(size)
        count = self._lib.llama_token_to_piece(self._vocab, token, buffer, size, 0, False)
        return buffer.raw[: max(count, 0)]

    def _name(self, token: int) -> str:
        return self._lib.llama_vocab_get_text(self._vocab, token).decode() if token >= 0 else ""

    def _tokenize(self, text: str, *, special: bool) -> list[int]:
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        ids = (self._lib.llama_token * room)()
        count = self._lib.llama_tokenize(self._vocab, data, len(data), ids, room, False, special)
        return list(ids[: max(count, 0)])

    def _plain(self, text: str) -> list[int]:
        """Tokens of the user's words. Some tokenizers could merge letters into a control token's text: spell it out."""
        ids = self._tokenize(text, special=False)
        if not any(self._is_control(token) for token in ids):
            return ids
        spelt = [token for letter in text for token in self._tokenize(letter, special=False)]
        return [token for token in spelt if not self._is_control(token)]

    def _is_control(self, token: int) -> bool:
        return bool(self._lib.llama_vocab_is_control(self._vocab, token))
