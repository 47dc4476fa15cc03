"""What an engine has written lately, in memory only: a person who changes one note waits for what that note changes."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence

from assistant.engine import Guard
from assistant.records import Candidate

KEPT = 256  # tasks: about half a megabyte of short replies


class Recent:
    """The replies to the last KEPT tasks, found by all that decides them; what was asked is kept as a hash only."""

    def __init__(self) -> None:
        self._found: OrderedDict[bytes, tuple[Candidate, ...]] = OrderedDict()

    def key(
        self, tokens: Sequence[int], seeds: Sequence[int], max_tokens: int, temperature: float, guard: Guard | None
    ) -> bytes | None:
        """None where a guard cannot tell what decides its answers: nothing is remembered then."""
        told = "" if guard is None else guard.key
        if told is None:
            return None
        return hashlib.sha256(repr((list(tokens), list(seeds), max_tokens, temperature, told)).encode()).digest()

    def get(self, key: bytes | None) -> tuple[Candidate, ...] | None:
        if key is None or key not in self._found:
            return None
        self._found.move_to_end(key)
        return self._found[key]

    def put(self, key: bytes | None, candidates: tuple[Candidate, ...]) -> None:
        if key is None:
            return
        self._found[key] = candidates
        if len(self._found) > KEPT:
            self._found.popitem(last=False)
