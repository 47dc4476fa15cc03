"""Chat turns through a model's own template, with the user's words kept apart from the template's control tokens.

The template never sees what a turn says: it is rendered with an unguessable mark in place of each content, then cut at
the marks. Only the pieces between them may be read as control tokens.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from assistant.errors import ModelError
from assistant.records import Message

if TYPE_CHECKING:
    from jinja2 import Template

CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


class Piece(NamedTuple):
    """A stretch of the prompt; `control` is True where the model's template wrote it."""

    text: str
    control: bool


def pieces(template: str | None, messages: Sequence[Message], *, bos: str = "", eos: str = "") -> tuple[Piece, ...]:
    """The prompt up to where the reply begins. Without a template the turns are set as ChatML.

    Where the template refuses a system turn or drops it, what it says goes to the head of the user's first turn.
    Raises ModelError where the template cannot be used at all.
    """
    from jinja2 import TemplateError

    try:
        return _render(template or CHATML, messages, bos, eos)
    except (TemplateError, _Dropped) as error:
        merged = _without_system(messages)
        if merged == tuple(messages):
            raise _unusable(error) from error
    try:
        return _render(template or CHATML, merged, bos, eos)
    except (TemplateError, _Dropped) as error:
        raise _unusable(error) from error


class _Dropped(Exception):
    """The template left out one of the turns."""


def _unusable(error: Exception) -> ModelError:
    return ModelError(
        f"This model's chat template cannot be used ({str(error) or type(error).__name__}).",
        "Choose a model that was tuned for chat.",
    )


def _render(template: str, messages: Sequence[Message], bos: str, eos: str) -> tuple[Piece, ...]:
    from jinja2 import TemplateError

    def raise_exception(reason: str) -> NoReturn:
        raise TemplateError(reason)

    marks = [f"mark{secrets.token_hex(16)}" for _ in messages]
    turns: list[dict[str, Any]] = [
        {"role": message.role, "content": mark} for message, mark in zip(messages, marks, strict=True)
    ]
    try:
        text = _compiled(template).render(
            messages=turns,
            add_generation_prompt=True,
            enable_thinking=False,
            bos_token=bos,
            eos_token=eos,
            raise_exception=raise_exception,
        )
    except (TypeError, ValueError, LookupError, ArithmeticError, AttributeError, RecursionError) as error:
        raise TemplateError(str(error)) from error
    return _cut(text, {mark: message.content for mark, message in zip(marks, messages, strict=True)})


@lru_cache(maxsize=4)
def _compiled(template: str) -> Template:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # the settings that templates are written for, from transformers' apply_chat_template
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    return environment.from_string(template)


def _cut(text: str, contents: dict[str, str]) -> tuple[Piece, ...]:
    missing = [mark for mark in contents if mark not in text]
    if missing:
        raise _Dropped("it leaves out a turn")
    found: list[Piece] = []
    rest = text
    while True:
        at, mark = min(((rest.find(m), m) for m in contents if m in rest), default=(-1, ""))
        if at < 0:
            break
        found += [Piece(rest[:at], True), Piece(contents[mark], False)]
        rest = rest[at + len(mark) :]
    found.append(Piece(rest, True))
    return tuple(piece for piece in found if piece.text)


def _without_system(messages: Sequence[Message]) -> tuple[Message, ...]:
    said = "\n\n".join(message.content for message in messages if message.role == "system")
    others = [message for message in messages if message.role != "system"]
    if not said:
        return tuple(messages)
    first = next((i for i, message in enumerate(others) if message.role == "user"), None)
    if first is None:
        return (Message("user", said), *others)
    others[first] = Message("user", f"{said}\n\n{others[first].content}")
    return tuple(others)
