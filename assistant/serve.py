"""Keeps the assistant loaded and answers requests through a Unix socket, one at a time; see warm.py for the lines."""

from __future__ import annotations

import json
import os
import socket
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

from assistant.check import examine
from assistant.errors import AssistantError, OutputError, UsageError
from assistant.records import Document, Message, Prompt, Request
from assistant.rewrite import Assistant
from assistant.warm import MAX_PATH, check_folder, is_running, same_user
from assistant.wire import packed, packed_error, unpacked

# A draft and its notes are at most a few hundred thousand letters (see files.py), escaped.
MAX_LINE = 16_000_000
# A client that says nothing, or takes nothing, for so long is given up: others wait.
PATIENCE_S = 10.0


class _Gone(Exception):
    """The client went away; what was being written for it is of no use."""


def serve(assistant: Assistant, who: str, listener: socket.socket, idle_s: float) -> None:
    """Answers until nobody has asked for `idle_s` seconds; `who` is the identity that clients must name."""
    assistant.load_s = 0.0  # nobody who asks has waited for it
    listener.settimeout(idle_s)
    while True:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            return
        with connection, suppress(OSError, _Gone):
            if same_user(connection):
                connection.settimeout(PATIENCE_S)
                _answer(assistant, who, connection)


def warm_up(assistant: Assistant) -> None:
    """Uses all that a request does once, so that the first one does not wait for what is loaded at first use."""
    draft = Document("draft", "Hello Ana, could you tell me who hires?")
    brief = assistant.read(Request(draft))[1]
    for kind in assistant.library.kinds:
        examine(draft.text, kind, assistant.library, known=brief)
        assistant.closeness.measure([draft.text], kind.id)
    prompt = Prompt((Message("user", "Hello"),))
    list(assistant.engine.generate(prompt, [0], max_tokens=1, temperature=0.0))


@contextmanager
def listening(path: Path) -> Iterator[socket.socket]:
    """A socket of this user's own at `path`; its file is removed at the end. Raises UsageError and OutputError."""
    if not hasattr(socket, "AF_UNIX"):
        raise UsageError("This system has no Unix sockets.", "Every command works without a running assistant.")
    if len(os.fsencode(path)) > MAX_PATH:
        raise UsageError(f"The path {path} is too long for a socket.", "Give a shorter one: --socket PATH.")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_folder(path.parent)
        if is_running(path):
            raise UsageError(f"An assistant is already running on {path}.", "Stop it first, or give another path.")
        if path.exists() and not path.is_socket():
            raise UsageError(f"{path} is there already and is no socket.", "Give another path.")
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o177)
        try:
            listener.bind(str(path))
        finally:
            os.umask(mask)
        listener.listen()
    except OSError as error:
        raise OutputError(
            f"No socket can be made at {path}: {error.strerror or error}.", "Give another path: --socket PATH."
        ) from error
    made = path.stat().st_ino
    try:
        yield listener
    finally:
        listener.close()
        with suppress(OSError):
            if path.stat().st_ino == made:
                path.unlink()


def _answer(assistant: Assistant, who: str, connection: socket.socket) -> None:
    def say(reply: dict[str, Any]) -> None:
        try:
            connection.sendall(json.dumps(reply).encode() + b"\n")
        except OSError as error:
            raise _Gone from error

    with connection.makefile("rb") as stream:
        line = stream.readline(MAX_LINE)
    try:
        asked = json.loads(line)
        if asked["who"] != who:
            say({"unserved": "another version, model or prompt"})
            return
        request, today = unpacked(Request, asked["request"]), date.fromisoformat(asked["today"])
    except (ValueError, KeyError, TypeError):
        say({"unserved": "not understood"})
        return
    assistant.today = today
    assistant.progress = lambda text: say({"progress": text})
    try:
        answer = assistant.rewrite(request)
    except AssistantError as error:
        say({"error": packed_error(error)})
    except _Gone:
        raise
    except Exception:
        # A bug: the client works alone, meets it too and shows it; and this process is not worth keeping.
        traceback.print_exc(file=sys.stderr)
        say({"unserved": "a fault"})
    else:
        say({"result": packed(answer)})
