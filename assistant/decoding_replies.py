"""Replies written side by side: those that are the same so far are one branch, which costs one row a step.

A branch parts where the samplers of its replies, each with its own seed, choose different tokens.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from assistant.decoding import ROWS, Cells
from assistant.decoding_draws import Draw, Vocabulary, cut, pick
from assistant.decoding_guesses import Guesses, Run, followed
from assistant.engine import Guard, last_sentence_end

# Cells for what was guessed wrong: where they are used up, nothing is guessed any more.
SPARE = 128


@dataclass(slots=True)
class Reply:
    """One reply: `pick` is its sampler, `finished` None until it has ended."""

    seed: int
    pick: Any
    finished: bool | None = None
    text: str = ""
    tokens: int = 0


@dataclass
class Work:
    """Some replies to one prompt. `prefix` is how each begins; what fewer than `agreeing` begin alike is given up."""

    tokens: list[int]
    prefix: str
    seeds: Sequence[int]
    max_tokens: int
    guard: Guard | None
    agreeing: int = 1

    @cached_property
    def followed(self) -> Mapping[Run, Run]:
        """What stood behind what in the prompt."""
        return followed(self.tokens)

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
        self,
        lib: Any,
        cells: Cells,
        vocabulary: Vocabulary,
        works: Sequence[Work],
        temperature: float,
        guesses: Guesses,
    ) -> None:
        self._lib = lib
        self._cells = cells
        self._vocabulary = vocabulary
        self._samplers: list[Any] = []
        self._sequences = 0
        self._guesses = guesses
        self._spare = SPARE
        replies = [[Reply(seed, self._own(pick(lib, seed, temperature))) for seed in w.seeds] for w in works]
        self._branches = [
            Branch(
                work,
                own,
                self._sequence(),
                self._own(cut(lib, vocabulary.size, temperature)),
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
        """One more token for every branch, and more where what it goes on with was guessed."""
        live, self._branches = self._branches, []
        guessed = self._guessed(live)
        rows = [(b.token, b.position, (b.sequence,)) for b in live]
        places = []
        for branch, tokens in zip(live, guessed, strict=True):
            places.append(range(len(rows), len(rows) + len(tokens)))
            rows += [(t, branch.position + 1 + i, (branch.sequence,)) for i, t in enumerate(tokens)]
        self._cells.decode(rows)
        for row, (branch, tokens, more) in enumerate(zip(live, guessed, places, strict=True)):
            self._follow(branch, [row, *more], tokens)

    def _guessed(self, live: Sequence[Branch]) -> list[list[int]]:
        """For each branch what it may go on with: as much as costs no time, since a step takes ROWS rows at least."""
        guessed: list[list[int]] = [[] for _ in live]
        free = min(-len(live) % ROWS, self._spare)
        likely = [self._guesses.after(b.tokens, b.work.followed) if free else () for b in live]
        for place in range(free):
            for tokens, own in zip(guessed, likely, strict=True):
                if place < len(own) and free:
                    tokens.append(own[place])
                    free -= 1
        self._spare -= sum(map(len, guessed))
        return guessed

    def _follow(self, branch: Branch, rows: Sequence[int], guessed: Sequence[int]) -> None:
        """Draws from the branch's row, and from those behind it as far as they were guessed right."""
        for parted in self._parted(rows[0], branch, guessed):
            if parted.out():
                parted.end(parted.replies, finished=False)
            elif guessed and parted.token == guessed[0]:
                self._spare += 1
                self._follow(parted, rows[1:], guessed[1:])
            else:
                if guessed and parted.sequence == branch.sequence:
                    self._cells.drop(parted.sequence, parted.position)
                self._branches.append(parted)

    def _parted(self, row: int, branch: Branch, guessed: Sequence[int]) -> Iterator[Branch]:
        """The branch with one more token, once for each token that its replies have chosen.

        The one that was guessed goes on in the branch's sequence, else the first.
        """
        context, guard = self._cells.context, branch.work.guard
        draw = Draw(self._lib, self._vocabulary, context, row, branch.cut, branch.written, guard)
        chosen: dict[int, list[Reply]] = {}
        for reply in branch.replies:
            chosen.setdefault(draw.token(reply.pick), []).append(reply)
        going: list[tuple[int, list[Reply]]] = []
        for token, replies in chosen.items():
            if self._vocabulary.ends(token):
                branch.end(replies, finished=True)
                self._guesses.learn(branch.tokens)
            else:
                going.append((token, replies))
        going.sort(key=lambda g: g[0] not in guessed[:1])
        cuts = [branch.cut, *(self._own(self._lib.llama_sampler_clone(branch.cut)) for _ in going[1:])]
        for number, (token, replies) in enumerate(going):
            sequence = branch.sequence
            if number:
                sequence = self._sequence()
                self._cells.fork(branch.sequence, sequence, branch.position + 1)
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


def circles(tokens: Sequence[int]) -> bool:
    """Whether the text has begun to repeat itself: the same run of up to 40 tokens at its end three times over."""
    longest = min(40, len(tokens) // 3)
    for period in (p for p in range(1, longest + 1) if tokens[-1 - p] == tokens[-1]):
        tail = tokens[-max(3 * period, 24) :]
        if len(tail) >= 24 and all(tail[i] == tail[i - period] for i in range(period, len(tail))):
            return True
    return False
