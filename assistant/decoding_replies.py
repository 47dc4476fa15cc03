"""Replies written side by side: those that are the same so far are one branch, which costs one row a step.

A branch parts where the samplers of its replies, each with its own seed, choose different tokens.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from assistant.decoding import Cells
from assistant.decoding_logits import Exact, likeliest
from assistant.engine import Guard, last_sentence_end

REJECTIONS = 12  # tokens that a guard may refuse at one place, before the text goes on and the gate judges it


@dataclass(slots=True)
class Vocabulary:
    """What the loop needs of the tokenizer."""

    size: int
    ends: Callable[[int], bool]
    letters: Callable[[int], bytes]
    exact: Exact | None = None


@dataclass(slots=True)
class Reply:
    """One reply: `pick` is its sampler, `finished` None until it has ended."""

    seed: int
    pick: Any
    finished: bool | None = None
    text: str = ""
    tokens: int = 0


@dataclass(slots=True)
class Work:
    """Some replies to one prompt. `prefix` is how each begins; what fewer than `agreeing` begin alike is given up."""

    tokens: list[int]
    prefix: str
    seeds: Sequence[int]
    max_tokens: int
    guard: Guard | None
    agreeing: int = 1

    @property
    def cells(self) -> int:
        """Room for the longest replies there can be, no two of them alike where they need not be."""
        return len(self.seeds) // self.agreeing * self.max_tokens


@dataclass(slots=True)
class Branch:
    """Replies that are the same so far. `token` is the next to be decoded; `cut` leaves the tokens to draw from.

    `written` begins with the prompt's prefix, and may end in the midst of a letter; `checked` is how much of the text
    a guard has seen in whole sentences.
    """

    work: Work
    replies: list[Reply]
    sequence: int
    cut: Any
    position: int
    token: int
    written: bytes
    tokens: list[int] = field(default_factory=list)
    checked: int = 0

    @property
    def text(self) -> str:
        return self.written.decode("utf-8", "ignore")

    def out(self) -> bool:
        """Whether it is too long, runs in circles, or cannot be saved; asks the guard once for each whole sentence."""
        few = len(self.replies) < self.work.agreeing
        if few or len(self.tokens) >= self.work.max_tokens or circles(self.tokens):
            return True
        if self.work.guard is None:
            return False
        text = self.text
        end = last_sentence_end(text, self.checked)
        if end == self.checked:
            return False
        self.checked = end
        return self.work.guard.hopeless(text[:end])

    def end(self, replies: Sequence[Reply], *, finished: bool) -> None:
        text = self.text.strip()
        for reply in replies:
            reply.finished, reply.text, reply.tokens = finished, text, len(self.tokens)


class Wave:
    """Replies to one or several prompts, written side by side until all have ended or no cell is left."""

    def __init__(
        self, lib: Any, cells: Cells, vocabulary: Vocabulary, works: Sequence[Work], temperature: float
    ) -> None:
        self._lib = lib
        self._cells = cells
        self._vocabulary = vocabulary
        self._samplers: list[Any] = []
        self._sequences = 0
        replies = [[Reply(seed, self._own(_pick(lib, seed, temperature))) for seed in w.seeds] for w in works]
        self._branches = [
            Branch(
                work,
                own,
                self._sequence(),
                self._own(_cut(lib, vocabulary.size, temperature)),
                len(work.tokens) - 1,
                work.tokens[-1],  # decoded by the branch, so that no logits have to be kept for it
                work.prefix.encode("utf-8", "replace"),
            )
            for work, own in zip(works, replies, strict=True)
        ]
        self._waiting: list[list[Reply]] = []
        for work, own in zip(works, replies, strict=True):
            self._waiting += [own] if work.agreeing > 1 else [[reply] for reply in own]
        cells.read_others([(b.sequence, b.work.tokens[:-1]) for b in self._branches])

    def run(self) -> Iterator[Reply]:
        """Yields each reply, in the order of works and seeds, when it and those before it have ended.

        Where cells run out it ends early; of replies that are to agree it has then yielded all or none.
        """
        waiting = deque(self._waiting)
        while waiting and len(self._branches) <= self._cells.room:
            self._step()
            while waiting and all(reply.finished is not None for reply in waiting[0]):
                yield from waiting.popleft()

    def close(self) -> None:
        """Gives back samplers and cells."""
        for part in self._samplers:
            self._lib.llama_sampler_free(part)
        self._samplers.clear()
        self._cells.release()

    def _step(self) -> None:
        """One more token for every branch."""
        live, self._branches = self._branches, []
        self._cells.decode([(b.token, b.position, (b.sequence,)) for b in live])
        for row, branch in enumerate(live):
            for parted in self._parted(row, branch):
                if parted.out():
                    parted.end(parted.replies, finished=False)
                else:
                    self._branches.append(parted)

    def _parted(self, row: int, branch: Branch) -> Iterator[Branch]:
        """The branch with one more token, once for each token that its replies have chosen."""
        draw = _Draw(self._lib, self._vocabulary, self._cells.context, row, branch)
        chosen: dict[int, list[Reply]] = {}
        for reply in branch.replies:
            chosen.setdefault(draw.token(reply), []).append(reply)
        going: list[tuple[int, list[Reply]]] = []
        for token, replies in chosen.items():
            if self._vocabulary.ends(token):
                branch.end(replies, finished=True)
            else:
                going.append((token, replies))
        cuts = [branch.cut, *(self._own(self._lib.llama_sampler_clone(branch.cut)) for _ in going[1:])]
        for number, (token, replies) in enumerate(going):
            sequence = branch.sequence
            if number:
                sequence = self._sequence()
                self._cells.fork(branch.sequence, sequence)
            self._lib.llama_sampler_accept(cuts[number], token)
            yield Branch(
                branch.work,
                replies,
                sequence,
                cuts[number],
                branch.position + 1,
                token,
                branch.written + self._vocabulary.letters(token),
                [*branch.tokens, token],
                branch.checked,
            )

    def _sequence(self) -> int:
        self._sequences += 1
        return self._sequences

    def _own(self, part: Any) -> Any:
        self._samplers.append(part)
        return part


class _Draw:
    """Draws the next token of one branch for its replies, from the logits of its row."""

    def __init__(self, lib: Any, vocabulary: Vocabulary, context: Any, row: int, branch: Branch) -> None:
        self._lib = lib
        self._vocabulary = vocabulary
        self._branch = branch
        self._start = len(branch.text) if branch.work.guard else 0
        self._near, self._logits = likeliest(lib, context, row, vocabulary.size, vocabulary.exact)
        self._options: dict[frozenset[int], Any] = {}
        self._allowed: dict[int, bool] = {}

    def token(self, reply: Reply) -> int:
        """What a reply goes on with: sampled for again where the guard does not allow it."""
        refused: set[int] = set()
        while True:
            token = self._drawn(reply, frozenset(refused))
            if len(refused) == REJECTIONS or self._allows(token):
                return token
            refused.add(token)

    def _allows(self, token: int) -> bool:
        guard = self._branch.work.guard
        if guard is None:
            return True
        if token not in self._allowed:
            # the end of the text ends its last word too
            piece = b"\n" if self._vocabulary.ends(token) else self._vocabulary.letters(token)
            text = (self._branch.written + piece).decode("utf-8", "ignore")
            self._allowed[token] = guard.allows(text, self._start)
        return self._allowed[token]

    def _drawn(self, reply: Reply, refused: frozenset[int]) -> int:
        if refused not in self._options:
            self._options[refused] = self._cut(refused)
        options = self._options[refused]
        options = type(options).from_buffer_copy(options)
        found = self._lib.llama_token_data_array(options, len(options), -1, False)
        self._lib.llama_sampler_apply(reply.pick, ctypes.byref(found))
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
        self._lib.llama_sampler_apply(self._branch.cut, ctypes.byref(found))
        return (self._lib.llama_token_data * found.size).from_buffer_copy(options)


@cache
def _option() -> Any:
    """llama_token_data."""
    import numpy as np

    return np.dtype([("id", np.intc), ("logit", np.single), ("p", np.single)])


def _cut(lib: Any, vocabulary_size: int, temperature: float) -> Any:
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


def _pick(lib: Any, seed: int, temperature: float) -> Any:
    """The sampler that draws one, with a seed of its own; temperature 0 always takes the likeliest token."""
    return lib.llama_sampler_init_dist(seed & 0xFFFFFFFF) if temperature > 0 else lib.llama_sampler_init_greedy()


def circles(tokens: Sequence[int]) -> bool:
    """Whether the text has begun to repeat itself: the same run of up to 40 tokens at its end three times over."""
    longest = min(40, len(tokens) // 3)
    for period in (p for p in range(1, longest + 1) if tokens[-1 - p] == tokens[-1]):
        tail = tokens[-max(3 * period, 24) :]
        if len(tail) >= 24 and all(tail[i] == tail[i - period] for i in range(period, len(tail))):
            return True
    return False
