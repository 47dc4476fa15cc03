"""`assistant eval --suite judge`: measure, print the table, write results, compare with the stored figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from assistant.engine import Progress
from assistant.errors import UsageError
from assistant.score import Closeness
from eval.baseline import JUDGE, LEVEL, SMALLEST
from eval.cases import choose, read_cases
from eval.corrupt import CORRUPTIONS
from eval.judge import VERSION, Figure, Measure, Results, figures, summary, table
from eval.judge_measures import Bench, measures, read_raw
from eval.run import RESULTS, result_folder
from eval.stats import Pair, difference


def suite(
    limit: int | None,
    kinds: Sequence[str],
    baseline: Path | None,
    out: Path | None,
    progress: Progress,
    *,
    as_json: bool,
) -> int:
    """The whole suite on the test cases; raises UsageError, OutputError, ModelError and DataError before measuring."""
    from assistant.embed import MiniLM
    from assistant.library import load_library
    from assistant.models import bundled_embedder
    from eval.arms import CachedEmbedder

    made = datetime.now().astimezone()
    chosen = {case.id for case in choose(read_cases(), limit=limit, kinds=kinds)}
    if baseline:
        stored_measures(baseline)
    folder = result_folder(out, made)
    library, embedder = load_library(), CachedEmbedder(MiniLM(bundled_embedder()))
    cases = tuple(case for case in read_raw() if case["id"] in chosen)
    measured = list(measures(Bench(library, embedder, Closeness(library, embedder), cases), progress))
    return run(measured, list(CORRUPTIONS), baseline, folder, made, as_json=as_json)


def run(
    measured: Sequence[Measure],
    sorts: Sequence[str],
    baseline: Path | None,
    folder: Path,
    made: datetime,
    *,
    as_json: bool,
) -> int:
    """0 when no figure fell below the baseline by more than its noise, else 1; prints, and writes results.json."""
    known = figures(sorts)
    rows = summary(measured, known)
    results: Results = {
        "version": VERSION,
        "suite": JUDGE,
        "made": made.isoformat(timespec="seconds"),
        "figures": rows,
        "measures": [[m.figure, m.case, round(m.part, 4), round(m.whole, 4)] for m in measured],
    }
    (folder / RESULTS).write_text(json.dumps(results, ensure_ascii=False) + "\n", encoding="utf-8")
    drops: list[str] = []
    if baseline:
        stored = stored_measures(baseline)
        drops = compare(measured, stored, known)
    if as_json:
        shown = {key: results[key] for key in ("version", "suite", "made", "figures")}
        print(json.dumps(shown | ({"below_baseline": drops} if baseline else {}), ensure_ascii=False))
    else:
        print(table(rows))
        print(f"\n{folder / RESULTS}")
        if baseline:
            print(f"\nAgainst the baseline: {len(drops)} figures worse by more than their noise.")
            print("\n".join(f"  {drop}" for drop in drops))
    return int(bool(drops))


def stored_measures(path: Path) -> list[Measure]:
    """The judge's measures of a baseline file. Raises UsageError where it holds none."""
    hint = "Run `assistant eval --suite judge`, then `python -m eval.baseline` on its results.json."
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return [Measure(*row) for row in stored[JUDGE]["measures"]]
    except OSError as error:
        raise UsageError(f"The baseline cannot be read: {error.strerror}.", hint, file=path) from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError("The baseline holds no figures of the judge.", hint, file=path) from error


def compare(now: Sequence[Measure], then: Sequence[Measure], known: Sequence[Figure]) -> list[str]:
    """The figures that are worse than stored by more than their noise, half the 99% interval of the difference.

    Both are taken over the cases that both runs measured, and resampled by case.
    """
    drops = []
    for figure in known:
        if not figure.compared:
            continue
        before, after = _by_case(then, figure.id), _by_case(now, figure.id)
        shared = sorted(before.keys() & after.keys())
        if not shared:
            continue
        sign = 1 if figure.higher_is_better else -1
        pairs = [(before[case], after[case]) for case in shared]
        drop, noise = difference(pairs, figure.statistic, level=LEVEL)
        if sign * drop > max(noise, SMALLEST):
            was, is_now = (figure.statistic([p for group in side for p in group]) for side in zip(*pairs, strict=True))
            drops.append(f"{figure.title.strip()}: {was:.3f} → {is_now:.3f} (noise {noise:.3f}, {len(shared)} cases)")
    return drops


def _by_case(measured: Sequence[Measure], figure: str) -> dict[str, list[Pair]]:
    found: dict[str, list[Pair]] = {}
    for m in measured:
        if m.figure == figure:
            found.setdefault(m.case, []).append((m.part, m.whole))
    return found
