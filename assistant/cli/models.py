"""`models`: which models are installed, where, whether they are whole, and the form made for this computer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import common
from assistant.errors import ModelError

if TYPE_CHECKING:
    from assistant.models import ModelFile


@click.group(
    epilog="Example: assistant models",
    invoke_without_command=True,
)
@common.json_option
@common.color_option
@click.pass_context
def models(context: click.Context, as_json: bool, no_color: bool) -> None:
    """List the installed models: where they lie, their size and licence, and whether they are whole.

    A bundled model is compared with its published hash; of your own files only the form can be checked.
    """
    if context.invoked_subcommand is None:
        _list(as_json, no_color)


@models.command(
    short_help="Make the bundled model faster on this computer, once.",
    epilog="Example: assistant models prepare",
)
@common.json_option
def prepare(as_json: bool) -> None:
    """Write the bundled model in the form that is fastest on this computer: the same weights, computed faster.

    The first rewrite does the same; this is for doing it beforehand. The files lie in the cache folder.
    """
    from assistant import document, prepared
    from assistant import models as registry
    from assistant.files import cannot_write

    progress = common.ProgressLine()
    model, adapter = registry.bundled_generator(), _adapter()
    try:
        pair = prepared.find(model, adapter)
        done = pair is not None
        pair = pair or prepared.prepare(model, adapter, progress)
    except OSError as error:
        raise cannot_write(f"'{prepared.folder()}'", error) from error
    finally:
        progress.clear()
    files = [file for file in pair if file is not None]
    size = sum(file.size for file in files)
    if as_json:
        body = {"id": model.id, "made": not done, "size": size, "files": [str(file.path) for file in files]}
        common.show(document.dumps(document.result_document(body)))
        return
    common.show(f"{model.id} {'was prepared before' if done else 'is prepared'}: {size / 1e6:.0f} MB.")
    for file in files:
        common.show(f"  {file.path}")


def _adapter() -> ModelFile | None:
    from assistant.models import bundled_adapter

    try:
        return bundled_adapter()
    except ModelError:
        return None


def _list(as_json: bool, no_color: bool) -> None:
    from assistant import document, paths, prepared
    from assistant import models as registry
    from assistant.render import Page, flat, terminal_width

    rows: list[dict[str, Any]] = []
    adapter = _adapter()
    for model in registry.installed():
        problem = None
        try:
            registry.verify(model)
        except ModelError as error:
            problem = error
        rows.append(
            {
                "id": model.id,
                "role": model.role,
                "path": str(model.path),
                "size": model.size,
                "licence": model.licence,
                "bundled": model.bundled,
                "sha256": model.sha256,
                "verified": problem is None and model.sha256 is not None,
                "problem": None if problem is None else problem.message,
                "hint": None if problem is None else problem.hint,
                "prepared": [str(file.path) for file in prepared.find(model, adapter) or () if file is not None],
            }
        )
    if as_json:
        common.show(document.dumps(document.result_document({"models": rows, "folder": str(paths.user_models())})))
        return
    page = Page(common.colour_for(sys.stdout, no_color), terminal_width())
    for row in rows:
        page.wrapped(f"{flat(row['id'])} ({row['role']})", bold=True)
        state = row["problem"] or (
            "verified: its hash is the published one" if row["verified"] else "whole; your own file"
        )
        page.wrapped(flat(state), indent=2, hang=2, fg="red" if row["problem"] else "green")
        if row["hint"]:
            page.wrapped(flat(row["hint"]), indent=2, hang=2)
        page.wrapped(f"{row['size'] / 1e6:.0f} MB, licence {flat(row['licence'])}", indent=2)
        page.line(f"  {flat(row['path'])}")
        for path in row["prepared"]:
            page.line(f"  prepared for this computer: {flat(path)}")
        page.line()
    page.wrapped("Put GGUF files of your own into this folder, or name a file with -m:", hang=2)
    page.line(f"  {flat(str(paths.user_models()))}")
    common.show("\n".join(page.lines))
