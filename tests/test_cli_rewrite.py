"""`rewrite` and `follow-up`: inputs, what goes to which stream, asking on a terminal and never elsewhere."""

from __future__ import annotations

import json
import os
import pty
import re
import select
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from cli_support import DRAFT, MESSAGE, CommandLine, FakeAssistant, answer, start

from assistant.cli import common
from assistant.engine import ScriptedEmbedder, ScriptedEngine
from assistant.explain import VERDICTS
from assistant.intake import read
from assistant.library import load_library
from assistant.records import FollowUp, Request, Rewrite
from assistant.rewrite import Assistant


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    monkeypatch.setattr(common, "today", lambda: date(2026, 11, 22))
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.txt"
    path.write_text(DRAFT, encoding="utf-8")
    return path


def test_stdout_carries_the_message_and_nothing_else(run: CommandLine, draft: Path) -> None:
    ran = run("rewrite", draft)
    assert (ran.code, ran.out) == (0, MESSAGE + "\n")
    assert ran.err == "warning: Sent two days ago: wait until 12 November.\n"


def test_a_subject_stands_above_the_message(run: CommandLine, draft: Path) -> None:
    run.assistant.rewrite = lambda request: answer(request, subject="Night team")
    assert run("rewrite", draft).out == f"Subject: Night team\n\n{MESSAGE}\n"


@pytest.mark.parametrize("source", ["safe-edit", "draft"])
def test_in_a_pipe_it_is_still_said_that_no_model_wrote_it(run: CommandLine, draft: Path, source: str) -> None:
    run.assistant.rewrite = lambda request: answer(request, source=source)
    assert VERDICTS[source] in run("rewrite", draft).err  # type: ignore[index]


def test_the_message_cannot_drive_the_terminal(run: CommandLine, draft: Path) -> None:
    run.assistant.rewrite = lambda request: answer(request, "Hi\x1b]0;owned\x07 Ana\x9b31m\n\tok\r")
    assert run("rewrite", draft).out == "Hi]0;owned Ana31m\n\tok\n"


def test_all_that_was_asked_for_reaches_the_pipeline(run: CommandLine, draft: Path, tmp_path: Path) -> None:
    for name, text in (("notes.md", "role: night nurse"), ("ad.txt", "Ward 3 hires")):
        (tmp_path / name).write_text(text)
    notes = ("-c", tmp_path / "notes.md", "-c", tmp_path / "ad.txt")
    run("rewrite", draft, *notes, "-k", "referral", "-n", "7", "--seed", "9", "--max-chars", "50", "--no-ask")
    (request,) = run.assistant.requests
    assert (request.draft.name, request.draft.text) == ("draft", DRAFT)
    assert [(n.name, n.text) for n in request.notes] == [("notes.md", "role: night nurse"), ("ad.txt", "Ward 3 hires")]
    assert (request.kind, request.n, request.seed, request.max_chars) == ("referral", 7, 9, 50)


def test_kind_is_chosen_by_the_pipeline_unless_named(run: CommandLine, draft: Path) -> None:
    run("rewrite", draft)
    run("rewrite", draft, "-k", "auto")
    assert [r.kind for r in run.assistant.requests] == [None, None]


@pytest.mark.parametrize("arguments", [["rewrite"], ["rewrite", "-"]])
def test_a_pipe_is_read(run: CommandLine, arguments: list[str]) -> None:
    run(*arguments, stdin="Hi Ana, got a minute?\r\n")
    assert run.assistant.requests[0].draft.text == "Hi Ana, got a minute?\n"


def test_notes_may_come_through_the_pipe(run: CommandLine) -> None:
    run("rewrite", "--text", "Hi Ana, got a minute?", "-c", "-", stdin="role: electrician")
    assert run.assistant.requests[0].notes[0].text == "role: electrician"


def test_an_empty_terminal_is_a_usage_error_and_no_wait(run: CommandLine) -> None:
    ran = run("rewrite", terminal=True)
    assert ran.code == 2 and "There is nothing to read" in ran.err and "--text" in ran.err


@pytest.mark.parametrize("stdin", ["", "  \n\n"])
def test_an_empty_pipe_is_a_usage_error(run: CommandLine, stdin: str) -> None:
    ran = run("rewrite", stdin=stdin)
    assert ran.code == 2 and "standard input is empty" in ran.err


def test_a_pipe_of_two_megabytes_is_refused(run: CommandLine) -> None:
    ran = run("rewrite", stdin=b"a" * 2_000_000)
    assert ran.code == 2 and "the limit is 200 kB" in ran.err


def test_json_is_one_document_and_stderr_stays_silent(run: CommandLine, draft: Path) -> None:
    ran = run("rewrite", draft, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert len(ran.out.splitlines()) == 1
    assert json.loads(ran.out)["result"]["message"] == MESSAGE


def test_a_dry_run_prints_the_prompt_and_writes_nothing(run: CommandLine, draft: Path) -> None:
    ran = run("rewrite", draft, "--dry-run")
    assert (ran.code, ran.out) == (0, f"[user] {DRAFT}\n[assistant] Hi Priya,\n")
    assert run.assistant.requests == []
    shown = json.loads(run("rewrite", draft, "--dry-run", "--json").out)["result"]
    assert shown["prompt"].startswith("[user]") and shown["tokens"] > 0


@pytest.mark.parametrize(("extra", "says"), [((), "needs a terminal"), (("--json",), "do not go together")])
def test_asking_needs_a_terminal(run: CommandLine, draft: Path, extra: tuple[str, ...], says: str) -> None:
    ran = run("rewrite", draft, "--ask", *extra)
    assert ran.code == 2 and says in ran.err + ran.out


# --- follow-up --------------------------------------------------------------------------------------------------


def test_a_follow_up_carries_its_date_and_number(run: CommandLine, draft: Path) -> None:
    assert run("follow-up", draft, "--sent", "2026-11-02", "--number", "2").code == 0
    (request,) = run.assistant.requests
    assert request.follow_up == FollowUp(date(2026, 11, 2), 2)
    assert request.kind == "follow-up"


def test_a_follow_up_sent_today_is_no_error(run: CommandLine, draft: Path) -> None:
    assert run("follow-up", draft, "--sent", "2026-11-22").code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--sent", "2026-11-23"), "in the future"),
        (("--sent", "3 Nov"), "year-month-day, for example 2026-11-02"),
        (("--sent", "2026-02-30"), "not a date"),
        (("--sent", ""), "not a date"),
        (("--number", "0"), "makes no sense"),
        (("--number", "-1"), "makes no sense"),
    ],
)
def test_a_wrong_date_or_number_is_a_usage_error(
    run: CommandLine, draft: Path, arguments: tuple[str, ...], says: str
) -> None:
    ran = run("follow-up", draft, *arguments)
    assert ran.code == 2 and says in ran.err and "hint: " in ran.err
    assert run.assistant.requests == []


@pytest.mark.parametrize("number", ["3", "12"])
def test_a_third_follow_up_is_refused_in_the_principles_words(run: CommandLine, draft: Path, number: str) -> None:
    ran = run("follow-up", draft, "--number", number)
    principle = load_library().principle("too-many")
    assert ran.code == 2 and ran.out == ""
    assert principle.rule in ran.err and principle.why in ran.err
    assert run.assistant.requests == []


# --- on a terminal ----------------------------------------------------------------------------------------------


class Screen:
    """A pseudo-terminal with the scripted command line on it."""

    def __init__(self, *arguments: str | Path, **streams: object) -> None:
        self._master, slave = pty.openpty()
        environment = {**os.environ, "TERM": "xterm", "NO_COLOR": ""}
        options = {"stdin": slave, "stdout": slave, "stderr": slave, "env": environment, **streams}
        self.process = start(*arguments, **options)
        os.close(slave)
        self.shown = ""

    def until(self, text: str) -> None:
        while text not in self.shown:
            assert self._more(), f"ended without {text!r}: {self.shown!r}"

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def finish(self, answers: Sequence[str] = ()) -> int:
        """Answers the questions as they come, with Enter alone once `answers` are used up."""
        left, asked = list(answers), 0
        while self._more():
            while self.shown.count("\n > ") > asked:
                asked += 1
                self.type((left.pop(0) if left else "") + "\n")
        os.close(self._master)
        return self.process.wait()

    def _more(self) -> bool:
        if not select.select([self._master], [], [], 60)[0]:
            self.process.kill()
            raise AssertionError(f"it waits: {self.shown!r}")
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.shown += data.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(data)


BARE = "Hi, I would love to connect. Any advice?"


def test_on_a_terminal_it_asks_for_what_is_missing_and_explains() -> None:
    screen = Screen("rewrite", "--text", BARE, "-k", "referral")
    assert screen.finish(answers=["", "night nurse, ward 3"]) == 0
    assert "Enter skips a question." in screen.shown
    assert re.search(r"answers 'role: night nurse, ward 3'", screen.shown)
    assert screen.shown.index(MESSAGE.splitlines()[2]) < screen.shown.index("Rewritten:")
    assert "\x1b[" in screen.shown


def test_ctrl_d_skips_the_rest_of_the_questions() -> None:
    screen = Screen("rewrite", "--text", BARE, "-k", "referral")
    screen.until("> ")
    screen.type("\x04")
    assert screen.finish() == 0
    assert "Rewritten:" in screen.shown


def test_ctrl_c_at_a_question_stops() -> None:
    screen = Screen("rewrite", "--text", BARE, "-k", "referral", start_new_session=True, preexec_fn=_own_terminal)
    screen.until("> ")
    screen.type("\x03")
    assert screen.finish() == 130
    assert "Traceback" not in screen.shown


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_no_ask_never_asks() -> None:
    screen = Screen("rewrite", "--text", BARE, "-k", "referral", "--no-ask")
    assert screen.finish() == 0
    assert "Enter skips" not in screen.shown


def test_a_pipe_behind_stdout_never_waits_and_gets_the_message_alone() -> None:
    screen = Screen("rewrite", "--text", BARE, "-k", "referral", stdout=-1)
    assert screen.process.stdout is not None
    with screen.process.stdout as out:
        assert out.read().decode() == MESSAGE + "\n"
    assert screen.finish() == 0
    assert "Rewritten:" in screen.shown and MESSAGE not in screen.shown


def test_without_colour_no_escape_reaches_the_terminal() -> None:
    screen = Screen("rewrite", "--text", BARE, "--no-ask", "--no-color")
    assert screen.finish() == 0
    assert "\x1b" not in screen.shown
    assert "{+" in screen.shown and "[-" in screen.shown


# --- the brief --------------------------------------------------------------------------------------------------

FACTS = "Priya Natarajan runs the night team.\nRole: Band 6 night\nnurse. I'm Kofi Mensah."


def noted(tmp_path: Path, text: str = FACTS) -> Path:
    (tmp_path / "notes.md").write_text(text)
    return tmp_path / "notes.md"


def test_the_brief_is_printed_and_nothing_written(run: CommandLine, draft: Path, tmp_path: Path) -> None:
    ran = run("rewrite", draft, "-c", noted(tmp_path), "-k", "referral", "--show-brief")
    assert ran.code == 0 and ran.err == "" and run.assistant.requests == []
    assert ran.out.startswith("# What was read, for the kind referral.")
    assert {"recipient: Priya Natarajan", "sender: Kofi Mensah", "exit:"} <= set(ran.out.splitlines())
    told = json.loads(run("rewrite", draft, "-c", noted(tmp_path), "--show-brief", "--json").out)["result"]["brief"]
    assert told["recipient"] == [{"text": "Priya Natarajan", "from": "notes.md:1"}]


def test_a_brief_from_a_file_replaces_the_reading(run: CommandLine, draft: Path, tmp_path: Path) -> None:
    printed = run("rewrite", draft, "-c", noted(tmp_path), "--show-brief").out
    path = tmp_path / "brief.txt"
    path.write_text(printed.replace("sender: Kofi Mensah", "sender: Kofi Mensah Junior"))
    run.assistant = Spy()
    ran = run("rewrite", draft, "-c", noted(tmp_path), "--brief", path)
    assert ran.code == 0
    number = printed.splitlines().index("sender: Kofi Mensah") + 1
    assert f"brief.txt, line {number}: “Kofi Mensah Junior” stands in neither draft nor notes" in ran.err
    assert [(e.text, e.source) for e in run.assistant.brief.sender] == [("Kofi Mensah Junior", "brief")]
    assert [(e.text, e.source) for e in run.assistant.brief.recipient] == [("Priya Natarajan", "notes.md")]
    assert "What was read" not in run.assistant.sources
    assert run("rewrite", draft, "-c", noted(tmp_path), "--brief", path, "--json").err == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [("\nbogus: x", "brief.txt, line 2: there is no slot “bogus”"), ("Priya", "line 1: “Priya” does not begin with")],
)
def test_a_brief_that_cannot_be_read_is_a_usage_error(
    run: CommandLine, draft: Path, tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "brief.txt"
    path.write_text(text)
    ran = run("rewrite", draft, "--brief", path)
    assert ran.code == 2 and says in ran.err and "leave_out" in ran.err


class Spy(FakeAssistant):
    """Keeps the brief that the pipeline would write from."""

    def rewrite(self, request: Request) -> Rewrite:
        self.brief = read(request, load_library(), None)[1]
        self.sources = "\n".join(n.text for n in request.notes)
        return answer(request)


def test_on_a_terminal_the_brief_can_be_edited_before_writing(tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/^target:.*/target: night nurse, ward 3/' \"$1\"\n")
    editor.chmod(0o755)
    screen = Screen(
        "rewrite", "--text", BARE, "-k", "referral", env={**os.environ, "TERM": "xterm", "EDITOR": str(editor)}
    )
    assert screen.finish(answers=["e"]) == 0
    assert screen.shown.count("Is this right?") == 2
    assert "your brief, line" in screen.shown and "counts as your own words" in screen.shown
    assert "\ntarget: night nurse, ward 3\n" in screen.shown
    assert load_library().kind("referral").questions["role"].split("|")[-1].strip()[:20] not in screen.shown


def test_a_brief_that_is_not_right_stops_everything() -> None:
    screen = Screen("rewrite", "--text", BARE, "-k", "referral")
    assert screen.finish(answers=["n"]) == 130
    assert "Stopped." in screen.shown and MESSAGE not in screen.shown


# --- with the real pipeline behind it ---------------------------------------------------------------------------

NOTES = """recipient: Priya Natarajan, runs the night team
she gave the talk on drug rounds at the Leeds ward day
role: Band 6 night nurse
me: Kofi Mensah, ward nurse
I cut drug-round errors on my ward from 9 to 2."""
GOOD = (
    "Hi Priya,\n\nYou gave the talk on drug rounds at the Leeds ward day. I'm a ward nurse and I'd like the Band 6 "
    "night nurse role. I cut drug-round errors on my ward from 9 to 2. Could you refer me for this role? "
    "A no is fine.\n\nKofi"
)
BAD = "Sure! Here is your message: [Name]"


def real(replies: Sequence[str], context_tokens: int = 100_000) -> Assistant:
    engine = ScriptedEngine(replies, context_tokens)
    return Assistant(load_library(), engine, ScriptedEmbedder(), today=date(2026, 11, 22))


@pytest.mark.parametrize(("replies", "source"), [([GOOD, BAD], "model"), ([BAD] * 2, "safe-edit")])
def test_the_real_pipeline_answers_in_the_promised_form(
    run: CommandLine, draft: Path, tmp_path: Path, replies: list[str], source: str
) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text(NOTES)
    arguments = ("rewrite", draft, "-c", notes, "-k", "referral", "-n", "2")
    run.assistant = real(replies)
    ran = run(*arguments, "--json")
    assert (ran.code, ran.err) == (0, "")
    result = json.loads(ran.out)["result"]
    assert result["source"] == source
    written = [c for c in result["candidates"] if c["source"] == "model"]
    assert [c["accepted"] for c in written] == [reply == GOOD for reply in replies]
    assert all(c["reasons"] for c in written if not c["accepted"])
    assert "[Name]" not in result["message"]
    run.assistant = real(replies)
    assert run(*arguments).out == result["message"] + "\n"


def test_notes_longer_than_the_context_are_said_in_tokens(run: CommandLine, draft: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("I mend trams. " * 5000)
    run.assistant = real([], context_tokens=2048)
    ran = run("rewrite", draft, "-c", tmp_path / "notes.md", "-k", "referral")
    assert ran.code == 3 and ran.out == ""
    assert re.search(r"[\d,]{5,} tokens long; the model reads [\d,]+ at once", ran.err) and "hint: " in ran.err
