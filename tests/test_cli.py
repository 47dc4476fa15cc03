"""The command line as a whole: help, versions, errors and exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cli_support import DRAFT, CommandLine, start
from cli_support import __file__ as support

from assistant.cli import cli, common
from assistant.cli.reference import page


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.txt"
    path.write_text(DRAFT, encoding="utf-8")
    return path


def test_the_reference_page_is_current() -> None:
    committed = Path(__file__).parent.parent / "docs" / "commands.md"
    assert committed.read_text(encoding="utf-8") == page(), "run: python -m assistant.cli.reference > docs/commands.md"


@pytest.mark.parametrize("name", list(cli.commands))
def test_every_command_has_help_with_an_example(run: CommandLine, name: str) -> None:
    ran = run(name, "--help")
    assert ran.code == 0 and ran.err == ""
    assert "Example: " in ran.out and f"assistant {name}" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_version_is_the_packages(run: CommandLine) -> None:
    import importlib.metadata

    assert run("--version").out == f"assistant {importlib.metadata.version('outreach-assistant')}\n"


def test_no_command_shows_the_help_and_fails(run: CommandLine) -> None:
    ran = run()
    assert ran.code == 2 and ran.out == ""
    assert "Commands:" in ran.err


@pytest.mark.parametrize(
    ("arguments", "says", "hint"),
    [
        (["rewite"], "No such command 'rewite'", "'assistant --help'"),
        (["rewrite", "--notse", "x"], "No such option", "'assistant rewrite --help'"),
        (["rewrite", "-n", "17", "--text", "Hi"], "17 is out of range: it must be from 1 to 16", "--help"),
        (["rewrite", "-n", "0", "--text", "Hi"], "from 1 to 16", "--help"),
        (["rewrite", "-n", "two", "--text", "Hi"], "'two' is not a valid integer", "--help"),
        (["rewrite", "--max-chars", "49", "--text", "Hi"], "at least 50", "--help"),
        (["rewrite", "--seed", "-1", "--text", "Hi"], "out of range", "--help"),
        (["rewrite", "a", "b"], "unexpected extra argument", "--help"),
        (["rewrite", "a", "--text", "b"], "Both FILE and --text", "one of them"),
        (["rewrite", "-k", "refferal", "--text", "Hi"], "There is no kind 'refferal'", "Did you mean 'referral'?"),
        (["check", "-k", "love-letter", "-"], "There is no kind 'love-letter'", "The kinds are: "),
        (["principles", "flatery"], "There is no principle 'flatery'", "Did you mean 'flattery'?"),
        (["kinds", "Follow Up"], "There is no kind 'Follow Up'", "Did you mean 'follow-up'?"),
        (["rewrite", "-", "-c", "-"], "can be read only once", "as a file"),
        (["rewrite", "-c", "-"], "can be read only once", "as a file"),
        (["completion", "tcsh"], "tcsh", "--help"),
        (["batch"], "Missing argument", "--help"),
    ],
)
def test_wrong_usage_is_one_error_with_a_hint(run: CommandLine, arguments: list[str], says: str, hint: str) -> None:
    ran = run(*arguments)
    assert ran.code == 2 and ran.out == ""
    first, *rest = ran.err.splitlines()
    assert first.startswith("error: ") and says in ran.err
    assert any(line.startswith("hint: ") for line in rest) and hint in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("arguments", [["rewrite", "nowhere.txt", "--json"], ["check", "--json", "--fail-level", "x"]])
def test_with_json_an_error_is_the_one_document_on_stdout(run: CommandLine, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert ran.code == 2 and ran.err == ""
    body = json.loads(ran.out)
    assert set(body) == {"version", "error"} and set(body["error"]) == {"code", "message", "hint"}
    assert body["error"]["code"] == "usage"


def test_after_two_dashes_a_word_is_no_option(run: CommandLine) -> None:
    ran = run("rewrite", "--", "--json")
    assert ran.code == 2 and ran.out == ""
    assert "There is no file '--json'" in ran.err


def test_an_error_shows_no_control_characters_of_the_users(run: CommandLine) -> None:
    ran = run("rewrite", "dra\x1b[31mft")
    assert ran.code == 2 and "\x1b" not in ran.err


def test_a_model_error_is_3_and_keeps_its_words(run: CommandLine) -> None:
    ran = run("rewrite", "--text", "raise it")
    assert ran.code == 3 and ran.out == ""
    assert ran.err.startswith("error: Draft and notes are 9,000 tokens long; the model reads 3,776")


def test_a_bug_shows_its_traceback_and_is_4(run: CommandLine) -> None:
    ran = run("rewrite", "--text", "bug here")
    assert ran.code == 4 and ran.out == ""
    assert "Traceback" in ran.err and "RuntimeError: a bug" in ran.err and "report it" in ran.err
    assert json.loads(run("rewrite", "--text", "bug here", "--json").out)["error"]["code"] == "internal"


@pytest.mark.parametrize("content", ["missing", b"", b"GGUF\x03", b"MZ this is no model at all" * 9])
def test_a_model_that_is_none_is_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | bytes) -> None:
    model = tmp_path / "model.gguf"
    if isinstance(content, bytes):
        model.write_bytes(content)
    command = [sys.executable, "-m", "assistant.cli", "rewrite", "--text", "Hi Ana, any jobs?", "-m", str(model)]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 3, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("error: ") and "hint: " in done.stderr and "Traceback" not in done.stderr


def test_ctrl_c_is_130_without_a_traceback() -> None:
    process = start("rewrite", "--text", "wait here")
    assert process.stderr is not None
    assert process.stderr.readline() == b"waiting\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out) == (130, b"")
    assert b"Stopped." in err and b"Traceback" not in err


def test_a_reader_that_goes_away_is_met_with_silence(tmp_path: Path, draft: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    process = start("rewrite", draft, stdout=write)
    os.close(write)
    _, err = process.communicate()
    assert b"Traceback" not in err and b"Exception ignored" not in err and b"Broken" not in err
    assert process.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("extra", [[], ["--json"]])
def test_a_full_disk_behind_stdout_loses_nothing(draft: Path, extra: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        process = start("rewrite", draft, *extra, stdout=full)
        _, err = process.communicate()
    text = err.decode()
    assert process.returncode == 2
    assert "Could you tell me who hires for the night team?" in text
    assert extra or "standard output could not be written: No space left on device." in text
    assert "Traceback" not in text and "Exception ignored" not in text


@pytest.mark.parametrize(("closed", "code", "says"), [("<&-", 2, "nothing to read"), (">&-", 2, "output is closed")])
def test_closed_streams_are_errors_and_no_crash(draft: Path, closed: str, code: int, says: str) -> None:
    name = "" if closed == "<&-" else str(draft)
    script = f"exec {sys.executable} {support} rewrite {name} {closed}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == code and says in done.stderr and "Traceback" not in done.stderr


def test_text_is_utf_8_in_and_out_in_any_locale(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": "Zoë", "draft": "Grüße"}', encoding="utf-8")
    process = start("batch", source, env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"})
    out, _ = process.communicate()
    assert json.loads(out.decode("utf-8"))["result"]["id"] == "Zoë"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_the_shells_script(run: CommandLine, shell: str) -> None:
    ran = run("completion", shell)
    assert ran.code == 0 and ran.err == ""
    assert "_ASSISTANT_COMPLETE" in ran.out and f"{shell}_complete" in ran.out


def test_the_completion_script_works() -> None:
    environment = {"_ASSISTANT_COMPLETE": "bash_complete", "COMP_WORDS": "assistant rewrite -k ref", "COMP_CWORD": "3"}
    out, err = start(env={**os.environ, **environment}).communicate()
    assert (out, err) == (b"plain,referral\n", b"")


@pytest.mark.parametrize(
    ("variables", "no_color", "expected"),
    [
        ({"TERM": "xterm"}, False, True),
        ({"TERM": "xterm"}, True, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, False, True),
        ({"TERM": "dumb"}, False, False),
    ],
)
def test_colour_only_where_it_is_wanted(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], no_color: bool, expected: bool
) -> None:
    class Screen:
        closed = False

        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert common.colour_for(Screen(), no_color) is expected
