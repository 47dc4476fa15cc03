"""What all tests share: the user's folders moved to a temporary place, the real library and models, loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import models
from assistant.library import load_library
from assistant.records import Library

if TYPE_CHECKING:
    from assistant.embed import MiniLM
    from assistant.llama import LlamaEngine


def _move_home(patch: pytest.MonkeyPatch, folder: Path) -> None:
    for name in ("CACHE", "CONFIG", "DATA", "STATE"):
        patch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
    patch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))  # or a developer's own running assistant would answer
    patch.delenv("ASSISTANT_SOCKET", raising=False)


@pytest.fixture(scope="session", autouse=True)
def _session_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For what session fixtures write: they run before the folders of a single test are set."""
    with pytest.MonkeyPatch.context() as patch:
        _move_home(patch, tmp_path_factory.mktemp("home"))
        yield


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _move_home(monkeypatch, tmp_path / "home")


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="session")
def real_engine() -> Iterator[LlamaEngine]:
    """The bundled generator. Mark the test with `@pytest.mark.model`, and keep `max_tokens` small."""
    from assistant.llama import LlamaEngine

    engine = LlamaEngine(models.bundled_generator(), context_tokens=2048)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def real_embedder() -> MiniLM:
    """The bundled embedder; its first use costs seconds. Mark the test with `@pytest.mark.model`."""
    from assistant.embed import MiniLM

    return MiniLM(models.bundled_embedder())
