"""Findings of one text, without a model: what it says (reading), against what it should say (lint)."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.lint import faults, lint
from assistant.reading import say
from assistant.records import Brief, Finding, Kind, Library


def examine(
    text: str, kind: Kind, library: Library, *, known: Brief | None = None, max_chars: int | None = None
) -> tuple[Finding, ...]:
    """The findings of a message or draft; `known` is the brief of draft and notes, for what the text keeps back."""
    return lint(text, kind, library, said=say(text), known=known, max_chars=max_chars)


def score(findings: Sequence[Finding]) -> float:
    """How clean a text is, in 0..1: 1 without findings, one half at the weight of one error."""
    return 1.0 / (1.0 + faults(findings))
