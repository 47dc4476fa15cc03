"""rules.py: the user's levels from the config file, and the comments that switch a rule off for one draft."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.check import examine
from assistant.errors import UsageError
from assistant.records import Document, Library
from assistant.rules import blanked, ignored, read_levels, user_library, with_levels, without_comments

TEXT = "Hi Ana, I hope this message finds you well. Could we have a quick chat?"


def found(text: str, library: Library) -> dict[str, str]:
    return {f.principle: f.severity for f in examine(text, library.kind("informational"), library)}


def config(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_no_file_no_levels(tmp_path: Path, library: Library) -> None:
    assert read_levels(tmp_path / "config.toml", library) == {}
    assert read_levels(config(tmp_path, ""), library) == {}


def test_a_level_replaces_the_severity_and_off_finds_nothing(tmp_path: Path, library: Library) -> None:
    before = found(TEXT, library)
    assert before["generic-opener"] == before["no-agenda"] == "warning"
    levels = read_levels(config(tmp_path, '[rules]\ngeneric-opener = "off"\nno-agenda = "error"\n'), library)
    after = found(TEXT, with_levels(library, levels))
    assert after == {**{k: v for k, v in before.items() if k != "generic-opener"}, "no-agenda": "error"}


def test_a_rule_that_is_off_keeps_its_place(library: Library) -> None:
    off = with_levels(library, {"too-soon": "off"})
    assert off.principle("too-soon").title == library.principle("too-soon").title


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ('[rules]\nflatery = "off"\n', "rules.flatery", "flattery"),
        ('[rules]\nflattery = "loud"\n', "rules.flattery", "off, info, warning, error"),
        ("[rules]\nflattery = 3\n", "rules.flattery", "off, info, warning, error"),
        ('rules = "off"\n', "rules", "[rules]"),
        ("[rules\n", None, ""),
    ],
)
def test_a_fault_in_the_file_names_file_key_and_a_way_out(
    tmp_path: Path, library: Library, text: str, key: str | None, words: str
) -> None:
    path = config(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        read_levels(path, library)
    assert (caught.value.file, caught.value.key) == (path, key)
    assert words in f"{caught.value} {caught.value.hint}"
    assert caught.value.hint


def test_the_users_file_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("assistant.paths.user_config", lambda: tmp_path)
    config(tmp_path, '[rules]\ngeneric-opener = "off"\n')
    assert "generic-opener" not in found(TEXT, user_library())


def test_a_comment_switches_rules_off_for_its_draft(library: Library) -> None:
    text = f"<!-- assistant: ignore generic-opener, no-agenda -->\n{TEXT}"
    assert ignored(text, library) == {"generic-opener": "off", "no-agenda": "off"}
    assert ignored(TEXT, library) == {}
    with pytest.raises(UsageError, match="flatery"):
        ignored("<!-- assistant: ignore flatery -->", library)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("<!-- assistant: ignore flattery -->\nHi Ana,\n\nYes?", "Hi Ana,\n\nYes?"),
        ("Hi Ana,\n<!--assistant: ignore flattery-->\nYes?", "Hi Ana,\nYes?"),
        ("Hi Ana, yes? <!-- ASSISTANT: IGNORE flattery -->", "Hi Ana, yes?"),
        ("Hi Ana, <!-- my own comment --> yes?", "Hi Ana, <!-- my own comment --> yes?"),
    ],
)
def test_the_comment_is_never_sent(text: str, sent: str) -> None:
    assert without_comments(Document("draft", text)).text == sent


def test_blanked_keeps_every_offset() -> None:
    text = "Hi,\n<!-- assistant: ignore flattery -->\nyes <!-- assistant:\nignore no-thanks --> no"
    flat = blanked(Document("draft", text)).text
    assert len(flat) == len(text)
    assert flat.count("\n") == text.count("\n")
    assert flat.split() == ["Hi,", "yes", "no"]
    assert flat.index("no", 60) == text.rindex("no")
