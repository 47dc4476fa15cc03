"""What an engine has written lately, in memory only: a person who changes one note waits for what that note changes."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from assistant.decoding_replies import Work
from assistant.records import Candidate

KEPT = 256  # tasks: about half a megabyte of short replies


class Recent:
    """The replies to the last KEPT tasks, found by all that decides them; what was asked is kept as a hash only."""

    def __init__(self) -> None:
        self._found: OrderedDict[bytes, tuple[Candidate, ...]] = OrderedDict()

    def key(self, work: Work, temperature: float) -> bytes | None:
        """None where a guard cannot tell what decides its answers: nothing is remembered then."""
        told = "" if work.guard is None else work.guard.key
        if told is None:
            return None
        asked = (work.tokens, work.prefix, work.seeds, work.max_tokens, work.agreeing, temperature, told)
        return hashlib.sha256(repr(asked).encode("utf-8", "replace")).digest()

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
