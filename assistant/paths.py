"""Where the bundled data lies (the checkout's own folders, or the same inside an installed package), and the user's."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent


def _bundled(name: str) -> Path:
    packaged = _PACKAGE / name
    return packaged if packaged.is_dir() else _CHECKOUT / name


PROMPTS = _bundled("prompts")
MODELS = _bundled("models")


def user_models() -> Path:
    """Where the user may put GGUF files of their own (not created until something is put there)."""
    return platformdirs.user_data_path("assistant") / "models"


def user_runtime() -> Path:
    """For what lives as long as a process (not created here): $XDG_RUNTIME_DIR, or a folder in the user's cache."""
    named = os.environ.get("XDG_RUNTIME_DIR")
    return Path(named) / "assistant" if named and Path(named).is_dir() else user_cache() / "run"


def user_config() -> Path:
    """Where the user's settings lie, if there are any."""
    return platformdirs.user_config_path("assistant")


def user_settings() -> Path:
    """The file of the user's settings, whether or not there is one."""
    return user_config() / "config.toml"


def user_cache() -> Path:
    """For what can be made again, never the user's text; created with mode 0700."""
    path = platformdirs.user_cache_path("assistant")
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
