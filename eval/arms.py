"""The arms: each answers a case in its own way, so that what the product adds can be told from what it starts with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from assistant.engine import Embedder, Engine
from assistant.errors import ModelError, UsageError
from assistant.reader_tuned import TunedReader
from assistant.records import Library, Message, Prompt, Source, Verdict
from eval.cases import Case

# No case depends on the day; a fixed one keeps it so.
TODAY = date(2026, 1, 15)
# The same room and the first wave's temperature as the product, so that only principles and gate differ.
BARE_TOKENS, BARE_TEMPERATURE = 320, 0.6
BARE_INSTRUCTION = "Rewrite this draft into a message that I can send, using my notes. Reply with the message alone."


@dataclass(frozen=True, slots=True)
class Answer:
    """What an arm returned for a case. `verdicts` holds the candidates the gate judged, if it judged any."""

    message: str
    source: Source | Literal["reference"]
    accepted: bool | None = None
    verdicts: tuple[Verdict, ...] = ()
    tokens: int = 0


Solver = Callable[[Case], Answer]


@dataclass(frozen=True, slots=True)
class Tools:
    """What the arms and scorers work with; an engine is None where no arm uses it, `small` asks for the short prompt.

    `engine` is what the product runs, `untuned` the same model without its adapter; None where they are the same.
    """

    library: Library
    embedder: Embedder
    engine: Engine | None = None
    untuned: Engine | None = None
    small: bool = True
    tuned: TunedReader | None = None


class CachedEmbedder:
    """Embeds each text once a run, in as large a batch as it is asked for."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        # Closeness trusts its fitted weights and its stored vectors only to the embedder they were made with.
        self.sha256: str | None = getattr(embedder, "sha256", None)
        self._rows: dict[str, Sequence[float]] = {}

    def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        new = [text for text in dict.fromkeys(texts) if text not in self._rows]
        if new:
            self._rows.update(zip(new, self._embedder.embed(new), strict=True))
        return [self._rows[text] for text in texts]


def solver(arm: str, tools: Tools, *, n: int, seed: int) -> Solver:
    """The solver of an arm's name; raises UsageError for an unknown one."""
    if arm not in ARMS:
        raise UsageError(f"There is no arm “{arm}”.", f"The arms are: {', '.join(ARMS)}.")
    return ARMS[arm](tools, n, seed)


def _echo(tools: Tools, n: int, seed: int) -> Solver:
    return lambda case: Answer(case.draft.text.strip(), "draft")


def _bare(tools: Tools, n: int, seed: int) -> Solver:
    engine = _needed(tools.untuned or tools.engine)

    def solve(case: Case) -> Answer:
        turn = f"{BARE_INSTRUCTION}\n\nDraft:\n{case.draft.text}\n\nNotes:\n{case.notes.text}"
        prompt = Prompt((Message("user", turn),))
        sample = next(iter(engine.generate(prompt, [seed], max_tokens=BARE_TOKENS, temperature=BARE_TEMPERATURE)), None)
        if sample is None or not sample.text.strip():
            raise ModelError("The model wrote nothing.", "Try another seed or another model.")
        return Answer(sample.text.strip(), "model", tokens=sample.tokens)

    return solve


def _full(tools: Tools, n: int, seed: int) -> Solver:
    return _product(tools, _needed(tools.engine), n, seed)


def _untuned(tools: Tools, n: int, seed: int) -> Solver:
    return _product(tools, _needed(tools.untuned or tools.engine), n, seed)


def _patterns(tools: Tools, n: int, seed: int) -> Solver:
    return _product(replace(tools, tuned=None), _needed(tools.engine), n, seed)


def _ungrounded(tools: Tools, n: int, seed: int) -> Solver:
    return _product(tools, _needed(tools.engine), n, seed, grounded=False)


def _product(tools: Tools, engine: Engine, n: int, seed: int, *, grounded: bool = True) -> Solver:
    from assistant.rewrite import Assistant

    assistant = Assistant(
        tools.library, engine, tools.embedder, today=TODAY, small=tools.small, tuned=tools.tuned, grounded=grounded
    )

    def solve(case: Case) -> Answer:
        result = assistant.rewrite(case.request(n=n, seed=seed))
        return Answer(result.message, result.source, result.accepted, result.verdicts, result.timing.tokens)

    return solve


def _needed(engine: Engine | None) -> Engine:
    if engine is None:
        raise ValueError("this arm needs an engine")
    return engine


def _reference(tools: Tools, n: int, seed: int) -> Solver:
    return lambda case: Answer(case.reference, "reference")


# `reference` is a careful person's plain rewrite: what the scorers say of it is their ceiling, and their own error.
ARMS: dict[str, Callable[[Tools, int, int], Solver]] = {
    "echo": _echo,
    "bare": _bare,
    "untuned": _untuned,
    "full": _full,
    "patterns": _patterns,
    "ungrounded": _ungrounded,
    "reference": _reference,
}
UNTUNED_ARMS = frozenset({"bare", "untuned"})
# The product, and the product with a part taken away: the tuned reader, and the mask that keeps the model to the notes.
PRODUCT_ARMS = frozenset({"full", "patterns", "ungrounded"})
WRITING_ARMS = UNTUNED_ARMS | PRODUCT_ARMS
