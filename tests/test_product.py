"""The product as a user runs it: the installed command, the bundled model, the real embeddings, the network cut off."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
pytestmark = pytest.mark.model


def cut_off() -> list[str]:
    """A prefix that runs a command in a network namespace without any network, where this machine allows it."""
    tool = shutil.which("unshare")
    if tool and subprocess.run([tool, "-rn", "true"], capture_output=True, check=False).returncode == 0:
        return [tool, "-rn"]
    return []


def assistant(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"XDG_CACHE_HOME": str(home), "HF_HUB_OFFLINE": "0", "PYTHONPATH": str(ROOT)}
    command = [*cut_off(), sys.executable, "-m", "assistant.cli", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=home, env=environment, stdin=subprocess.DEVNULL, check=False
    )


def test_rewrite_gives_one_document_with_every_key(tmp_path: Path) -> None:
    notes = str(EXAMPLES / "notes.md")
    ran = assistant("rewrite", str(EXAMPLES / "draft.txt"), "-c", notes, "-n", "1", "--json", home=tmp_path)
    assert ran.returncode == 0, ran.stderr
    document = json.loads(ran.stdout)
    result = document["result"]
    keys = "message subject kind source accepted scores findings facts missing questions changes nearest candidates"
    assert {*keys.split(), "model", "seed", "timing"} <= set(result)
    assert document["version"] == 1
    assert result["accepted"]
    assert result["message"].startswith("Hi Karen,")
    assert "9 goods lifts" in result["message"]
    assert "desperate" not in result["message"]
    assert result["scores"]["message"] > result["scores"]["draft"]
    assert result["model"]["sha256"].startswith("b179c952")
    assert set(result["timing"]) == {"load_s", "prompt_s", "generate_s", "embed_s", "total_s", "tokens"}
    assert result["timing"]["tokens"] > 0
    for candidate in result["candidates"]:
        assert set(candidate) >= {"text", "accepted", "score", "reasons"}
        assert candidate["accepted"] or candidate["reasons"]


def test_follow_up_asks_again_in_fewer_words(tmp_path: Path) -> None:
    sent = EXAMPLES / "follow-up" / "draft.txt"
    ran = assistant(
        "follow-up", str(sent), "-c", str(sent.with_name("notes.md")), "--sent", "2026-06-02", "-n", "1", home=tmp_path
    )
    assert ran.returncode == 0, ran.stderr
    assert len(ran.stdout.split()) < len(sent.read_text(encoding="utf-8").split())
    assert "Do you keep it at 12 degrees" in ran.stdout
    assert "2 June" in ran.stdout
