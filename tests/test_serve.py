"""The running assistant: the same answers and errors through a socket of this user's own, and none in its way."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cli_support import MESSAGE, FakeAssistant, answer

from assistant import check, errors, patterns, serve, warm, wire
from assistant.cli import pipeline
from assistant.engine import ScriptedEmbedder, ScriptedEngine
from assistant.errors import AssistantError, DataError, ModelError, OutputError, UsageError
from assistant.library import load_library
from assistant.models import ModelFile
from assistant.records import Document, Example, FollowUp, Library, Request, Rewrite
from assistant.rewrite import Assistant

DRAFT = Document("draft", "Hi Priya, I admire your path. Any advice?")
REQUEST = Request(DRAFT, (Document("notes.md", "ward nurse, 3 years"),), "informational", 2, 300, 5, None)
TODAY = date(2026, 11, 22)
WHO = "this very assistant"


def quiet(_: str) -> None:
    pass


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A short path: a socket's address holds about a hundred letters."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run" / "a.sock"
        monkeypatch.setenv(warm.VARIABLE, str(path))
        yield path


@contextmanager
def served(assistant: Any, place: Path, idle_s: float = 60.0) -> Iterator[threading.Thread]:
    """A server in a thread; the draft "stop" ends it."""
    answered = assistant.rewrite

    def until_stop(request: Request) -> Rewrite:
        if request.draft.text == "stop":
            raise SystemExit
        return answered(request)

    assistant.rewrite = until_stop

    def run(listener: socket.socket) -> None:
        with suppress(SystemExit):
            serve.serve(assistant, WHO, listener, idle_s)

    with serve.listening(place) as listener:
        thread = threading.Thread(target=run, args=(listener,))
        thread.start()
        try:
            yield thread
        finally:
            if thread.is_alive():
                with suppress(warm.Unserved):
                    warm.rewrite(dataclasses.replace(REQUEST, draft=Document("draft", "stop")), WHO, TODAY, quiet)
            thread.join(20)


class Served(FakeAssistant):
    """Says what it does through `progress`, as the pipeline does."""

    load_s = 0.0
    today = date(2020, 1, 1)

    def __init__(self) -> None:
        super().__init__()
        self.progress = quiet

    def rewrite(self, request: Request) -> Rewrite:
        self.progress("writing")
        return super().rewrite(request)


def test_a_whole_answer_survives_the_wire() -> None:
    sent = answer(REQUEST)
    line = json.dumps(wire.packed(sent))
    assert wire.unpacked(Rewrite, json.loads(line)) == sent
    bump = dataclasses.replace(REQUEST, follow_up=FollowUp(date(2026, 11, 3), 2), kind=None)
    assert wire.unpacked(Request, json.loads(json.dumps(wire.packed(bump)))) == bump


@pytest.mark.parametrize("value", [None, 3, [], {}, {"name": "x"}, {"name": 1, "text": "y"}])
def test_what_is_no_record_is_a_value_error(value: Any) -> None:
    with pytest.raises(ValueError, match="not a Document"):
        wire.unpacked(Document, value)
    with pytest.raises(ValueError, match="not a"):
        wire.unpacked(Example, {"id": "a", "kind": "b", "label": "ugly", "text": "t", "notes": "", "pair": ""})


@pytest.mark.parametrize(
    "error",
    [
        UsageError("The draft is empty.", "Write a line."),
        ModelError("damaged", "Get another.", file=Path("m.gguf"), key="k"),
        DataError("two faults", "Mend them.", faults=("one", "two")),
    ],
)
def test_errors_come_back_as_the_same(error: AssistantError) -> None:
    back = wire.unpacked_error(json.loads(json.dumps(wire.packed_error(error))))
    assert type(back) is type(error)
    assert (str(back), back.hint, back.exit_code) == (str(error), error.hint, error.exit_code)
    assert getattr(back, "faults", None) == getattr(error, "faults", None)
    with pytest.raises(ValueError, match="not an error"):
        wire.unpacked_error({"class": "SystemExit", "message": "", "hint": "", "file": None, "key": None})


def test_the_same_answer_with_progress(place: Path, library: Library) -> None:
    def pipeline() -> Assistant:
        replies = ["Hi Priya,\n\nI am a ward nurse. Could you tell me who hires for nights?"] * 2
        return Assistant(library, ScriptedEngine(replies), ScriptedEmbedder(), today=TODAY)

    alone = pipeline().rewrite(REQUEST)
    said: list[str] = []
    with served(pipeline(), place):
        through = warm.rewrite(REQUEST, WHO, TODAY, said.append)
    assert dataclasses.replace(through, timing=alone.timing) == alone
    assert any("candidate 1" in text for text in said)


def test_the_first_request_finds_everything_used_before(library: Library) -> None:
    patterns._compile.cache_clear()
    engine = ScriptedEngine([" "])
    assistant = Assistant(library, engine, ScriptedEmbedder(), today=TODAY)
    serve.warm_up(assistant)
    compiled = patterns._compile.cache_info().misses
    for kind in library.kinds:
        check.examine(MESSAGE, kind, library)
    assert patterns._compile.cache_info().misses == compiled > 0
    assert len(engine.prompts) == 1


def test_the_clients_day_counts_and_one_after_the_other_is_served(place: Path) -> None:
    assistant = Served()
    with served(assistant, place):
        threads = [threading.Thread(target=warm.rewrite, args=(REQUEST, WHO, TODAY, quiet)) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(assistant.requests) == 5
    assert assistant.today == TODAY


def test_an_error_is_raised_and_the_next_request_served(place: Path) -> None:
    with served(Served(), place):
        broken = dataclasses.replace(REQUEST, draft=Document("draft", "raise"))
        with pytest.raises(ModelError, match="9,000 tokens") as caught:
            warm.rewrite(broken, WHO, TODAY, quiet)
        assert caught.value.hint == "Keep less."
        assert warm.rewrite(REQUEST, WHO, TODAY, quiet).message


def test_a_bug_and_another_identity_are_left_to_the_client(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with served(Served(), place):
        with pytest.raises(warm.Unserved):
            warm.rewrite(dataclasses.replace(REQUEST, draft=Document("draft", "bug")), WHO, TODAY, quiet)
        with pytest.raises(warm.Unserved):
            warm.rewrite(REQUEST, "another version", TODAY, quiet)
    assert "RuntimeError: a bug" in capsys.readouterr().err


@pytest.mark.parametrize("line", [b"", b"hello\n", b"[]\n", b'{"who": 3}\n', b'{"who": "this very assistant"}\n'])
def test_junk_does_not_end_it(place: Path, line: bytes) -> None:
    with served(Served(), place):
        with warm._connected(place) as connection:
            connection.sendall(line)
            connection.shutdown(socket.SHUT_WR)
            assert b"unserved" in connection.makefile("rb").read()
        assert warm.rewrite(REQUEST, WHO, TODAY, quiet).message


def test_a_client_that_goes_away_stops_the_work(place: Path) -> None:
    gone, stopped = threading.Event(), threading.Event()

    class Slow(Served):
        def rewrite(self, request: Request) -> Rewrite:
            if request.seed == 99:
                gone.wait(20)
                try:
                    for _ in range(10_000):
                        self.progress("x" * 1000)
                finally:
                    stopped.set()
            return super().rewrite(request)

    with served(Slow(), place):
        connection = warm._connected(place)
        line = {"who": WHO, "today": "2026-11-22", "request": wire.packed(dataclasses.replace(REQUEST, seed=99))}
        connection.sendall(json.dumps(line).encode() + b"\n")
        connection.close()
        gone.set()
        assert stopped.wait(20)
        assert warm.rewrite(REQUEST, WHO, TODAY, quiet).message


def test_only_this_user_can_use_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(Served(), place):
        assert stat.S_IMODE(place.stat().st_mode) == 0o600
        assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
        with monkeypatch.context() as patch:
            patch.setattr(os, "geteuid", lambda: 4711)
            with pytest.raises(warm.Unserved):
                warm.rewrite(REQUEST, WHO, TODAY, quiet)
    assert not place.exists()
    open_to_all = place.parent / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    with pytest.raises(UsageError, match="Others may write"), serve.listening(open_to_all / "a.sock"):
        pass


def test_a_stale_socket_is_cleaned_and_a_live_one_respected(place: Path) -> None:
    place.parent.mkdir(mode=0o700)
    dead = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    dead.bind(str(place))
    dead.close()
    with pytest.raises(warm.Unserved):
        warm.rewrite(REQUEST, WHO, TODAY, quiet)
    with served(Served(), place):
        assert warm.rewrite(REQUEST, WHO, TODAY, quiet).message
        with pytest.raises(UsageError, match="already running"), serve.listening(place):
            pass
        assert place.exists()
    (place.parent / "notes.md").write_text("mine")
    with pytest.raises(UsageError, match="no socket"), serve.listening(place.parent / "notes.md"):
        pass


def test_paths_that_cannot_be_a_socket(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="too long"), serve.listening(tmp_path / ("x" * 100)):
        pass
    blocked = tmp_path / "f"
    blocked.write_text("")
    with pytest.raises((OutputError, UsageError)), serve.listening(blocked / "a"):
        pass


def test_it_ends_when_nobody_asks(place: Path) -> None:
    with served(Served(), place, idle_s=0.05) as thread:
        thread.join(20)
        assert not thread.is_alive()


def test_the_commands_use_it_and_work_alone_without_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Any] = []

    def build(*_: Any, **__: Any) -> Any:
        built.append(Served())
        return built[-1]

    monkeypatch.setattr(pipeline, "build_assistant", build)
    monkeypatch.setattr(warm, "identity", lambda *_: WHO)
    rewriter = pipeline.Rewriter(load_library, None, quiet)
    with served(Served(), place):
        first = rewriter.rewrite(REQUEST)
        assert not built
    assert rewriter.rewrite(REQUEST) == first
    assert rewriter.rewrite(REQUEST) == first
    assert len(built) == 1


def test_the_library_is_read_when_it_is_needed_and_settings_always(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    settings = tmp_path / "config.toml"
    monkeypatch.setattr("assistant.paths.user_config", lambda: tmp_path)
    monkeypatch.setattr("assistant.rules.load_library", lambda: read.append("once") or Library((), ()))
    library = pipeline.users_library()
    assert not read
    assert library() is library()
    assert read == ["once"]
    settings.write_text("rules = 1")
    with pytest.raises(UsageError, match="must be a table"):
        pipeline.users_library()


def test_identity_sees_model_adapter_and_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(b"1")
    model = ModelFile("m", path, None, "x", 1, bundled=False)
    monkeypatch.setattr("assistant.paths.user_config", lambda: tmp_path)
    first = warm.identity(model, None)
    assert first == warm.identity(model, None)
    (tmp_path / "config.toml").write_text("")
    assert warm.identity(model, None) != first
    (tmp_path / "config.toml").unlink()
    assert warm.identity(model, None) == first
    assert first != warm.identity(model, model)
    path.write_bytes(b"12")
    changed = warm.identity(model, None)
    assert changed != first
    prompts = tmp_path / "prompts"
    prompts.mkdir()
    (prompts / "x.toml").write_text("a")
    monkeypatch.setattr(warm.paths, "PROMPTS", prompts)
    assert warm.identity(model, None) != changed


def test_every_error_has_its_name_on_the_wire() -> None:
    tree = {k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, AssistantError)}
    assert set(wire._ERRORS.values()) == tree


@pytest.mark.model
def test_a_real_one_answers_and_ends_on_request(tmp_path: Path, place: Path) -> None:
    draft = tmp_path / "d.txt"
    draft.write_text("Hi Ines, can you refer me to any job at Tarn Rail? Piotr")
    command = [sys.executable, "-m", "assistant.cli"]
    running = subprocess.Popen([*command, "serve", "--socket"], stderr=subprocess.PIPE, text=True)
    try:
        assert running.stderr is not None
        assert running.stderr.readline().startswith("Ready")
        ask = [*command, "rewrite", str(draft), "-n", "2", "--json"]
        through = json.loads(subprocess.run(ask, capture_output=True, check=True).stdout)["result"]
    finally:
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=30)
    assert running.returncode == 0
    assert not place.exists()
    alone = json.loads(subprocess.run(ask, capture_output=True, check=True).stdout)["result"]
    assert through.pop("timing")["load_s"] == 0
    assert alone.pop("timing")["load_s"] > 0
    assert through == alone
