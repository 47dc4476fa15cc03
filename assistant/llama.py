"""A GGUF model behind the Engine protocol, through llama.cpp's own functions.

Replies to one or several prompts are written side by side, one `llama_decode` a step; what prompts or replies have in
common is decoded once. Prompt, seed, guard and model alone decide a reply, not its neighbours; see decoding.py for how.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

from assistant import models, prepared, recode
from assistant.cores import free_cores
from assistant.decoding import CHUNK, SEQUENCES, Cells
from assistant.decoding_draws import Vocabulary
from assistant.decoding_guesses import Guesses
from assistant.decoding_logits import Exact
from assistant.decoding_replies import SPARE, Reply, Wave, Work
from assistant.engine import Guard, Progress, Task
from assistant.errors import ModelError
from assistant.llama_library import library, load_adapter, load_model, try_in_child
from assistant.llama_recent import Recent
from assistant.llama_state import head_of, read_prompt
from assistant.llama_tokens import Tokenizer
from assistant.records import Candidate, Message, ModelInfo, Prompt

# Replies to one prompt written side by side, and how many there is room for at once, though fewer are asked for.
WIDTH, RESERVED = 8, 4
# Replies to several prompts get this share of the cells that they could need: they are short and much alike. Those for
# which it is not enough are written again, each prompt by itself.
_SHARE, _CELLS = 0.25, 1024


class LlamaEngine:
    """Writes candidates with a GGUF model on the CPU. One lock a context: calls from other threads wait their turn.

    `context_tokens` is the longest prompt and reply together, at most what the model was trained for; memory is taken
    as the texts need it. `adapter` is a LoRA made for this very model. Raises ModelError for a file that is missing,
    damaged, not a chat model, or not loadable.
    """

    def __init__(
        self,
        model: models.ModelFile,
        *,
        adapter: models.ModelFile | None = None,
        threads: int | None = None,
        context_tokens: int = 4096,
    ) -> None:
        models.verify(model)
        if not model.bundled:
            try_in_child(model.path)
        self._file = model
        self._adapter_id = adapter.id or None if adapter else None  # one without a name belongs to the model's form
        self._threads = threads
        self._lib = library()
        self._lock = threading.Lock()
        self._owner: int | None = None
        # a prepared model is copied into another order anyway: a map of the file would stay in memory beside it
        self._model = load_model(self._lib, model.path, mapped=model.source is None)
        self._adapter = load_adapter(self._lib, self._model, adapter) if adapter else None
        self._tokenizer = Tokenizer(self._lib, self._model)
        output = recode.exact_output(model.path) if model.source else None
        self._exact = None if output is None else Exact(model.path, *output)
        self._vocabulary = Vocabulary(self._tokenizer.size, self._tokenizer.ends, self._tokenizer.letters, self._exact)
        trained = int(self._lib.llama_model_n_ctx_train(self._model))
        self._context_tokens = min(context_tokens, trained) if trained > 0 else context_tokens
        self._cells: Cells | None = None
        self._recent = Recent()
        self._guesses = Guesses()
        self._prompt_s = 0.0

    @property
    def info(self) -> ModelInfo:
        sha256 = self._file.source or self._file.sha256 or models.sha256_of(self._file.path)
        return ModelInfo(self._file.id, sha256, adapter=self._adapter_id)

    @property
    def context_tokens(self) -> int:
        return self._context_tokens

    @property
    def prompt_s(self) -> float:
        return self._prompt_s

    def close(self) -> None:
        """Frees the model's memory. Closing twice is no error, nor is closing in the midst of a generate()."""
        if self._model is None:
            return
        if self._owner == threading.get_ident():
            self._free()
            return
        with self._exclusive():
            self._free()

    def _free(self) -> None:
        self._free_cells()
        self._lib.llama_model_free(self._model)
        self._model = self._adapter = None  # the model's memory held the adapter's too

    def _check_open(self) -> None:
        if self._model is None:
            raise RuntimeError("this engine is closed")

    # --- the prompt ---------------------------------------------------------------------------------------------

    def render(self, prompt: Prompt) -> str:
        """The prompt's text as the model sees it; what looks like a control token in a turn's content is none."""
        self._check_open()
        return "".join(piece.text for piece in self._tokenizer.pieces(prompt))

    def count_tokens(self, prompt: Prompt) -> int:
        return len(self.tokens(prompt))

    def tokens(self, prompt: Prompt) -> list[int]:
        """The prompt's token ids: only the model's own template is read for control tokens."""
        self._check_open()
        return self._tokenizer.tokens(prompt)

    def _work(self, task: Task) -> Work:
        """Raises ModelError when prompt and reply do not fit."""
        tokens = self.tokens(task.prompt)
        if len(tokens) + task.max_tokens > self._context_tokens:
            raise ModelError(
                f"The text is too long for this model: its prompt takes {len(tokens)} tokens and the reply up to "
                f"{task.max_tokens}, and the model reads {self._context_tokens} at most.",
                "Shorten the notes to what this message needs, or choose a model with a longer context.",
            )
        return Work(tokens, task.prompt.prefix, task.seeds, task.max_tokens, task.guard, task.agreeing)

    def _head(self, prompt: Prompt, tokens: list[int]) -> int:
        system = prompt.messages[:1]
        return head_of(tokens, self.tokens(Prompt(system))) if system and system[0].role == "system" else 0

    # --- writing ------------------------------------------------------------------------------------------------

    def generate(
        self,
        prompt: Prompt,
        seeds: Sequence[int],
        *,
        max_tokens: int,
        temperature: float,
        guard: Guard | None = None,
    ) -> Iterator[Candidate]:
        """Yields one candidate a seed, in the order of the seeds, each as soon as it and those before it are written.

        The same prompt, seed and guard give the same text, whatever the other seeds. `finished` is False for a text
        that reached `max_tokens`, ran in circles or was hopeless. Raises ModelError when prompt and reply do not fit.
        """
        work = self._work(Task(prompt, tuple(seeds), max_tokens, guard))
        head = self._head(prompt, work.tokens)
        return self._write([work], head, temperature)

    def generate_all(self, tasks: Sequence[Task], *, temperature: float) -> Iterator[tuple[Candidate, ...]]:
        """Yields each task's candidates, in the order of the tasks and of their seeds; the last tasks are remembered.

        Raises ModelError when a prompt and its reply do not fit.
        """
        works = [self._work(task) for task in tasks]
        return self._remembered(works, temperature)

    def _remembered(self, works: Sequence[Work], temperature: float) -> Iterator[tuple[Candidate, ...]]:
        keys = [self._recent.key(w, temperature) for w in works]
        known = [self._recent.get(key) for key in keys]
        self._prompt_s = 0.0
        new = [work for work, found in zip(works, known, strict=True) if found is None]
        with closing(self._write(new, 0, temperature)) as written:
            for work, key, found in zip(works, keys, known, strict=True):
                candidates = tuple(islice(written, len(work.seeds))) if found is None else found
                self._recent.put(key, candidates)
                yield candidates

    def _write(self, works: Sequence[Work], head: int, temperature: float) -> Generator[Candidate]:
        """The candidates of each work in turn; `head` tokens of the first prompt may be kept on disk."""
        with self._exclusive():
            waiting = deque(piece for work in works for piece in self._pieces(work))
            alone = 0  # so many of those that wait had not room enough together
            self._prompt_s = 0.0
            try:
                while waiting:
                    group = self._group(waiting, 1 if alone else SEQUENCES)
                    alone = max(alone - 1, 0)
                    wave = self._begin(group, head, temperature)
                    try:
                        written = 0
                        for reply in wave.run():
                            written += 1
                            yield self._candidate(reply)
                    finally:
                        wave.close()
                        if self._exact:
                            self._exact.release()
                    left = list(_without(group, written))
                    alone += len(left)
                    waiting.extendleft(reversed(left))
            except GeneratorExit:
                raise
            except BaseException:
                if self._cells:
                    self._cells.forget()
                raise

    def _pieces(self, work: Work) -> Iterator[Work]:
        """A work as works of which each is written at once."""
        room = (self._context_tokens - len(work.tokens)) // work.max_tokens
        width = max(1, min(WIDTH, room)) if work.agreeing == 1 else len(work.seeds)
        for start in range(0, len(work.seeds), width):
            yield replace(work, seeds=work.seeds[start : start + width])

    def _group(self, waiting: deque[Work], most: int) -> list[Work]:
        """Takes the works that are written side by side: at most so many, and as many as there is room for."""
        group = [waiting.popleft()]
        while waiting and len(group) < most:
            more = [*group, waiting[0]]
            if sum(len(w.seeds) for w in more) > SEQUENCES or _SHARE * sum(w.cells for w in more) > _CELLS:
                break
            group.append(waiting.popleft())
        return group

    def _begin(self, works: Sequence[Work], head: int, temperature: float) -> Wave:
        first = works[0]
        replies = max(_SHARE * sum(w.cells for w in works), *(w.cells for w in works), 0)
        if len(works) == 1:  # for a wider generate() to come too, or its prompt would have to be decoded anew
            room = (self._context_tokens - len(first.tokens)) // first.max_tokens
            replies = max(len(first.seeds), min(RESERVED, room)) * first.max_tokens
        cells = self._room_for(sum(len(w.tokens) for w in works) + int(replies) + SPARE + CHUNK)
        cells.use_threads(self._threads or free_cores())
        started = time.perf_counter()
        nearest = max(works, key=lambda w: cells.shared(w.tokens))
        read_prompt(cells, nearest.tokens[:-1], head, self.info, self._lib.__version__)
        wave = Wave(self._lib, cells, self._vocabulary, works, temperature, self._guesses)
        self._prompt_s += time.perf_counter() - started
        return wave

    def _candidate(self, reply: Reply) -> Candidate:
        self._check_open()
        return Candidate(reply.text, "model", seed=reply.seed, tokens=reply.tokens, finished=bool(reply.finished))

    def _room_for(self, cells: int) -> Cells:
        if self._cells is None or self._cells.size < cells:
            self._free_cells()
            self._cells = Cells(self._lib, self._model, cells, self._adapter, states=self._exact is not None)
        return self._cells

    def _free_cells(self) -> None:
        if self._cells:
            self._cells.free()
        self._cells = None

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        if self._owner == threading.get_ident():
            raise RuntimeError("an earlier generate() of this engine is neither exhausted nor closed")
        with self._lock:
            self._owner = threading.get_ident()
            try:
                self._check_open()
                yield
            finally:
                self._owner = None


def _without(works: Sequence[Work], written: int) -> Iterator[Work]:
    """What is left of these works when so many of their replies have been written, in their order."""
    for work in works:
        if written < len(work.seeds):
            yield replace(work, seeds=work.seeds[written:])
        written = max(written - len(work.seeds), 0)


def open_fastest(
    model: models.ModelFile, adapter: models.ModelFile | None, progress: Progress = lambda _: None
) -> LlamaEngine:
    """The engine on the prepared form of a model, made now where there is none. Raises ModelError."""
    if b"REPACK = 1" in library().llama_print_system_info():  # else it has no faster kernels
        model, adapter = prepared.fastest(model, adapter, progress)
    return LlamaEngine(model, adapter=adapter)


def trial(path: str) -> int:
    """What the child process does: 0 when the model loads and writes, else 3 with the reason on stdout."""
    file = Path(path)
    try:
        # called bundled, or it would start a child in its turn
        engine = LlamaEngine(models.ModelFile(file.stem, file, None, "unknown", 0, bundled=True), threads=1)
        list(engine.generate(Prompt((Message("user", "Hello"),)), [0, 1], max_tokens=2, temperature=1.0))
    except ModelError as error:
        sys.stdout.write(error.message)
        return error.exit_code
    return 0
