"""`assistant eval`: choose cases, run the arms, print the table, write results and report, compare with a baseline."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from assistant.engine import Progress
from assistant.errors import OutputError, UsageError
from eval.arms import ARMS, UNTUNED_ARMS, WRITING_ARMS, CachedEmbedder, Tools
from eval.baseline import check_alike, compare, read_baseline
from eval.cases import Case, choose, read_cases
from eval.evaluate import Results, evaluate
from eval.report import page, table

RESULTS, REPORT = "results.json", "report.html"
BUG = 4

Build = Callable[[Sequence[str], str | None, Progress], Tools]


def build_tools(arms: Sequence[str], model: str | None, progress: Progress) -> Tools:
    """The real embeddings, and the real model where an arm writes; raises ModelError and DataError."""
    from assistant.embed import MiniLM
    from assistant.library import load_library
    from assistant.models import bundled_adapter, bundled_embedder, find_model

    library, embedder = load_library(), CachedEmbedder(MiniLM(bundled_embedder()))
    if not WRITING_ARMS & set(arms):
        return Tools(library, embedder)
    from assistant.cli.pipeline import SMALL_MODEL_BYTES, tuned_reader
    from assistant.llama import open_fastest

    progress("loading the model")
    chosen = find_model(model)
    engine = open_fastest(chosen, bundled_adapter() if chosen.bundled else None, progress)
    untuned = open_fastest(chosen, None, progress) if chosen.bundled and UNTUNED_ARMS & set(arms) else None
    return Tools(library, embedder, engine, untuned, chosen.size < SMALL_MODEL_BYTES, tuned_reader())


def run(
    arms: tuple[str, ...],
    limit: int | None,
    kinds: tuple[str, ...],
    baseline: Path | None,
    out: Path | None,
    seed: int,
    n: int,
    model: str | None,
    progress: Progress,
    *,
    build: Build = build_tools,
    cases: Sequence[Case] | None = None,
) -> int:
    """0 when done, 1 when a figure is below the baseline by more than its noise, 4 when a sample met a bug.

    Prints the table on stdout and writes results.json and report.html into `out`, by default a new
    out/eval-<date>-<time>/. Raises UsageError, OutputError, ModelError and DataError, all before the first sample.
    """
    made = datetime.now().astimezone()
    arms = _known_arms(arms)
    chosen = choose(read_cases() if cases is None else cases, limit=limit, kinds=kinds)
    stored = read_baseline(baseline) if baseline else None
    folder = result_folder(out, made)
    tools = build(arms, model, progress)
    try:
        settings = _settings(arms, chosen, limit, kinds, seed, n, tools, made)
        if stored and baseline:
            check_alike(stored, settings, baseline)
        results = evaluate(chosen, arms, tools, n=n, seed=seed, settings=settings, progress=progress)
    finally:
        for engine in (tools.engine, tools.untuned):
            if engine is not None:
                engine.close()
    print(table(results))
    _write(folder, results, chosen)
    print(f"\n{folder / RESULTS}\n{folder / REPORT}")
    code = BUG if any(s["error"] and s["error"]["bug"] for s in results["samples"]) else 0
    if stored:
        compared, drops = compare(results, stored)
        print(f"\nAgainst the baseline: {len(drops)} of {compared} figures worse by more than their noise.")
        print("\n".join(f"  {drop}" for drop in drops))
        code = code or int(bool(drops))
    return code


def _known_arms(arms: Sequence[str]) -> tuple[str, ...]:
    unknown = [arm for arm in arms if arm not in ARMS]
    if unknown or not arms:
        message = f"There is no arm “{unknown[0]}”." if unknown else "No arm was named."
        raise UsageError(message, f"The arms are: {', '.join(ARMS)}.")
    return tuple(dict.fromkeys(arms))


def _settings(
    arms: Sequence[str],
    cases: Sequence[Case],
    limit: int | None,
    kinds: Sequence[str],
    seed: int,
    n: int,
    tools: Tools,
    made: datetime,
) -> Results:
    info = tools.engine.info if tools.engine is not None else None
    return {
        "made": made.isoformat(timespec="seconds"),
        "arms": list(arms),
        "limit": limit,
        "kinds": list(kinds),
        "seed": seed,
        "n": n,
        "model": {"id": info.id, "sha256": info.sha256, "adapter": info.adapter} if info else None,
        "cases": [case.id for case in cases],
    }


def result_folder(out: Path | None, made: datetime) -> Path:
    """Makes the folder before the long run, so that a place that cannot be written to is known at once."""
    folder = out if out is not None else Path("out") / f"eval-{made:%Y-%m-%d-%H%M%S}"
    for name in (RESULTS, REPORT):
        if (folder / name).exists():
            raise UsageError(f"{folder} already holds {name}.", "Name another folder, or move that file away.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RESULTS).touch()
        (folder / RESULTS).unlink()
    except OSError as error:
        hint = "Name a folder that you may write to."
        raise OutputError(f"Nothing can be written there: {error.strerror}.", hint, file=folder) from error
    return folder


def _write(folder: Path, results: Results, cases: Sequence[Case]) -> None:
    texts = {
        RESULTS: json.dumps(results, ensure_ascii=False, indent=1) + "\n",
        REPORT: page(results, cases),
    }
    for name, text in texts.items():
        try:
            (folder / name).write_text(text, encoding="utf-8")
        except OSError as error:
            hint = "The table above holds the figures. Free some space, or name another folder."
            raise OutputError(f"Could not be written: {error.strerror}.", hint, file=folder / name) from error
