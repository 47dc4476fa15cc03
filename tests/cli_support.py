"""A scripted assistant behind the real command line, in this process or, run as a script, in one of its own."""

from __future__ import annotations

import dataclasses
import io
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main, pipeline
from assistant.engine import ScriptedEngine
from assistant.errors import ModelError
from assistant.explain import VERDICTS
from assistant.records import (
    Brief,
    Candidate,
    Change,
    Document,
    Draft,
    Example,
    Excerpt,
    Explanation,
    Finding,
    Message,
    Missing,
    ModelInfo,
    Neighbour,
    Prompt,
    Question,
    Request,
    Rewrite,
    Score,
    Timing,
    Unsupported,
    Verdict,
)

DRAFT = "Hi Priya, I admire your path. Any advice?"
MESSAGE = "Hi Priya,\n\nI'm a ward nurse. Could you tell me who hires for the night team?"


def excerpt(text: str, source: str = "notes.md", line: int = 1) -> Excerpt:
    return Excerpt(text, source, 0, len(text), line)


def verdict(text: str, source: Any, closeness: float, *, accepted: bool = True, **more: Any) -> Verdict:
    candidate = Candidate(text, source, seed=0 if source == "model" else None)
    fields = {"reasons": (), "unsupported": (), "findings": (), **more}
    return Verdict(candidate, accepted, score=Score(closeness, 0.4, 0.9, closeness / 2), **fields)


def answer(request: Request, message: str = MESSAGE, **changes: Any) -> Rewrite:
    """A whole Rewrite with something in every field."""
    text = request.draft.text
    fault = Finding("flattery", "warning", 0, 8, text[:8], "Praise is not a reason.")
    own = verdict(text, "draft", 0.31, findings=(fault,))
    best = verdict(message, "model", 0.78)
    invented = Unsupported("30 beds", "the notes hold no such number", "number")
    failed = verdict(
        "I ran 30 beds.", "model", 0.5, accepted=False, reasons=("invented: 30 beds",), unsupported=(invented,)
    )
    explanation = Explanation(
        VERDICTS[changes.get("source", "model")],
        (Change("I admire your path.", "", "flattery", "Praise raises suspicion."),),
        (Question("Why me?", None, "you lead the night team"),),
        (excerpt("ward nurse, 3 years"),),
        (excerpt("plays the tuba", line=4),),
        Neighbour(Example("referral-1", "referral", "good", "Hi Sam, …"), 0.71),
        Neighbour(Example("referral-2", "referral", "bad", "hey, any jobs?"), 0.64),
        ("Sent two days ago: wait until 12 November.",),
    )
    built = Rewrite(
        message,
        None,
        request.kind or "referral",
        "model",
        True,
        Draft(request.draft, ()),
        Brief(),
        own,
        best,
        (best, failed, own),
        (Missing("role", "Which role do you mean?"),),
        explanation,
        ModelInfo("scripted", "0" * 64),
        request.seed,
        Timing(0.1, 0.2, 0.3, 0.4, 1.0, 42),
    )
    return dataclasses.replace(built, **changes)


class FakeAssistant:
    """Answers every request with `answer`; a draft "raise" is a ModelError, "bug" a bug, "wait" waits for a signal."""

    def __init__(self) -> None:
        self.engine = ScriptedEngine([])
        self.requests: list[Request] = []

    def prompts(self, request: Request) -> tuple[Prompt, ...]:
        return (Prompt((Message("user", request.draft.text),), "Hi Priya,"),)

    def rewrite(self, request: Request) -> Rewrite:
        self.requests.append(request)
        for note in request.notes:
            if note.name == "answers":
                print(f"answers {note.text!r}", file=sys.stderr)
        text = request.draft.text
        if text.startswith("raise"):
            raise ModelError("Draft and notes are 9,000 tokens long; the model reads 3,776 at once.", "Keep less.")
        if text.startswith("bug"):
            raise RuntimeError("a bug")
        if text.startswith("wait"):
            print("waiting", file=sys.stderr, flush=True)
            signal.pause()
        return answer(request)


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


class CommandLine:
    """Calls `main` as a shell would; `assistant` is what the commands get as their pipeline."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.assistant: Any = FakeAssistant()
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        monkeypatch.setattr(pipeline, "build_assistant", lambda library, model, progress, adapter: self.assistant)
        monkeypatch.setattr(pipeline, "tuned_reader", lambda: None)

    def __call__(self, *arguments: str | Path, stdin: str | bytes = b"", terminal: bool = False) -> Ran:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        kind = Terminal if terminal else io.TextIOWrapper
        self._monkeypatch.setattr(sys, "stdin", kind(io.BytesIO(data), encoding="utf-8"))
        self._capsys.readouterr()
        code = main([str(a) for a in arguments])
        return Ran(code, *self._capsys.readouterr())


def start(*arguments: str | Path, **options: Any) -> subprocess.Popen[bytes]:
    """The scripted command line as a process of its own."""
    command = [sys.executable, __file__, *map(str, arguments)]
    return subprocess.Popen(command, **{"stdin": subprocess.DEVNULL, "stdout": -1, "stderr": -1, **options})


def lines(path: Path, *drafts: str) -> Path:
    """A batch input with one line a draft, ids from 1."""
    import json

    rows = [json.dumps({"id": str(i), "draft": d}) for i, d in enumerate(drafts, start=1)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def document(text: str) -> Document:
    return Document("draft", text)


if __name__ == "__main__":
    # A shell starts its background jobs with Ctrl-C ignored; these tests send it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    pipeline.build_assistant = lambda library, model, progress, adapter: FakeAssistant()  # type: ignore[assignment, return-value]
    pipeline.tuned_reader = lambda: None
    sys.exit(main())
