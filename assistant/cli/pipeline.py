"""The one place where the commands get the real model, the real reader and the running assistant."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from assistant.cli import common

if TYPE_CHECKING:
    from assistant.engine import Progress
    from assistant.models import ModelFile
    from assistant.reader_tuned import TunedReader
    from assistant.records import Document, Library, Request, Rewrite
    from assistant.rewrite import Assistant

# A model file below this many bytes (about a billion parameters at 4 bits) gets the short prompt.
SMALL_MODEL_BYTES = 700_000_000


def build_assistant(library: Library, model: str | None, progress: Progress, *, adapter: bool = True) -> Assistant:
    """The pipeline on the real model and the real embeddings; all are verified. Raises ModelError.

    `adapter` applies the bundled adapter to the bundled model; any other model goes without one.
    """
    from assistant import models

    progress("loading the model")
    started = time.perf_counter()
    chosen, low_rank = chosen_files(model, adapter)
    embedder = models.bundled_embedder()

    from assistant.embed import MiniLM
    from assistant.llama import open_fastest
    from assistant.rewrite import Assistant

    engine = open_fastest(chosen, low_rank, progress)
    return Assistant(
        library,
        engine,
        MiniLM(embedder),
        today=common.today(),
        progress=progress,
        small=chosen.size < SMALL_MODEL_BYTES,
        tuned=tuned_reader(),
        load_s=time.perf_counter() - started,
    )


def users_library() -> Callable[[], Library]:
    """The library with the user's levels, read when it is first asked for: a running assistant has its own.

    Settings are read at once where there are any, as they may hold a fault. Raises DataError and UsageError.
    """
    from assistant import paths

    @cache
    def library() -> Library:
        from assistant.rules import user_library

        return user_library()

    try:
        there = paths.user_settings().exists()
    except OSError:
        there = True
    if there:
        library()
    return library


@cache
def tuned_reader() -> TunedReader:
    """The reader on top of the bundled MiniLM, verified, made once. Raises ModelError."""
    from assistant import models
    from assistant.embed import encoder
    from assistant.reader_tuned import TunedReader

    return TunedReader(encoder(models.bundled_embedder()))


class Rewriter:
    """Rewrites with the running assistant (`assistant serve`) where there is one, else alone; the same either way."""

    def __init__(
        self, library: Callable[[], Library], model: str | None, progress: Progress, *, adapter: bool = True
    ) -> None:
        self._library = library
        self._model = model
        self._progress = progress
        self._adapter = adapter
        self._alone: Assistant | None = None

    def rewrite(self, request: Request) -> Rewrite:
        """Raises the AssistantError of either."""
        from assistant import warm

        if self._alone is None and warm.socket_path().exists():
            with suppress(warm.Unserved):
                who = warm.identity(*chosen_files(self._model, self._adapter))
                return warm.rewrite(request, who, common.today(), self._progress)
        if self._alone is None:
            self._alone = build_assistant(self._library(), self._model, self._progress, adapter=self._adapter)
        return self._alone.rewrite(request)


def chosen_files(model: str | None, adapter: bool) -> tuple[ModelFile, ModelFile | None]:
    """The model that an option names, and the adapter that goes with it. Raises ModelError."""
    from assistant import models

    chosen = models.find_model(model)
    return chosen, models.bundled_adapter() if adapter and chosen.bundled else None


def with_answers(request: Request, answers: Document | None) -> Request:
    """The request with the answers to the questions as one more document of notes."""
    from dataclasses import replace

    return request if answers is None else replace(request, notes=(*request.notes, answers))
