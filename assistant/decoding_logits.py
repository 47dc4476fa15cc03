"""The likeliest next tokens of a row and their logits, from all that the model computed for it.

A prepared model has its output layer twice: as Q4_0, which is fast and finds the likeliest tokens, and as it was
published, from which the logits of those few are computed here, as llama.cpp would with the published file alone.
"""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.mapping import MappedFile

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

# More than the sampler's best 40, the 64 tokens that its penalty lowers and the 12 that a guard refuses: no other token
# can be drawn. The Q4_0 layer puts what has a chance among the first 15 or so.
LIKELIEST = 128
_GROUPS = 512
_TINY = 1e-30
_BLOCK, _BYTES = 32, 34  # of Q8_0: a scale as F16, and 32 weights of one byte


class Exact:
    """The published output layer of a prepared model, in its file from `start` on: Q8_0 as bytes, a row a token."""

    def __init__(self, path: Path, start: int, shape: tuple[int, int]) -> None:
        self._file = MappedFile(path)
        self._rows = self._file.bytes[start : start + shape[0] * shape[1]].reshape(shape)
        self.width = shape[1] // _BYTES * _BLOCK

    def release(self) -> None:
        """Takes what was read of the layer out of memory, until it is used again."""
        self._file.release()

    def logits(self, ids: Array, state: Array) -> Array:
        """Of these tokens, for the last layer's state of a row: rounded to bytes in blocks, as llama.cpp does."""
        import numpy as np

        blocks = state.reshape(-1, _BLOCK)
        scale = np.maximum(np.abs(blocks).max(axis=1, keepdims=True) / np.float32(127), _TINY)
        rounded = np.rint(blocks / scale)
        rows = self._rows.take(ids, axis=0).reshape(len(ids), -1, _BYTES)
        weights = rows[:, :, 2:].view(np.int8).astype(np.float32)
        scales = rows[:, :, :2].copy().view(np.float16)[:, :, 0].astype(np.float32)
        sums = np.matmul(weights.transpose(1, 0, 2), rounded[:, :, None])[:, :, 0]  # exact: whole numbers below 2**24
        found: Array = (scales * scale.astype(np.float16).astype(np.float32).T * sums.T).sum(axis=1)
        return found


def likeliest(
    lib: Any, context: Any, row: int, size: int, exact: Exact | None, count: int = LIKELIEST
) -> tuple[Array, Array]:
    """The `count` likeliest token ids of a vocabulary of `size`, in no order, and their logits."""
    import numpy as np

    logits = _floats(lib.llama_get_logits_ith(context, row), size)
    near = np.flatnonzero(logits >= _bound(logits, count))
    if len(near) > count:
        near = near[np.argpartition(logits[near], -count)[-count:]]
    if exact is None:
        return near, logits[near]
    return near, exact.logits(near, _floats(lib.llama_get_embeddings_ith(context, row), exact.width))


def _floats(pointer: Any, count: int) -> Array:
    """What stands in memory, not copied."""
    import numpy as np

    raw: Any = _array_of(count).from_address(ctypes.addressof(pointer.contents))
    floats: Array = np.frombuffer(raw, np.single)
    return floats


@cache
def _array_of(count: int) -> type[ctypes.Array[ctypes.c_float]]:
    return ctypes.c_float * count


def _bound(logits: Array, count: int) -> float:
    """What the `count` likeliest are not below: each of as many groups holds one that is not. Cheaper than a sort."""
    import numpy as np

    groups = logits[: len(logits) // _GROUPS * _GROUPS].reshape(-1, _GROUPS)
    if not len(groups) or count > _GROUPS:
        return -np.inf
    return float(np.partition(groups.max(axis=0), -count)[-count])
