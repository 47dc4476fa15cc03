"""The header of a GGUF file, read without llama.cpp, which may abort the whole process on a damaged one.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Standard library only.
"""

from __future__ import annotations

import math
import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ModelError

MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_STRING, _ARRAY = 8, 9
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_FIXED = {code: struct.calcsize("<" + letter) for code, letter in _SCALARS.items()}

# (values in a block, bytes of a block) by ggml_type; a type that is not here has its offset checked, not its size
_BLOCKS = {
    **{0: (1, 4), 1: (1, 2), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 30: (1, 2)},
    **{2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 20: (32, 18), 39: (32, 17)},
    **{10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292)},
    **{16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 21: (256, 110), 22: (256, 82), 23: (256, 136)},
    **{29: (256, 56), 34: (256, 54), 35: (256, 66)},
}

_GET_ANOTHER = "The file may not have been copied completely: copy or download it again, or choose another model."


@dataclass(frozen=True, slots=True)
class Tensor:
    """One entry of the tensor table. `shape` is innermost first, `type` a ggml_type; `start` counts from the header's
    `data`; `entry` is where type (4 bytes) and start (8 bytes) stand in the file.
    """

    name: str
    shape: tuple[int, ...]
    type: int
    start: int
    entry: int

    @property
    def size(self) -> int:
        """Bytes; 0 for a type that is not known here."""
        per_block, block_bytes = _BLOCKS.get(self.type, (1, 0))
        return -(-math.prod(self.shape) // per_block) * block_bytes


@dataclass(frozen=True, slots=True)
class Header:
    """What a GGUF says about itself: its single values (no arrays), its tensors, and where their data begins."""

    metadata: Mapping[str, str | int | float | bool]
    tensors: tuple[Tensor, ...]
    data: int

    @property
    def end(self) -> int:
        """Where the last tensor ends."""
        return self.data + max((t.start + t.size for t in self.tensors), default=0)


class _Short(Exception):
    """The file ends inside its header, or a length in it is impossible."""


class _Reader:
    def __init__(self, data: mmap.mmap) -> None:
        self.data = data
        self.at = 0

    def skip(self, size: int) -> None:
        self.at += size
        if self.at > len(self.data):
            raise _Short

    def number(self, letter: str) -> int | float | bool:
        start = self.at
        self.skip(struct.calcsize("<" + letter))
        value: int | float | bool = struct.unpack_from("<" + letter, self.data, start)[0]
        return value

    def count(self, letter: str = "Q") -> int:
        return int(self.number(letter))

    def text(self) -> str:
        size = self.count()
        start = self.at
        self.skip(size)
        return self.data[start : start + size].decode("utf-8", "replace")

    def value(self, code: int) -> str | int | float | bool | None:
        if code == _STRING:
            return self.text()
        if code == _ARRAY:
            self.skip_array()
            return None
        if code not in _SCALARS:
            raise _Short
        return self.number(_SCALARS[code])

    def skip_array(self) -> None:
        code, length = self.count("I"), self.count()
        if code in _FIXED:
            self.skip(length * _FIXED[code])
            return
        if length > len(self.data):
            raise _Short
        for _ in range(length):
            if code == _STRING:
                self.skip(self.count())
            else:
                self.value(code)


def read_header(path: Path) -> Header:
    """Reads metadata and tensor table. Raises ModelError for what is not a whole GGUF file."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise ModelError("This is a device or a pipe, not a model file.", "Give a GGUF file.", file=path)
        with path.open("rb") as file:
            start = file.read(len(MAGIC))
            if start != MAGIC:
                raise ModelError(
                    "This is not a GGUF file." if start else "This file is empty.",
                    "The assistant runs models in the GGUF format, as llama.cpp does.",
                    file=path,
                )
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return _parse(_Reader(data), path)
    except IsADirectoryError as error:
        raise ModelError("This is a directory, not a model.", "Give the GGUF file inside it.", file=path) from error
    except FileNotFoundError as error:
        raise ModelError("There is no such file.", "Check the path; `assistant models` lists models.", file=path) from (
            error
        )
    except OSError as error:
        raise ModelError(
            f"This model cannot be read ({error.strerror or error}).", "Check who may read the file.", file=path
        ) from error
    except (_Short, RecursionError) as error:
        raise ModelError("This model file is damaged: its header is cut off.", _GET_ANOTHER, file=path) from error


def _parse(reader: _Reader, path: Path) -> Header:
    reader.skip(len(MAGIC))
    version = reader.count("I")
    if version not in _VERSIONS:
        raise ModelError(
            f"GGUF version {version} is not one that can be read here.", "Versions 2 and 3 can.", file=path
        )
    tensors, pairs = reader.count(), reader.count()
    metadata: dict[str, str | int | float | bool] = {}
    for _ in range(pairs):
        key = reader.text()
        value = reader.value(reader.count("I"))
        if value is not None:
            metadata[key] = value
    table = tuple(_tensor(reader) for _ in range(tensors))
    alignment = max(1, int(metadata.get("general.alignment", 32)))
    return Header(metadata, table, -(-reader.at // alignment) * alignment)


def _tensor(reader: _Reader) -> Tensor:
    name = reader.text()
    dimensions = reader.count("I")
    if dimensions > 8:
        raise _Short
    shape = tuple(reader.count() for _ in range(dimensions))
    entry = reader.at
    return Tensor(name, shape, reader.count("I"), reader.count(), entry)


def check_gguf(path: Path) -> Header:
    """That the file is a whole GGUF of a model that writes text. Raises ModelError, with what to do about it."""
    header = read_header(path)
    size = path.stat().st_size
    if header.end > size:
        raise ModelError(
            f"This model file is cut off: it holds {size:,} of {header.end:,} bytes.", _GET_ANOTHER, file=path
        )
    if header.metadata.get("general.type") == "adapter":
        raise ModelError("This is an adapter, not a whole model.", "Give the model that it was made for.", file=path)
    if not header.tensors or "general.architecture" not in header.metadata:
        raise ModelError("This GGUF file holds no model.", "Choose a chat model's GGUF file.", file=path)
    return header
