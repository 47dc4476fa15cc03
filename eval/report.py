"""Results as an aligned table and as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.cases import Case
from eval.evaluate import Results
from eval.scorers import SCORERS, Scorer

_HERE = Path(__file__).resolve().parent
# A long tail of reasons seen once or twice belongs in the JSON.
MOST_REASONS = 12


def table(results: Results) -> str:
    """Every figure with its 95% interval, arms side by side; then sources, refusals, guessed kinds and errors."""
    arms = results["settings"]["arms"]
    rows = [["", "better", *arms]]
    for scorer in SCORERS:
        cells = [_cell(_figure(results, arm, scorer.id), scorer) for arm in arms]
        if any(cells):
            rows.append([scorer.title, "higher" if scorer.higher_is_better else "lower", *cells])
    rows.append(["errors", "lower", *(str(len(_errors(results, arm))) for arm in arms)])
    parts = [heading(results), "", *_aligned(rows), "", *_lines(results, arms)]
    return "\n".join(parts)


def heading(results: Results) -> str:
    """Which cases, settings and model the results are of, on one line."""
    settings = results["settings"]
    parts = [f"{len(settings['cases'])} cases", f"n {settings['n']}", f"seed {settings['seed']}"]
    if model := settings["model"]:
        parts.append(f"{model['id']} {model['sha256'][:12]}" + (f" + {model['adapter']}" if model["adapter"] else ""))
    return " · ".join([*parts, settings["made"]])


def page(results: Results, cases: Sequence[Case]) -> str:
    """The report as HTML that loads nothing: styles and bars stand in it, and every text is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    arms = results["settings"]["arms"]
    samples = {(s["arm"], s["case"]): s for s in results["samples"]}
    return environment.get_template("report.html.j2").render(
        heading=heading(results),
        results=results,
        arms=arms,
        scorers=SCORERS,
        titles={s.id: s.title for s in SCORERS},
        panels=[panel for scorer in SCORERS if (panel := _panel(results, arms, scorer))],
        kinds=_per_kind(results, arms),
        errors=[s for s in results["samples"] if s["error"]],
        refused=[(arm, r, _first(r["reasons"])) for arm, r in results["refused"].items() if r["candidates"]],
        cases=[
            (case, about["draft_findings"], [samples[arm, case.id] for arm in arms])
            for case, about in zip(cases, results["cases"], strict=True)
        ],
    )


def _figure(results: Results, arm: str, scorer: str, kind: str | None = None) -> Results | None:
    same = (f for f in results["figures"] if (f["arm"], f["scorer"], f["kind"]) == (arm, scorer, kind))
    return next(same, None)


def _cell(figure: Results | None, scorer: Scorer) -> str:
    if figure is None:
        return ""
    return f"{figure['mean']:.2f} [{figure['low']:.2f}, {figure['high']:.2f}]"


def _errors(results: Results, arm: str) -> list[Results]:
    return [s for s in results["samples"] if s["arm"] == arm and s["error"]]


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _lines(results: Results, arms: Sequence[str]) -> list[str]:
    lines = []
    for arm in arms:
        lines.append(f"{arm}: source of the message: {_shares(results['sources'][arm])}")
    for arm, refused in results["refused"].items():
        if refused["candidates"]:
            lines.append(f"{arm}: the gate refused {refused['refused']} of {refused['candidates']} candidates, for:")
            lines += [f"  {count:5d}  {reason}" for reason, count in _first(refused["reasons"])]
    guess = results["auto_kind"]
    lines.append(f"auto guesses the kind: {guess['mean']:.2f} [{guess['low']:.2f}, {guess['high']:.2f}]")
    for sample in (s for arm in arms for s in _errors(results, arm)):
        error = sample["error"]
        at = f" at {error['where'][-1]}" if error["where"] else ""
        lines.append(f"error: {sample['arm']}: {sample['case']}: {error['type']}: {error['message']}{at}")
    return lines


def _shares(counts: dict[str, int]) -> str:
    total = sum(counts.values())
    return ", ".join(f"{source} {count} ({count / total:.0%})" for source, count in counts.items())


def _first(reasons: dict[str, int]) -> list[tuple[str, int]]:
    return list(reasons.items())[:MOST_REASONS]


def _panel(results: Results, arms: Sequence[str], scorer: Scorer) -> dict[str, Any] | None:
    """One scorer's bars: each arm's mean and interval as shares of the widest value, 1 for shares."""
    figures = [f for arm in arms if (f := _figure(results, arm, scorer.id))]
    if not figures:
        return None
    full = 1.0 if scorer.unit == "share" else max([f["high"] for f in figures] + [1e-9])
    bars = [f | {part: 100 * min(f[end] / full, 1.0) for part, end in _ENDS} for f in figures]
    return {"scorer": scorer, "bars": bars}


_ENDS = (("width", "mean"), ("left", "low"), ("right", "high"))


def _per_kind(results: Results, arms: Sequence[str]) -> list[tuple[str, str, list[Results | None]]]:
    kinds = sorted({s["kind"] for s in results["samples"]})
    return [(kind, arm, [_figure(results, arm, s.id, kind) for s in SCORERS]) for kind in kinds for arm in arms]
