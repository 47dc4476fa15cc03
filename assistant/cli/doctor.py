"""`doctor`: what is wrong with this set-up, and how to mend it."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import click

from assistant.cli import common
from assistant.errors import AssistantError

State = Literal["ok", "warning", "problem"]
PACKAGES = (
    "click",
    "jinja2",
    "llama-cpp-python",
    "numpy",
    "platformdirs",
    "sentence-transformers",
    "tokenizers",
    "torch",
)
# What every rewrite loads; sentence_transformers takes seconds, and is for embedding models of another build only.
IMPORTS = ("llama_cpp", "numpy", "tokenizers")
_INSTALL = "Install the assistant again: `make`, or `pip install -c constraints.txt .` in its folder."
# Measured: model, embeddings and their libraries take about 0.7 GB together; below 1 GB free the machine may swap.
MEMORY_BYTES = 1_000_000_000
IMPORT_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `hint` says how to mend it."""

    name: str
    state: State
    detail: str
    hint: str = ""


@click.command(epilog="Example: assistant doctor")
@common.json_option
@common.color_option
def doctor(as_json: bool, no_color: bool) -> None:
    """Look at Python, packages, models, prompts, folders and memory; say what is wrong and how to mend it.

    Takes a second or two, because it tries the large libraries. The exit code is 3 when the assistant cannot work.
    """
    from assistant import document
    from assistant.render import Page, flat, terminal_width

    progress = common.ProgressLine()
    found: list[Finding] = []
    try:
        for name, look in CHECKS:
            progress(f"looking at {name}")
            found += look()
    finally:
        progress.clear()
    broken = [f for f in found if f.state == "problem"]
    if as_json:
        common.show(
            document.dumps(document.result_document({"usable": not broken, "checks": [asdict(f) for f in found]}))
        )
    else:
        page = Page(common.colour_for(sys.stdout, no_color), terminal_width())
        marks: dict[State, tuple[str, str]] = {
            "ok": ("ok", "green"),
            "warning": ("!!", "yellow"),
            "problem": ("NO", "red"),
        }
        for finding in found:
            mark, fg = marks[finding.state]
            page.wrapped(f"{mark}  {finding.name}: {flat(finding.detail)}", hang=4, fg=None if mark == "ok" else fg)
            if finding.hint:
                page.wrapped(flat(finding.hint), indent=4)
        page.line()
        things = "1 thing" if len(broken) == 1 else f"{len(broken)} things"
        page.wrapped(f"{things} to mend before it works." if broken else "Everything needed is there.", bold=True)
        common.show("\n".join(page.lines))
    if broken:
        sys.exit(3)


def _python() -> Iterator[Finding]:
    yield Finding("Python", "ok", f"{platform.python_version()} ({sys.executable})")


def _packages() -> Iterator[Finding]:
    import importlib.metadata

    there, gone = [], []
    for name in PACKAGES:
        try:
            there.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            gone.append(name)
    if gone:
        yield Finding("packages", "problem", f"not installed: {', '.join(gone)}", _INSTALL)
    else:
        yield Finding("packages", "ok", ", ".join(there))


def _imports() -> Iterator[Finding]:
    """In processes of their own: a library built for another processor ends the process that imports it."""
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", f"import {name}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
        )
        for name in IMPORTS
    ]
    for name, process in zip(IMPORTS, running, strict=True):
        try:
            complaint = process.communicate(timeout=IMPORT_SECONDS)[1].decode("utf-8", "replace").strip()
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            yield Finding(
                name, "warning", f"not loaded after {IMPORT_SECONDS} seconds", "Try again on a quieter machine."
            )
            continue
        if process.returncode == 0:
            yield Finding(name, "ok", "loads")
        elif process.returncode < 0:
            mend = f"pip install --force-reinstall --no-cache-dir {name.replace('_', '-')}"
            detail = f"ends with signal {-process.returncode}: it may be built for another processor"
            yield Finding(name, "problem", detail, f"Build it on this machine: {mend}")
        else:
            last = complaint.splitlines()[-1] if complaint else f"exit code {process.returncode}"
            yield Finding(name, "problem", f"does not load: {last}", _INSTALL)


def _models() -> Iterator[Finding]:
    from assistant import models

    for what, locate in (("generator", models.bundled_generator), ("embeddings", models.bundled_embedder)):
        try:
            locate()
        except AssistantError as error:
            yield Finding(what, "problem", str(error), error.hint)
    for model in models.installed():
        own = "model " + model.id
        try:
            models.verify(model)
        except AssistantError as error:
            yield Finding(own, "problem" if model.bundled else "warning", error.message, error.hint)
        else:
            yield Finding(own, "ok", "verified" if model.sha256 else "whole; your own file")


def _prepared() -> Iterator[Finding]:
    """A form that was not made yet is no fault: the first rewrite makes it."""
    from assistant import models, prepared

    try:
        model, adapter = models.bundled_generator(), models.bundled_adapter()
    except AssistantError:
        return
    found = prepared.find(model, adapter)
    if found is not None:
        yield Finding("prepared model", "ok", f"whole, in {prepared.folder()}")
    else:
        hint = "The next rewrite makes it, which takes a second or two; so does `assistant models prepare`."
        yield Finding("prepared model", "warning", "not made yet", hint)


def _prompts() -> Iterator[Finding]:
    from assistant.library import load_library

    try:
        library = load_library()
    except AssistantError as error:
        yield Finding("prompts", "problem", str(error), error.hint)
    else:
        yield Finding("prompts", "ok", f"{len(library.principles)} principles, {len(library.kinds)} kinds")


def _cache() -> Iterator[Finding]:
    from assistant import paths

    try:
        folder = paths.user_cache()
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"test")
    except OSError as error:
        hint = (
            "The assistant works without it, only slower. To mend it, set XDG_CACHE_HOME to a folder you may write to."
        )
        yield Finding("cache folder", "warning", f"cannot be written: {error.strerror or error}", hint)
    else:
        yield Finding("cache folder", "ok", str(folder))


def _machine() -> Iterator[Finding]:
    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Finding("processor", "ok", f"{threads} threads, {platform.machine()}")
    free = free_memory()
    if free is None:
        return
    amount = f"{free / 1e9:.1f} GB free"
    if free < MEMORY_BYTES:
        yield Finding("memory", "warning", amount, "About 1 GB is needed: close other programs if it gets slow.")
    else:
        yield Finding("memory", "ok", amount)


def free_memory() -> int | None:
    """Bytes of memory that programs could still take; None where the system does not say."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return None


CHECKS: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
    ("Python", _python),
    ("packages", _packages),
    ("the libraries", _imports),
    ("models", _models),
    ("the prepared model", _prepared),
    ("prompts", _prompts),
    ("folders", _cache),
    ("the machine", _machine),
)
