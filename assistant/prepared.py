"""The bundled model in the form that is fastest on this computer: made once, kept in the cache, verified before use."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from assistant import models, paths, recode
from assistant.engine import Progress
from assistant.errors import ModelError
from assistant.gguf import read_header
from assistant.models import ModelFile

Pair = tuple[ModelFile, ModelFile | None]
"""A model and the adapter it is used with."""

_FORMAT = "2"  # another number, and what was made before is made anew
_NOTHING = "none"


def folder() -> Path:
    """Where the prepared files lie (not created until something is put there)."""
    return paths.user_cache() / "prepared"


def fastest(model: ModelFile, adapter: ModelFile | None, progress: Progress) -> Pair:
    """The prepared form of a bundled model, made now if it is not there; any other pair as it is.

    The weights are the same ones. Where the cache cannot be written, the model is used as it was published.
    """
    if found := find(model, adapter):
        return found
    try:
        return prepare(model, adapter, progress) if _suits(model) else (model, adapter)
    except OSError:
        return model, adapter


def find(model: ModelFile, adapter: ModelFile | None) -> Pair | None:
    """The prepared form if it is there and whole, else None. Nothing is made."""
    if not model.bundled or model.role != "generator":
        return None
    try:
        names = _names(model, adapter)
        found = [_recorded(folder() / name) for name in names]
    except (OSError, ModelError):
        return None
    if found[0] is None or found[1] is None:
        return None
    return _pair(model, adapter, found[0], found[1])


def prepare(model: ModelFile, adapter: ModelFile | None, progress: Progress) -> Pair:
    """Makes the prepared form: about a second. Raises ModelError for a model that cannot be prepared, and OSError."""
    models.verify(model)
    if adapter is not None:
        models.verify(adapter)
    if not _suits(model):
        raise ModelError("This model is used as it is: nothing makes it faster.", "Only the bundled model is prepared.")
    progress("preparing the model for this computer; this happens once")
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    main, low_rank = _names(model, adapter)
    source = None if adapter is None else adapter.path
    pair = _pair(
        model,
        adapter,
        _made(folder() / main, lambda path: recode.recode_model(model.path, path)),
        _made(folder() / low_rank, lambda path: recode.recode_adapter(model.path, source, path)),
    )
    if adapter is not None:
        _tidy({main, low_rank, _names(model, None)[1]})
    return pair


def _suits(model: ModelFile) -> bool:
    return model.bundled and model.sha256 is not None and recode.recodes(read_header(model.path))


def _names(model: ModelFile, adapter: ModelFile | None) -> tuple[str, str]:
    head = f"{model.id}-{_key(_FORMAT, model.sha256 or models.sha256_of(model.path))}"
    own = _NOTHING if adapter is None else _key(adapter.sha256 or models.sha256_of(adapter.path))
    return f"{head}.gguf", f"{head}-{own}.gguf"


def _key(*parts: str) -> str:
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:12]


def _pair(model: ModelFile, adapter: ModelFile | None, main: tuple[Path, str], low_rank: tuple[Path, str]) -> Pair:
    made = replace(model, path=main[0], sha256=main[1], size=main[0].stat().st_size, source=model.sha256)
    base = replace(model, id="", licence="apache-2.0", role="adapter") if adapter is None else adapter
    return made, replace(base, path=low_rank[0], sha256=low_rank[1], size=low_rank[0].stat().st_size)


def _recorded(path: Path) -> tuple[Path, str] | None:
    """A file and the hash that stands beside it; None where they differ or one is not there."""
    try:
        expected = _record(path).read_text("ascii").split()[0]
    except (OSError, ValueError, IndexError):
        return None
    return (path, expected) if models.sha256_of(path) == expected else None


def _made(path: Path, write: Callable[[Path], None]) -> tuple[Path, str]:
    """Writes a file whole or not at all, readable by its owner only, then its hash beside it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    digest = models.sha256_of(path)
    models.write_private(_record(path), f"{digest}  {path.name}\n".encode())
    return path, digest


def _record(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _tidy(keep: set[str]) -> None:
    """Removes what was made for an earlier model or adapter."""
    for path in folder().iterdir():
        if path.name.removesuffix(".sha256") not in keep:
            path.unlink(missing_ok=True)
