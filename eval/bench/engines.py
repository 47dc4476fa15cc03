"""Figures of the decode loop: against a bare loop, against the calls a program would make instead, and of its parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant import decoding_replies, llama_library, llama_state, models, prepared
from assistant.cores import available_cores
from assistant.decoding import Row
from assistant.decoding_guesses import Guesses
from assistant.engine import Guard
from assistant.errors import ModelError
from assistant.llama import LlamaEngine
from assistant.records import Candidate, Message, Prompt
from eval.bench.measure import Figure, in_turn, seconds

N = 8
TEMPERATURE = 0.6
Files = tuple[models.ModelFile, models.ModelFile | None]


class Loop:
    """One engine and the schedule of one generation: which candidate wrote how many tokens."""

    def __init__(self, files: Files, prompt: Prompt, tokens: int, threads: int) -> None:
        self.engine = LlamaEngine(files[0], adapter=files[1], threads=threads)
        self.files, self.prompt, self.tokens, self.threads = files, prompt, tokens, threads
        self.counts = [max(c.tokens, 1) for c in self.generate()]
        self.steps = self._steps()

    def generate(self, guard: Guard | None = None, n: int = N) -> list[Candidate]:
        """Every time as if for the first time: nothing is guessed from the same replies of the round before."""
        self.engine._guesses = Guesses()
        return list(
            self.engine.generate(self.prompt, range(n), max_tokens=self.tokens, temperature=TEMPERATURE, guard=guard)
        )

    def cold(self) -> None:
        """All candidates, the prompt decoded anew."""
        assert self.engine._cells is not None
        self.engine._cells.forget()
        self.generate()

    def bare(self) -> None:
        """Nothing but `llama_decode` over the same shared prefix, with as many rows a step as `generate` has."""
        cells = self.engine._cells
        assert cells is not None
        prompt = self.engine.tokens(self.prompt)[:-1]
        cells.read_others([(sequence, prompt) for sequence in range(1, N + 1)])
        at = [len(prompt)] * N
        for count in self.steps:
            cells.decode([(100 + i, at[i], (i + 1,)) for i in range(count)])
            at[:count] = [position + 1 for position in at[:count]]
        cells.release()

    def _steps(self) -> list[int]:
        """How many rows each step of `generate` has without guesses: candidates that are the same so far have one."""
        cells, found = self.engine._cells, []
        assert cells is not None
        decode = cells.decode
        spare, decoding_replies.SPARE = decoding_replies.SPARE, 0

        def counted(rows: Sequence[Row]) -> None:
            found.append(len(rows))
            decode(rows)

        cells.decode = counted  # type: ignore[method-assign]
        self.generate()
        del cells.decode
        decoding_replies.SPARE = spare
        return found


class Calls:
    """What a program would do instead: `create_chat_completion` once a candidate, its prefix cache on."""

    def __init__(self, files: Files, loop: Loop) -> None:
        import llama_cpp

        self._loop = loop
        lora = None if files[1] is None else str(files[1].path)
        self._model = llama_cpp.Llama(
            str(files[0].path),
            n_ctx=2048,
            n_threads=loop.threads,
            n_threads_batch=loop.threads,
            lora_path=lora,
            use_mlock=False,
            flash_attn=True,
            verbose=False,
        )
        self._end = {self._model.token_eos(): -1e9}

    def all(self) -> None:
        """As many candidates and tokens as the loop's; the end of the text is held off until the count is reached."""
        self._model.reset()
        messages: Any = [{"role": m.role, "content": m.content} for m in self._loop.prompt.messages]
        for seed, count in enumerate(self._loop.counts):
            self._model.create_chat_completion(
                messages,
                max_tokens=count,
                seed=seed,
                temperature=TEMPERATURE,
                top_k=40,
                top_p=0.9,
                min_p=0.05,
                repeat_penalty=1.05,
                logit_bias=self._end,
            )

    def close(self) -> None:
        self._model.close()


def against_bare(files: Files, prompt: Prompt, rounds: int, tokens: int) -> Figure:
    loop = Loop(files, prompt, tokens, available_cores())
    pairs = in_turn(rounds, lambda: seconds(loop.generate), lambda: seconds(loop.bare))
    written = sum(loop.counts)
    figure = Figure(
        "n=8, tokens a second, against a bare llama_decode loop with the same shared prefix",
        tuple(bare / ours for ours, bare in pairs),
        0.90,
        most=False,
        setting=_setting(files, loop, ours_tokens_s=[written / a for a, _ in pairs]),
    )
    loop.engine.close()
    return figure


def against_calls(plain: Files, fast: Files | None, prompt: Prompt, rounds: int, tokens: int) -> list[Figure]:
    """Eight candidates against eight calls on the published file, with the published file and with the prepared one."""
    threads = available_cores()
    loops = [Loop(files, prompt, tokens, threads) for files in (plain, fast) if files is not None]
    calls = [Calls(plain, loop) for loop in loops]
    sides = [work for loop, call in zip(loops, calls, strict=True) for work in (loop.cold, call.all)]
    found = in_turn(rounds, *(_timed(work) for work in sides))
    names = ("n=8 against 8 create_chat_completion calls, same file", "the same, with the prepared file")
    figures = [
        Figure(
            name,
            tuple(row[2 * i] / row[2 * i + 1] for row in found),
            must,
            setting=_setting(
                loop.files,
                loop,
                calls_file=plain[0].path.name,
                ours_s=[row[2 * i] for row in found],
                calls_s=[row[2 * i + 1] for row in found],
            ),
        )
        for i, (name, must, loop) in enumerate(zip(names, (0.65, 0.45), loops, strict=False))
    ]
    for loop, call in zip(loops, calls, strict=True):
        loop.engine.close()
        call.close()
    return figures


def unknown(path: Path) -> Files:
    """A file made here, which has no published hash and is known to be harmless."""
    return models.ModelFile("random-1.5B", path, None, "cc0-1.0", path.stat().st_size, bundled=True), None


def of_random_model(files: Files, rounds: int, tokens: int) -> Figure:
    """Memory-bound: each call reads the whole model for each token, the loop once for eight."""
    figure = against_calls(files, None, Prompt((Message("user", "Write to Lea about it."),)), rounds, tokens)[0]
    name = "random weights, 1.5B, Q4_0: n=8 against 8 calls"
    return Figure(name, figure.values, 0.40, setting=figure.setting)


def parts(files: Files, fast: Files | None, prompt: Prompt, guard: Guard, rounds: int, tokens: int) -> list[Figure]:
    """What single choices cost or gain: the guard, a second thread, the prepared file, each candidate more."""
    threads = available_cores()
    loop = Loop(files, prompt, tokens, threads)
    one = Loop(files, prompt, tokens, 1)
    figures = [
        Figure(
            "time with the guard against without, same texts",
            _ratios(rounds, lambda: loop.generate(_Watching(guard)), loop.generate),
            None,
            setting=_setting(files, loop),
        ),
        Figure(
            f"time with {threads} threads against 1",
            _ratios(rounds, loop.cold, one.cold),
            None,
            setting=_setting(files, loop),
        ),
        Figure(
            "time of 8 candidates against 1",
            _ratios(rounds, loop.generate, lambda: loop.generate(n=1)),
            None,
            setting=_setting(files, loop),
        ),
    ]
    one.engine.close()
    if fast is not None:
        quick = Loop(fast, prompt, tokens, threads)
        figures.append(
            Figure(
                "time a token with the prepared file against the published one",
                tuple(v * sum(loop.counts) / sum(quick.counts) for v in _ratios(rounds, quick.cold, loop.cold)),
                None,
                setting=_setting(fast, quick),
            )
        )
        quick.engine.close()
    loop.engine.close()
    return figures


def stored_head(files: Files, prompt: Prompt, rounds: int) -> Figure:
    """The prompt's time with its system turn from disk against decoding all of it."""
    engine = LlamaEngine(files[0], adapter=files[1], threads=available_cores())
    tokens = engine.tokens(prompt)
    list(engine.generate(prompt, [0], max_tokens=1, temperature=0.0))
    cells, head = engine._cells, engine._head(prompt, tokens)
    assert cells is not None

    def stored() -> None:
        cells.forget()
        llama_state.read_prompt(cells, tokens, head, engine.info, engine._lib.__version__)

    def decoded() -> None:
        cells.forget()
        cells.read_prompt(tokens)

    ratios = _ratios(rounds, stored, decoded)
    name = f"{files[0].id}: prompt time with the rules' state from disk against without"
    setting = {"file": files[0].path.name, "prompt_tokens": len(tokens), "head_tokens": head}
    engine.close()
    return Figure(name, ratios, None, setting=setting)


class _Watching:
    """Asks a guard everything and does nothing about it, so that both sides write the same texts."""

    key = None

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def allows(self, text: str, start: int) -> bool:
        self._guard.allows(text, start)
        return True

    def hopeless(self, text: str) -> bool:
        self._guard.hopeless(text)
        return False


def bundled() -> tuple[Files, Files]:
    """The published files and the prepared ones; raises ModelError."""
    model = models.bundled_generator()
    try:
        adapter: models.ModelFile | None = models.bundled_adapter()
    except ModelError:
        adapter = None
    llama_library.library()  # silences llama.cpp before anything else loads a model
    return (model, adapter), prepared.find(model, adapter) or prepared.prepare(model, adapter, lambda _: None)


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    return lambda: seconds(work)


def _ratios(rounds: int, ours: Callable[[], object], other: Callable[[], object]) -> tuple[float, ...]:
    return tuple(a / b for a, b in in_turn(rounds, _timed(ours), _timed(other)))


def _setting(files: Files, loop: Loop, **more: object) -> dict[str, object]:
    return {
        "file": files[0].path.name,
        "adapter": files[1].path.name if files[1] else None,
        "threads": loop.threads,
        "prompt_tokens": loop.engine.count_tokens(loop.prompt),
        "tokens": loop.counts,
        "rows": sum(loop.steps),
        **more,
    }
