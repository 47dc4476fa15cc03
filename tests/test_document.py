"""The JSON documents hold exactly the keys that were promised, and nothing a terminal could obey."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cli_support import MESSAGE, answer, document

from assistant.document import dumps, error_document, rewrite_document
from assistant.errors import DataError, ModelError
from assistant.records import Request

KEYS: dict[str, Any] = {
    "message": str,
    "subject": None,
    "kind": str,
    "source": str,
    "accepted": bool,
    "scores": {"draft", "message"},
    "findings": {"draft", "message"},
    "facts": {"used", "unsupported", "left_out"},
    "missing": [{"slot", "question"}],
    "questions": [{"question", "before", "after"}],
    "changes": [{"before", "after", "principle", "why"}],
    "nearest": {"good", "bad"},
    "candidates": [{"text", "accepted", "score", "reasons"}],
    "model": {"id", "sha256", "adapter"},
    "seed": int,
    "timing": {"load_s", "prompt_s", "generate_s", "embed_s", "total_s", "tokens"},
}


@pytest.fixture
def result() -> dict[str, Any]:
    body = json.loads(dumps(rewrite_document(answer(Request(document("I admire your path."))))))
    assert body["version"] == 1 and set(body) == {"version", "result"}
    return dict(body["result"])


@pytest.mark.parametrize("key", KEYS)
def test_every_promised_key_is_there(result: dict[str, Any], key: str) -> None:
    wanted, value = KEYS[key], result[key]
    if wanted is None:
        assert value is None
    elif isinstance(wanted, type):
        assert isinstance(value, wanted)
    elif isinstance(wanted, list):
        assert value and all(wanted[0] <= set(row) for row in value)
    else:
        assert wanted <= set(value)


def test_the_parts_say_what_the_rewrite_says(result: dict[str, Any]) -> None:
    assert result["message"] == MESSAGE
    assert result["scores"] == {"draft": 0.31, "message": 0.78}
    assert result["findings"]["draft"] == [
        {
            "principle": "flattery",
            "severity": "warning",
            "start": 0,
            "end": 8,
            "quote": "I admire",
            "message": "Praise is not a reason.",
        }
    ]
    assert result["facts"]["used"] == [{"text": "ward nurse, 3 years", "from": "notes.md:1"}]
    assert result["facts"]["left_out"] == [{"text": "plays the tuba", "from": "notes.md:4"}]
    assert result["candidates"][1]["unsupported"] == [{"text": "30 beds", "why": "the notes hold no such number"}]
    assert result["nearest"]["good"] == {"id": "referral-1", "text": "Hi Sam, …", "similarity": 0.71}
    assert result["timing"]["tokens"] == 42


def test_only_a_batch_line_has_an_id(result: dict[str, Any]) -> None:
    assert "id" not in result
    given = rewrite_document(answer(Request(document("Hi"))), id=7)
    assert given["result"]["id"] == 7


def test_an_error_is_a_document_too() -> None:
    assert error_document(ModelError("too long", "shorten")) == {
        "version": 1,
        "error": {"code": "model", "message": "too long", "hint": "shorten"},
    }
    assert error_document(DataError("two", faults=("a", "b")))["error"]["faults"] == ["a", "b"]


def test_nothing_in_it_can_drive_a_terminal_and_nothing_is_lost() -> None:
    text = "a\x1b[31mb\x9bc\x7f\u2028\ud800 é\n"
    line = dumps({"text": text})
    assert json.loads(line)["text"] == text
    assert all(ch >= " " and not "\x7f" <= ch <= "\x9f" for ch in line)
    assert len(line.splitlines()) == 1
    assert "é" in line
