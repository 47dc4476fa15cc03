"""`eval`: a thin way into the evaluation, which lives beside the package."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from assistant.cli import common
from assistant.errors import UsageError


@click.command(
    "eval",
    epilog="Example: assistant eval --limit 20 --arm echo --arm full",
)
@click.option(
    "--arm",
    "arms",
    multiple=True,
    default=("echo", "bare", "full"),
    show_default=True,
    metavar="ARM",
    help="What to measure: echo (the draft as it is), bare (the model without principles), full. May be repeated.",
)
@click.option(
    "--suite",
    type=click.Choice(["arms", "judge"]),
    default="arms",
    show_default=True,
    help="What to measure: the arms' messages, or the judge: gate, slots, findings, closeness, choice.",
)
@click.option(
    "--limit", type=int, callback=common.between(1), metavar="N", help="Only so many cases, the same ones every time."
)
@click.option("-k", "--kind", "kinds", multiple=True, metavar="KIND", help="Only cases of this kind. May be repeated.")
@click.option("--baseline", type=click.Path(path_type=Path), metavar="FILE", help="Exit with 1 when below this result.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Where JSON and report are written."
)
@common.model_options
@click.option("--json", "as_json", is_flag=True, help="Print the figures of the judge suite as one JSON document.")
def evaluate(
    arms: tuple[str, ...],
    suite: str,
    limit: int | None,
    kinds: tuple[str, ...],
    baseline: Path | None,
    output: Path | None,
    n: int,
    seed: int,
    model: str | None,
    no_adapter: bool,
    as_json: bool,
) -> None:
    """Measure the assistant on its test cases: prints a table, writes JSON and an HTML report."""
    from assistant.library import load_library

    library = load_library()
    for kind in kinds:
        common.find("kind", kind, [k.id for k in library.kinds])
    from eval import judge_run, run

    if no_adapter:
        raise UsageError("The evaluation always knows both.", "Name the arm: --arm untuned goes without the adapter.")
    if as_json and suite != "judge":
        raise UsageError("--json belongs to --suite judge.", "The arms' results are in results.json.")
    progress = common.ProgressLine()
    try:
        if suite == "judge":
            code = judge_run.suite(limit, kinds, baseline, output, progress, as_json=as_json)
        else:
            code = run.run(arms, limit, kinds, baseline, output, seed, n, model, progress)
    finally:
        progress.clear()
    sys.exit(code)
