"""The only importer of llama_cpp: a GGUF model behind the Engine protocol, through llama.cpp's own functions.

All candidates share one decoded prompt and are written side by side, one `llama_decode` a step. A candidate's text
depends on prompt, seed and model alone, not on its neighbours; three habits keep it so (see decoding.py):
flash attention, which sums over a sequence's own cells in their order; no step of a single row, for which llama.cpp
takes another path of arithmetic; and no cell given back before its wave is over.
"""

from __future__ import annotations

import ctypes
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from assistant import models, prepared
from assistant.chat_template import Piece, pieces
from assistant.cores import free_cores
from assistant.decoding import CHUNK, REJECTIONS, RESERVED, WIDTH, Cells, Writing, circles, sampler
from assistant.engine import Guard, Progress
from assistant.errors import ModelError
from assistant.llama_state import head_of, read_prompt
from assistant.records import Candidate, Message, ModelInfo, Prompt

_said: deque[str] = deque(maxlen=8)  # the last errors that llama.cpp logged
_ERROR_LEVEL = 4


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
            _try_in_child(model.path)
        self._file = model
        self._adapter_id = adapter.id or None if adapter else None  # one without a name belongs to the model's form
        self._threads = threads
        self._lib = _library()
        self._lock = threading.Lock()
        self._owner: int | None = None
        # a prepared model is copied into another order anyway: a map of the file would stay in memory beside it
        self._model = _load(self._lib, model.path, mapped=model.source is None)
        self._adapter = _load_adapter(self._lib, self._model, adapter) if adapter else None
        self._vocab = self._lib.llama_model_get_vocab(self._model)
        self._vocab_size = int(self._lib.llama_vocab_n_tokens(self._vocab))
        trained = int(self._lib.llama_model_n_ctx_train(self._model))
        self._context_tokens = min(context_tokens, trained) if trained > 0 else context_tokens
        template = self._lib.llama_model_chat_template(self._model, None)
        self._template = template.decode("utf-8", "replace") if template else None
        self._cells: Cells | None = None
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
        self._model = self._vocab = self._adapter = None  # the model's memory held the adapter's too

    def _check_open(self) -> None:
        if self._model is None:
            raise RuntimeError("this engine is closed")

    # --- the prompt ---------------------------------------------------------------------------------------------

    def render(self, prompt: Prompt) -> str:
        """The prompt's text as the model sees it; what looks like a control token in a turn's content is none."""
        return "".join(piece.text for piece in self._pieces(prompt))

    def count_tokens(self, prompt: Prompt) -> int:
        return len(self.tokens(prompt))

    def tokens(self, prompt: Prompt) -> list[int]:
        """The prompt's token ids: only the model's own template is read for control tokens."""
        found: list[int] = []
        for piece in self._pieces(prompt):
            found += self._tokenize(piece.text, special=True) if piece.control else self._plain(piece.text)
        bos = int(self._lib.llama_vocab_bos(self._vocab))
        if self._lib.llama_vocab_get_add_bos(self._vocab) and found[:1] != [bos]:
            found.insert(0, bos)
        return found

    def _pieces(self, prompt: Prompt) -> tuple[Piece, ...]:
        self._check_open()
        bos, eos = (self._token_text(f(self._vocab)) for f in (self._lib.llama_vocab_bos, self._lib.llama_vocab_eos))
        head = pieces(self._template, prompt.messages, bos=bos, eos=eos)
        return (*head, Piece(prompt.prefix, False)) if prompt.prefix else head

    def _token_text(self, token: int) -> str:
        return self._lib.llama_vocab_get_text(self._vocab, token).decode() if token >= 0 else ""

    def _tokenize(self, text: str, *, special: bool) -> list[int]:
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        ids = (self._lib.llama_token * room)()
        count = self._lib.llama_tokenize(self._vocab, data, len(data), ids, room, False, special)
        return list(ids[: max(count, 0)])

    def _plain(self, text: str) -> list[int]:
        """Tokens of the user's words. Some tokenizers could merge letters into a control token's text: spell it out."""
        ids = self._tokenize(text, special=False)
        if not any(self._is_control(token) for token in ids):
            return ids
        spelt = [token for letter in text for token in self._tokenize(letter, special=False)]
        return [token for token in spelt if not self._is_control(token)]

    def _is_control(self, token: int) -> bool:
        return bool(self._lib.llama_vocab_is_control(self._vocab, token))

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
        tokens = self.tokens(prompt)
        if len(tokens) + max_tokens > self._context_tokens:
            raise ModelError(
                f"The text is too long for this model: its prompt takes {len(tokens)} tokens and the reply up to "
                f"{max_tokens}, and the model reads {self._context_tokens} at most.",
                "Shorten the notes to what this message needs, or choose a model with a longer context.",
            )
        head = self._head(prompt, tokens)
        return self._write(tokens, head, prompt.prefix, list(seeds), max_tokens, temperature, guard)

    def _head(self, prompt: Prompt, tokens: list[int]) -> int:
        system = prompt.messages[:1]
        return head_of(tokens, self.tokens(Prompt(system))) if system and system[0].role == "system" else 0

    def _write(
        self,
        tokens: list[int],
        head: int,
        prefix: str,
        seeds: list[int],
        max_tokens: int,
        temperature: float,
        guard: Guard | None,
    ) -> Iterator[Candidate]:
        with self._exclusive():
            room = self._context_tokens - len(tokens)
            width = max(1, min(WIDTH, len(seeds), room // max_tokens))
            # for a wider generate() to come too, or its prompt would have to be decoded anew
            cells = self._room_for(len(tokens) + min(max(width, RESERVED), room // max_tokens) * max_tokens + CHUNK)
            cells.use_threads(self._threads or free_cores())
            try:
                started = time.perf_counter()
                read_prompt(cells, tokens[:-1], head, self.info, self._lib.__version__)
                self._prompt_s = time.perf_counter() - started
                for start in range(0, len(seeds), width):
                    wave = [
                        self._begin(slot, seed, tokens, temperature, prefix)
                        for slot, seed in enumerate(seeds[start:][:width])
                    ]
                    yield from self._wave(cells, wave, max_tokens, guard)
            except GeneratorExit:
                raise
            except BaseException:
                cells.forget()
                raise

    def _begin(self, slot: int, seed: int, tokens: list[int], temperature: float, prefix: str) -> Writing:
        # each candidate decodes the prompt's last token itself, so that no logits have to be kept for later waves
        chain = sampler(self._lib, seed, temperature, self._vocab_size)
        return Writing(slot + 1, seed, chain, len(tokens) - 1, tokens[-1], prefix.encode("utf-8", "replace"))

    def _wave(self, cells: Cells, wave: list[Writing], max_tokens: int, guard: Guard | None) -> Iterator[Candidate]:
        waiting = deque(wave)
        try:
            for writing in wave:
                cells.share_prompt(writing.sequence)
            while waiting:
                self._advance(cells, [w for w in wave if w.finished is None], max_tokens, guard)
                while waiting and waiting[0].finished is not None:
                    yield self._candidate(waiting.popleft())
        finally:
            for writing in wave:
                self._lib.llama_sampler_free(writing.sampler)
                cells.release(writing.sequence)

    def _advance(self, cells: Cells, live: list[Writing], max_tokens: int, guard: Guard | None) -> None:
        """One more token for each live candidate."""
        cells.decode([(w.token, w.position, w.sequence) for w in live])
        for row, writing in enumerate(live):
            token = self._next(cells, row, writing, guard)
            writing.position += 1
            writing.token = token
            if self._ends(token):
                writing.finished = True
                continue
            writing.tokens.append(token)
            writing.written += self._bytes_of(token)
            if len(writing.tokens) >= max_tokens or circles(writing.tokens) or (guard and writing.hopeless(guard)):
                writing.finished = False

    def _next(self, cells: Cells, row: int, writing: Writing, guard: Guard | None) -> int:
        """The token sampled from a row's logits; one that `guard` does not allow is taken out and sampled for again."""
        token = int(self._lib.llama_sampler_sample(writing.sampler, cells.context, row))
        if guard is None:
            return token
        start = len(writing.text)
        for _ in range(REJECTIONS):
            # the end of the text ends its last word too
            piece = b"\n" if self._ends(token) else self._bytes_of(token)
            if guard.allows((writing.written + piece).decode("utf-8", "ignore"), start):
                break
            self._lib.llama_get_logits_ith(cells.context, row)[token] = -math.inf
            token = int(self._lib.llama_sampler_sample(writing.sampler, cells.context, row))
        return token

    def _ends(self, token: int) -> bool:
        return self._lib.llama_vocab_is_eog(self._vocab, token) or self._is_control(token)

    def _candidate(self, writing: Writing) -> Candidate:
        self._check_open()
        return Candidate(
            writing.text.strip(),
            "model",
            seed=writing.seed,
            tokens=len(writing.tokens),
            finished=bool(writing.finished),
        )

    def _bytes_of(self, token: int) -> bytes:
        size = 256
        buffer = ctypes.create_string_buffer(size)
        count = self._lib.llama_token_to_piece(self._vocab, token, buffer, size, 0, False)
        return buffer.raw[: max(count, 0)]

    def _room_for(self, cells: int) -> Cells:
        if self._cells is None or self._cells.size < cells:
            self._free_cells()
            self._cells = Cells(self._lib, self._model, cells, self._adapter)
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


def open_fastest(
    model: models.ModelFile, adapter: models.ModelFile | None, progress: Progress = lambda _: None
) -> LlamaEngine:
    """The engine on the prepared form of a model, made now where there is none. Raises ModelError."""
    if b"REPACK = 1" in _library().llama_print_system_info():  # else it has no faster kernels
        model, adapter = prepared.fastest(model, adapter, progress)
    return LlamaEngine(model, adapter=adapter)


@cache
def _library() -> Any:
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


def _load(lib: Any, path: Path, *, mapped: bool) -> Any:
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


def _load_adapter(lib: Any, model: Any, adapter: models.ModelFile) -> Any:
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


def _try_in_child(path: Path) -> None:
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


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
