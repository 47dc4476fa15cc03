"""The figures as a table, as JSON and as a picture."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from assistant.cores import available_cores
from eval.bench.measure import Figure

_ROW, _LEFT, _WIDTH = 26, 470, 260
# A bar that is twice as long as allowed fills the picture.
_FULL = 2.0


def table(measured: Sequence[Figure]) -> str:
    """One line a figure: its median, the range of its rounds, and what it must be."""
    lines = []
    for figure in measured:
        if figure.value is None:
            lines.append(f"{'—':>8}  not measured     {figure.name}: {figure.missing}")
            continue
        must = "" if figure.must is None else f"{'≤' if figure.most else '≥'} {figure.must:g}"
        met = {True: "met", False: "MISSED", None: ""}[figure.met]
        span = f"{min(figure.values):.2f} to {max(figure.values):.2f}"
        unit = "" if figure.unit == "ratio" else f" ({figure.unit})"
        lines.append(f"{figure.value:8.2f}  {span:17}{must:8}{met:8}{figure.name}{unit}")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one group has measured, when, and in how many rounds."""

    made: str
    rounds: int
    figures: tuple[Figure, ...]


def figures(groups: Mapping[str, Measured], names: Sequence[str]) -> list[Figure]:
    """All figures in the order of the groups' names; a group that was not measured has one that says so."""
    found: list[Figure] = []
    for name in names:
        missing = Figure(f"the group “{name}”", (), None, missing=f"--only {name} measures it")
        found += groups[name].figures if name in groups else (missing,)
    return found


def document(groups: Mapping[str, Measured], names: Sequence[str]) -> dict[str, Any]:
    """Everything measured, with the machine it was measured on, and what was not."""
    return {
        "machine": {
            "processor": _processor(),
            "cores": available_cores(),
            "system": platform.platform(),
            "load_before": os.getloadavg()[0],
        },
        "not_measured": [name for name in names if name not in groups],
        "groups": {
            name: {
                "made": group.made,
                "rounds": group.rounds,
                "figures": [{**asdict(f), "value": f.value, "met": f.met} for f in group.figures],
            }
            for name, group in groups.items()
        },
    }


def stored(folder: Path) -> dict[str, Measured]:
    """The groups that were measured into this folder before."""
    try:
        found = json.loads((folder / "results.json").read_text(encoding="utf-8"))["groups"]
    except FileNotFoundError:
        return {}
    keys = [field.name for field in fields(Figure)]
    return {
        name: Measured(
            group["made"],
            group["rounds"],
            tuple(Figure(**{**{k: f[k] for k in keys}, "values": tuple(f["values"])}) for f in group["figures"]),
        )
        for name, group in found.items()
    }


def picture(measured: Sequence[Figure]) -> str:
    """An SVG: for each figure that must be something, how far it is from what it must be; 1 is the limit."""
    from jinja2 import Environment, StrictUndefined

    rows = []
    for figure in measured:
        if figure.value is None or figure.must is None:
            continue
        share = figure.value / figure.must if figure.most else figure.must / figure.value
        rows.append(
            {
                "name": figure.name,
                "width": max(0.0, min(share, _FULL)) / _FULL * _WIDTH,
                "colour": "#2a7a3b" if figure.met else "#b3261e",
                "said": f"{figure.value:.2f} ({'≤' if figure.most else '≥'} {figure.must:g})",
            }
        )
    template = (Path(__file__).parent / "plot.svg.j2").read_text(encoding="utf-8")
    environment = Environment(undefined=StrictUndefined, autoescape=True)
    return environment.from_string(template).render(
        rows=rows, row=_ROW, left=_LEFT, limit=_LEFT + _WIDTH / _FULL, right=_LEFT + _WIDTH
    )


def write(folder: Path, groups: Mapping[str, Measured], names: Sequence[str]) -> None:
    """results.json and plot.svg, of what has been measured so far."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document(groups, names), ensure_ascii=False, indent=1)
    (folder / "results.json").write_text(text + "\n", encoding="utf-8")
    (folder / "plot.svg").write_text(picture(figures(groups, names)), encoding="utf-8")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
