"""`check`: findings as lines and as JSON, levels and exit codes, several files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cli_support import CommandLine

from assistant import paths
from assistant.library import load_library
from assistant.records import Finding
from assistant.render import finding_line

BAD = "Hi Sam,\n\nI came across your profile and I admire your path. Let me know if you can help.\n\nKofi"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.txt"
    path.write_text(BAD, encoding="utf-8")
    return path


def test_every_finding_is_one_line_that_an_editor_can_follow(run: CommandLine, bad: Path) -> None:
    ran = run("check", bad, "-k", "referral")
    rules = {p.id for p in load_library().principles}
    assert ran.err == "" and ran.out
    for line in ran.out.splitlines():
        match = re.fullmatch(rf"{re.escape(str(bad))}:(\d+):(\d+): (error|warning|info): ([a-z-]+): .+", line)
        assert match and match[4] in rules
    assert f"{bad}:3:1: " in ran.out


def test_line_and_column_count_characters_from_one() -> None:
    text = "Grüße Zoë,\n\nI admire you."
    found = Finding("flattery", "info", text.index("admire"), text.index(" you"), "admire", "Praise\nis  no reason.")
    assert finding_line("d.txt", text, found) == "d.txt:3:3: info: flattery: Praise is no reason."
    assert finding_line("d.txt", text, Finding("no-role", "error", 0, 0, "", "m")) == "d.txt:1:1: error: no-role: m"


def test_json_has_the_promised_keys_and_true_offsets(run: CommandLine, bad: Path) -> None:
    (entry,) = json.loads(run("check", bad, "--json", "-k", "referral").out)["result"]["files"]
    assert set(entry) == {"path", "kind", "score", "findings", "missing"}
    assert entry["path"] == str(bad) and entry["kind"] == "referral" and 0 <= entry["score"] < 1
    assert entry["findings"]
    for finding in entry["findings"]:
        assert BAD[finding["start"] : finding["end"]] == finding["quote"]
    assert {m["slot"] for m in entry["missing"]} >= {"role", "proof"}


@pytest.mark.parametrize("level", ["info", "warning", "error", "never"])
def test_the_exit_code_follows_the_level(run: CommandLine, bad: Path, level: str) -> None:
    found = json.loads(run("check", bad, "--json").out)["result"]["files"][0]["findings"]
    order = ["info", "warning", "error"]
    worst = max(order.index(f["severity"]) for f in found)
    expected = 0 if level == "never" else int(worst >= order.index(level))
    assert run("check", bad, "--fail-level", level).code == expected
    assert run("check", bad, "--json", "--fail-level", level).code == expected


def test_several_files_and_the_pipe(run: CommandLine, bad: Path) -> None:
    ran = run("check", bad, "-", "--json", "--fail-level", "never", stdin=BAD)
    first, second = json.loads(ran.out)["result"]["files"]
    assert (first["path"], second["path"]) == (str(bad), "-")
    assert first["findings"] == second["findings"]
    assert run("check", stdin=BAD, terminal=False).out.startswith("-:")


def test_a_bad_file_is_named_and_the_others_are_checked(run: CommandLine, bad: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone.txt"
    ran = run("check", gone, bad, "--fail-level", "never")
    assert ran.code == 2
    assert f"There is no file '{gone}'" in ran.err and f"{bad}:3:1: " in ran.out
    files = json.loads(run("check", gone, bad, "--json").out)["result"]["files"]
    assert files[0]["error"]["code"] == "usage" and files[1]["findings"]


def test_nothing_to_read_on_a_terminal_is_an_error(run: CommandLine) -> None:
    assert run("check", terminal=True).code == 2


def test_the_channels_limit_is_checked(run: CommandLine, bad: Path) -> None:
    rules = [
        f["principle"]
        for f in json.loads(run("check", bad, "--json", "--max-chars", "60").out)["result"]["files"][0]["findings"]
    ]
    assert "too-long" in rules


def test_a_path_with_an_escape_is_harmless(run: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m.txt"
    path.write_text(BAD)
    assert "\x1b" not in run("check", path).out


def test_a_comment_in_the_draft_switches_a_rule_off(run: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text(f"<!-- assistant: ignore flattery vague-ask -->\n{BAD}", encoding="utf-8")
    ran = run("check", path, "-k", "referral")
    assert "flattery" not in ran.out and "vague-ask" not in ran.out
    assert f"{path}:4:1: warning: generic-opener" in ran.out
    path.write_text(f"<!-- assistant: ignore flatery -->\n{BAD}", encoding="utf-8")
    ran = run("check", path)
    assert ran.code == 2 and "flatery" in ran.err and "flattery" in ran.err


def test_the_users_levels_count(run: CommandLine, bad: Path) -> None:
    settings = paths.user_config() / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[rules]\ngeneric-opener = "off"\nflattery = "error"\n', encoding="utf-8")
    ran = run("check", bad, "-k", "referral")
    assert "generic-opener" not in ran.out and "error: flattery" in ran.out
    settings.write_text('[rules]\nflatery = "off"\n', encoding="utf-8")
    ran = run("check", bad)
    assert ran.code == 2
    assert str(settings) in ran.err and "rules.flatery" in ran.err and "flattery" in ran.err


@pytest.mark.model
def test_thorough_finds_at_least_as_much(run: CommandLine, bad: Path) -> None:
    plain = run("check", bad, "-k", "referral").out.splitlines()
    assert {*plain} <= {*run("check", bad, "-k", "referral", "--thorough").out.splitlines()}
