"""A large file read through the system's page cache: only what is used is read, and what was read can be let go of."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Bytes = np.ndarray[Any, np.dtype[np.uint8]]


class MappedFile:
    """A file's bytes, not copied. Raises OSError for a file that cannot be read, ValueError for an empty one."""

    def __init__(self, path: Path) -> None:
        import numpy as np

        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.bytes: Bytes = np.frombuffer(self._map, np.uint8)

    def release(self) -> None:
        """Takes the pages read so far out of this process's memory; they are found again where they are next used."""
        if hasattr(mmap, "MADV_DONTNEED"):  # not on every system
            self._map.madvise(mmap.MADV_DONTNEED)
