"""A request to the assistant that `assistant serve` keeps loaded, through a Unix socket of this user's own.

One line of JSON goes in; lines come out: {"progress"}, then {"result"}, {"error"}, or {"unserved"} where the running
assistant is not the one that was asked for (another version, other prompts, another model).
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import stat
import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import paths
from assistant.errors import UsageError
from assistant.records import Request, Rewrite
from assistant.wire import packed, unpacked, unpacked_error

if TYPE_CHECKING:
    from assistant.engine import Progress
    from assistant.models import ModelFile

VARIABLE = "ASSISTANT_SOCKET"
# The most that a Unix socket's address holds on every system.
MAX_PATH = 100
CONNECT_S = 2.0
_DATA = {".py", ".json", ".j2", ".toml", ".txt", ".gguf", ".safetensors"}


class Unserved(Exception):
    """No running assistant answers this request: the caller does the work itself."""


def socket_path() -> Path:
    """Where the running assistant listens: $ASSISTANT_SOCKET, or a file in the user's runtime folder."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else paths.user_runtime() / "assistant.sock"


def identity(model: ModelFile, adapter: ModelFile | None) -> str:
    """What must be equal on both sides: the program, its prompts and data, the settings, the model and the adapter."""
    package = Path(__file__).resolve().parent
    files = {*package.rglob("*"), *paths.PROMPTS.rglob("*"), *paths.MODELS.glob("*")}
    own = [paths.user_settings(), model.path.resolve(), *([] if adapter is None else [adapter.path.resolve()])]
    found = hashlib.sha256()
    for file in (*sorted(file for file in files if file.suffix in _DATA), *own):
        with suppress(OSError):
            status = file.stat()
            found.update(f"{file} {status.st_size} {status.st_mtime_ns}\n".encode())
    found.update(f"adapter {adapter is not None}".encode())
    return found.hexdigest()


def rewrite(request: Request, who: str, today: date, progress: Progress) -> Rewrite:
    """The running assistant's answer. Raises Unserved, and the AssistantError that it met."""
    line = json.dumps({"who": who, "today": today.isoformat(), "request": packed(request)}).encode() + b"\n"
    try:
        with _connected(socket_path()) as connection:
            connection.sendall(line)
            for reply in _lines(connection):
                if "progress" in reply:
                    progress(str(reply["progress"]))
                elif "result" in reply:
                    answer: Rewrite = unpacked(Rewrite, reply["result"])
                    return answer
                elif "error" in reply:
                    raise unpacked_error(reply["error"])
                else:
                    break
    except (OSError, ValueError) as error:
        raise Unserved from error
    raise Unserved


def is_running(path: Path) -> bool:
    """Whether somebody of this user's listens there."""
    try:
        _connected(path).close()
    except (OSError, ValueError):
        return False
    return True


def same_user(connection: socket.socket) -> bool:
    """Whether the other side is this user's process, where the system tells; the socket's mode sees to it elsewhere."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    _, user, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return bool(user == os.geteuid())


def check_folder(folder: Path) -> None:
    """That nobody else can put a socket there. Raises UsageError."""
    status = folder.stat()
    if status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) & 0o022:
        raise UsageError(
            f"Others may write to the folder {folder}.", "Choose a folder that only you may write to (chmod 700)."
        )


def _connected(path: Path) -> socket.socket:
    if not hasattr(socket, "AF_UNIX") or len(os.fsencode(path)) > MAX_PATH:
        raise OSError("no such socket")
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(CONNECT_S)
        connection.connect(str(path))
        if not same_user(connection):
            raise OSError("another user's socket")
        connection.settimeout(None)
    except BaseException:
        connection.close()
        raise
    return connection


def _lines(connection: socket.socket) -> Iterator[dict[str, Any]]:
    with connection.makefile("rb") as stream:
        for line in stream:
            value = json.loads(line)
            if not isinstance(value, dict):
                raise ValueError("not an object")
            yield value
