"""The tuned writer's prompt: kind, limit and brief, nothing else; the same in training and in use.

Every token of a prompt costs time, and a model of this size writes well from a clean brief and badly from dense notes.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from assistant import paths
from assistant.records import Brief, FollowUp, Message, Prompt, Slot

if TYPE_CHECKING:
    from jinja2 import Template

# The labels say whose each fact is: a model of this size mixes up owners that it has to infer.
LABELS: tuple[tuple[str, Slot], ...] = (
    ("to", "recipient"),
    ("from", "sender"),
    ("I am", "about"),
    ("before", "history"),
    ("you", "why_them"),
    ("I want", "target"),
    ("I did", "proof"),
    ("I offer", "offer"),
    ("I ask", "ask"),
    ("way out", "exit"),
)
SYSTEM = "Write the message."


def build_prompt(
    kind: str, brief: Brief, max_chars: int | None, prefix: str = "", follow_up: FollowUp | None = None
) -> Prompt:
    """One user turn of labelled lines. The reply begins with `prefix`, the greeting, which sets its register."""
    facts = {slot: [_line(e.text) for e in brief.get(slot)] for _, slot in LABELS}
    if follow_up and follow_up.sent:
        facts["history"].insert(0, f"I wrote on {follow_up.sent.day} {follow_up.sent:%B}")
    lines = [(label, "; ".join(facts[slot])) for label, slot in LABELS if facts[slot]]
    content = _template().render(kind=kind, max_chars=max_chars, lines=lines).strip()
    return Prompt((Message("system", SYSTEM), Message("user", content)), prefix)


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@cache
def _template() -> Template:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.from_string((paths.PROMPTS / "writer.j2").read_text(encoding="utf-8"))
