"""Rejection sampling: what the writer says of the excerpts that it learns from, kept where it holds.

    python -m models.sample_writer ADAPTER.gguf    # how often it tells what was kept out, and how near

A stage "sampled" of the training samples several tellings an excerpt with the adapter of the stage before. Of those
that pass every check of the product, the one nearest to the written sentence is learnt beside it; where none passes,
the written sentence is learnt once more.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

from assistant.engine import Engine
from assistant.grounding import Grounding
from assistant.library import load_library
from assistant.records import SLOTS, Document
from assistant.telling import TEMPERATURE, Job, Teller
from models import cases, tellings
from models.cases import Case
from models.pairs import as_brief

SAMPLES = 4
# A sample farther from the written sentence (see `near`) says it in a way that nobody looked at.
NEAR = 0.6
# So many excerpts are told side by side.
AT_ONCE = 8


class Sampled(NamedTuple):
    """One telling of a case, and the samples of it that hold, the nearest to the written sentence first."""

    case: Case
    telling: list[str]
    held: list[str]


def open_engine(adapter: Path) -> Engine:
    """The bundled model with this adapter."""
    from assistant import models
    from assistant.llama import LlamaEngine

    published = adapter.with_suffix(".gguf.sha256").read_text("ascii").split()[0]
    low_rank = replace(models.bundled_adapter(), path=adapter, sha256=published, size=adapter.stat().st_size)
    return LlamaEngine(models.find_model(None), adapter=low_rank)


def near(text: str, wanted: str) -> float:
    """The share of words that both have in the same order, 0..1."""
    return SequenceMatcher(None, text.split(), wanted.split(), autojunk=False).ratio()


def sampled(some: Iterable[Case], engine: Engine) -> Iterator[Sampled]:
    """Every telling of the cases that has a sentence."""
    for case in some:
        teller = _teller(case, engine)
        real = [t for t in case["tell"] if t[2] != "-"]
        for at in range(0, len(real), AT_ONCE):
            group = real[at : at + AT_ONCE]
            jobs = [_job(case, *telling) for telling in group]
            tasks = [teller.task(job, SAMPLES, 1) for job in jobs]
            for telling, job, written in zip(
                group, jobs, engine.generate_all(tasks, temperature=TEMPERATURE), strict=True
            ):
                texts = {" ".join(c.text.split()) for c in written if c.finished}
                held = [t for t in texts if teller.holds(t, job, teller.told_of(job))]
                yield Sampled(case, telling, sorted(held, key=lambda t: (-near(t, telling[2]), t)))


def _teller(case: Case, engine: Engine) -> Teller:
    slots: dict[str, Any] = {s: case["slots"][s] if s in ("recipient", "sender") else [] for s in SLOTS}
    sources = (Document("draft", case["draft"]), Document("notes", case["context"]))
    kind = load_library().kind(case["kind"])
    return Teller(engine, kind, as_brief(slots), sources, 0, lambda told: Grounding(told, kind.fixed))


def _job(case: Case, slot: str, excerpt: str, sentence: str) -> Job:
    bare = slot.removeprefix(tellings.NOTE)
    question = tellings.asked("forwardable" if bare != slot else case["kind"], slot, sentence)
    excerpts = as_brief({s: [excerpt] if s == bare else [] for s in SLOTS}).get(bare)  # type: ignore[arg-type]
    return Job(bare, excerpts, question, bare != slot)  # type: ignore[arg-type]


def to_learn(one: Sampled) -> list[str] | None:
    """The sample to learn beside the written sentence, that sentence once more, or nothing new."""
    if not one.held:
        return one.telling
    best = one.held[0]
    return [*one.telling[:2], best] if NEAR <= near(best, one.telling[2]) < 1 else None


def learnt(adapter: Path, minutes: float, seed: int) -> dict[str, list[list[str]]]:
    """What to learn beside the tellings, by case: from as many cases, in a seeded order, as the minutes allow."""
    some = [*tellings.load("train"), *(c for c in cases.train() if "tell" in c)]
    random.Random(seed).shuffle(some)
    found: dict[str, list[list[str]]] = {}
    ends = time.monotonic() + 60 * minutes
    for one in sampled(some, open_engine(adapter)):
        if time.monotonic() > ends:
            break
        if more := to_learn(one):
            found.setdefault(one.case["id"], []).append(more)
    return found


def with_learnt(case: Case, learnt: dict[str, list[list[str]]]) -> Case:
    """The case with what was sampled for it, and without the excerpts that cannot be told."""
    if "tell" not in case:
        return case
    return {**case, "tell": [*(t for t in case["tell"] if t[2] != "-"), *learnt.get(case["id"], ())]}


def measure(some: Sequence[Case], engine: Engine) -> dict[str, float]:
    """Over the tellings of the cases: the share told, and how near the nearest sample is to the written sentence."""
    all_of_them = list(sampled(some, engine))
    told = [s for s in all_of_them if s.held]
    return {
        "tellings": len(all_of_them),
        "told": len(told) / len(all_of_them),
        "near": sum(near(s.held[0], s.telling[2]) for s in told) / len(told),
    }


def main(arguments: list[str]) -> None:
    print(measure(tellings.load("validation"), open_engine(Path(arguments[0]))))


if __name__ == "__main__":
    main(sys.argv[1:])
