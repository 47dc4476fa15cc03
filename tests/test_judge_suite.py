"""The judge suite: its statistics, planted faults, made candidates, labels, table and comparison with a baseline."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from assistant.errors import UsageError
from assistant.judge import Weights, agreed, choose, weights
from assistant.records import Candidate, Document, Finding, Library, Score, Source, Verdict
from eval import baseline, choice, findings, plant
from eval.judge import FIGURES, Measure, figures, summary, table
from eval.judge_run import compare, run, stored_measures
from eval.stats import calibration_error, difference, interval, ratio

MADE = datetime(2026, 11, 22)
GOOD = (
    "Hi Radu,\n\nYou showed us how to splice the ferry rope in May. I am a rigger in Bergen with nine years at sea. "
    "Could I ask you one thing in 15 minutes: which needle do you use for wet rope? If not, no problem.\n\nThanks, Ida"
)


# --- statistics -------------------------------------------------------------------------------------------------


def test_a_ratio_counts_wholes_and_nothing_is_no_loss() -> None:
    assert ratio([(1, 2), (0, 2)]) == 0.25
    assert ratio([(0, 0)]) == 1.0


def test_calibration_is_the_gap_between_chance_and_share() -> None:
    assert calibration_error([(0.25, 0.0), (0.25, 0.0), (0.25, 1.0), (0.25, 0.0)]) == pytest.approx(0.0)
    assert calibration_error([(0.95, 0.0), (0.05, 0.0)]) == pytest.approx(0.5)
    assert calibration_error([(1.0, 1.0)]) == 0.0


def test_an_interval_holds_its_value_and_is_the_same_again() -> None:
    pairs = [(float(i % 3 == 0), 1.0) for i in range(60)]
    low, high = interval(pairs, ratio)
    assert 0.1 < low < ratio(pairs) < high < 0.6
    assert interval(pairs, ratio) == (low, high)


def test_a_difference_has_no_noise_where_all_cases_differ_alike() -> None:
    groups = [([(1.0, 1.0)], [(0.5, 1.0)])] * 9
    assert difference(groups, ratio, level=0.99) == (0.5, 0.0)


# --- planting ---------------------------------------------------------------------------------------------------


def test_an_asking_fault_takes_the_place_of_the_request() -> None:
    bad = plant.put(GOOD, "vague-ask", "Any help would be great.")
    assert "which needle" not in bad
    assert "nine years at sea. Any help would be great. If not" in bad


def test_an_opening_fault_comes_first_and_others_after_the_request() -> None:
    assert plant.put(GOOD, "flattery", "You are a legend.").startswith("Hi Radu,\n\nYou are a legend. You showed us")
    assert "wet rope? You owe me one. If not" in plant.put(GOOD, "guilt-trip", "You owe me one.")


def test_a_message_without_its_exit(library: Library) -> None:
    bare = plant.without_exit(GOOD, library.kind("informational"), library)
    assert bare is not None
    assert "no problem" not in bare
    assert "which needle" in bare
    assert plant.without_exit(GOOD, library.kind("pitch"), library) is None


def test_planting_is_the_same_again_and_keeps_to_its_split(library: Library) -> None:
    kind = library.kind("informational")
    once = plant.plant(GOOD, kind, library, split="test", key="a", n=3)
    assert once == plant.plant(GOOD, kind, library, split="test", key="a", n=3)
    assert len(once) >= 3
    for planted in once:
        added = [s for s in plant.bank("test").get(planted.fault, ()) if s in planted.bad]
        assert added or planted.fault == "no-graceful-exit"


def test_written_sentences_of_the_splits_do_not_overlap() -> None:
    texts = [{t for group in plant.bank(s).values() for t in group} for s in ("train", "validation", "test")]
    assert not texts[0] & texts[1] and not texts[0] & texts[2] and not texts[1] & texts[2]


def test_the_length_of_a_bad_message_is_drawn_from_the_kinds_range(library: Library) -> None:
    kind = library.kind("informational")
    draft = "hi, can i pick your brain? i like ropes. any advice? " * 3
    lengths = {
        len(bad.split()) for i in range(30) if (bad := plant.shuffled(draft, GOOD, kind, split="test", key=str(i)))
    }
    assert len(lengths) > 5
    assert min(lengths) >= kind.min_words * 0.75
    assert max(lengths) <= kind.max_words * 1.25


# --- choice -----------------------------------------------------------------------------------------------------


def verdict(
    text: str = "x", *, accepted: bool = True, source: Source = "model", total: float = 0.5, **score: float
) -> Verdict:
    parts = {"closeness": total, "faults": 0.0, "kept": 1.0, "total": total, "told": total} | score
    return Verdict(Candidate(text, source), accepted, (), (), (), Score(**parts))


def test_an_accepted_draft_is_sent_before_a_refused_safe_edit() -> None:
    draft, edit = verdict("mine", source="draft"), verdict("edit", source="safe-edit", accepted=False)
    assert choose([draft, edit], draft_may_win=False) is draft
    fault = Finding("flattery", "warning", 0, 4, "mine", "said")
    assert choose([replace(draft, findings=(fault,)), edit], draft_may_win=False) is edit
    assert choose([replace(draft, accepted=False), edit], draft_may_win=False) is edit
    written = verdict("new")
    assert choose([draft, edit, written], draft_may_win=False) is written


def test_gain_is_against_the_first_accepted_and_the_best_of_all() -> None:
    found = choice.Set(
        "a",
        (verdict(accepted=False), verdict(total=0.2), verdict(total=0.9)),
        (0.9, 0.3, 0.6),
    )
    assert choice.gains(found, Weights(0.5, 0.0, 0.5, 0.0)) == pytest.approx((0.3, 0.6, 0.3))
    assert choice.gains(choice.Set("b", (verdict(accepted=False),), (0.9,)), weights()) is None


def test_made_candidates_are_eight_and_worse_ones_count_as_worse(library: Library) -> None:
    case = {
        "id": "made-1",
        "kind": "informational",
        "draft": "hi can i pick your brain about ropes",
        "context": "Radu showed us splicing of the ferry rope in May. me: Ida, rigger in Bergen, nine years at sea",
        "plain": GOOD,
        "rewrite": None,
        "facts": ["splice the ferry rope in May", "rigger in Bergen with nine years at sea"],
        "max_chars": None,
    }
    made = choice.options(case, library, split="test")
    assert len(made) == choice.N
    assert made == choice.options(case, library, split="test")
    assert {o.quality for o in made if o.text == GOOD} <= {1.0}
    assert min(o.quality for o in made) < 1.0


def test_agreement_counts_only_what_the_sources_hold() -> None:
    told = (Document("notes", "nine years at sea as a rigger in Bergen"),)
    texts = ("nine years rigger Bergen", "nine years rigger Bergen", "purple unicorns everywhere", "purple rigger")
    result = agreed([verdict(text) for text in texts], told)
    shares = [v.score.agreement for v in result]
    assert shares[0] == shares[1] == 1.0
    assert shares[2] == 0.0
    assert 0 < shares[3] < 0.5
    assert result[0].score.total > result[2].score.total


def test_two_candidates_cannot_agree() -> None:
    pair = [verdict("nine years"), verdict("nine years"), verdict("nine years", source="draft")]
    assert agreed(pair, (Document("notes", "nine years"),)) == pair


def test_the_shipped_weights_are_a_whole() -> None:
    found = weights()
    assert found.closeness + found.clean + found.told + found.agreement == pytest.approx(1.0, abs=0.01)
    assert min(found.closeness, found.clean, found.told, found.agreement) >= 0
    assert found.total(1.0, 1.0, 1.0) == pytest.approx(1.0)


# --- labels -----------------------------------------------------------------------------------------------------


def test_the_messages_are_enough_and_a_third_is_clean(library: Library) -> None:
    halves = [findings.read_messages("dev"), findings.read_messages("test")]
    every = [m for half in halves for m in half]
    assert len(every) >= 80
    assert sum(not m.labels for m in every) >= len(every) / 3
    assert {m.kind for m in every} == {k.id for k in library.kinds}
    assert sum(m.good for m in every) >= 20
    assert all(m.notes and not m.labels for m in every if m.good)
    for message in every:
        allowed = {p.id for p in library.for_kind(library.kind(message.kind))}
        assert {label.principle for label in message.labels} <= allowed


def finding(principle: str, start: int, end: int) -> Finding:
    return Finding(principle, "warning", start, end, "x" * (end - start), "")


def test_a_finding_is_right_where_a_label_of_its_principle_overlaps() -> None:
    labels = [findings.Label("a", 10, 20), findings.Label("b", 0, 0)]
    agreed_, met = findings.right([finding("a", 14, 40), finding("a", 16, 40), finding("b", 3, 9)], labels)
    assert (agreed_, met) == ([True, False, True], [True, True])
    assert findings.right([finding("c", 10, 20)], labels) == ([False], [False, False])


# --- table and baseline -----------------------------------------------------------------------------------------


def measures(right: int, of: int = 40) -> list[Measure]:
    return [Measure("findings-recall", f"case {i}", float(i < right)) for i in range(of)]


def test_a_row_says_what_must_be_and_what_is() -> None:
    (row,) = summary(measures(30), FIGURES)
    assert (row["must"], row["measured"], row["n"], row["reached"]) == (0.85, 0.75, 40, False)
    assert row["low"] < 0.75 < row["high"]
    shown = table([row])
    assert "≥ 85.0%" in shown and "75.0%" in shown and "below its bar" in shown
    assert "below its bar" not in table(summary(measures(39), FIGURES))


def test_numbers_and_names_must_reach_more_than_other_corruptions() -> None:
    bars = {f.id: f.must for f in figures(["number", "negation_dropped"])}
    assert (bars["caught-number"], bars["caught-negation_dropped"]) == (0.99, 0.95)


def test_a_figure_below_its_baseline_fails_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stored = tmp_path / "baseline.json"
    stored.write_text('{"version": 1, "settings": {}, "samples": []}')
    first = tmp_path / "first"
    first.mkdir()
    assert run(measures(40), [], None, first, MADE, as_json=False) == 0
    baseline.store(first / "results.json", stored)
    assert json.loads(stored.read_text())["version"] == 1
    assert len(stored_measures(stored)) == 40
    for name, right, code in (("same", 40, 0), ("noise", 39, 0), ("worse", 25, 1)):
        folder = tmp_path / name
        folder.mkdir()
        assert run(measures(right), [], stored, folder, MADE, as_json=True) == code
    shown = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert shown["suite"] == "judge"
    assert len(shown["below_baseline"]) == 1


def test_seconds_are_never_compared() -> None:
    slow = [Measure("check-seconds", f"run {i}", 9.0) for i in range(5)]
    fast = [Measure("check-seconds", f"run {i}", 0.1) for i in range(5)]
    assert compare(slow, fast, FIGURES) == []


@pytest.mark.parametrize("content", [None, "{", "{}", '{"judge": {"measures": [[1]]}}'])
def test_a_baseline_without_the_judge_is_said(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "baseline.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(UsageError) as caught:
        stored_measures(path)
    assert caught.value.hint
