"""The only importer of llama_cpp: its library, silenced, and the models and adapters that it loads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from assistant import models
from assistant.errors import ModelError

_said: deque[str] = deque(maxlen=8)  # the last errors that llama.cpp logged
_ERROR_LEVEL = 4


@cache
def library() -> Any:
    import llama_cpp

    _silence(llama_cpp)
    llama_cpp.llama_backend_init()
    return llama_cpp


_callbacks: list[Callable[..., None]] = []  # llama.cpp calls it as long as the process lives


def _silence(lib: Any) -> None:
    def keep(level: int, text: bytes, _: Any) -> None:
        if level == _ERROR_LEVEL:
            _said.append(text.decode("utf-8", "replace").strip())

    _callbacks.append(lib.llama_log_callback(keep))
    lib.llama_log_set(_callbacks[-1], None)


def load_model(lib: Any, path: Path, *, mapped: bool) -> Any:
    _said.clear()
    params = lib.llama_model_default_params()
    params.n_gpu_layers = 0
    if not mapped:
        params.load_mode = lib.LLAMA_LOAD_MODE_NONE
    model = lib.llama_model_load_from_file(os.fsencode(path), params)
    if not model:
        raise ModelError(
            f"llama.cpp cannot load this model ({_reason()}).",
            "It may be of a kind that this version does not know. Choose another model: `assistant models` lists them.",
            file=path,
        )
    return model


def load_adapter(lib: Any, model: Any, adapter: models.ModelFile) -> Any:
    models.verify(adapter)
    _said.clear()
    loaded = lib.llama_adapter_lora_init(model, os.fsencode(adapter.path))
    if not loaded:
        raise ModelError(
            f"llama.cpp cannot apply the adapter {adapter.id} ({_reason()}).",
            "It was made for another model. Use --no-adapter, or install the assistant again.",
            file=adapter.path,
        )
    return loaded


def _reason() -> str:
    return _said[0].rpartition("error loading model: ")[2] if _said else "it gives no reason"


def try_in_child(path: Path) -> None:
    """Loads the file and decodes a token in a child process: an abort inside llama.cpp takes its whole process down."""
    if models.recall(path, "loads"):
        return
    # -P and append: a folder named `assistant` where the user stands must not be taken for this package
    root = Path(__file__).resolve().parents[1]
    code = "import sys; sys.path.append(sys.argv[2]); from assistant.llama import trial; sys.exit(trial(sys.argv[1]))"
    done = subprocess.run([sys.executable, "-P", "-c", code, path, root], capture_output=True, check=False)
    if done.returncode == 0:
        models.remember(path, "loads", "yes")
        return
    said = done.stdout.decode("utf-8", "replace").strip()
    raise ModelError(
        said or f"llama.cpp broke down on this model ({_ending(done.returncode)}).",
        "The file may be damaged, or of a kind that this version does not know. Choose another model.",
        file=path,
    )


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
