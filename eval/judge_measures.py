"""What the judge suite measures, part by part: gate, missing slots, findings, closeness, choice, good drafts, time."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.engine import Embedder, Progress, ScriptedEngine
from assistant.judge import weights
from assistant.reading import read_brief
from assistant.reading_kind import missing
from assistant.records import Document, Library, Request
from assistant.rewrite import Assistant
from assistant.score import Closeness
from assistant.score_heads import Heads
from eval import choice, corrupt, findings, plant
from eval.arms import TODAY
from eval.cases import CASES
from eval.corrupt_honest import VARIANTS
from eval.judge import Measure

# The sentences of this half were never learnt from.
SPLIT = "test"
RUNS = 5
WORDS = 150
Case = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bench:
    """What every part works with."""

    library: Library
    embedder: Embedder
    closeness: Closeness
    cases: tuple[Case, ...]


def read_raw(path: Path = CASES) -> tuple[Case, ...]:
    """The cases as they stand in the file, with the free rewrites that the arms do not need."""
    return tuple(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def measures(bench: Bench, progress: Progress = lambda _: None) -> Iterator[Measure]:
    """Every measure of every part, in the order of the table."""
    for part in PARTS:
        progress(f"measuring: {part.__name__.replace('_', ' ')}")
        yield from part(bench)


def gate(bench: Bench) -> Iterator[Measure]:
    for case in bench.cases:
        for key in ("plain", "rewrite"):
            if text := case.get(key):
                yield Measure(f"passed-{key}", case["id"], float(not corrupt.refused(case, text)))
    cases = list(bench.cases)
    for sample in corrupt.samples(cases, corrupt.CORRUPTIONS):
        caught = corrupt.refused(sample.case, sample.text)
        yield Measure(f"caught-{sample.sort}", sample.case["id"], float(caught))
    for sample in corrupt.samples(cases, VARIANTS):
        yield Measure("passed-honest", sample.case["id"], float(not corrupt.refused(sample.case, sample.text)))


def missing_slots(bench: Bench) -> Iterator[Measure]:
    for case in bench.cases:
        draft, notes = Document("draft", case["draft"]), Document("notes", case["context"])
        kind = bench.library.kind(case["kind"])
        named = {m.slot for m in missing(read_brief(draft, [notes]), kind)}
        gold = {need for need in kind.needs if need in case["missing"]}
        yield Measure("missing-precision", case["id"], len(named & gold), len(named))
        yield Measure("missing-recall", case["id"], len(named & gold), len(gold))


def found(bench: Bench) -> Iterator[Measure]:
    for prefix, heads in (("findings", None), ("heads", Heads(bench.embedder))):
        for message in findings.read_messages(SPLIT):
            seen = findings.found_in(message, bench.library, heads)
            agreed, met = findings.right(seen, message.labels)
            yield Measure(f"{prefix}-precision", message.id, sum(agreed), len(agreed))
            yield Measure(f"{prefix}-recall", message.id, sum(met), len(met))
            if not message.labels:
                yield Measure(f"{prefix}-clean", message.id, float(any(f.severity != "info" for f in seen)))


def closeness(bench: Bench) -> Iterator[Measure]:
    for case in bench.cases:
        kind = bench.library.kind(case["kind"])

        def near(text: str, kind: str = kind.id) -> float:
            return bench.closeness.measure([text], kind)[0]

        yield Measure("calibration", case["id"], near(case["draft"]), 0.0)
        middle = (kind.min_words + kind.max_words) / 2
        for key in ("plain", "rewrite"):
            good = case.get(key)
            if not good:
                continue
            yield Measure("calibration", case["id"], near(good), 1.0)
            for planted in plant.plant(good, kind, bench.library, split=SPLIT, key=f"{case['id']}:{key}", n=1):
                yield Measure("sentence-pairs", case["id"], float(near(good) > near(planted.bad)))
                yield Measure("calibration", case["id"], near(planted.bad), 0.0)
            bad = plant.shuffled(case["draft"], good, kind, split=SPLIT, key=f"{case['id']}:{key}")
            if bad:
                yield Measure("topic-pairs", case["id"], float(near(good) > near(bad)))
                away = [abs(len(text.split()) - middle) for text in (good, bad)]
                yield Measure("topic-length", case["id"], float(away[0] < away[1]))


def chosen(bench: Bench) -> Iterator[Measure]:
    for case in bench.cases:
        options = choice.options(case, bench.library, split=SPLIT)
        gains = choice.gains(choice.judged(case, options, bench.library, bench.closeness), weights())
        if gains:
            yield Measure("choice", case["id"], gains[0], gains[1])
            yield Measure("choice-accepted", case["id"], gains[0], gains[2])
            yield Measure("choice-gain", case["id"], gains[0])


def good_drafts(bench: Bench) -> Iterator[Measure]:
    """The pipeline with a scripted writer, which offers a person's other rewrite where there is one."""
    for message in findings.read_messages(SPLIT):
        if message.good:
            kept = _unchanged(bench, message.text, message.notes, message.kind, message.text)
            yield Measure("good-written", message.id, float(kept))
    for case in bench.cases:
        rival = case.get("rewrite") or case["draft"]
        kept = _unchanged(bench, case["plain"], case["context"], case["kind"], rival, case["max_chars"])
        yield Measure("good-plain", case["id"], float(kept))


def seconds(bench: Bench) -> Iterator[Measure]:
    """`assistant check` as a user runs it, a fresh process each time, without and with the heads."""
    text = " ".join((bench.cases[0]["plain"] + " ").split() * 10)
    text = " ".join(text.split()[:WORDS])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "draft.txt"
        file.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "assistant.cli", "check", "--fail-level", "never", str(file)]
        _timed(command)  # the first run reads everything from the disk
        for run in range(RUNS):
            plain = _timed(command)
            yield Measure("check-seconds", f"run {run + 1}", plain)
            yield Measure("heads-seconds", f"run {run + 1}", _timed([*command, "--thorough"]) - plain)


PARTS: Sequence[Callable[[Bench], Iterator[Measure]]] = (
    gate,
    missing_slots,
    found,
    closeness,
    chosen,
    good_drafts,
    seconds,
)


def _unchanged(bench: Bench, draft: str, notes: str, kind: str, rival: str, max_chars: int | None = None) -> bool:
    writer = Assistant(bench.library, ScriptedEngine([rival] * 8), bench.embedder, today=TODAY)
    request = Request(Document("draft", draft), (Document("notes", notes),), kind, n=1, max_chars=max_chars)
    result = writer.rewrite(request)
    return result.source == "draft" or result.message.strip() == draft.strip()


def _timed(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started
