"""Errors a person can act on. Only these are caught at the top; anything else is a bug and shows its traceback.

AssistantError
├── UsageError        2  a wrong argument, file or draft
├── DataError         2  a fault in prompts/ (a principle, a kind, an example, a template)
├── ModelError        3  a model is missing, damaged, or too small for this text
├── OutputError       2  the answer could not be written
└── BelowBaseline     1  an evaluation fell below its baseline
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar


class AssistantError(Exception):
    """What happened (`message`) and what to do (`hint`), with the file and key where that helps."""

    exit_code: ClassVar[int] = 2
    code: ClassVar[str] = "error"

    def __init__(self, message: str, hint: str = "", *, file: Path | str | None = None, key: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.file = file
        self.key = key

    def __str__(self) -> str:
        place = ": ".join(str(part) for part in (self.file, self.key) if part)
        return f"{place}: {self.message}" if place else self.message


class UsageError(AssistantError):
    """A wrong argument, an unreadable file, an empty draft: the caller can mend it."""

    code = "usage"


class DataError(AssistantError):
    """A fault in the data under prompts/; `faults` lists every one found, so that one run shows all."""

    code = "data"

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        file: Path | str | None = None,
        key: str | None = None,
        faults: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, hint, file=file, key=key)
        self.faults = faults


class ModelError(AssistantError):
    """The model is missing, damaged, not a GGUF, or its context is too small for this text."""

    exit_code = 3
    code = "model"


class OutputError(AssistantError):
    """The answer is there but could not be written where it was asked for."""

    code = "output"


class BelowBaseline(AssistantError):
    """An evaluation came out below its stored baseline by more than its noise."""

    exit_code = 1
    code = "below-baseline"
