"""What several commands share: their options, their inputs and the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from assistant.errors import OutputError, UsageError

if TYPE_CHECKING:
    from assistant.records import Document, Library

F = TypeVar("F", bound=Callable[..., Any])
MIN_CHARS = 50
INTERRUPTED = 130


# --- the terminal -----------------------------------------------------------------------------------------------


def is_terminal(*streams: Any) -> bool:
    """Whether every one of these streams is a terminal; a closed one is not."""
    return all(s is not None and not s.closed and s.isatty() for s in streams)


def colour_for(stream: Any, no_color: bool) -> bool:
    """Colour only on a terminal that can show it, and only where nobody asked for none (see no-color.org)."""
    wanted = not no_color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return wanted and is_terminal(stream)


def show(text: str) -> None:
    """One block on stdout. Where it cannot be written it goes to stderr, so that the answer is not lost."""
    if sys.stdout is None:
        note(text)
        raise OutputError("Standard output is closed.", "The answer is on standard error instead.")
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        from assistant import files

        silence(sys.stdout)
        click.echo(text, err=True)
        raise files.cannot_write("standard output", error) from error


def note(text: str) -> None:
    """One block on stderr."""
    click.echo(text, err=True)


def silence(stream: Any) -> None:
    """Points a broken stream at nothing, or Python would complain about it once more at exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)


class ProgressLine:
    """A single line on stderr, rewritten in place; nothing at all where stderr is not a terminal."""

    def __init__(self) -> None:
        self._live = is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb"
        self._shown = False
        self.prefix = ""

    def __call__(self, text: str) -> None:
        if not self._live:
            return
        width = max(os.get_terminal_size(sys.stderr.fileno()).columns - 1, 10)
        sys.stderr.write("\r\x1b[K" + (self.prefix + text)[:width])
        sys.stderr.flush()
        self._shown = True

    def clear(self) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False


# --- options ----------------------------------------------------------------------------------------------------


def between(low: int, high: int | None = None) -> Callable[[click.Context, click.Parameter, int | None], int | None]:
    """An option's callback: refuses a number outside the range in words, where click would write x>=1."""

    def checked(_context: click.Context, _parameter: click.Parameter, number: int | None) -> int | None:
        if number is not None and (number < low or (high is not None and number > high)):
            span = f"at least {low}" if high is None else f"from {low} to {high}"
            raise click.BadParameter(f"{number} is out of range: it must be {span}.")
        return number

    return checked


def options(*decorators: Callable[[Any], Any]) -> Callable[[F], F]:
    """Several click decorators as one, in the order in which `--help` shows them."""

    def apply(function: F) -> F:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return apply


def _complete_kind(_context: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    from assistant.library import load_library

    return [k.id for k in load_library().kinds if k.id.startswith(start)]


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")
color_option = click.option("--no-color", is_flag=True, help="No colours (NO_COLOR and TERM=dumb do the same).")
kind_option = click.option(
    "-k",
    "--kind",
    default="auto",
    show_default=True,
    metavar="KIND",
    shell_complete=_complete_kind,
    help="What kind of message it is; 'assistant kinds' lists them.",
)
max_chars_option = click.option(
    "--max-chars",
    type=int,
    callback=between(MIN_CHARS),
    metavar="N",
    help=f"The most characters the message may have (at least {MIN_CHARS}).",
)
model_choice = options(
    click.option(
        "-m",
        "--model",
        metavar="MODEL",
        help="A GGUF file, or a name from 'assistant models'. Default: the bundled one.",
    ),
    click.option(
        "--no-adapter", is_flag=True, help="Leave out the adapter that teaches the bundled model to write messages."
    ),
)
model_options = options(
    click.option(
        "-n",
        type=int,
        callback=between(1, 16),
        default=8,
        show_default=True,
        metavar="N",
        help="The most candidates that the model writes, 1 to 16; a good one ends it early.",
    ),
    click.option(
        "--seed",
        type=int,
        callback=between(0, 2**31 - 1),
        default=0,
        show_default=True,
        metavar="N",
        help="The same seed gives the same answer.",
    ),
    model_choice,
)
input_options = options(
    click.argument("file", required=False, metavar="[FILE|-]", type=click.Path(allow_dash=True)),
    click.option("--text", metavar="TEXT", help="The words themselves, instead of FILE."),
    click.option(
        "-c",
        "--notes",
        multiple=True,
        type=click.Path(allow_dash=True),
        metavar="NOTES",
        help="A file with your notes: facts, a profile, a job ad. May be given more than once.",
    ),
)
answer_options = options(
    click.option(
        "--ask/--no-ask",
        default=None,
        help="Show what was read, to correct it, and ask for what is missing. Default: only on a terminal. Pipes and "
        "--json never wait.",
    ),
    click.option("--dry-run", is_flag=True, help="Print the prompt that the model would get, and stop."),
    json_option,
    color_option,
)


# --- inputs -----------------------------------------------------------------------------------------------------


def read_inputs(file: str | None, text: str | None, notes: Sequence[str]) -> tuple[Document, tuple[Document, ...]]:
    """Draft and notes from FILE, `--text`, `-c` and standard input. Raises UsageError."""
    from assistant import files

    if file is not None and text is not None:
        raise UsageError("Both FILE and --text were given.", "Give one of them.")
    from_stdin = [
        *(["FILE"] if file == "-" or (file is None and text is None) else []),
        *(n for n in notes if n == "-"),
    ]
    if len(from_stdin) > 1:
        raise UsageError("Standard input can be read only once.", "Give the draft or the notes as a file.")
    if text is not None:
        draft = files.from_text(text, "draft", "--text")
    elif file is None:
        draft = read_piped("draft")
    else:
        draft = read_file(file, "draft")
    names = files.names_for([("notes" if n == "-" else n) for n in notes])
    return draft, tuple(read_file(path, name) for path, name in zip(notes, names, strict=True))


def read_file(path: str, name: str) -> Document:
    """A file, or standard input for "-". Raises UsageError."""
    from assistant import files

    if path != "-":
        return files.read_document(path, name)
    if sys.stdin is None:
        raise UsageError("Standard input is closed.", "Give the name of a file.")
    if is_terminal(sys.stdin, sys.stderr):
        note("Type or paste your text, then press Ctrl-D on an empty line.")
    return files.read_stream(sys.stdin.buffer, name)


def read_piped(name: str) -> Document:
    """Standard input where no file was named; on an empty terminal a usage error and not a wait."""
    if sys.stdin is None or is_terminal(sys.stdin):
        raise UsageError(
            "There is nothing to read.", "Give a FILE, --text \"…\", or pipe text in; '-' reads what you type."
        )
    return read_file("-", name)


def known_kind(name: str | None, library: Library) -> str | None:
    """The kind's id, or None for auto. Raises UsageError with the nearest names and the whole list."""
    if name is None or name == "auto":
        return None
    return find("kind", name, [k.id for k in library.kinds])


def find(what: str, name: str, ids: Sequence[str]) -> str:
    """`name` where it is one of `ids`. Raises UsageError with the nearest ones and the whole list."""
    import difflib

    if name in ids:
        return name
    close = difflib.get_close_matches(name.casefold().replace(" ", "-"), ids, n=1)
    guess = f"Did you mean '{close[0]}'? " if close else ""
    raise UsageError(f"There is no {what} '{name}'.", f"{guess}The {what}s are: {', '.join(ids)}.")


def today() -> date:
    """The date on the user's clock."""
    return date.today()
