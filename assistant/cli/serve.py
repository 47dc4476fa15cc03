"""`serve`: keeps everything loaded, so that the other commands answer at once."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any

import click

from assistant.cli import common, pipeline

IDLE_MINUTES = 30


@click.command(epilog="Example: assistant serve --socket &")
@click.option(
    "--socket",
    "path",
    is_flag=False,
    flag_value="",
    default="",
    metavar="[PATH]",
    help="Where to listen. Default: a place of your own, where the other commands look; or $ASSISTANT_SOCKET.",
)
@click.option(
    "--idle",
    type=int,
    callback=common.between(1, 24 * 60),
    default=IDLE_MINUTES,
    show_default=True,
    metavar="MINUTES",
    help="Ends when nobody has asked for so long.",
)
@common.model_choice
def serve(path: str, idle: int, model: str | None, no_adapter: bool) -> None:
    """Keep the assistant loaded, on a socket that only you can use. Nothing of yours is kept.

    rewrite, follow-up and batch use it when it runs with the same model, and give the same answers without it. They
    look in the usual place, or where $ASSISTANT_SOCKET says. Ctrl-C ends it.
    """
    from assistant import serve as server
    from assistant import warm
    from assistant.rules import user_library

    place = Path(path).expanduser().absolute() if path else warm.socket_path()
    signal.signal(signal.SIGTERM, _end)
    progress = common.ProgressLine()
    with server.listening(place) as listener:
        try:
            assistant = pipeline.build_assistant(user_library(), model, progress, adapter=not no_adapter)
            server.warm_up(assistant)
        finally:
            progress.clear()
        who = warm.identity(*pipeline.chosen_files(model, not no_adapter))
        common.note(f"Ready at {place}. Ctrl-C ends it; so do {idle} minutes without a request.")
        server.serve(assistant, who, listener, idle * 60)
    common.note("Nobody asked any more.")


def _end(*_: Any) -> None:
    """As Ctrl-C would, so that the socket's file is removed."""
    sys.exit(0)
