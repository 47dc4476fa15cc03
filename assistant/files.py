"""Reading what people hand over, and writing so that nothing is lost: plain UTF-8 text in, whole files out."""

from __future__ import annotations

import codecs
import errno
import os
import stat
import unicodedata
from pathlib import Path
from typing import BinaryIO

from assistant.errors import OutputError, UsageError
from assistant.records import Document

MAX_BYTES = 200_000
_RESERVED = {"draft", "message", "answers", "brief"}
_FORMATS = (
    (b"%PDF", "a PDF", "Copy its text into a plain text file (or run: pdftotext FILE.pdf FILE.txt)."),
    (b"PK\x03\x04", "a Word, OpenDocument or zip file", "Open it and save it as plain text (.txt), or paste its text."),
    (b"\xd0\xcf\x11\xe0", "an old Word file", "Open it and save it as plain text (.txt), or paste its text."),
    (b"{\\rtf", "an RTF file", "Open it and save it as plain text (.txt), or paste its text."),
)


def read_document(path: str, name: str) -> Document:
    """The text of one file as a Document.

    Raises UsageError, with a hint, for a file that is missing, a directory, not plain UTF-8 text, empty or too large.
    """
    return decode(read_bytes(path, limit=MAX_BYTES + 1), name, where=path)


def read_stream(stream: BinaryIO, name: str) -> Document:
    """The text of standard input as a Document; the same errors as `read_document`."""
    try:
        data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"Standard input cannot be read: {error.strerror}.", "Give the name of a file.") from error
    return decode(data, name, where="standard input")


def decode(data: bytes, name: str, where: str) -> Document:
    """Bytes to a Document: a byte order mark is dropped, line ends become LF, and the text NFC.

    `where` is what an error calls the source. Raises UsageError.
    """
    if len(data) > MAX_BYTES:
        raise too_large(where)
    for magic, what, hint in _FORMATS:
        if data.startswith(magic):
            raise UsageError(f"{where} is {what}, not plain text.", hint)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UsageError(f"{where} is UTF-16 text, not UTF-8.", f"Convert it: {_iconv('UTF-16', where)}")
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\0" in data:
        raise UsageError(
            f"{where} is not plain text: it holds a NUL byte (byte {data.index(0)}).",
            "Give a plain text file (.txt or .md), or paste the words with --text.",
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{where} is not valid UTF-8: byte {error.start} is 0x{data[error.start]:02x}.",
            f"If it was saved by an older Windows program, convert it: {_iconv('WINDOWS-1252', where)}",
        ) from error
    return from_text(text, name, where)


def from_text(text: str, name: str, where: str) -> Document:
    """A Document of text that is already decoded (`--text`, a batch line). Raises UsageError."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise too_large(where)
    if any(ch == "\0" or "\ud800" <= ch <= "\udfff" for ch in text):
        raise UsageError(
            f"{where} holds characters that are not text (a NUL or half of a character).",
            "Check that your terminal and the source of the text use UTF-8.",
        )
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not any(ch.isalnum() for ch in text):
        raise UsageError(f"{where} is empty: there are no words in it.", "Write down even a rough sentence or two.")
    return Document(name, unicodedata.normalize("NFC", text))


def too_large(where: str) -> UsageError:
    """The error for a text over MAX_BYTES."""
    return UsageError(
        f"{where} is too large: the limit is {MAX_BYTES // 1000} kB of text.",
        "Keep the draft itself and the notes that belong to this one message.",
    )


def names_for(paths: list[str]) -> list[str]:
    """A name a file to call its words by: the file name, or the path where names would clash."""
    bases = [Path(p).name or p for p in paths]
    names: list[str] = []
    for path, base in zip(paths, bases, strict=True):
        name = path if base in _RESERVED or bases.count(base) > 1 else base
        while name in _RESERVED or name in names:
            name += "'"
        names.append(name)
    return names


def write_atomic(path: Path, data: bytes) -> None:
    """The whole file or nothing: written beside it (mode 0600), flushed to disk, then renamed over it.

    A symbolic link stays a link. Raises OutputError.
    """
    import tempfile

    path = path.resolve()
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise cannot_write(path, error) from error


class LineWriter:
    """Adds whole lines to the end of a file: each is on disk, or not there at all."""

    def __init__(self, path: Path) -> None:
        """Opens or creates the file (mode 0600). Raises OutputError."""
        self._path = path
        try:
            self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise cannot_write(path, error) from error

    def write(self, line: str) -> None:
        """Raises OutputError where the line could not be written whole; what was there before stays as it was."""
        data = line.encode("utf-8") + b"\n"
        status = os.fstat(self._handle)
        regular = stat.S_ISREG(status.st_mode)
        try:
            while data:
                data = data[os.write(self._handle, data) :]
            if regular:
                os.fsync(self._handle)
        except OSError as error:
            if regular:
                os.ftruncate(self._handle, status.st_size)
            raise cannot_write(self._path, error) from error

    def close(self) -> None:
        os.close(self._handle)


def cannot_write(path: Path | str, error: OSError) -> OutputError:
    """What the operating system said about `path`, with what to do."""
    hints = {
        errno.ENOSPC: "Free some space, or choose a place on another disk.",
        errno.EACCES: "Choose a folder that you may write to.",
        errno.EROFS: "This place is read-only: choose another folder.",
        errno.ENOENT: "The folder does not exist: make it first, or choose another.",
        errno.EISDIR: "This is a folder: give the name of a file in it.",
    }
    hint = hints.get(error.errno or 0, "Choose another place.")
    return OutputError(f"{path} could not be written: {error.strerror or error}.", hint)


def read_bytes(path: str, *, limit: int | None) -> bytes:
    """At most `limit` bytes of a file, all of it for None. Raises UsageError with what to do."""
    try:
        with Path(path).open("rb") as file:
            return file.read(-1 if limit is None else limit)
    except FileNotFoundError:
        raise UsageError(f"There is no file '{path}'.", _similar(path)) from None
    except IsADirectoryError:
        raise UsageError(f"'{path}' is a folder, not a file.", "Give the name of a text file in it.") from None
    except PermissionError:
        raise UsageError(
            f"'{path}' may not be read.", "Change its permissions, or copy it to your own folder."
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"'{path[:80]}' cannot be read: {reason}.", _similar(path)) from error


def _similar(path: str) -> str:
    if any(ch.isspace() for ch in path) and len(path) > 40:
        return "FILE is the name of a file. To give the words themselves, use --text."
    folder = Path(path).parent
    try:
        names = [entry.name for entry in folder.iterdir() if entry.is_file()]
    except OSError:
        return f"The folder '{str(folder)[:80]}' cannot be opened either: check the path."
    import difflib

    close = difflib.get_close_matches(Path(path).name, names, n=3, cutoff=0.6)
    if close:
        return "Did you mean " + " or ".join(f"'{folder / name}'" for name in close) + "?"
    return "Check the name. To give the words themselves, use --text."


def _iconv(encoding: str, where: str) -> str:
    source = "FILE" if where == "standard input" else f"'{where}'"
    return f"iconv -f {encoding} -t UTF-8 {source} > converted.txt"
