"""The tuned writer's prompt: the kind and the labelled excerpts, nothing else; the same in training and in use.

Every token of a prompt costs time, and a model of this size does well what it sees nothing beside.
"""

from __future__ import annotations

import re

from assistant.prompting import environment
from assistant.records import Brief, Message, Prompt, Slot

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
MESSAGE, SENTENCE, QUESTION = "Write the message.", "Write one sentence.", "Write one question."


def build_prompt(kind: str, brief: Brief, task: str, max_chars: int | None = None) -> Prompt:
    """One user turn of labelled lines, for a `task`: MESSAGE, SENTENCE or QUESTION."""
    lines = [(label, "; ".join(_line(e.text) for e in brief.get(slot))) for label, slot in LABELS if brief.get(slot)]
    content = environment().get_template("writer.j2").render(kind=kind, max_chars=max_chars, lines=lines).strip()
    return Prompt((Message("system", task), Message("user", content)))


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
