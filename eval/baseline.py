"""Results against stored results: like with like, case by case.

Command: `python -m eval.baseline out/eval-…/results.json eval/baseline.json` stores a run's values as the baseline.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import UsageError
from eval.arms import WRITING_ARMS
from eval.evaluate import VERSION, Results
from eval.scorers import SCORERS
from eval.stats import estimate

# Some twenty figures are compared at once: at 95% one of them would cry wolf in every other run.
LEVEL = 0.99
# A difference that the table's last digit does not show is another machine's rounding.
SMALLEST = 0.005
# The key of the judge's figures in a baseline file, beside those of the arms.
JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class Drop:
    """A figure that got worse: by `drop` on average over the shared cases, with `noise` the half-interval of that."""

    arm: str
    scorer: str
    was: float
    now: float
    drop: float
    noise: float
    n: int

    def __str__(self) -> str:
        title = next(s.title for s in SCORERS if s.id == self.scorer)
        return (
            f"{self.arm}: {title}: {self.was:.2f} → {self.now:.2f}, "
            f"worse by {self.drop:.2f} (noise {self.noise:.2f}, {self.n} cases)"
        )


def read_baseline(path: Path) -> Results:
    """Stored results; raises UsageError where the file is missing or is not one of this version."""
    hint = "A baseline is a results.json of an earlier evaluation; run one, then copy its results.json there."
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"The baseline cannot be read: {error.strerror}.", hint, file=path) from error
    except ValueError as error:
        raise UsageError(f"The baseline is not JSON: {error}.", hint, file=path) from error
    if not isinstance(stored, dict) or stored.get("version") != VERSION or not {"settings", "samples"} <= stored.keys():
        raise UsageError(f"The baseline does not hold evaluation results of version {VERSION}.", hint, file=path)
    return stored


def check_alike(stored: Results, settings: Results, path: Path) -> None:
    """Raises UsageError unless the baseline ran at least these cases and arms with the same seed, n and model.

    n, seed and model count only where an arm writes.
    """
    then, hint = stored["settings"], "Run with the baseline's settings, or make a new baseline with these."
    for name in ("arms", "cases"):
        absent = [value for value in settings[name] if value not in then[name]]
        if absent:
            more = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
            raise UsageError(f"The baseline did not run {name[:-1]} {absent[0]}{more}.", hint, file=path)
    if WRITING_ARMS & set(settings["arms"]):
        for name in ("seed", "n", "model"):
            if then[name] != settings[name]:
                message = f"The baseline ran with {name} {_shown(then[name])}, this run with {_shown(settings[name])}."
                raise UsageError(message, hint, file=path)


def compare(results: Results, stored: Results) -> tuple[int, list[Drop]]:
    """How many figures were compared, and those that are worse by more than their noise.

    Both runs hold the same cases, so the differences are taken case by case and the noise is half the width of the
    bootstrap interval of their mean (99%): far narrower than the interval of either mean alone.
    """
    earlier = {(s["arm"], s["case"]): s["scores"] for s in stored["samples"]}
    drops: list[Drop] = []
    compared = 0
    for arm in results["settings"]["arms"]:
        for scorer in (s for s in SCORERS if s.compared):
            pairs = [
                (before[scorer.id]["value"], s["scores"][scorer.id]["value"])
                for s in results["samples"]
                if s["arm"] == arm and scorer.id in s["scores"]
                if scorer.id in (before := earlier.get((arm, s["case"]), {}))
            ]
            if not pairs:
                continue
            compared += 1
            sign = 1 if scorer.higher_is_better else -1
            worse = estimate([sign * (was - now) for was, now in pairs], level=LEVEL, seed=results["settings"]["seed"])
            if worse.mean > max(worse.noise, SMALLEST):
                was, now = (sum(column) / len(pairs) for column in zip(*pairs, strict=True))
                drops.append(Drop(arm, scorer.id, was, now, worse.mean, worse.noise, len(pairs)))
    return compared, drops


def stripped(results: Results) -> Results:
    """Settings and values alone: what a comparison needs, without the messages and candidates."""
    samples = [
        {
            "case": sample["case"],
            "arm": sample["arm"],
            "scores": {id: {"value": score["value"]} for id, score in sample["scores"].items()},
        }
        for sample in results["samples"]
    ]
    return {"version": results["version"], "settings": results["settings"], "samples": samples}


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        adapter = f" with {value['adapter']}" if value["adapter"] else ""
        return f"{value['id']} ({value['sha256'][:12]}){adapter}"
    return str(value)


def store(results: Path, baseline: Path) -> None:
    """Writes a run's values into the baseline file; the other suite's values stay as they are."""
    run = json.loads(results.read_text(encoding="utf-8"))
    stored = json.loads(baseline.read_text(encoding="utf-8")) if baseline.exists() else {}
    if run.get("suite") == JUDGE:
        stored[JUDGE] = {key: run[key] for key in ("made", "figures", "measures")}
    else:
        stored = stripped(read_baseline(results)) | ({JUDGE: stored[JUDGE]} if JUDGE in stored else {})
    baseline.write_text(json.dumps(stored, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    store(Path(sys.argv[1]), Path(sys.argv[2]))
