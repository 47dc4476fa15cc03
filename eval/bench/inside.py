"""What is measured inside one process that keeps the assistant loaded; called by product.py with a name and options."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from assistant import rewrite, rewrite_waves, telling
from assistant.cli.pipeline import build_assistant
from assistant.grounding import Grounding
from assistant.judge import Judge
from assistant.library import load_library
from assistant.records import Request
from assistant.telling import Teller
from eval.bench.inputs import example, long, other
from eval.bench.measure import own_memory, slope

WORDS = (50, 150, 400, 800, 1500)
SETTLED = 80  # requests before the first look at memory: what is kept of the last ones has its full size then


def growth(requests: int) -> dict[str, Sequence[float]]:
    """Short replies: what is kept between requests does not depend on their length."""
    telling.SENTENCE_TOKENS = rewrite_waves.REPLY_TOKENS = 4
    assistant = _assistant()
    points = []
    for number in range(SETTLED + requests + 1):
        if number >= SETTLED and (number - SETTLED) % max(requests // 4, 1) == 0:
            points.append(own_memory() / 1e6)
        assistant.rewrite(other(number))
    return {"own_mb": points}


def shares(rounds: int) -> dict[str, Sequence[float]]:
    """Seconds in judge, guard and embeddings over the seconds the model itself computed."""
    assistant = _assistant()
    assistant.rewrite(example(seed=100))
    found, spent = [], []
    for number in range(rounds):
        inner = ((Grounding, "allows"), (Grounding, "hopeless"), (Teller, "holds"))
        with _clocked((Judge, "judge"), *inner) as clocks:
            answer = assistant.rewrite(example(seed=number))
        within = sum(clocks[name] for _, name in inner)  # what the clock of generation counts as its own
        model = answer.timing.generate_s + answer.timing.prompt_s - within
        found.append((clocks["judge"] + within) / model)
        spent.append(model)
    return {"shares": found, "model_s": spent}


def length(rounds: int) -> dict[str, Sequence[float]]:
    """Every size in turn; the replies as long as they get."""
    assistant = _assistant()
    requests = [long(words) for words in WORDS]
    counts = [len(f"{r.draft.text} {r.notes[0].text}".split()) for r in requests]
    rows: list[list[float]] = []
    for number in range(rounds + 1):
        row = [_seconds(assistant.rewrite, request) for request in requests]
        if number:
            rows.append(row)
    medians = [statistics.median(row[i] for row in rows) for i in range(len(WORDS))]
    exponents = [slope([(c, s) for c, s in zip(counts, row, strict=True)]) for row in rows]
    return {"words": counts, "seconds": medians, "exponents": exponents}


def all_of(n: int) -> dict[str, Sequence[float]]:
    """One request with all its candidates."""
    rewrite_waves.GOOD_ENOUGH = 9.0
    answer = _assistant().rewrite(example(n=n))
    return {"tokens": [answer.timing.tokens]}


def _assistant() -> rewrite.Assistant:
    return build_assistant(load_library(), None, lambda _: None)


def _seconds(work: Callable[[Request], object], request: Request) -> float:
    started = time.perf_counter()
    work(request)
    return time.perf_counter() - started


@contextmanager
def _clocked(*methods: tuple[Any, str]) -> Iterator[dict[str, float]]:
    """Adds up the seconds spent in some methods."""
    spent = {name: 0.0 for _, name in methods}
    kept = [(owner, name, getattr(owner, name)) for owner, name in methods]

    def timed(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            started = time.perf_counter()
            try:
                return method(*arguments, **options)
            finally:
                spent[name] += time.perf_counter() - started

        return call

    for owner, name, method in kept:
        setattr(owner, name, timed(name, method))
    try:
        yield spent
    finally:
        for owner, name, method in kept:
            setattr(owner, name, method)


if __name__ == "__main__":
    works: dict[str, Callable[..., dict[str, Sequence[float]]]]
    works = {"growth": growth, "shares": shares, "length": length, "all_of": all_of}
    print(json.dumps(works[sys.argv[1]](**json.loads(sys.argv[2]))))
