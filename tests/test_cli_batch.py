"""`batch`: bad lines are named and the others go on; what is finished is never lost or done twice."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
from pathlib import Path
from typing import Any

import pytest
from cli_support import MESSAGE, CommandLine, lines, start


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_line_in_is_a_document_out(run: CommandLine, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    given = {"id": 7, "draft": "Hi Ana", "kind": "pitch", "context": "me: plumber", "max_chars": 300, "domain": "x"}
    source.write_text(
        json.dumps(given) + "\n\n" + json.dumps({"id": "b", "draft": "Hi Bo", "max_chars": None}) + "\r\n"
    )
    ran = run("batch", source, "-n", "2", "--seed", "5")
    assert ran.code == 0 and ran.err == ""
    first, second = rows(ran.out)
    assert (first["result"]["id"], second["result"]["id"]) == (7, "b")
    assert first["result"]["message"] == MESSAGE and first["version"] == 1
    one, two = run.assistant.requests
    assert (one.kind, one.max_chars, one.n, one.seed) == ("pitch", 300, 2, 5)
    assert [n.text for n in one.notes] == ["me: plumber"]
    assert (two.kind, two.max_chars, two.notes) == (None, None, ())


BAD_LINES = {
    "not json": ("{oops", "not JSON"),
    "a list": ("[1]", "not a JSON object"),
    "no id": ('{"draft": "Hi"}', 'no "id"'),
    "id true": ('{"id": true, "draft": "Hi"}', 'no "id"'),
    "no draft": ('{"id": "x"}', 'no "draft"'),
    "empty draft": ('{"id": "x", "draft": "  "}', '"draft" is empty'),
    "draft a number": ('{"id": "x", "draft": 3}', '"draft" is not text'),
    "NUL": ('{"id": "x", "draft": "a\\u0000b"}', "not text"),
    "half a character": ('{"id": "x", "draft": "a\\ud800"}', "not text"),
    "kind": ('{"id": "x", "draft": "Hi", "kind": "refferal"}', "no kind 'refferal'"),
    "limit": ('{"id": "x", "draft": "Hi", "max_chars": 10}', '"max_chars" is 10'),
    "limit true": ('{"id": "x", "draft": "Hi", "max_chars": true}', '"max_chars" is True'),
    "nested": ("[" * 100_000, "not JSON"),
    "same id": ('{"id": "1", "draft": "Hi again"}', "already used in line 1"),
    "context": ('{"id": "x", "draft": "Hi", "context": ["a"]}', '"context" is not text'),
    "too long for the model": ('{"id": "x", "draft": "raise"}', "the model reads 3,776"),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_bad_line_is_named_and_the_others_go_on(run: CommandLine, tmp_path: Path, name: str) -> None:
    line, says = BAD_LINES[name]
    source = tmp_path / "in.jsonl"
    source.write_text(f'{{"id": "1", "draft": "Hi"}}\n{line}\n{{"id": "3", "draft": "Hi"}}\n')
    ran = run("batch", source)
    assert ran.code == 1
    first, second, third = rows(ran.out)
    assert first["result"]["id"] == "1" and third["result"]["id"] == "3"
    assert says in second["error"]["message"] and second["error"]["hint"]
    assert second["input"]["line"] == 2
    assert "line 2: error: " in ran.err and says in ran.err
    assert "2 lines rewritten, 1 not: line 2." in ran.err


def test_bad_utf_8_in_one_line_is_that_lines_error(run: CommandLine, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(b'{"id": 1, "draft": "Jos\xe9"}\n{"id": 2, "draft": "Hi"}\n')
    first, second = rows(run("batch", source).out)
    assert "not valid UTF-8: byte 23" in first["error"]["message"] and second["result"]["id"] == 2


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_input_is_a_usage_error(run: CommandLine, tmp_path: Path, content: str) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(content)
    ran = run("batch", source)
    assert ran.code == 2 and "holds no lines" in ran.err


def test_a_pipe_is_read(run: CommandLine) -> None:
    assert rows(run("batch", "-", stdin='{"id": 1, "draft": "Hi"}').out)[0]["result"]["id"] == 1


def test_running_again_does_only_what_is_left(run: CommandLine, tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines(source, "Hi Ana", "raise", "Hi Cem")
    assert run("batch", source, "-o", out).code == 1
    assert len(rows(out.read_text())) == 3
    lines(source, "Hi Ana", "Hi Bo", "Hi Cem, changed", "Hi Dee")
    run.assistant.requests.clear()
    ran = run("batch", source, "-o", out)
    assert ran.code == 0 and ran.out == ""
    assert [r.draft.text for r in run.assistant.requests] == ["Hi Bo", "Hi Cem, changed", "Hi Dee"]
    assert sorted(r["result"]["id"] for r in rows(out.read_text())) == ["1", "2", "3", "4"]
    assert "1 of 4 lines are already in" in ran.err
    run.assistant.requests.clear()
    assert run("batch", source, "-o", out).code == 0
    assert run.assistant.requests == []


def test_answers_to_another_input_stay(run: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    (tmp_path / "a.jsonl").write_text('{"id": "a", "draft": "Hi"}\n')
    (tmp_path / "b.jsonl").write_text('{"id": "b", "draft": "Hi"}\n')
    for name in ("a", "b"):
        run("batch", tmp_path / f"{name}.jsonl", "-o", out)
    assert [r["result"]["id"] for r in rows(out.read_text())] == ["a", "b"]


def test_a_line_that_a_power_cut_tore_is_done_again(run: CommandLine, tmp_path: Path) -> None:
    source, out = lines(tmp_path / "in.jsonl", "Hi Ana", "Hi Bo"), tmp_path / "out.jsonl"
    run("batch", source, "-o", out)
    whole = out.read_bytes()
    out.write_bytes(whole[:-40])
    run.assistant.requests.clear()
    assert run("batch", source, "-o", out).code == 0
    assert [r.draft.text for r in run.assistant.requests] == ["Hi Bo"]
    assert out.read_bytes() == whole


@pytest.mark.parametrize("content", ["my own notes", "my own notes\n", '{"id": 1}\n', '{"version": 1}\nnotes\n'])
def test_a_file_that_is_not_its_own_is_left_alone(run: CommandLine, tmp_path: Path, content: str) -> None:
    source, out = lines(tmp_path / "in.jsonl", "Hi Ana"), tmp_path / "out.jsonl"
    out.write_text(content)
    ran = run("batch", source, "-o", out)
    assert ran.code == 2 and "it was left as it is" in ran.err
    assert out.read_text() == content
    assert run.assistant.requests == []


def test_the_input_is_never_overwritten(run: CommandLine, tmp_path: Path) -> None:
    source = lines(tmp_path / "in.jsonl", "Hi Ana")
    before = source.read_bytes()
    assert run("batch", source, "-o", source).code == 2
    assert source.read_bytes() == before


def test_a_place_that_cannot_be_written_is_known_before_any_work(run: CommandLine, tmp_path: Path) -> None:
    source = lines(tmp_path / "in.jsonl", "Hi Ana")
    ran = run("batch", source, "-o", tmp_path / "nowhere" / "out.jsonl")
    assert ran.code == 2 and "could not be written" in ran.err and "hint: " in ran.err
    assert run.assistant.requests == []


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS])
def test_a_read_only_folder_is_an_output_error(
    run: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """The refusal is made up, because root may write anywhere."""
    source, out = lines(tmp_path / "in.jsonl", "Hi Ana"), tmp_path / "out.jsonl"
    real = os.open

    def refuse(path: Any, *arguments: Any, **more: Any) -> int:
        if path == out:
            raise OSError(code, os.strerror(code))
        return real(path, *arguments, **more)

    monkeypatch.setattr(os, "open", refuse)
    ran = run("batch", source, "-o", out)
    assert ran.code == 2 and ran.out == "" and os.strerror(code) in ran.err and "hint: " in ran.err
    assert run.assistant.requests == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_answer_that_does_not_fit_on_the_disk_goes_to_stdout(run: CommandLine, tmp_path: Path) -> None:
    ran = run("batch", lines(tmp_path / "in.jsonl", "Hi Ana", "Hi Bo"), "-o", "/dev/full")
    assert ran.code == 2
    assert [r["result"]["id"] for r in rows(ran.out)] == ["1"]
    assert "No space left on device" in ran.err and "answer to line 1 is on standard output" in ran.err


def test_ctrl_c_keeps_what_is_finished_and_the_next_run_goes_on(tmp_path: Path) -> None:
    source, out = lines(tmp_path / "in.jsonl", "Hi Ana", "wait here", "Hi Cem"), tmp_path / "out.jsonl"
    process = start("batch", source, "-o", out)
    assert process.stderr is not None
    assert process.stderr.readline() == b"waiting\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    assert b"1 of 3 lines are finished and kept. Run the same command again" in err and b"Traceback" not in err
    assert [r["result"]["id"] for r in rows(out.read_text())] == ["1"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    lines(source, "Hi Ana", "Hi Bo", "Hi Cem")
    again = start("batch", source, "-o", out)
    again.communicate()
    assert again.returncode == 0
    assert [r["result"]["id"] for r in rows(out.read_text())] == ["1", "2", "3"]
