"""What a reply may go on with, guessed from what stood behind its last words in its prompt or in replies before it.

A telling repeats most of the words of its fact, and a changed note gives nearly the telling that it gave before. A
guess decides nothing: the row that it saves is the same to the last bit, and one that is wrong is thrown away.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence

Run = tuple[int, ...]
KEPT = 2048  # runs of tokens from replies: about half a megabyte
_LAST, _NEXT = 3, 3  # tokens that are looked for, and tokens guessed, at most


class Guesses:
    """Remembers what the last replies went on with, in memory only."""

    def __init__(self) -> None:
        self._after: OrderedDict[Run, Run] = OrderedDict()

    def learn(self, reply: Sequence[int]) -> None:
        for run, following in _followed(reply):
            self._after[run] = following
            self._after.move_to_end(run)
        while len(self._after) > KEPT:
            self._after.popitem(last=False)

    def after(self, written: Sequence[int], prompt: Mapping[Run, Run]) -> Run:
        """What may follow; nothing where the last token stood nowhere before. `prompt` is `followed(...)` of it."""
        for length in range(min(_LAST, len(written)), 0, -1):
            run = tuple(written[-length:])
            found = prompt.get(run) or self._after.get(run)
            if found:
                return found
        return ()


def followed(tokens: Sequence[int]) -> dict[Run, Run]:
    """For each run of up to _LAST tokens, what came after it where it stood last."""
    return dict(_followed(tokens))


def _followed(tokens: Sequence[int]) -> Iterator[tuple[Run, Run]]:
    whole = tuple(tokens)
    for at in range(1, len(whole)):
        following = whole[at : at + _NEXT]
        for length in range(1, min(_LAST, at) + 1):
            yield whole[at - length : at], following
