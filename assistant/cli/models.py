"""`models`: which models are installed, where, and whether they are whole."""

from __future__ import annotations

import sys
from typing import Any

import click

from assistant.cli import common
from assistant.errors import ModelError


@click.command(
    short_help="List the installed models and whether they are whole.",
    epilog="Example: assistant models",
)
@common.json_option
@common.color_option
def models(as_json: bool, no_color: bool) -> None:
    """List the installed models: where they lie, their size and licence, and whether they are whole.

    A bundled model is compared with its published hash; of your own files only the form can be checked.
    """
    from assistant import document, paths
    from assistant import models as registry
    from assistant.render import Page, flat, terminal_width

    rows: list[dict[str, Any]] = []
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
        page.line()
    page.wrapped("Put GGUF files of your own into this folder, or name a file with -m:", hang=2)
    page.line(f"  {flat(str(paths.user_models()))}")
    common.show("\n".join(page.lines))
