"""The brief on the terminal: printed, read back from a file, or confirmed and corrected before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import common, pipeline
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.records import Document, Library, Request

brief_options = common.options(
    click.option(
        "--show-brief", is_flag=True, help="Print what was read of draft and notes, as a text to correct, and stop."
    ),
    click.option(
        "--brief",
        "brief_file",
        type=click.Path(),
        metavar="FILE",
        help="Write from this brief, as --show-brief prints it, instead of reading draft and notes.",
    ),
)


def show(request: Request, library: Library, *, as_json: bool) -> None:
    """Prints the brief: the text that `--brief` takes, or each excerpt with where it stands."""
    from assistant import brief, document
    from assistant.intake import read
    from assistant.records import SLOTS
    from assistant.render import harmless

    _, found, kind, _ = read(request, library, pipeline.tuned_reader())
    if as_json:
        slots = {slot: [{"text": e.text, "from": e.origin} for e in found.get(slot)] for slot in SLOTS}
        common.show(document.dumps(document.result_document({"kind": kind.id, "brief": slots})))
    else:
        common.show(harmless(brief.written(found, kind.id)).rstrip("\n"))


def from_file(path: str, request: Request, *, tell: Callable[[str], Any]) -> Request:
    """The request with the brief of that file; `tell` hears which words are the file's own. Raises UsageError."""
    from pathlib import Path

    from assistant import files

    return _with(request, files.read_document(path, Path(path).name), tell)


def _with(request: Request, text: Document, tell: Callable[[str], Any]) -> Request:
    from dataclasses import replace

    from assistant import brief

    document = brief.corrected(text)
    sources = (*request.notes, request.draft)
    for one in brief.own(brief.filled(document, sources)):
        where = f"{text.name}, line {one.line}"
        tell(f"{where}: “{one.text}” stands in neither draft nor notes; it counts as your own words.")
    return replace(request, notes=(*request.notes, document))


def confirmed(request: Request, library: Library) -> Request:
    """Shows on stderr what was read, until it is right: Enter goes on, e opens it in the editor, n stops."""
    from assistant import brief
    from assistant.intake import read
    from assistant.records import Document
    from assistant.render import harmless

    asked, text, tuned = request, "", pipeline.tuned_reader()
    while True:
        _, found, kind, _ = read(asked, library, tuned)
        text = text or harmless(brief.written(found, kind.id))
        common.note(text)
        reply = _reply()
        if reply.startswith("n"):
            raise click.Abort
        if not reply.startswith("e"):
            return asked
        text = click.edit(text, extension=".txt") or text
        try:
            asked, text = _with(request, Document("your brief", text), common.note), ""
        except UsageError as error:
            common.note(f"{error} {error.hint}\n")


def _reply() -> str:
    """What the person answers; Ctrl-D, as at every question, goes on."""
    with suppress(ImportError):
        import readline  # noqa: F401  line editing for the answer
    question = "Is this right? Enter goes on, e edits it, n stops.\n "
    try:
        return (
            str(click.prompt(question, default="", show_default=False, prompt_suffix="> ", err=True)).strip().casefold()
        )
    except click.Abort as stop:
        if isinstance(stop.__context__, KeyboardInterrupt):
            raise
        common.note("")
        return ""
