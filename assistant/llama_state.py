"""What the model keeps of the head of a prompt, on disk: rules and examples are the same at every run.

Only the system turn is kept, which holds nothing of the user's; a test sees to that. Each file has its hash beside it.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from assistant import models, paths
from assistant.decoding import CHUNK, Cells, common
from assistant.records import ModelInfo

# The files of the last few kinds and models; one of a large model takes tens of megabytes.
KEPT = 8
# A shorter head is decoded sooner than its file is found, checked and read.
LEAST = 2 * CHUNK


def folder() -> Path:
    return paths.user_cache() / "states"


def head_of(tokens: Sequence[int], system: Sequence[int]) -> int:
    """How many leading tokens may be kept: what the prompt shares with its system turn alone."""
    return len(common(tokens, system))


def read_prompt(cells: Cells, tokens: Sequence[int], head: int, info: ModelInfo, version: str) -> None:
    """`Cells.read_prompt`, with the first `head` tokens from disk if they are there, else kept there for next time."""
    if head < LEAST or cells.shared(tokens) >= head:
        cells.read_prompt(tokens)
        return
    try:
        path = _path(tokens[:head], info, version)
        if _whole(path) and cells.load(path, tokens[:head]):
            cells.read_prompt(tokens)
            return
        cells.read_prompt(tokens[:head])
        _keep(cells, path)
    except OSError:
        pass  # a cache that cannot be used costs time only
    cells.read_prompt(tokens)


def _path(head: Sequence[int], info: ModelInfo, version: str) -> Path:
    key = hashlib.sha256(f"{info.id} {info.sha256} {info.adapter} {version} {CHUNK}".encode())
    key.update(struct.pack(f"<{len(head)}i", *head))
    return folder() / f"{key.hexdigest()[:32]}.state"


def _whole(path: Path) -> bool:
    with suppress(OSError, IndexError, ValueError):
        expected = path.with_suffix(".sha256").read_text("ascii").split()[0]
        return hashlib.sha256(path.read_bytes()).hexdigest() == expected
    return False


def _keep(cells: Cells, path: Path) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{id(cells)}")
    try:
        temporary.touch(mode=0o600)
        if cells.save(temporary):
            digest = hashlib.sha256(temporary.read_bytes()).hexdigest()
            temporary.replace(path)
            models.write_private(path.with_suffix(".sha256"), f"{digest}  {path.name}\n".encode())
    finally:
        temporary.unlink(missing_ok=True)
    for old in sorted(path.parent.glob("*.state"), key=lambda p: p.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)
        old.with_suffix(".sha256").unlink(missing_ok=True)
