"""The group of all commands, and what becomes of their errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from assistant.cli import common
from assistant.cli.completion import VARIABLE
from assistant.errors import AssistantError, UsageError

# Each command: the function in this folder, and its line in the list of commands. The main job stands first.
COMMANDS: dict[str, tuple[str, str]] = {
    "rewrite": ("rewrite.rewrite", "Rewrite a draft, with your notes, into a message to send."),
    "follow-up": ("rewrite.follow_up", "Write a short, calm bump of a message already sent."),
    "check": ("check.check", "List the faults of a draft; no model, instantly."),
    "batch": ("batch.batch", "Rewrite many drafts: one JSON line in, one JSON line out."),
    "serve": ("serve.serve", "Keep the assistant loaded; the other commands use it."),
    "eval": ("evaluate.evaluate", "Measure the assistant on its test cases."),
    "principles": ("catalogue.principles", "List the rules, or show one with its reason and examples."),
    "kinds": ("catalogue.kinds", "List the kinds of message, or show one with its examples."),
    "models": ("models.models", "List the installed models and whether they are whole."),
    "doctor": ("doctor.doctor", "Say what is wrong with this set-up and how to mend it."),
    "completion": ("completion.completion", "Print the completion script for your shell."),
}

# What a shell reports for other tools whose reader went away: 128 + SIGPIPE.
PIPE_CLOSED = 141


class Bug(AssistantError):
    """Anything that is not an AssistantError: its traceback is shown, and with `--json` a document says so too."""

    exit_code = 4
    code = "internal"

    def __init__(self, message: str) -> None:
        super().__init__(message, "This is a fault in the assistant: please report it with the lines above.")


class Deferred(click.Command):
    """Stands for a command in lists; the command itself is imported when it is called."""

    def __init__(self, name: str, place: str, line: str) -> None:
        super().__init__(name, short_help=line)
        self._place = place

    def load(self) -> click.Command:
        """The command."""
        module, _, function = self._place.partition(".")
        command: click.Command = getattr(import_module(f"assistant.cli.{module}"), function)
        return command


class Commands(click.Group):
    """Keeps the commands in the order in which they were added, and loads the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.load() if isinstance(command, Deferred) else command, rest


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog=(
        "'assistant COMMAND --help' says more about each, with an example. "
        "Exit codes: 0 done; 1 findings, failed lines, or an evaluation below its baseline; 2 wrong input; "
        "3 model missing or unusable; 4 a fault in the assistant; 130 stopped with Ctrl-C."
    ),
)
@click.version_option(package_name="outreach-assistant", message="%(prog)s %(version)s")
def cli() -> None:
    """Turn a vague outreach draft and your notes into a message to send, with the reasons.

    Everything happens on this machine: nothing is sent anywhere, nothing is downloaded.

    Start with:  assistant rewrite draft.txt -c notes.md
    """


for _name, (_place, _line) in COMMANDS.items():
    cli.add_command(Deferred(_name, _place, _line))


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code: 0 done, 1 findings or failed lines, 2 usage, 3 model, 4 a bug, 130."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if os.environ.get(VARIABLE):
        cli.main(arguments, prog_name="assistant", complete_var=VARIABLE)
    _utf8()
    try:
        return _reported(arguments)
    except BrokenPipeError:
        common.silence(sys.stdout)
        return PIPE_CLOSED
    except (KeyboardInterrupt, click.Abort):
        common.note("\nStopped.")
        return common.INTERRUPTED
    except AssistantError as error:
        # The error document itself could not be written; `show` has put it on stderr.
        return error.exit_code


def _reported(arguments: list[str]) -> int:
    try:
        return _call(arguments)
    except (BrokenPipeError, click.Abort):
        raise
    except AssistantError as error:
        return _report(error, error.exit_code, arguments)
    except Exception as error:
        import traceback

        traceback.print_exc()
        return _report(Bug(f"{type(error).__name__}: {error}"), Bug.exit_code, arguments)


def _call(arguments: list[str]) -> int:
    """Without click's own `main`, which would turn a closed pipe and Ctrl-C into exit code 1."""
    context: click.Context | None = None
    try:
        with cli.make_context("assistant", arguments) as context:
            cli.invoke(context)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.ClickException as error:
        where = getattr(error, "ctx", None) or context
        help_for = where.command_path if where is not None else "assistant"
        raise UsageError(error.format_message(), f"'{help_for} --help' shows how to use it.") from None
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return 0


def _report(error: AssistantError, code: int, arguments: Sequence[str]) -> int:
    from assistant import render

    if _wants_json(arguments):
        from assistant import document

        common.show(document.dumps(document.error_document(error)))
    else:
        no_color = "--no-color" in arguments
        common.note(render.error(error, colour=common.colour_for(sys.stderr, no_color)))
    return code


def _wants_json(arguments: Sequence[str]) -> bool:
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return "--json" in arguments[:end]


def _utf8() -> None:
    """Text is UTF-8 in and out, whatever the locale: a message must not change on its way through a pipe."""
    streams: tuple[Any, ...] = (sys.stdout, sys.stderr)
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
