"""`principles` and `kinds`: what the product teaches, as the data under prompts/ has it."""

from __future__ import annotations

import sys

import click

from assistant.cli import common


@click.command(epilog="Example: assistant principles vague-ask")
@click.argument("id", required=False)
@common.json_option
@common.color_option
def principles(id: str | None, as_json: bool, no_color: bool) -> None:
    """List the rules, or show one: what it asks, why, where it comes from, bad and good examples."""
    from assistant import document, render, render_catalogue
    from assistant.library import load_library

    library = load_library()
    colour, width = common.colour_for(sys.stdout, no_color), render.terminal_width()
    chosen = library.principles
    if id is not None:
        chosen = (library.principle(common.find("principle", id, [p.id for p in library.principles])),)
    if as_json:
        rows = [document.principle_document(p, library) for p in chosen]
        common.show(document.dumps(document.result_document({"principles": rows})))
    elif id is None:
        common.show(render_catalogue.principles(library, colour=colour, width=width))
    else:
        common.show(render_catalogue.principle(chosen[0], library, colour=colour, width=width))


@click.command(epilog="Example: assistant kinds referral")
@click.argument("id", required=False)
@common.json_option
@common.color_option
def kinds(id: str | None, as_json: bool, no_color: bool) -> None:
    """List the kinds of message, or show one: its shape, its size, what it needs, its rules and examples."""
    from assistant import document, render, render_catalogue
    from assistant.library import load_library

    library = load_library()
    colour, width = common.colour_for(sys.stdout, no_color), render.terminal_width()
    chosen = library.kinds
    if id is not None:
        chosen = (library.kind(common.find("kind", id, [k.id for k in library.kinds])),)
    if as_json:
        rows = [document.kind_document(k, library) for k in chosen]
        common.show(document.dumps(document.result_document({"kinds": rows})))
    elif id is None:
        common.show(render_catalogue.kinds(library, colour=colour, width=width))
    else:
        common.show(render_catalogue.kind(chosen[0], library, colour=colour, width=width))
