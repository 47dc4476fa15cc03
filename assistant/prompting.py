"""Templates of prompts/ and the library → Prompt, and a model's reply → message and subject.

What the user wrote reaches a template as a value only: it is printed, never evaluated, and cannot open a turn, because
turns are cut at a mark that is drawn anew for each prompt.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from assistant import paths
from assistant.errors import DataError
from assistant.records import (
    SEVERITIES,
    Brief,
    Document,
    Draft,
    Example,
    FollowUp,
    Kind,
    Library,
    Message,
    Principle,
    Prompt,
    Slot,
)

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

LABELS: Mapping[Slot, str] = {
    "recipient": "To",
    "sender": "From",
    "about": "Who the sender is",
    "target": "What it is about",
    "proof": "What the sender has done",
    "why_them": "Why this person",
    "history": "Met or wrote before",
    "ask": "The request",
    "offer": "On offer",
    "exit": "Way out for the reader",
}

# A model of this size follows a handful of rules, and each token of its prompt costs it about 5 ms.
SMALL_RULES = 5
SMALL_EXAMPLES = 1
EXAMPLES = 2
# With fewer filled slots than this the short prompt takes the notes as they are: the brief has missed too much.
ENOUGH_SLOTS = 3

_ROLES = ("system", "user", "assistant")


def build_prompt(
    kind: Kind,
    library: Library,
    draft: Draft,
    notes: Sequence[Document],
    brief: Brief,
    examples: Sequence[Example],
    *,
    max_chars: int | None,
    small: bool,
    follow_up: FollowUp | None = None,
    template: str | None = None,
    prefix: str = "",
) -> Prompt:
    """The chat turns for one message of `kind`; `examples` are good ones of the kind, the most fitting first.

    `small` asks for the short form, for models under about a billion parameters. `max_chars` is the channel's limit in
    characters. With `follow_up` the draft is the message already sent. `template` is used in place of the kind's own;
    one that opens no turn is a single user turn. `prefix` is the greeting that the reply begins with.
    Raises DataError when the template cannot be rendered.
    """
    lines = [(label, _texts(brief, slot)) for slot, label in LABELS.items() if brief.get(slot)]
    short_of_facts = len(lines) < ENOUGH_SLOTS
    values: dict[str, Any] = {
        "base": "small.j2" if small else "full.j2",
        "kind": kind,
        "principles": _small_rules(kind, library) if small else _rules(kind, library),
        "examples": [_pair(e, kind) for e in examples[: SMALL_EXAMPLES if small else EXAMPLES]],
        "lines": [] if small and short_of_facts else lines,
        "leave_out": _texts(brief, "leave_out"),
        "notes": list(notes) if short_of_facts or not small else [],
        "draft": draft.text.strip(),
        "max_chars": max_chars,
        "follow_up": follow_up,
        "prefix": prefix,
    }
    source = kind.template if template is None else template
    return Prompt(_render(source, values, "your template" if template else f"kinds/{kind.id}/message.j2"), prefix)


def _texts(brief: Brief, slot: Slot) -> list[str]:
    return list(dict.fromkeys(re.sub(r"\s+", " ", e.text).strip() for e in brief.get(slot)))


def _rules(kind: Kind, library: Library) -> list[Principle]:
    """Those that tell how to write; what is seen in the notes alone tells whether to send."""
    told = [p for p in library.for_kind(kind) if not p.checks or any(c.where != "notes" for c in p.checks)]
    return sorted(told, key=lambda p: -SEVERITIES.index(p.severity))


def _small_rules(kind: Kind, library: Library) -> list[Principle]:
    """The gravest first, and among equals what is taught for few kinds before what is taught for all."""

    def reach(principle: Principle) -> int:
        return sum(principle in library.for_kind(k) for k in library.kinds)

    rules = sorted(_rules(kind, library), key=lambda p: (-SEVERITIES.index(p.severity), reach(p)))
    return rules[:SMALL_RULES]


def _pair(example: Example, kind: Kind) -> dict[str, str]:
    draft = next((e.text for e in kind.examples if e.id == example.pair), "")
    return {"notes": example.notes.strip(), "draft": draft.strip(), "message": example.text.strip()}


# --- templates --------------------------------------------------------------------------------------------------


@cache
def environment() -> SandboxedEnvironment:
    """What renders every template: sandboxed, strict, with the files of `prompts/` at hand."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(loader=FileSystemLoader(paths.PROMPTS), undefined=StrictUndefined, autoescape=False)


def _render(source: str, values: Mapping[str, Any], name: str) -> tuple[Message, ...]:
    from jinja2 import TemplateError

    mark = secrets.token_hex(16)
    try:
        text = environment().from_string(source).render(values, turn=_turn(mark))
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        line = getattr(error, "lineno", None)
        raise DataError(
            f"The template cannot be rendered: {str(error) or type(error).__name__}.",
            f"Values it may use: {', '.join(values)}.",
            file=name,
            key=f"line {line}" if line else None,
        ) from error
    if mark not in text:
        text = f"{mark}user\n{text}"
    turns = [part.partition("\n") for part in text.split(mark)[1:]]
    return tuple(Message(cast(Any, role), content.strip()) for role, _, content in turns)


def _turn(mark: str) -> Callable[[str], str]:
    def turn(role: str) -> str:
        if role not in _ROLES:
            from jinja2 import TemplateRuntimeError

            raise TemplateRuntimeError(f"turn({role!r}): the role is one of {', '.join(_ROLES)}")
        return f"{mark}{role}\n"

    return turn


# --- the reply --------------------------------------------------------------------------------------------------

_TAGS = r"(?:think|thinking|reasoning|reflection)"
_THINKING = re.compile(rf"\A\s*(?:<({_TAGS})>.*?</\1>\s*)+", re.IGNORECASE | re.DOTALL)
# Some chat templates open the block themselves, so that the reply holds its end alone.
_THOUGHT = re.compile(rf"\A(?:(?!<{_TAGS}>).)*?</{_TAGS}>\s*", re.IGNORECASE | re.DOTALL)
_FENCE = re.compile(r"\A(?:[^\n`]{1,100}:[ \t]*\n+)?(`{3,}|~{3,})[\w-]*[ \t]*\n(.*?)\n?[ \t]*\1[ \t]*\Z", re.DOTALL)
_SUBJECT = re.compile(r"\A[*_]{0,2}subject(?: line)?[*_]{0,2}[ \t]*:[*_]{0,2}[ \t]*([^\n]*)(?:\n+|\Z)", re.IGNORECASE)
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "'": "'", "‘": "’"}


def parse_reply(text: str, prompt: Prompt) -> tuple[str, str | None]:
    """The message in a reply, and the subject if it gives one.

    Taken off are a complete think block, a "Subject:" line, a code fence or quotation marks around all of it, and a
    greeting written twice. Anything else stays as the model wrote it: what is wrong with it is the gate's to see.
    """
    prefix = prompt.prefix.strip()
    text = text.strip()
    head = prefix if prefix and text.startswith(prefix) else ""
    body = text[len(head) :]
    gap = body[: len(body) - len(body.lstrip())]
    body = _unwrap(_THOUGHT.sub("", _THINKING.sub("", body)))
    subject = None
    if match := _SUBJECT.match(body):
        subject = _unquote(match.group(1).strip(" \t*_")) or None
        body = _unwrap(body[match.end() :])
    if head and body.startswith(head):
        head = gap = ""
    return (head + gap + body).strip(), subject


def _unwrap(text: str) -> str:
    text = text.strip()
    if match := _FENCE.match(text):
        text = match.group(2).strip()
    return _unquote(text)


def _unquote(text: str) -> str:
    """Without the marks around all of it; a text that only begins and ends with quotations keeps them."""
    if len(text) < 2 or _QUOTES.get(text[0]) != text[-1]:
        return text
    closing, inner = text[-1], text[1:-1]
    for match in re.finditer(re.escape(closing), inner):
        before, after = inner[: match.start()][-1:], inner[match.end() :][:1]
        if before.isalnum() and after.isalnum():
            continue
        return inner.strip() if not before or before.isspace() else text
    return inner.strip()
