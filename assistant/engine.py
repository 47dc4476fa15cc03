"""What the pipeline needs of a model and of an embedder, and scripted ones for tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.records import Candidate, ModelInfo, Prompt

Progress = Callable[[str], None]
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)]*(?=\s)|\n")


class Guard(Protocol):
    """Watches replies while they are written. Both answers depend on the text alone, so that a seed keeps its text."""

    @property
    def key(self) -> str | None:
        """The same for guards that give the same answers; None where that cannot be told."""
        ...

    def allows(self, text: str, start: int) -> bool:
        """Whether a reply may go on with what stands from `start` on; its last word may still be growing."""
        ...

    def hopeless(self, text: str) -> bool:
        """Whether a reply that begins with these whole sentences is out, however it goes on."""
        ...


def last_sentence_end(text: str, after: int = 0) -> int:
    """Where the last whole sentence of a growing text ends; `after` where none ends beyond it."""
    return max((m.end() for m in _SENTENCE_END.finditer(text, after)), default=after)


@dataclass(frozen=True, slots=True)
class Task:
    """One prompt and how often it is to be answered: once a seed, in at most `max_tokens` tokens.

    A reply that fewer than `agreeing` seeds have begun alike may be given up, unfinished.
    """

    prompt: Prompt
    seeds: tuple[int, ...]
    max_tokens: int
    guard: Guard | None = None
    agreeing: int = 1


class Engine(Protocol):
    """Writes candidates. Loaded lazily by its adapter; `close` frees its memory."""

    @property
    def info(self) -> ModelInfo: ...

    @property
    def context_tokens(self) -> int:
        """The longest prompt and reply together, in tokens."""
        ...

    @property
    def prompt_s(self) -> float:
        """Seconds that the last `generate` or `generate_all` spent on decoding prompts."""
        ...

    def render(self, prompt: Prompt) -> str:
        """The prompt as the model will see it, for `--dry-run`."""
        ...

    def count_tokens(self, prompt: Prompt) -> int: ...

    def generate(
        self,
        prompt: Prompt,
        seeds: Sequence[int],
        *,
        max_tokens: int,
        temperature: float,
        guard: Guard | None = None,
    ) -> Iterator[Candidate]:
        """Yields one candidate a seed, in order, each as soon as it is written.

        One that `guard` finds hopeless ends there, unfinished.
        """
        ...

    def generate_all(self, tasks: Sequence[Task], *, temperature: float) -> Iterator[tuple[Candidate, ...]]:
        """Yields each task's candidates, in the order of the tasks and of their seeds.

        Those that are finished are what `generate` writes for each task alone.
        """
        ...

    def close(self) -> None: ...


class Embedder(Protocol):
    """Turns texts into unit vectors: one row a text, the cosine of two texts is their dot product."""

    def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]: ...


class ScriptExhausted(AssertionError):
    """A test asked a scripted engine for more than its script holds."""


class ScriptedEngine:
    """Replays `replies` in order, whatever the prompt; a guard can cut them short. Raises when the script runs out."""

    def __init__(self, replies: Sequence[str], context_tokens: int = 2048) -> None:
        self._replies = list(replies)
        self._context_tokens = context_tokens
        self.prompts: list[Prompt] = []

    @property
    def info(self) -> ModelInfo:
        return ModelInfo("scripted", "0" * 64)

    @property
    def context_tokens(self) -> int:
        return self._context_tokens

    @property
    def prompt_s(self) -> float:
        return 0.0

    def render(self, prompt: Prompt) -> str:
        turns = "\n".join(f"[{m.role}] {m.content}" for m in prompt.messages)
        return f"{turns}\n[assistant] {prompt.prefix}"

    def count_tokens(self, prompt: Prompt) -> int:
        return len(self.render(prompt).split())

    def generate(
        self,
        prompt: Prompt,
        seeds: Sequence[int],
        *,
        max_tokens: int,
        temperature: float,
        guard: Guard | None = None,
    ) -> Iterator[Candidate]:
        self.prompts.append(prompt)
        for seed in seeds:
            if not self._replies:
                raise ScriptExhausted(f"no reply left for seed {seed}")
            text = self._replies.pop(0)
            ends = [m.end() for m in _SENTENCE_END.finditer(text)]
            stop = next((end for end in ends if guard and guard.hopeless(text[:end])), None)
            yield Candidate(text[:stop], "model", seed=seed, tokens=len(text[:stop].split()), finished=stop is None)

    def generate_all(self, tasks: Sequence[Task], *, temperature: float) -> Iterator[tuple[Candidate, ...]]:
        for task in tasks:
            written = self.generate(
                task.prompt, task.seeds, max_tokens=task.max_tokens, temperature=temperature, guard=task.guard
            )
            yield tuple(written)

    def close(self) -> None:
        self._replies.clear()


class ScriptedEmbedder:
    """Bag-of-letters vectors: equal texts are equal, similar texts are close, no model is loaded."""

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        rows = []
        for text in texts:
            counts = [1e-6] * 26
            for letter in text.casefold():
                if "a" <= letter <= "z":
                    counts[ord(letter) - ord("a")] += 1.0
            norm = sum(c * c for c in counts) ** 0.5
            rows.append([c / norm for c in counts])
        return rows
