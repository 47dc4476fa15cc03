"""The evaluation: cases, scorers, intervals, baseline, report, and the whole run with scripted engines."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, ClassVar

import pytest

from assistant.engine import Guard, Progress, ScriptedEmbedder, ScriptedEngine
from assistant.errors import DataError, ModelError, OutputError, UsageError
from assistant.library import load_library
from assistant.records import Brief, Candidate, Document, Finding, Kind, Prompt, Verdict
from assistant.records import Score as GateScore
from eval import scorers
from eval.arms import Answer, CachedEmbedder, Tools, solver
from eval.baseline import compare, stripped
from eval.cases import Case, choose, read_cases
from eval.evaluate import reason_class
from eval.inventions import inventions
from eval.report import page
from eval.run import run
from eval.scorers import SCORERS, Ground, Sample
from eval.stats import estimate

ROOT = Path(__file__).resolve().parent.parent
QUIET: Progress = lambda _: None  # noqa: E731


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def make_case(id: str = "made-001", kind: str = "referral", draft: str = "", notes: str = "", **more: object) -> Case:
    case = Case(
        id,
        kind,
        "made",
        Document("draft", draft or "Hi Petra, I came across your profile. Can you refer me? Joss"),
        Document(
            "notes", notes or "Petra Vance, night lead at Wickham Tyres. Role: shift fitter. I fit 40 tyres a day."
        ),
        ("shift fitter", "40 tyres a day"),
        {
            "recipient": ("Petra Vance",),
            "sender": ("Joss",),
            "target": ("shift fitter",),
            "proof": ("I fit 40 tyres a day",),
        },
        "Hi Petra,\n\nI'd like to be a shift fitter at Wickham Tyres. I fit 40 tyres a day.\n\nJoss",
    )
    return replace(case, **more)  # type: ignore[arg-type]


def made_cases() -> list[Case]:
    kinds = ["referral"] * 4 + ["pitch"] * 2 + ["reply"]
    return [make_case(f"made-{i:03d}", kind) for i, kind in enumerate(kinds)]


def found(*principles: str) -> tuple[Finding, ...]:
    return tuple(Finding(p, "warning", 0, 0, "", "") for p in principles)


def ground(case: Case | None = None, draft_findings: Sequence[str] = ()) -> Ground:
    kind = Kind(
        "referral", "", "", "", (), 5, 20, None, (), {}, {}, {"ask": ("Could we talk for 15 minutes?",)}, "", ()
    )
    case = case or make_case()
    return Ground(case, kind, Brief(), case.brief(), found(*draft_findings))


def sample(message: str, findings: Sequence[str] = (), verdicts: tuple[Verdict, ...] = ()) -> Sample:
    return Sample(Answer(message, "model", True, verdicts), found(*findings), 0.5, 1.0)


# --- cases ------------------------------------------------------------------------------------------------------


def test_a_limit_takes_the_same_few_from_every_kind_in_turn() -> None:
    cases = made_cases()
    shuffled = random.Random(3).sample(cases, len(cases))
    few = choose(cases, limit=3)
    assert [c.kind for c in few] == ["pitch", "referral", "reply"]
    assert choose(shuffled, limit=3) == few
    assert choose(cases, limit=5)[:3] == few
    assert sorted(c.id for c in choose(cases)) == [c.id for c in cases]


def test_kinds_are_filtered_and_unknown_ones_named() -> None:
    assert {c.kind for c in choose(made_cases(), kinds=("reply", "pitch"))} == {"reply", "pitch"}
    with pytest.raises(UsageError, match="wedding") as error:
        choose(made_cases(), kinds=("wedding",))
    assert "pitch, referral, reply" in error.value.hint
    with pytest.raises(UsageError, match="at least one"):
        choose(made_cases(), limit=0)


def test_a_bad_line_is_named_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"id": "a"}\nnot json\n', encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_cases(path)
    assert [fault.split(":")[0] for fault in error.value.faults] == ["line 1", "line 2"]


def test_the_bundled_cases_are_many_and_their_marks_are_verbatim() -> None:
    cases = read_cases()
    assert len(cases) >= 130
    assert len({c.id for c in cases}) == len(cases)
    assert {c.kind for c in cases} == {k.id for k in load_library().kinds}
    for case in cases:
        for slot, texts in case.slots.items():
            assert len(case.brief().get(slot)) == len(texts), (case.id, slot)  # type: ignore[arg-type]


def test_no_case_leaks_into_prompts_or_training() -> None:
    """Short courtesies are everybody's; a long sentence, or one with a name or number, is a case's own."""
    places = [*(ROOT / "prompts").rglob("*.*"), *(ROOT / "models" / "corpus").rglob("*.jsonl")]
    places += [p for p in (ROOT / "assistant").rglob("*.*") if p.suffix in (".py", ".toml", ".txt", ".json", ".j2")]
    texts = []
    for path in places:
        raw = path.read_text(encoding="utf-8")
        texts.append(
            "\n".join(_strings(json.loads(line) for line in raw.splitlines())) if path.suffix == ".jsonl" else raw
        )
    elsewhere = _plain(" ".join(texts))
    leaks = [
        (case.id, sentence)
        for case in read_cases()
        for text in (case.draft.text, case.notes.text, case.reference)
        for sentence in re.split(r"(?<=[.!?])\s+|\n+", text)
        if _own(sentence) and f" {_plain(sentence)} " in elsewhere
    ]
    assert leaks == []


def _strings(values: Iterator[object] | list[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            yield from _strings(list(value.values()) if isinstance(value, dict) else value)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.replace("’", "'").casefold()))


def _own(sentence: str) -> bool:
    words = re.findall(r"[\w'’]+", sentence)
    named = any(w[0].isupper() and not re.fullmatch(r"I(['’]\w+)?", w) for w in words[1:])
    return len(words) >= 13 or (len(words) >= 7 and named)


# --- scorers ----------------------------------------------------------------------------------------------------


def test_findings_removed_is_the_share_gone_and_counts_repeats() -> None:
    before = ground(draft_findings=["flattery", "flattery", "vague-ask", "no-proof"])
    after = sample("", ["flattery", "too-long"])
    score = scorers.findings_removed(before, after)
    assert score.value == 0.75
    assert "no-proof" in score.answer and "flattery" in score.explanation
    assert scorers.findings_added(before, after).value == 1.0
    assert scorers.findings_added(before, sample("", ["flattery"])).value == 0.0


def test_length_minds_words_and_characters() -> None:
    assert scorers.length(ground(), sample("one two three four five")).value == 1.0
    assert scorers.length(ground(), sample("one two three four")).value == 0.0
    assert scorers.length(ground(), sample("word " * 21)).value == 0.0
    assert scorers.length(ground(make_case(max_chars=10)), sample("one two three four five")).value == 0.0


def test_kept_facts_and_slots() -> None:
    kept = "Hi Petra, I'd like to be a shift fitter. I fit 40 tyres a day. Joss"
    assert scorers.kept_facts(ground(), sample(kept)).value == 1.0
    assert scorers.kept_slots(ground(), sample(kept)).value == 1.0
    lost = "Hi Petra, I'd like to be a shift fitter. Joss"
    assert scorers.kept_facts(ground(), sample(lost)).value == pytest.approx(0.5, abs=0.2)
    assert scorers.kept_slots(ground(), sample(lost)).value < 1.0
    assert scorers.kept_facts(ground(), sample("Hello there.")).value == 0.0


def test_an_invented_number_is_seen_by_gate_and_check_alike() -> None:
    true, false = "I fit 40 tyres a day.", "I fit 90 tyres a day."
    for scorer in (scorers.invented_by_gate, scorers.invented_by_check):
        assert scorer(ground(), sample(true)).value == 0.0
        assert scorer(ground(), sample(false)).value == 1.0


def test_candidates_passed_counts_only_the_models() -> None:
    def verdict(source: str, accepted: bool) -> Verdict:
        candidate = Candidate("x", source)  # type: ignore[arg-type]
        return Verdict(candidate, accepted, (), (), (), GateScore(0, 0, 0, 0))

    verdicts = (verdict("model", False), verdict("model", True), verdict("draft", True), verdict("safe-edit", True))
    assert scorers.candidates_passed(ground(), sample("", verdicts=verdicts)).value == 0.5
    assert scorers.any_passed(ground(), sample("", verdicts=verdicts)).value == 1.0
    assert scorers.any_passed(ground(), sample("", verdicts=verdicts[2:])).value == 0.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I fit 40 tyres and my colleague Petra Vance knows it.", ()),
        ("I have fitted forty tyres.", ()),
        ("I fit 4,000 tyres.", ("4,000",)),
        ("I have three years at Wickham's.", ("three",)),
        ("I worked for Brightwell Motors.", ("Brightwell", "Motors")),
        ("Brightwell pays well.", ()),
        ("Dear Marta,\nI fit tyres.\nBest,\nJoss", ("Marta",)),
        ("Marta,\nI fit tyres.", ("Marta",)),
        (
            "See www.tyres.example/joss or write to joss@tyres.example.",
            ("www.tyres.example/joss", "joss@tyres.example"),
        ),
        ("Petra fits. Thanks! I'm Joss.", ()),
        ("Ask Mr. Holt.", ("Holt",)),
    ],
)
def test_the_plain_check(text: str, expected: tuple[str, ...]) -> None:
    sources = ("Hi Petra, can you refer me? Joss", "Petra Vance, night lead at Wickham Tyres. I fit 40 tyres.")
    assert inventions(text, sources) == expected


def test_the_plain_check_passes_what_a_careful_person_wrote() -> None:
    """The checker's own error, on the split that may be learnt from: below one in fifty."""
    lines = (ROOT / "models" / "corpus" / "validation.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    wrong = [c["id"] for c in cases if inventions(c["plain"], (c["draft"], c["context"]))]
    assert len(wrong) <= len(cases) / 50
    strangers = zip(cases, cases[1:] + cases[:1], strict=True)
    assert all(inventions(mine["plain"], (other["draft"], other["context"])) for mine, other in strangers)


def test_reasons_are_counted_without_what_is_particular() -> None:
    assert reason_class("412 characters, over the limit of 300") == "N characters, over the limit of N"
    assert reason_class("says what is to be left out: “the gala”") == "says what is to be left out"
    assert reason_class("still has a fault: Vague ask") == "still has a fault: Vague ask"


# --- statistics -------------------------------------------------------------------------------------------------


def test_an_interval_is_seeded_and_close_to_the_known_one() -> None:
    values = [0.0] * 50 + [1.0] * 50
    result = estimate(values, seed=1)
    assert result == estimate(values, seed=1)
    assert result.mean == 0.5
    # The normal interval of a proportion of one half in a hundred: 1.96 * sqrt(0.25 / 100).
    assert result.low == pytest.approx(0.402, abs=0.015)
    assert result.high == pytest.approx(0.598, abs=0.015)
    assert estimate(values, level=0.99).noise > result.noise


def test_an_interval_of_equal_values_has_no_width_and_of_none_is_an_error() -> None:
    assert estimate([0.3] * 4).noise == 0.0
    with pytest.raises(ValueError, match="no values"):
        estimate([])


# --- the run ----------------------------------------------------------------------------------------------------


class CountingEmbedder(ScriptedEmbedder):
    sha256 = "1" * 64

    def __init__(self) -> None:
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.seen += texts
        return super().embed(texts)


class Faulty(ScriptedEngine):
    """Writes the same reply for ever, and raises where the prompt holds a word."""

    def __init__(self, trouble: str = "", error: Exception | None = None) -> None:
        super().__init__([])
        self.trouble, self.error, self.closed = trouble, error, False

    def generate(
        self,
        prompt: Prompt,
        seeds: Sequence[int],
        *,
        max_tokens: int,
        temperature: float,
        guard: Guard | None = None,
    ) -> Iterator[Candidate]:
        if self.error and any(self.trouble in m.content for m in prompt.messages):
            raise self.error
        for seed in seeds:
            yield Candidate("Hi Petra, I fit 90 tyres a day. Joss", "model", seed=seed, tokens=9)

    def close(self) -> None:
        self.closed = True


def evaluate_with(
    out: Path | None,
    *,
    arms: tuple[str, ...] = ("echo",),
    cases: Sequence[Case] | None = None,
    engine: ScriptedEngine | None = None,
    baseline: Path | None = None,
    limit: int | None = None,
    n: int = 2,
    seed: int = 0,
) -> int:
    def build(arms: Sequence[str], model: str | None, progress: Progress) -> Tools:
        return Tools(load_library(), CachedEmbedder(ScriptedEmbedder()), engine or Faulty())

    chosen = made_cases() if cases is None else cases
    return run(arms, limit, (), baseline, out, seed, n, None, QUIET, build=build, cases=chosen)


def results_of(out: Path) -> dict[str, object]:
    return json.loads((out / "results.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def figure(out: Path, arm: str, scorer: str) -> dict[str, float]:
    figures = results_of(out)["figures"]
    assert isinstance(figures, list)
    return next(f for f in figures if (f["arm"], f["scorer"], f["kind"]) == (arm, scorer, None))


def test_the_product_can_be_measured_without_its_reader_and_without_its_mask(tmp_path: Path) -> None:
    class Guarded(Faulty):
        guarded: ClassVar[list[bool]] = []

        def generate(self, *args: Any, **more: Any) -> Iterator[Candidate]:
            self.guarded.append(more.get("guard") is not None)
            return super().generate(*args, **more)

    for arm in ("patterns", "ungrounded"):
        Guarded.guarded.clear()
        assert evaluate_with(tmp_path / arm, arms=(arm,), engine=Guarded()) == 0
        assert set(Guarded.guarded) == {arm != "ungrounded"}
        assert figure(tmp_path / arm, arm, "any-passed")["mean"] == 0.0


def test_all_arms_run_and_every_sample_tells_value_answer_and_explanation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = Faulty()
    assert evaluate_with(tmp_path / "o", arms=("echo", "bare", "full"), engine=engine) == 0
    results = results_of(tmp_path / "o")
    samples = results["samples"]
    assert isinstance(samples, list) and len(samples) == 21
    for one in samples:
        assert one["message"] and one["source"] in ("draft", "model", "safe-edit")
        assert all({"value", "answer", "explanation"} <= score.keys() for score in one["scores"].values())
    assert figure(tmp_path / "o", "echo", "findings-removed")["mean"] == 0.0
    assert figure(tmp_path / "o", "bare", "invented-check")["mean"] == 1.0
    assert figure(tmp_path / "o", "full", "candidates-passed")["mean"] == 0.0
    assert figure(tmp_path / "o", "full", "model-written")["mean"] == 0.0
    assert engine.closed
    printed = capsys.readouterr().out
    assert re.search(r"invents, by the plain check +lower +0\.00 \[0\.00, 0\.00\] +1\.00", printed)
    assert "the gate refused 14 of 14 candidates" in printed


def test_an_errored_sample_stays_in_the_denominator_with_the_worst_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = made_cases()
    cases[0] = make_case("made-000", draft="Hi Petra, trouble ahead. Can you refer me? Joss")
    engine = Faulty("trouble ahead", ModelError("The model stumbled.", "Try again."))
    assert evaluate_with(tmp_path / "o", arms=("bare",), cases=cases, engine=engine) == 0
    for scorer in SCORERS:
        if scorer.worst is not None and scorer.applies(ground(draft_findings=["flattery"]), "bare"):
            got = figure(tmp_path / "o", "bare", scorer.id)
            assert (got["n"], got["errors"]) == (len(cases), 1)
            samples = results_of(tmp_path / "o")["samples"]
            assert isinstance(samples, list)
            failed = next(s for s in samples if s["error"])
            assert failed["scores"][scorer.id]["value"] == scorer.worst
    assert "made-000: ModelError: The model stumbled." in capsys.readouterr().out


def test_a_bug_is_stored_with_its_place_and_ends_with_another_code(tmp_path: Path) -> None:
    engine = Faulty("Petra", TypeError("wrong turn"))
    assert evaluate_with(tmp_path / "o", arms=("echo", "bare"), engine=engine) == 4
    samples = results_of(tmp_path / "o")["samples"]
    assert isinstance(samples, list)
    errors = [s["error"] for s in samples if s["arm"] == "bare"]
    assert all(e["type"] == "TypeError" and e["bug"] for e in errors)
    assert errors[0]["where"][-1].startswith("test_eval.py:")
    assert "/" not in "".join(errors[0]["where"])
    assert all(s["error"] is None for s in samples if s["arm"] == "echo")


def test_an_empty_reply_of_the_bare_model_is_an_error() -> None:
    tools = Tools(load_library(), ScriptedEmbedder(), ScriptedEngine(["  \n"]))
    with pytest.raises(ModelError, match="wrote nothing"):
        solver("bare", tools, n=1, seed=0)(make_case())


def test_the_bare_arm_shows_the_model_no_principle() -> None:
    engine = ScriptedEngine(["Hello."])
    library = load_library()
    solver("bare", Tools(library, ScriptedEmbedder(), engine), n=4, seed=7)(make_case())
    prompt = engine.render(engine.prompts[0])
    assert make_case().draft.text in prompt and make_case().notes.text in prompt
    assert not any(p.rule in prompt or p.title in prompt for p in library.principles)


def test_each_text_is_embedded_once() -> None:
    counting = CountingEmbedder()
    cached = CachedEmbedder(counting)
    rows = cached.embed(["a", "b", "a"])
    assert cached.embed(["b", "c"])[0] == rows[1]
    assert counting.seen == ["a", "b", "c"]
    assert cached.sha256 == counting.sha256


def test_results_are_never_overwritten(tmp_path: Path) -> None:
    assert evaluate_with(tmp_path / "o") == 0
    before = (tmp_path / "o" / "results.json").read_bytes()
    with pytest.raises(UsageError, match=r"already holds results\.json"):
        evaluate_with(tmp_path / "o")
    assert (tmp_path / "o" / "results.json").read_bytes() == before


def test_a_place_that_cannot_be_written_is_known_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError):
        evaluate_with(tmp_path / "file" / "o")


def test_without_a_folder_a_dated_one_is_made(tmp_path: Path) -> None:
    assert evaluate_with(None) == 0
    assert len(list(tmp_path.glob("out/eval-20*/results.json"))) == 1


def test_an_unknown_arm_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="sprint") as error:
        evaluate_with(None, arms=("sprint",))
    assert "echo, bare, untuned, full" in error.value.hint


# --- baseline ---------------------------------------------------------------------------------------------------


def edited(out: Path, to: Path, scorer: str, value: float, cases: int) -> Path:
    """A copy of results in which the first `cases` samples have another value."""
    results = results_of(out)
    samples = results["samples"]
    assert isinstance(samples, list)
    for one in samples[:cases]:
        one["scores"][scorer]["value"] = value
    to.write_text(json.dumps(results), encoding="utf-8")
    return to


def test_the_same_again_is_within_the_noise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evaluate_with(tmp_path / "a")
    assert evaluate_with(tmp_path / "b", baseline=tmp_path / "a" / "results.json") == 0
    assert "0 of 8 figures worse" in capsys.readouterr().out


@pytest.mark.parametrize(("scorer", "value"), [("kept-slots", 1.0), ("invented-check", -1.0)])
def test_a_figure_below_by_more_than_its_noise_ends_with_1_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], scorer: str, value: float
) -> None:
    evaluate_with(tmp_path / "a")
    better = edited(tmp_path / "a", tmp_path / "better.json", scorer, value, cases=7)
    capsys.readouterr()
    assert evaluate_with(tmp_path / "b", baseline=better) == 1
    title = next(s.title for s in SCORERS if s.id == scorer)
    assert re.search(rf"echo: {title}: .* worse by", capsys.readouterr().out)


def test_a_single_worse_case_is_noise_and_a_gain_is_no_fault(tmp_path: Path) -> None:
    evaluate_with(tmp_path / "a")
    one = edited(tmp_path / "a", tmp_path / "one.json", "invented-check", -1.0, cases=1)
    assert evaluate_with(tmp_path / "b", baseline=one) == 0
    worse = edited(tmp_path / "a", tmp_path / "worse.json", "kept-slots", 0.0, cases=7)
    assert evaluate_with(tmp_path / "c", baseline=worse) == 0


def test_seconds_never_count_against_a_baseline(tmp_path: Path) -> None:
    evaluate_with(tmp_path / "a")
    fast = edited(tmp_path / "a", tmp_path / "fast.json", "seconds", -9.0, cases=7)
    assert evaluate_with(tmp_path / "b", baseline=fast) == 0


def test_a_baseline_of_more_cases_serves_a_run_of_fewer_and_not_the_reverse(tmp_path: Path) -> None:
    evaluate_with(tmp_path / "all")
    evaluate_with(tmp_path / "few", limit=3)
    assert evaluate_with(tmp_path / "x", limit=3, baseline=tmp_path / "all" / "results.json") == 0
    with pytest.raises(UsageError, match="did not run case made-"):
        evaluate_with(tmp_path / "y", baseline=tmp_path / "few" / "results.json")


def test_only_like_is_compared_with_like(tmp_path: Path) -> None:
    baseline = tmp_path / "a" / "results.json"
    evaluate_with(tmp_path / "a", arms=("echo", "bare"), n=2)
    with pytest.raises(UsageError, match="n 2, this run with 3") as error:
        evaluate_with(tmp_path / "b", arms=("bare",), n=3, baseline=baseline)
    assert error.value.hint
    with pytest.raises(UsageError, match="seed 0, this run with 5"):
        evaluate_with(tmp_path / "c", arms=("bare",), seed=5, baseline=baseline)
    with pytest.raises(UsageError, match="did not run arm full"):
        evaluate_with(tmp_path / "d", arms=("full",), baseline=baseline)
    assert evaluate_with(tmp_path / "e", arms=("echo",), n=3, baseline=baseline) == 0


@pytest.mark.parametrize("text", [None, "not json", "[]", '{"version": 9}'])
def test_a_missing_or_strange_baseline_is_a_usage_error(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "baseline.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as error:
        evaluate_with(tmp_path / "o", baseline=path)
    assert "results.json" in error.value.hint
    assert not (tmp_path / "o" / "results.json").exists()


def test_rounding_is_no_drop() -> None:
    def results(value: float) -> dict[str, object]:
        scores = {"closeness": {"value": value}}
        samples = [{"arm": "echo", "case": str(i), "scores": scores} for i in range(9)]
        return {"settings": {"arms": ["echo"], "seed": 0}, "samples": samples}

    assert compare(results(0.5), results(0.504)) == (1, [])
    compared, drops = compare(results(0.5), results(0.52))
    assert (compared, len(drops)) == (1, 1)


def test_a_stripped_run_compares_as_the_whole_one_does() -> None:
    def results(value: float) -> dict[str, object]:
        scores = {"closeness": {"value": value, "answer": "long", "explanation": "longer"}}
        samples = [{"arm": "echo", "case": str(i), "scores": scores, "message": "Hi"} for i in range(9)]
        return {"version": 1, "settings": {"arms": ["echo"], "seed": 0}, "samples": samples}

    small = stripped(results(0.8))
    assert "Hi" not in str(small) and "long" not in str(small)
    assert compare(results(0.5), small) == compare(results(0.5), results(0.8))
    assert len(compare(results(0.5), small)[1]) == 1


# --- report -----------------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """Collects every start tag, and checks that what is opened is closed."""

    VOID = frozenset({"meta", "br", "rect", "line"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_report_loads_nothing_and_escapes_every_text(tmp_path: Path) -> None:
    hostile = "Hi Petra, <script>alert(1)</script> & {{ 7 * 7 }} can you refer me? Joss"
    cases = [make_case("made-<b>", draft=hostile), *made_cases()]
    engine = Faulty("alert", TypeError("<img src=x>"))
    assert evaluate_with(tmp_path / "o", arms=("echo", "bare", "full"), cases=cases, engine=engine) == 4
    html = (tmp_path / "o" / "report.html").read_text(encoding="utf-8")
    assert "<script" not in html and "<img" not in html and "http://" not in html and "https://" not in html
    assert "&lt;script&gt;alert(1)" in html and "{{ 7 * 7 }}" in html
    parser = Tags()
    parser.feed(html)
    assert parser.open == []
    for tag, attributes in parser.tags:
        assert tag not in ("script", "link", "img", "iframe", "object", "embed")
        assert not any(name == "src" or name.startswith("on") for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert len([tag for tag, a in parser.tags if tag == "details" and "id" in a]) == len(cases)


def test_the_report_shows_candidates_with_their_reasons(tmp_path: Path) -> None:
    cases = made_cases()
    evaluate_with(tmp_path / "o", arms=("full",), cases=cases)
    html = page(results_of(tmp_path / "o"), choose(cases))
    assert "I fit 90 tyres a day" in html and "refused" in html and "invented" in html


@pytest.mark.model
def test_two_real_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(("echo", "bare", "full"), 2, (), None, tmp_path / "o", 0, 2, None, QUIET) == 0
    samples = results_of(tmp_path / "o")["samples"]
    assert isinstance(samples, list) and len(samples) == 6
    assert all(s["message"] and s["error"] is None for s in samples)
    written = [c for s in samples if s["arm"] == "full" for c in s["candidates"] if c["source"] == "model"]
    assert written and all(c["text"] for c in written)
    assert figure(tmp_path / "o", "full", "invented-check")["mean"] == 0.0
    assert "full: source of the message" in capsys.readouterr().out
