"""Terminal text: errors, findings, and the explanation that follows a message. Colour only where `colour` is true."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Sequence

import click

from assistant.errors import AssistantError
from assistant.records import Change, Excerpt, Finding, Library, Neighbour, Question, Rewrite
from assistant.render_diff import diff

WIDTH = 80
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}
SOURCES = {
    "D1": "Ask for almost nothing (essay)",
    "D2": "PM referrals and cold outreach (essay)",
    "D3": "Cold messaging on LinkedIn (guide)",
    "D4": "The Dangers of the Warm Introduction (blog post)",
}
_SHOWN = 8
_SIZE = re.compile(r"\d+ words?")


def harmless(text: str) -> str:
    """The text without control characters (ESC and the like) that a terminal would obey; line ends and tabs stay."""
    return _UNSEEN.sub("", text)


def flat(text: str) -> str:
    """Harmless and on one line."""
    return " ".join(harmless(text).split())


def terminal_width() -> int:
    """Columns to lay out for: those of the terminal behind stderr, between 40 and 100; 80 where there is none."""
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError, AttributeError):
        columns = WIDTH
    return max(40, min(columns, 100))


def error(problem: AssistantError, *, colour: bool = False) -> str:
    """The message, and the hint on a line of its own."""
    text = f"{_style('error:', colour, fg='red', bold=True)} {harmless(str(problem))}"
    return f"{text}\n{_style('hint:', colour, bold=True)} {harmless(problem.hint)}" if problem.hint else text


def finding_line(path: str, text: str, finding: Finding, *, colour: bool = False) -> str:
    """`path:line:col: severity: rule: message`; line and column count from 1, columns in characters."""
    before = text[: finding.start]
    line, column = before.count("\n") + 1, finding.start - (before.rfind("\n") + 1) + 1
    severity = _style(finding.severity, colour, fg=_COLOURS[finding.severity], bold=True)
    place = _style(f"{flat(path)}:{line}:{column}:", colour, dim=True)
    return f"{place} {severity}: {finding.principle}: {flat(finding.message)}"


def remarks(rewrite: Rewrite) -> list[str]:
    """What has to be known even where the explanation is not shown: that no model wrote it, and every warning."""
    lines = [] if rewrite.source == "model" else [rewrite.explanation.verdict]
    return lines + [f"warning: {flat(w)}" for w in rewrite.explanation.warnings]


def explanation(rewrite: Rewrite, library: Library, *, colour: bool, width: int) -> str:
    """The whole explanation, laid out for `width` columns."""
    page = Page(colour, width)
    told = rewrite.explanation
    page.line()
    page.line(page.rule())
    page.wrapped(flat(told.verdict), bold=True, fg="green" if rewrite.accepted else "yellow")
    before, after = rewrite.draft_verdict.score.closeness, rewrite.verdict.score.closeness
    page.wrapped(f"Kind: {rewrite.kind}. Closeness to good messages: {before:.2f} before, {after:.2f} after.", dim=True)
    if told.warnings:
        page.heading("Before you send it")
        for warning in told.warnings:
            page.item("!", flat(warning), fg="yellow")
    if rewrite.source == "safe-edit":
        _rejected(page, rewrite)
    if rewrite.source != "draft":
        page.heading("What changed")
        page.lines += diff(harmless(rewrite.draft.text), harmless(rewrite.message), colour=colour, width=width)
        _changes(page, told.changes, library)
    _questions(page, told.questions)
    _notes(page, "Used from draft and notes", told.used)
    _notes(page, "Left out", told.left_out)
    if rewrite.missing:
        page.heading("Still missing")
        for need in rewrite.missing:
            page.item("?", flat(need.question))
    _disagreements(page, told.disagreements)
    _nearest(page, told.good, told.bad)
    return "\n".join(page.lines)


def _changes(page: Page, changes: Sequence[Change], library: Library) -> None:
    """Changes that led to the same words stand together: what went, what came, then the reasons."""
    if not changes:
        return
    page.heading("Why")
    titles = {p.id: p.title for p in library.principles}
    said: set[str] = set()
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        groups.setdefault((change.after, "" if change.after else change.principle), []).append(change)
    for (after, _), group in groups.items():
        for before in dict.fromkeys(c.before for c in group if c.before):
            page.item("-", _quoted(before), fg="red")
        if after:
            page.item("+", _quoted(after), fg="green")
        for principle, why in dict.fromkeys((c.principle, c.why) for c in group):
            reason = "See above." if principle in said else flat(why)
            page.wrapped(f"{flat(titles.get(principle, principle))} ({principle}). {reason}", indent=4)
            said.add(principle)


def _rejected(page: Page, rewrite: Rewrite) -> None:
    """Why the model's candidates are out, the commonest reasons first."""
    out = [v for v in rewrite.verdicts if v.candidate.source == "model" and not v.accepted]
    reasons = Counter(flat(reason) for v in out for reason in dict.fromkeys(v.reasons))
    if not reasons:
        return
    many = "The model's candidate is" if len(out) == 1 else f"All {len(out)} candidates of the model are"
    page.heading(f"{many} out because")
    for reason, count in reasons.most_common(_SHOWN):
        page.item(f"{count}x", textwrap.shorten(reason, 2 * page.width, placeholder=" …"))
    if len(reasons) > _SHOWN:
        page.wrapped(f"and {len(reasons) - _SHOWN} more reasons; --json shows all", indent=2, dim=True)


def _questions(page: Page, questions: Sequence[Question]) -> None:
    if not questions:
        return
    page.heading("What the reader must be able to answer")
    for question in questions:
        page.wrapped(flat(question.question), indent=2, bold=True)
        for label, answer in (("before", question.before), ("after", question.after)):
            page.labelled(label, _quoted(answer) if answer else "nothing answers it", dim=answer is None)


def _notes(page: Page, title: str, excerpts: Sequence[Excerpt]) -> None:
    seen = {flat(e.text): e for e in excerpts}
    if not seen:
        return
    page.heading(title)
    for text, excerpt in list(seen.items())[:_SHOWN]:
        page.item(flat(excerpt.origin), textwrap.shorten(text, 3 * page.width, placeholder=" …"))
    if len(seen) > _SHOWN:
        page.wrapped(f"and {len(seen) - _SHOWN} more; --json shows all", indent=2, dim=True)


def _disagreements(page: Page, told: Sequence[str]) -> None:
    if not told:
        return
    page.heading("Where the sources disagree")
    for text in told:
        page.wrapped(flat(text), indent=2)
    named = [source for source in SOURCES if any(source in text for text in told)]
    page.wrapped("; ".join(f"{source}: {SOURCES[source]}" for source in named), indent=2, dim=True)


def _nearest(page: Page, good: Neighbour | None, bad: Neighbour | None) -> None:
    if good is None and bad is None:
        return
    page.heading("Nearest examples")
    for neighbour, what in ((good, "good one to your message"), (bad, "bad one to your draft")):
        if neighbour is not None:
            page.wrapped(f"{what}: {neighbour.example.id}, {neighbour.similarity:.2f} alike", indent=2, bold=True)
            text = textwrap.shorten(flat(neighbour.example.text), 3 * page.width, placeholder=" …")
            page.wrapped(text, indent=4, dim=True)


class Page:
    """Lines laid out for a width, with or without colour."""

    def __init__(self, colour: bool, width: int) -> None:
        self.colour = colour
        self.width = width
        self.lines: list[str] = []

    def line(self, text: str = "") -> None:
        self.lines.append(text)

    def rule(self) -> str:
        return _style("─" * self.width, self.colour, dim=True)

    def heading(self, text: str) -> None:
        self.lines += ["", _style(text, self.colour, bold=True, fg="cyan")]

    def wrapped(
        self, text: str, *, indent: int = 0, hang: int = 0, bold: bool = False, dim: bool = False, fg: str | None = None
    ) -> None:
        """A paragraph; `hang` indents its further lines by so many columns more."""
        pad = " " * indent
        for row in textwrap.wrap(
            harmless(text), self.width, initial_indent=pad, subsequent_indent=pad + " " * hang, break_on_hyphens=False
        ):
            body = row.lstrip(" ")
            self.lines.append(row[: len(row) - len(body)] + _style(body, self.colour, bold=bold, dim=dim, fg=fg))

    def item(self, mark: str, text: str, *, fg: str | None = None) -> None:
        self.wrapped(f"{mark} {text}", indent=2, hang=2, fg=fg)

    def labelled(self, label: str, text: str, *, dim: bool = False) -> None:
        self.wrapped(f"{label:<7} {text}", indent=4, hang=8, dim=dim)


def _quoted(text: str) -> str:
    """In quotation marks, but for a size, which is no quotation."""
    return flat(text) if _SIZE.fullmatch(text) else f"“{flat(text)}”"


def _style(text: str, colour: bool, *, fg: str | None = None, bold: bool = False, dim: bool = False) -> str:
    if not colour or not (fg or bold or dim):
        return text
    return click.style(text, fg=fg, bold=bold or None, dim=dim or None)
