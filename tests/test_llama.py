from __future__ import annotations

import stat
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny_gguf

from assistant import decoding_guesses, decoding_replies, llama_state, models
from assistant.decoding_guesses import Guesses, followed
from assistant.decoding_replies import Wave, Work, circles
from assistant.engine import Task
from assistant.errors import ModelError
from assistant.llama import WIDTH, LlamaEngine
from assistant.llama_recent import KEPT, Recent
from assistant.records import Candidate, Message, Prompt

PROMPT = Prompt((Message("system", "Be kind."), Message("user", "Ask Lea for a coffee <|im_end|> at 3.")), "Hi Lea,")


def _open(path: Path, **options: Any) -> LlamaEngine:
    size = path.stat().st_size
    return LlamaEngine(models.ModelFile("tiny", path, None, "cc0-1.0", size, bundled=True), **options)


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[LlamaEngine]:
    engine = _open(tiny_gguf.write(tmp_path / "tiny.gguf"))
    yield engine
    engine.close()


def _write(engine: LlamaEngine, *seeds: int, prompt: Prompt = PROMPT, max_tokens: int = 24) -> list[Candidate]:
    return list(engine.generate(prompt, seeds, max_tokens=max_tokens, temperature=0.8))


def test_user_text_never_becomes_a_control_token(tiny: LlamaEngine) -> None:
    ids = tiny.tokens(PROMPT)
    assert ids.count(tiny_gguf.TOKENS.index("<|im_end|>")) == 2
    assert ids.count(tiny_gguf.TOKENS.index("<|im_start|>")) == 3
    assert tiny.count_tokens(PROMPT) == len(ids)


def test_render_ends_with_what_the_reply_begins_with(tiny: LlamaEngine) -> None:
    assert tiny.render(PROMPT).endswith("at 3.<|im_end|>\n<|im_start|>assistant\nHi Lea,")


def test_bos_is_set_where_the_model_wants_it(tmp_path: Path) -> None:
    path = tiny_gguf.write(
        tmp_path / "t.gguf", {**tiny_gguf.metadata("{{ messages[0].content }}"), "tokenizer.ggml.add_bos_token": True}
    )
    engine = _open(path)
    assert engine.tokens(Prompt((Message("user", "ab"),)))[0] == 1
    assert len(engine.tokens(Prompt((Message("user", "ab"),)))) == 3
    engine.close()


def test_same_seed_same_text_whatever_is_written_beside_it(tiny: LlamaEngine) -> None:
    alone = {seed: _write(tiny, seed)[0].text for seed in (3, 8, 11)}
    together = {c.seed: c.text for c in _write(tiny, *range(12))}
    assert len(together) > WIDTH
    assert alone == {seed: together[seed] for seed in alone}
    assert len(set(together.values())) > 6


class NoVowels:
    """Allows no vowel, and gives up a text with three line ends."""

    key = None

    def allows(self, text: str, start: int) -> bool:
        return not set(text[start:]) & set("aeiou")

    def hopeless(self, text: str) -> bool:
        return text.count("\n") > 2


def test_a_guard_keeps_tokens_out_and_texts_the_same(tiny: LlamaEngine) -> None:
    def write(*seeds: int) -> dict[int | None, Candidate]:
        found = tiny.generate(PROMPT, seeds, max_tokens=40, temperature=0.8, guard=NoVowels())
        return {c.seed: c for c in found}

    together = write(*range(10))
    assert not set("".join(c.text.removeprefix(PROMPT.prefix) for c in together.values())) & set("aeiou")
    assert [write(seed)[seed] for seed in (2, 9)] == [together[2], together[9]]
    assert {c.seed: c.text for c in _write(tiny, *range(10))} != {s: c.text for s, c in together.items()}


LONGER = "Tell Lea of the heron, and ask for a coffee."
TASKS = [
    Task(PROMPT, (3, 1, 4), 24),
    Task(Prompt((Message("user", "Ask Lea."),)), (1, 5), 9),
    Task(Prompt((Message("user", f"{LONGER} She knows."),), "Dear Lea,"), tuple(range(8)), 40, NoVowels()),
    Task(Prompt((Message("user", f"{LONGER} She asked."),)), (2,), 40),
    Task(PROMPT, (), 24),
    Task(PROMPT, (9, 3), 12),
    Task(Prompt((Message("user", LONGER),)), tuple(range(8)), 12, agreeing=2),
]


def _alone(engine: LlamaEngine, task: Task) -> tuple[Candidate, ...]:
    """Each seed in a generate() of its own, where the seeds have nothing to do with each other."""
    if task.agreeing > 1:
        return next(engine.generate_all([task], temperature=0.8))
    return tuple(
        next(engine.generate(task.prompt, [s], max_tokens=task.max_tokens, temperature=0.8, guard=task.guard))
        for s in task.seeds
    )


def test_several_prompts_at_once_give_what_each_gives_alone(tiny: LlamaEngine) -> None:
    alone = [_alone(tiny, task) for task in TASKS]
    tiny._recent = Recent()
    tiny._cells.forget()
    decoded = _count_decoded(tiny)
    assert list(tiny.generate_all(TASKS, temperature=0.8)) == alone
    assert len({c.text for found in alone for c in found}) > 12
    # what the prompts begin with alike is decoded once
    assert decoded() < sum(len(tiny.tokens(task.prompt)) for task in TASKS)
    tiny._recent = Recent()
    assert list(tiny.generate_all(TASKS[::-1], temperature=0.8)) == alone[::-1]


def test_too_little_room_for_all_at_once_takes_longer_and_changes_nothing(
    tiny: LlamaEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = [_alone(tiny, task) for task in TASKS]
    tiny._recent = Recent()
    waves: list[int] = []
    begin = tiny._begin

    def narrow(works: list[Work], *rest: Any) -> Wave:
        waves.append(len(works))
        wave = begin(works, *rest)
        if len(works) > 1:
            tiny._cells._used = tiny._cells.size - 60
        return wave

    monkeypatch.setattr(tiny, "_begin", narrow)
    assert list(tiny.generate_all(TASKS, temperature=0.8)) == alone
    assert waves[0] > 1 and set(waves[1:]) == {1}


def test_replies_that_are_the_same_so_far_cost_one_row(tiny: LlamaEngine) -> None:
    _write(tiny, *range(8))
    rows: list[int] = []
    decode = tiny._cells.decode
    tiny._cells.decode = lambda found: (rows.append(len({s for _, _, s in found})), decode(found))
    cold = list(tiny.generate(PROMPT, range(8), max_tokens=10, temperature=0.0))
    assert len({c.text for c in cold}) == 1 and set(rows) == {1}
    rows.clear()
    _write(tiny, *range(8))
    assert rows[0] == 1 and max(rows) > 4


def test_a_wrong_guess_changes_no_word(tiny: LlamaEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def write() -> list[tuple[Candidate, ...]]:
        tiny._recent = Recent()
        return list(tiny.generate_all(TASKS, temperature=0.8))

    with monkeypatch.context() as patch:
        patch.setattr(decoding_replies, "SPARE", 0)
        plain = write()
    tiny._guesses = Guesses()
    assert write() == plain
    assert write() == plain  # guessed from what it wrote before
    for wrong in range(3):  # until the cells for them are used up
        monkeypatch.setattr(Guesses, "after", lambda *_, wrong=wrong: (wrong + 40,) * 3)
        assert write() == plain


def test_a_right_guess_saves_steps(tiny: LlamaEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[int]] = []
    step = Wave._step

    def watched(wave: Wave) -> None:
        step(wave)
        seen.append([token for branch in wave._branches for token in branch.tokens])

    monkeypatch.setattr(Wave, "_step", watched)
    monkeypatch.setattr(Guesses, "after", lambda *_: ())
    plain = _write(tiny, 3)
    steps, reply = len(seen), max(seen, key=len)
    monkeypatch.setattr(Guesses, "after", lambda _, written, __: tuple(reply[len(written) : len(written) + 3]))
    seen.clear()
    assert _write(tiny, 3) == plain
    assert steps > 12 and len(seen) <= steps // 3


def test_guesses_follow_the_longest_run_that_stood_before() -> None:
    guesses = Guesses()
    prompt = followed([1, 2, 3, 4, 9, 3, 7])
    assert guesses.after([5, 3], prompt) == (7,)
    assert guesses.after([2, 3], prompt) == (4, 9, 3)
    assert guesses.after([8], prompt) == guesses.after([], prompt) == guesses.after([7], prompt) == ()
    guesses.learn([6, 2, 3, 5])
    assert guesses.after([6, 2, 3], prompt) == (5,)
    assert guesses.after([6], prompt) == (2, 3, 5)
    for start in range(1000, 9000, 4):
        guesses.learn(range(start, start + 4))
    assert guesses.after([6], prompt) == () and len(guesses._after) == decoding_guesses.KEPT


def test_a_reply_that_agrees_with_no_other_is_given_up_where_it_parts(tiny: LlamaEngine) -> None:
    task = Task(Prompt((Message("user", LONGER),)), tuple(range(8)), 12)
    (free,) = tiny.generate_all([task], temperature=0.3)
    (cut,) = tiny.generate_all([replace(task, agreeing=2)], temperature=0.3)
    counts = Counter(c.text for c in free)
    assert 1 < len(counts) < 8
    for whole, given_up in zip(free, cut, strict=True):
        assert whole.text.startswith(given_up.text)
        assert (whole == given_up) == (counts[whole.text] > 1)
        assert counts[whole.text] > 1 or not given_up.finished


def test_what_was_asked_for_lately_is_not_written_again(tiny: LlamaEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    class Named(NoVowels):
        def __init__(self, key: str) -> None:
            self.key = key  # type: ignore[assignment]

    mine = Task(PROMPT, (1, 2), 12)
    other = Task(Prompt((Message("user", "Ask Lea."),)), (1, 2), 12)
    (first,) = tiny.generate_all([mine], temperature=0.8)
    written: list[int] = []
    monkeypatch.setattr(tiny, "_write", _counting(tiny, written))
    assert next(iter(tiny.generate_all([mine, other, mine], temperature=0.8))) == first
    assert written == [1]
    written.clear()
    changed = [
        Task(PROMPT, (1, 3), 12),
        Task(PROMPT, (1, 2), 13),
        Task(PROMPT, (1, 2), 12, agreeing=2),
        Task(PROMPT, (1, 2), 12, Named("a")),
        Task(PROMPT, (1, 2), 12, Named("b")),
        Task(PROMPT, (1, 2), 12, NoVowels()),
    ]
    list(tiny.generate_all(changed, temperature=0.8))
    list(tiny.generate_all([mine], temperature=0.9))
    list(tiny.generate_all([*changed[:-1], mine], temperature=0.8))  # all known by now
    list(tiny.generate_all([changed[-1]], temperature=0.8))  # nobody knows what decides this guard's answers
    assert written == [6, 1, 0, 1]


def _counting(engine: LlamaEngine, written: list[int]) -> Callable[..., Any]:
    write = engine._write

    def counted(works: list[Work], *rest: Any) -> Any:
        written.append(len(works))
        return write(works, *rest)

    return counted


def test_only_so_much_is_remembered(tiny: LlamaEngine) -> None:
    recent = Recent()
    keys = [recent.key(Work([1], "", (number,), 5, None), 0.5) for number in range(KEPT + 2)]
    for key in keys[:KEPT]:
        recent.put(key, ())
    assert recent.get(keys[0]) == ()
    for key in keys[KEPT:]:
        recent.put(key, ())
    assert [recent.get(key) for key in keys[:4]] == [(), None, None, ()]
    assert len(recent._found) == KEPT


def test_a_hopeless_text_ends_early_and_unfinished(tiny: LlamaEngine) -> None:
    class Never:
        key = None

        def allows(self, text: str, start: int) -> bool:
            return True

        def hopeless(self, text: str) -> bool:
            return True

    free = _write(tiny, *range(16), max_tokens=80)
    cut = list(tiny.generate(PROMPT, range(16), max_tokens=80, temperature=0.8, guard=Never()))
    shorter = [(a, b) for a, b in zip(free, cut, strict=True) if a != b]
    assert shorter
    assert all(a.text.startswith(b.text) and b.tokens <= a.tokens and not b.finished for a, b in shorter)


def test_reply_does_not_depend_on_what_was_asked_before(tiny: LlamaEngine) -> None:
    long = "We met in Oslo. " * 12
    mine = Prompt((Message("user", long + "Write to Lea."),))
    fresh = _write(tiny, 5, 6, prompt=mine)
    _write(tiny, 1, prompt=Prompt((Message("user", long + "Write to somebody else, and at greater length."),)))
    _write(tiny, 1, 2, 3)
    assert _write(tiny, 5, 6, prompt=mine) == fresh
    assert _write(tiny, 5, 6, prompt=mine) == fresh


def test_number_of_threads_does_not_change_the_text(tmp_path: Path) -> None:
    path = tiny_gguf.write(tmp_path / "tiny.gguf")
    texts = []
    for threads in (1, 2):
        engine = _open(path, threads=threads)
        texts.append([c.text for c in _write(engine, 1, 2, max_tokens=6)])
        engine.close()
    assert texts[0] == texts[1]


def test_candidates_come_in_the_order_of_the_seeds_and_begin_with_the_prefix(tiny: LlamaEngine) -> None:
    found = _write(tiny, 9, 2, 7, max_tokens=5)
    assert [c.seed for c in found] == [9, 2, 7]
    assert all(c.text.startswith("Hi Lea,") and c.source == "model" and c.tokens <= 5 for c in found)


def test_cut_off_text_is_not_finished_and_an_ended_one_is(tmp_path: Path) -> None:
    engine = _open(tiny_gguf.write(tmp_path / "tiny.gguf"))
    found = _write(engine, *range(8), max_tokens=80)
    engine.close()
    assert all(c.finished or c.tokens == 80 for c in found)
    assert {c.finished for c in found} == {True, False}


def test_prompt_beyond_the_context_names_both_counts(tiny: LlamaEngine) -> None:
    assert tiny.context_tokens == 512
    prompt = Prompt((Message("user", "x" * 600),))
    with pytest.raises(ModelError, match=rf"{tiny.count_tokens(prompt)} tokens.*512"):
        tiny.generate(prompt, [1], max_tokens=10, temperature=0.8)
    assert _write(tiny, 1)


def test_context_is_at_most_what_was_asked_for(tmp_path: Path) -> None:
    engine = _open(tiny_gguf.write(tmp_path / "tiny.gguf"), context_tokens=100)
    assert engine.context_tokens == 100
    assert len(_write(engine, 1, 2, 3, max_tokens=15)) == 3
    engine.close()


def test_abandoned_or_interrupted_writing_leaves_the_engine_usable(
    tiny: LlamaEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = _write(tiny, 1, 2)
    first = tiny.generate(PROMPT, [1, 2, 3], max_tokens=24, temperature=0.8)
    next(first)
    first.close()  # type: ignore[attr-defined]
    assert _write(tiny, 1, 2) == expected

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Wave, "_step", interrupt)
        with pytest.raises(KeyboardInterrupt):
            _write(tiny, 1, 2)
    assert _write(tiny, 1, 2) == expected


def test_second_generate_in_the_midst_of_the_first_is_refused_not_a_deadlock(tiny: LlamaEngine) -> None:
    first = tiny.generate(PROMPT, [1, 2], max_tokens=8, temperature=0.8)
    next(first)
    with pytest.raises(RuntimeError, match="neither exhausted nor closed"):
        _write(tiny, 3)
    assert len(list(first)) == 1


def test_threads_take_turns(tiny: LlamaEngine) -> None:
    expected = [_write(tiny, seed) for seed in range(4)]
    found: dict[int, list[Candidate]] = {}
    workers = [threading.Thread(target=lambda s=seed: found.update({s: _write(tiny, s)})) for seed in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [found[seed] for seed in range(4)] == expected


def test_closing_twice_is_fine_and_a_closed_engine_says_so(tmp_path: Path) -> None:
    engine = _open(tiny_gguf.write(tmp_path / "tiny.gguf"))
    engine.close()
    engine.close()
    with pytest.raises(RuntimeError, match="closed"):
        _write(engine, 1)


def test_closing_in_the_midst_of_writing(tmp_path: Path) -> None:
    engine = _open(tiny_gguf.write(tmp_path / "tiny.gguf"))
    writing = engine.generate(PROMPT, [1, 2], max_tokens=8, temperature=0.8)
    next(writing)
    engine.close()
    with pytest.raises(RuntimeError, match="closed"):
        list(writing)


def test_nothing_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    engine = _open(tiny_gguf.write(tmp_path / "tiny.gguf"))
    _write(engine, 1)
    engine.close()
    with pytest.raises(ModelError):
        _open(tiny_gguf.write(tmp_path / "bad.gguf", {**tiny_gguf.metadata(), "llama.embedding_length": 64}))
    assert capfd.readouterr() == ("", "")


def test_own_model_is_tried_in_a_child_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = models.find_model(str(tiny_gguf.write(tmp_path / "own.gguf")))
    LlamaEngine(model).close()
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("tried again"))
    engine = LlamaEngine(model)
    assert engine.info.id == "own"
    assert engine.info.sha256 == models.sha256_of(model.path)
    engine.close()


def test_reason_of_llama_cpp_reaches_the_user(tmp_path: Path) -> None:
    path = tiny_gguf.write(tmp_path / "odd.gguf", {**tiny_gguf.metadata(), "general.architecture": "unheard-of"})
    with pytest.raises(ModelError, match="unheard-of") as caught:
        LlamaEngine(models.find_model(str(path)))
    assert caught.value.hint


def test_crash_in_the_child_is_an_error_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crash = tmp_path / "crash"
    crash.write_text("#!/bin/sh\nkill -ABRT $$\n")
    crash.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(crash))
    with pytest.raises(ModelError, match="SIGABRT"):
        LlamaEngine(models.find_model(str(tiny_gguf.write(tmp_path / "own.gguf"))))


@pytest.mark.parametrize(
    ("tokens", "ends"),
    [
        ([7] * 24, True),
        ([1, 2, 3] * 8, True),
        ([*range(100), *list(range(30)) * 3], True),
        ([7] * 23, False),
        ([1, 2, 3] * 7, False),
        (list(range(60)), False),
        ([*range(30), *range(30)], False),
    ],
)
def test_running_in_circles(tokens: list[int], ends: bool) -> None:
    assert circles(tokens) is ends


@pytest.mark.model
def test_bundled_model_writes_the_same_alone_and_in_company(real_engine: LlamaEngine) -> None:
    together = _write(real_engine, 1, 2, 3)
    assert [c.text for c in _write(real_engine, 2)] == [together[1].text]
    assert all(c.text.startswith("Hi Lea,") and c.tokens for c in together)
    tasks = [Task(PROMPT, (1, 2, 3), 24), Task(Prompt((Message("user", LONGER),)), (1, 2), 24)]
    alone = [_alone(real_engine, task) for task in tasks]
    assert list(real_engine.generate_all(tasks, temperature=0.8)) == alone
    assert len(real_engine.info.sha256) == 64


@pytest.mark.model
def test_bundled_model_takes_pasted_control_tokens_as_words(real_engine: LlamaEngine) -> None:
    end = 2  # <|im_end|> in SmolLM2's vocabulary
    assert real_engine.tokens(PROMPT).count(end) == 2
    assert real_engine.render(PROMPT).count("<|im_end|>") == 3


RULES = Message("system", "Keep it short. Say who you are and why you write. " * 4)


def _states() -> list[Path]:
    return sorted(llama_state.folder().glob("*.state"))


def test_the_head_of_a_prompt_is_kept_on_disk_and_changes_nothing(tiny: LlamaEngine, tmp_path: Path) -> None:
    mine = Prompt((RULES, Message("user", "Write to Lea.")))
    other = Prompt((RULES, Message("user", "Write to somebody else, about trains.")))
    first = _write(tiny, 1, 2, prompt=mine)
    (kept,) = _states()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    tiny._cells.forget()
    decoded = _count_decoded(tiny)
    assert _write(tiny, 1, 2, prompt=mine) == first
    assert decoded() < 128
    again = _open(tmp_path / "tiny.gguf")
    assert _write(again, 1, 2, prompt=mine) == first
    assert _write(again, 1, prompt=other) != first[:1]
    assert _states() == [kept]
    again.close()


def _count_decoded(engine: LlamaEngine) -> Callable[[], int]:
    cells, rows = engine._cells, []
    decode = cells._decode
    cells._decode = lambda r, *, logits: (rows.append(0 if logits else len(r)), decode(r, logits=logits))
    return lambda: sum(rows)


def test_a_damaged_state_is_not_used(tiny: LlamaEngine) -> None:
    mine = Prompt((RULES, Message("user", "Write to Lea.")))
    first = _write(tiny, 1, prompt=mine)
    (kept,) = _states()
    whole = kept.read_bytes()
    for damaged in (whole[:-9], b"", whole[:50] + b"\1" + whole[51:]):
        kept.write_bytes(damaged)
        tiny._cells.forget()
        assert _write(tiny, 1, prompt=mine) == first
        assert kept.read_bytes() == whole


def test_few_states_are_kept_and_none_of_a_short_head(tiny: LlamaEngine) -> None:
    _write(tiny, 1, prompt=PROMPT)
    assert not llama_state.folder().exists()
    for number in range(llama_state.KEPT + 3):
        _write(tiny, 1, prompt=Prompt((Message("system", f"{number} " + RULES.content), Message("user", "Go."))))
    assert len(_states()) == llama_state.KEPT
    assert len(list(llama_state.folder().iterdir())) == 2 * llama_state.KEPT


def test_only_the_system_turn_is_kept(tiny: LlamaEngine) -> None:
    long = "My secret is the heron. " * 12
    tokens = tiny.tokens(Prompt((RULES, Message("user", long))))
    system = tiny.tokens(Prompt((RULES,)))
    head = llama_state.head_of(tokens, system)
    assert 0 < head <= len(system)
    assert tokens[:head] == system[:head]
    other = tiny.tokens(Prompt((Message("system", "Other rules."),)))
    assert llama_state.head_of(tokens, other) == tiny.render(PROMPT).index("\n") + 1 - len("im_start") - 3
