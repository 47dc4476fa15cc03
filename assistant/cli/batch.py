"""`batch`: one rewrite a line of JSON, the model loaded once; bad lines are reported, finished ones are never lost."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from assistant import files
from assistant.cli import common, pipeline
from assistant.errors import AssistantError, OutputError, UsageError
from assistant.records import Library, Request

Write = Callable[[str], None]
# Every answer begins so: what is left of a line that a power cut tore is known by it.
_BEGINNING = b'{"version": '


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the input: `number` counts from 1, `sha256` is of its bytes without the surrounding white space."""

    number: int
    data: bytes
    sha256: str


@click.command(epilog="Example: assistant batch drafts.jsonl -o messages.jsonl")
@click.argument("source", metavar="IN.jsonl|-", type=click.Path(allow_dash=True))
@click.option("-o", "--output", metavar="OUT.jsonl", type=click.Path(), help="Add the answers to this file.")
@common.model_options
def batch(source: str, output: str | None, n: int, seed: int, model: str | None, no_adapter: bool) -> None:
    """Rewrite many drafts. A line in is {"id", "draft", "kind"?, "context"?, "max_chars"?}; a line out is one document.

    A bad line is named on standard error and gets an error document; the others go on, and the exit code is 1.

    With -o, a run that was stopped goes on where it was: run the same command again. Lines already answered in OUT are
    not done again as long as they have not changed, whatever the other options; failed ones are tried again.
    """
    from assistant.rules import user_library

    library = user_library()
    lines = split(_read(source))
    if not lines:
        raise UsageError(f"{_name(source)} holds no lines.", 'A line is {"id": "1", "draft": "…", "context": "…"}.')
    done: set[str] = set()
    write: Write = common.show
    if output is not None:
        done = resume(Path(output), source, lines)
        write = files.LineWriter(Path(output)).write
    todo = [line for line in lines if line.sha256 not in done]
    if len(todo) < len(lines):
        common.note(f"{len(lines) - len(todo)} of {len(lines)} lines are already in {output}; {len(todo)} to do.")
    if not todo:
        return
    _run(todo, lines, write, library, n=n, seed=seed, model=model, adapter=not no_adapter)


def _run(
    todo: Sequence[Line],
    lines: Sequence[Line],
    write: Write,
    library: Library,
    *,
    n: int,
    seed: int,
    model: str | None,
    adapter: bool,
) -> None:
    from assistant import document, render

    progress = common.ProgressLine()
    failed: list[int] = []
    finished = 0
    try:
        taken: dict[str | int, int] = {}
        requests = {line.number: _parsed(line, taken, library, n, seed) for line in lines}
        rewriter = pipeline.Rewriter(lambda: library, model, progress, adapter=adapter)
        for line in todo:
            progress.prefix = f"line {line.number} of {lines[-1].number}: "
            given, request = requests[line.number]
            try:
                if isinstance(request, AssistantError):
                    raise request
                answer = document.rewrite_document(rewriter.rewrite(request), id=given)
            except AssistantError as error:
                failed.append(line.number)
                answer = document.error_document(error)
                if given is not None:
                    answer["id"] = given
                progress.clear()
                common.note(f"line {line.number}: {render.error(error)}")
            answer["input"] = {"line": line.number, "sha256": line.sha256}
            _keep(document.dumps(answer), write, line.number)
            finished += 1
    except KeyboardInterrupt:
        progress.clear()
        again = " Run the same command again to go on." if write is not common.show else ""
        common.note(f"Stopped. {finished} of {len(todo)} lines are finished and kept.{again}")
        sys.exit(common.INTERRUPTED)
    finally:
        progress.clear()
    if failed:
        common.note(f"{finished - len(failed)} lines rewritten, {len(failed)} not: {_numbers(failed)}.")
        sys.exit(1)


def _keep(text: str, write: Write, number: int) -> None:
    """Where the file cannot take the line, it goes to stdout before the error: work that is done is not lost."""
    try:
        write(text)
    except OutputError as error:
        if write is common.show:
            raise
        common.show(text)
        raise OutputError(
            f"{error.message} The answer to line {number} is on standard output instead.", error.hint
        ) from error


# --- lines in ---------------------------------------------------------------------------------------------------


def split(data: bytes) -> list[Line]:
    """The lines that hold anything, with their numbers in the file."""
    found = []
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line := raw.strip():
            found.append(Line(number, line, hashlib.sha256(line).hexdigest()))
    return found


def parse(line: Line, library: Library, n: int, seed: int) -> tuple[str | int, Request]:
    """The id as given, and the request. Raises UsageError where the line is not what the help says."""
    value = _json(line)
    given = value.get("id")
    if not isinstance(given, str | int) or isinstance(given, bool):
        raise UsageError('There is no "id", or it is neither text nor a whole number.', "Give every line its own id.")
    kind = common.known_kind(_text(value, "kind", required=False), library)
    draft = files.from_text(_text(value, "draft") or "", "draft", 'The "draft"')
    context = _text(value, "context", required=False)
    notes = (files.from_text(context, "context", 'The "context"'),) if context and context.strip() else ()
    limit = value.get("max_chars")
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < common.MIN_CHARS):
        raise UsageError(f'"max_chars" is {limit!r}.', f"Give a whole number of at least {common.MIN_CHARS}, or null.")
    return given, Request(draft, notes, kind, n, limit, seed)


def _parsed(
    line: Line, taken: dict[str | int, int], library: Library, n: int, seed: int
) -> tuple[str | int | None, Request | AssistantError]:
    try:
        given, request = parse(line, library, n, seed)
    except AssistantError as error:
        return _given_id(line), error
    if given in taken:
        return given, UsageError(
            f"The id {given!r} is already used in line {taken[given]}.", "Give every line its own id."
        )
    taken[given] = line.number
    return given, request


def _json(line: Line) -> dict[str, Any]:
    if len(line.data) > 3 * files.MAX_BYTES:
        raise files.too_large("The line")
    try:
        value = json.loads(line.data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UsageError(
            f"This is not valid UTF-8: byte {error.start} of the line.", "Save the file as UTF-8."
        ) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"This is not JSON: {error}.", 'A line is {"id": "1", "draft": "…", "context": "…"}.'
        ) from error
    if not isinstance(value, dict):
        raise UsageError("This is not a JSON object.", 'A line is {"id": "1", "draft": "…", "context": "…"}.')
    return value


def _text(value: dict[str, Any], key: str, *, required: bool = True) -> str | None:
    found = value.get(key)
    if found is None and required:
        raise UsageError(f'There is no "{key}".', f'Add it: {{"{key}": "…"}}.')
    if found is not None and not isinstance(found, str):
        raise UsageError(f'"{key}" is not text.', f'Write it in quotes: {{"{key}": "…"}}.')
    return found


# --- resuming ---------------------------------------------------------------------------------------------------


def resume(output: Path, source: str, lines: Sequence[Line]) -> set[str]:
    """The hashes of the lines that OUT already answers.

    What is to be done again leaves OUT first: a last line cut off, an error, the answer to a line whose id is the same
    and whose words have changed. Raises UsageError, and changes nothing, where OUT was not written by this command.
    """
    if not output.is_file():
        return set()
    if source != "-" and output.samefile(source):
        raise UsageError(f"'{output}' is the input itself.", "Give -o another name.")
    raw = _read(str(output))
    current = {line.sha256 for line in lines}
    ids = {_given_id(line) for line in lines} - {None}
    kept: list[bytes] = []
    done: set[str] = set()
    for row, last in _rows(raw):
        answer = _answer(row)
        if answer is None:
            if last and not raw.endswith(b"\n") and (row.startswith(_BEGINNING) or _BEGINNING.startswith(row)):
                continue
            raise UsageError(
                f"'{output}' is there already and was not written by 'assistant batch'; it was left as it is.",
                "Give -o another name.",
            )
        digest = answer["input"]["sha256"]
        stale = digest not in current and _result_id(answer) in ids
        if "error" in answer or stale:
            continue
        kept.append(row)
        done.add(digest)
    data = b"".join(row + b"\n" for row in kept)
    if data != raw:
        files.write_atomic(output, data)
    return done


def _rows(raw: bytes) -> Iterator[tuple[bytes, bool]]:
    rows = [row for row in raw.split(b"\n") if row.strip()]
    for index, row in enumerate(rows):
        yield row, index == len(rows) - 1


def _answer(row: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(row)
        known = isinstance(value["input"]["sha256"], str) and ("result" in value or "error" in value)
    except (ValueError, KeyError, TypeError):
        return None
    return value if known else None


def _given_id(line: Line) -> str | int | None:
    try:
        found = _json(line).get("id")
    except UsageError:
        return None
    return found if isinstance(found, str | int) else None


def _result_id(answer: dict[str, Any]) -> str | int | None:
    found = answer.get("result", answer).get("id")
    return found if isinstance(found, str | int) else None


def _read(path: str) -> bytes:
    if path == "-":
        if sys.stdin is None or common.is_terminal(sys.stdin):
            raise UsageError("There is nothing to read.", "Give a FILE, or pipe the lines in.")
        return sys.stdin.buffer.read()
    return files.read_bytes(path, limit=None)


def _name(source: str) -> str:
    return "standard input" if source == "-" else f"'{source}'"


def _numbers(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(n) for n in numbers[:20])
    return f"{'line' if len(numbers) == 1 else 'lines'} {shown}" + (" …" if len(numbers) > 20 else "")
