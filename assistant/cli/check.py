"""`check`: the findings of drafts, without a model."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import common
from assistant.errors import AssistantError
from assistant.records import SEVERITIES, Document, Finding, Kind, Library, Missing

if TYPE_CHECKING:
    from assistant.score_heads import Heads


@click.command(epilog="Example: assistant check draft.txt --fail-level warning")
@click.argument("paths", nargs=-1, metavar="[FILE|-]...", type=click.Path(allow_dash=True))
@common.kind_option
@common.max_chars_option
@click.option(
    "--fail-level",
    type=click.Choice([*SEVERITIES, "never"]),
    default="error",
    show_default=True,
    help="Exit with 1 when there is a finding of this severity or a higher one.",
)
@click.option(
    "--thorough",
    is_flag=True,
    help="Also look for faults that only sentence embeddings see; takes about a second more.",
)
@common.json_option
@common.color_option
def check(
    paths: tuple[str, ...],
    kind: str,
    max_chars: int | None,
    fail_level: str,
    thorough: bool,
    as_json: bool,
    no_color: bool,
) -> None:
    """List the faults of one or more drafts, one a line: path:line:col: severity: rule: message.

    No model that writes is used. A comment in the draft, <!-- assistant: ignore RULE -->, switches a rule off for it. A
    file that cannot be read is reported, the others are still checked, and the exit code is 2.
    """
    from assistant import document, render
    from assistant.rules import user_library

    library = user_library()
    chosen = common.known_kind(kind, library)
    colour = common.colour_for(sys.stdout, no_color)
    heads = _heads() if thorough else None
    entries: list[dict[str, Any]] = []
    errors: list[AssistantError] = []
    worst = -1
    for path in paths or (None,):
        try:
            draft = common.read_piped("draft") if path is None else common.read_file(path, "draft")
        except AssistantError as error:
            if len(paths) < 2:
                raise
            errors.append(error)
            entries.append({"path": path, "error": document.error_document(error)["error"]})
            if not as_json:
                common.note(render.error(error))
            continue
        where = path or "-"
        used, score, findings, missing = examine(draft, chosen, max_chars, library, heads)
        worst = max([worst, *(SEVERITIES.index(f.severity) for f in findings)])
        entries.append(document.checked_file(where, used, score, findings, missing))
        if not as_json:
            for finding in findings:
                common.show(render.finding_line(where, draft.text, finding, colour=colour))
    if as_json:
        common.show(document.dumps(document.check_document(entries)))
    if errors:
        sys.exit(2)
    if fail_level != "never" and worst >= SEVERITIES.index(fail_level):
        sys.exit(1)


def examine(
    draft: Document, kind: str | None, max_chars: int | None, library: Library, heads: Heads | None = None
) -> tuple[Kind, float, Sequence[Finding], Sequence[Missing]]:
    """One draft: its kind (guessed where None), how clean it is (0..1), its findings, and what it lacks."""
    from assistant import check as checking
    from assistant import reading, reading_kind, rules

    library = rules.with_levels(library, rules.ignored(draft.text, library))
    draft = rules.blanked(draft)
    brief = reading.read_brief(draft, ())
    used = library.kind(kind or reading_kind.guess_kind(draft, (), brief, library))
    limit = max_chars if max_chars is not None else used.max_chars
    findings = checking.examine(draft.text, used, library, max_chars=limit)
    if heads:
        findings = heads.add(draft.text, used, library, findings)
    return used, checking.score(findings), findings, reading_kind.missing(brief, used)


def _heads() -> Heads:
    from assistant.embed import MiniLM
    from assistant.models import bundled_embedder
    from assistant.score_heads import Heads

    return Heads(MiniLM(bundled_embedder()))
