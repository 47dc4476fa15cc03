"""Reading: every wrong input has one clear error with a hint. Writing: the whole file, or what was there before."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from assistant.errors import OutputError, UsageError
from assistant.files import MAX_BYTES, LineWriter, from_text, names_for, read_document, write_atomic


def read(tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "draft.txt"
    path.write_bytes(data)
    return read_document(str(path), "draft").text


def problem(tmp_path: Path, data: bytes) -> UsageError:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, data)
    return caught.value


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfHi Ana", "Hi Ana"),
        (b"Hi Ana\r\n\r\nThanks\r\n", "Hi Ana\n\nThanks\n"),
        (b"Hi Ana\rThanks", "Hi Ana\nThanks"),
        ("Ole\u0301".encode(), "Olé"),
        ("こんにちは".encode(), "こんにちは"),
    ],
    ids=["byte order mark", "CRLF", "CR", "composed", "Japanese"],
)
def test_text_is_brought_to_one_form(tmp_path: Path, data: bytes, text: str) -> None:
    assert read(tmp_path, data) == text


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        (b"", "is empty", "rough sentence"),
        (b" \n\t\n-- \n", "is empty", "rough sentence"),
        (b"Hi Jos\xe9, could you", "not valid UTF-8: byte 6 is 0xe9", "iconv -f WINDOWS-1252 -t UTF-8"),
        ("Hi Ana".encode("utf-16"), "UTF-16", "iconv -f UTF-16 -t UTF-8"),
        (b"Hi\0Ana", "NUL byte (byte 2)", "plain text file"),
        (b"\x7fELF\x02\x01\x01\0\0", "NUL byte", "plain text file"),
        (b"%PDF-1.7\n", "is a PDF", "pdftotext"),
        (b"PK\x03\x04\x14\0", "Word", "save it as plain text"),
        (b"{\\rtf1 Hi}", "RTF", "save it as plain text"),
        (b"a" * (2 * 1024 * 1024), "too large: the limit is 200 kB", "this one message"),
    ],
)
def test_wrong_content_is_named_with_a_way_out(tmp_path: Path, data: bytes, message: str, hint: str) -> None:
    error = problem(tmp_path, data)
    assert message in error.message and "draft.txt" in error.message
    assert hint in error.hint


def test_the_largest_text_that_is_allowed_is_read(tmp_path: Path) -> None:
    assert len(read(tmp_path, b"a" * MAX_BYTES)) == MAX_BYTES


def test_a_mistyped_name_is_an_error_that_offers_the_near_one(tmp_path: Path) -> None:
    (tmp_path / "draft.txt").write_text("Hi")
    with pytest.raises(UsageError, match="There is no file") as caught:
        read_document(str(tmp_path / "drfat.txt"), "draft")
    assert f"Did you mean '{tmp_path / 'draft.txt'}'?" == caught.value.hint


@pytest.mark.parametrize("words", ["Hi Hana, could you refer me to the night team?", "Hi Hana, " * 60])
def test_words_in_place_of_a_file_name_point_to_text(words: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_document(words, "draft")
    assert "--text" in caught.value.hint
    assert len(caught.value.message) < 700


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder, not a file"):
        read_document(str(tmp_path), "draft")


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_document(str(tmp_path / "nowhere" / "draft.txt"), "draft")
    assert "check the path" in caught.value.hint


def test_an_endless_file_ends_with_an_error() -> None:
    with pytest.raises(UsageError, match="too large"):
        read_document("/dev/zero", "draft")


@pytest.mark.parametrize("text", ["Hi \0", "Hi \ud800"])
def test_what_is_not_text_is_refused_from_anywhere(text: str) -> None:
    with pytest.raises(UsageError, match="not text"):
        from_text(text, "draft", "--text")


def test_every_note_has_a_name_of_its_own() -> None:
    assert names_for(["a/notes.md", "ad.txt"]) == ["notes.md", "ad.txt"]
    assert names_for(["a/notes.md", "b/notes.md"]) == ["a/notes.md", "b/notes.md"]
    for paths in (["draft"], ["x.md", "x.md"], ["./answers", "answers"], ["a/brief", "brief"]):
        names = names_for(paths)
        assert len({*names, "draft", "message", "answers", "brief"}) == len(names) + 4


def test_a_file_is_replaced_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"before")
    write_atomic(path, b"after")
    assert path.read_bytes() == b"after"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"before")
    link.symlink_to(target)
    write_atomic(link, b"after")
    assert link.is_symlink() and target.read_bytes() == b"after"


def test_a_full_disk_leaves_the_old_file_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"before")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left") as caught:
        write_atomic(path, b"after")
    assert "Free some space" in caught.value.hint
    assert path.read_bytes() == b"before"
    assert [p.name for p in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_line_that_does_not_fit_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.jsonl"
    writer = LineWriter(path)
    writer.write("one")
    real = os.write

    def half(handle: int, data: bytes) -> int:
        if len(data) > 4:
            return real(handle, data[:4])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(OutputError, match="No space left"):
        writer.write("second")
    writer.close()
    assert path.read_bytes() == b"one\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("where", ["nowhere/out.jsonl", "."])
def test_a_place_that_cannot_be_written_is_an_output_error(tmp_path: Path, where: str) -> None:
    with pytest.raises(OutputError, match="could not be written") as caught:
        LineWriter(tmp_path / where)
    assert caught.value.hint
