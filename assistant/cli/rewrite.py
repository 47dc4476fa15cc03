"""`rewrite` and `follow-up`: the message on stdout, its reasons on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import click

from assistant.cli import brief, common, pipeline
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.records import Document, Library, Missing, Need, Request


@click.command(epilog="Example: assistant rewrite draft.txt -c notes.md -k referral")
@common.input_options
@common.kind_option
@common.max_chars_option
@common.model_options
@brief.brief_options
@common.answer_options
def rewrite(
    file: str | None,
    text: str | None,
    notes: tuple[str, ...],
    kind: str,
    max_chars: int | None,
    n: int,
    seed: int,
    model: str | None,
    no_adapter: bool,
    show_brief: bool,
    brief_file: str | None,
    ask: bool | None,
    dry_run: bool,
    as_json: bool,
    no_color: bool,
) -> None:
    """Rewrite a draft, with your notes, into the message a careful person would send.

    FILE holds the draft; '-' or a pipe reads standard input. The message alone goes to standard output, so
    'assistant rewrite draft.txt -c notes.md | pbcopy' works. On a terminal the reasons follow below it.
    """
    from assistant.records import Request

    library = pipeline.users_library()
    chosen = None if kind == "auto" else common.known_kind(kind, library())
    draft, documents = common.read_inputs(file, text, notes)
    request = Request(draft, documents, chosen, n, max_chars, seed)
    _run(
        request,
        library,
        model,
        adapter=not no_adapter,
        show_brief=show_brief,
        brief_file=brief_file,
        ask=ask,
        dry_run=dry_run,
        as_json=as_json,
        no_color=no_color,
    )


@click.command(
    "follow-up",
    epilog="Example: assistant follow-up sent.txt -c notes.md --sent 2026-11-02",
)
@common.input_options
@click.option("--sent", metavar="DATE", help="When the message went out, as year-month-day: 2026-11-02.")
@click.option(
    "--number",
    type=int,
    default=1,
    show_default=True,
    metavar="1|2",
    help="Which follow-up this is; the second is the last.",
)
@common.max_chars_option
@common.model_options
@brief.brief_options
@common.answer_options
def follow_up(
    file: str | None,
    text: str | None,
    notes: tuple[str, ...],
    sent: str | None,
    number: int,
    max_chars: int | None,
    n: int,
    seed: int,
    model: str | None,
    no_adapter: bool,
    show_brief: bool,
    brief_file: str | None,
    ask: bool | None,
    dry_run: bool,
    as_json: bool,
    no_color: bool,
) -> None:
    """Write a short, calm bump of a message already sent: the same ask, made cleaner, free to ignore.

    FILE holds the earlier message; '-' or a pipe reads standard input. With --sent it says when it is too soon.
    """
    from assistant.records import FollowUp, Request

    library = pipeline.users_library()
    bump = FollowUp(_past_date(sent), _allowed(number, library))
    draft, documents = common.read_inputs(file, text, notes)
    request = Request(draft, documents, "follow-up", n, max_chars, seed, bump)
    _run(
        request,
        library,
        model,
        adapter=not no_adapter,
        show_brief=show_brief,
        brief_file=brief_file,
        ask=ask,
        dry_run=dry_run,
        as_json=as_json,
        no_color=no_color,
    )


def _run(
    request: Request,
    library: Callable[[], Library],
    model: str | None,
    *,
    adapter: bool,
    show_brief: bool,
    brief_file: str | None,
    ask: bool | None,
    dry_run: bool,
    as_json: bool,
    no_color: bool,
) -> None:
    if ask and as_json:
        raise UsageError("--ask and --json do not go together.", "JSON never waits: leave one of them out.")
    if ask and not common.is_terminal(sys.stdin, sys.stderr):
        raise UsageError("--ask needs a terminal to ask on.", "Give what is missing in a notes file with -c.")
    if brief_file is not None:
        request = brief.from_file(brief_file, request, tell=_silent if as_json else common.note)
    if show_brief:
        brief.show(request, library(), as_json=as_json)
        return
    if _may_ask(ask) and not (as_json or dry_run):
        from assistant.intake import read

        request = request if brief_file is not None else brief.confirmed(request, library())
        request = pipeline.with_answers(request, ask_for(read(request, library(), pipeline.tuned_reader())[3]))
    progress = common.ProgressLine()
    try:
        if dry_run:
            assistant = pipeline.build_assistant(library(), model, progress, adapter=adapter)
            prompts = assistant.prompts(request)
            shown = "\n\n".join(assistant.engine.render(prompt) for prompt in prompts)
            tokens = sum(assistant.engine.count_tokens(prompt) for prompt in prompts)
        else:
            answer = pipeline.Rewriter(library, model, progress, adapter=adapter).rewrite(request)
    finally:
        progress.clear()

    from assistant import render

    if as_json:
        from assistant import document

        told = {"prompt": shown, "tokens": tokens} if dry_run else None
        common.show(document.dumps(document.result_document(told) if told else document.rewrite_document(answer)))
    elif dry_run:
        common.show(render.harmless(shown))
    else:
        subject = f"Subject: {answer.subject}\n\n" if answer.subject else ""
        common.show(render.harmless(subject + answer.message))
        if common.is_terminal(sys.stderr):
            colour = common.colour_for(sys.stderr, no_color)
            common.note(render.explanation(answer, library(), colour=colour, width=render.terminal_width()))
        else:
            for line in render.remarks(answer):
                common.note(line)


def _silent(_: str) -> None:
    """JSON is all that is printed."""


def _may_ask(ask: bool | None) -> bool:
    """Unasked only when a person sits at all three streams: a pipe never waits."""
    return bool(ask) or (ask is None and common.is_terminal(sys.stdin, sys.stdout, sys.stderr))


def ask_for(missing: Sequence[Missing]) -> Document | None:
    """One question a missing need on stderr, Enter skips, Ctrl-D skips the rest; None where nothing was answered."""
    import textwrap

    from assistant import answers
    from assistant.render import harmless, terminal_width

    if not missing:
        return None
    with suppress(ImportError):
        import readline  # noqa: F401  line editing for the answers
    many = f"{len(missing)} things are" if len(missing) > 1 else "One thing is"
    common.note(f"{many} missing from draft and notes. Enter skips a question.\n")
    given: dict[Need, str] = {}
    width = terminal_width() - 2
    for need in missing:
        try:
            question = textwrap.indent(textwrap.fill(harmless(need.question), width), "  ")
            answer = click.prompt(f"{question}\n ", default="", show_default=False, prompt_suffix="> ", err=True)
        except click.Abort as stop:
            if isinstance(stop.__context__, KeyboardInterrupt):
                raise
            common.note("")
            break
        given[need.slot] = harmless(answer)
    common.note("")
    return answers.written(given)


def _past_date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        sent = date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"--sent '{text}' is not a date that can be read.", "Write it as year-month-day, for example 2026-11-02."
        ) from None
    if sent > common.today():
        raise UsageError(f"--sent {sent} is in the future.", "Give the day on which the message went out.")
    return sent


def _allowed(number: int, library: Callable[[], Library]) -> int:
    if number < 1:
        raise UsageError(f"--number {number} makes no sense.", "The first follow-up is 1, the second, the last, is 2.")
    if number > 2:
        principle = library().principle("too-many")
        raise UsageError(f"No follow-up number {number}: {principle.rule}", principle.why)
    return number
