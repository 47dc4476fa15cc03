import mmap
from pathlib import Path

import pytest

from assistant.mapping import MappedFile

MEGABYTE = 1_000_000


def resident(path: Path) -> int:
    """Bytes of the file that this process holds in memory, as the system counts them."""
    held, ours = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if "-" in line.split()[0] and not line.split()[0].endswith(":"):
            ours = line.endswith(str(path))
        elif ours and line.startswith("Rss:"):
            held += int(line.split()[1]) * 1024
    return held


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="the system does not tell what a process holds")
def test_what_was_read_leaves_memory_when_it_is_released_and_is_there_again(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    path.write_bytes(bytes(range(250)) * (4 * MEGABYTE // 250))
    file = MappedFile(path)
    part = file.bytes[MEGABYTE : 3 * MEGABYTE]

    total = int(part.sum())
    assert resident(path) > 1.5 * MEGABYTE

    file.release()
    assert resident(path) == 0
    assert int(part.sum()) == total


def test_a_file_is_read_where_nothing_can_be_released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"abc")
    monkeypatch.delattr(mmap, "MADV_DONTNEED", raising=False)
    file = MappedFile(path)
    file.release()
    assert bytes(file.bytes) == b"abc"


def test_its_bytes_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"abc")
    with pytest.raises(ValueError, match="read-only"):
        MappedFile(path).bytes[0] = 1
