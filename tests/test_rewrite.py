"""The pipeline with scripted engines: what is accepted, what is refused, what comes back when nothing passes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from assistant import rewrite_waves
from assistant.engine import ScriptedEmbedder, ScriptedEngine, ScriptExhausted
from assistant.errors import ModelError, UsageError
from assistant.records import Document, FollowUp, Library, Request
from assistant.rewrite import Assistant

TODAY = date(2026, 11, 22)
DRAFT = Document("draft", "Hi, can you refer me to any role at Tarn Rail? I am a hard worker. Piotr")
NOTES = Document(
    "notes.md",
    "- to: Ines Okafor, signalling lead at Tarn Rail\n"
    "- me: Piotr Zawada\n"
    "- role: Signalling Technician\n"
    "- I rewired 14 level crossings last year, and none failed inspection\n"
    "- she wrote the guide to relay testing that I use\n",
)
GOOD = (
    "Hi Ines,\n\nYou wrote the guide to relay testing that I use. I'm applying for Signalling Technician at Tarn Rail. "
    "Last year I rewired 14 level crossings, and none failed inspection.\n\nWould you be willing to refer me? You can "
    "forward this message as it is. If you'd rather not, that's fine. Thanks for reading.\n\nPiotr Zawada"
)
INVENTED = GOOD.replace("14 level crossings", "40 level crossings")
DROPPED = "Hi Ines,\n\nI like trains. Would you refer me? If not, no problem.\n\nPiotr Zawada"


def assistant(library: Library, replies: list[str], **options: object) -> tuple[Assistant, ScriptedEngine]:
    engine = ScriptedEngine(replies, **options)
    return Assistant(library, engine, ScriptedEmbedder(), today=TODAY), engine


def test_an_accepted_candidate_comes_back(library: Library) -> None:
    writer, _ = assistant(library, [INVENTED, GOOD])
    result = writer.rewrite(Request(DRAFT, (NOTES,), kind="referral", n=2))
    assert (result.source, result.accepted, result.message) == ("model", True, GOOD)
    refused = next(v for v in result.verdicts if "40 level" in v.candidate.text)
    assert not refused.accepted
    assert any("40" in reason for reason in refused.reasons)


def test_nothing_passes_gives_further_waves_then_a_safe_edit(library: Library) -> None:
    writer, engine = assistant(library, [INVENTED] * 5)
    result = writer.rewrite(Request(DRAFT, (NOTES,), kind="referral", n=5, seed=7))
    assert len(engine.prompts) == 2
    written = [v.candidate for v in result.verdicts if v.candidate.source == "model"]
    assert [c.wave for c in written] == [1, 1, 1, 1, 2]
    assert [c.seed for c in written] == [7, 8, 9, 10, 11]
    assert result.source == "safe-edit"
    assert "14 level crossings" in result.message
    assert "40" not in result.message
    assert any(v.candidate.source == "draft" for v in result.verdicts)


def test_a_good_candidate_ends_the_waves(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewrite_waves, "GOOD_ENOUGH", 0.3)
    writer, engine = assistant(library, [GOOD, INVENTED, INVENTED, INVENTED])
    result = writer.rewrite(Request(DRAFT, (NOTES,), kind="referral", n=8))
    assert len(engine.prompts) == 1
    assert sum(v.candidate.source == "model" for v in result.verdicts) == 4
    with pytest.raises(ScriptExhausted):
        writer.rewrite(Request(DRAFT, (NOTES,), kind="referral", n=1))


def test_an_accepted_candidate_below_the_bar_lets_others_try(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewrite_waves, "GOOD_ENOUGH", 1.1)
    writer, engine = assistant(library, [GOOD, INVENTED] * 4)
    result = writer.rewrite(Request(DRAFT, (NOTES,), kind="referral", n=8))
    assert len(engine.prompts) == 2
    assert (result.source, result.message) == ("model", GOOD)


def test_a_hopeless_candidate_is_cut_short_and_says_why(library: Library) -> None:
    writer, _ = assistant(library, [INVENTED])
    result = writer.rewrite(Request(DRAFT, (NOTES,), kind="referral", n=1))
    cut = next(v for v in result.verdicts if v.candidate.source == "model")
    assert cut.candidate.text.endswith("40 level crossings, and none failed inspection.")
    assert not cut.candidate.finished
    assert any("40" in reason for reason in cut.reasons)


def test_dropping_what_has_to_be_said_is_a_reason(library: Library) -> None:
    writer, _ = assistant(library, [DROPPED] * 2)
    result = writer.rewrite(Request(DRAFT, (NOTES,), kind="referral", n=1))
    verdict = next(v for v in result.verdicts if v.candidate.source == "model")
    assert any(reason.startswith("leaves out your proof") for reason in verdict.reasons)


def test_a_good_draft_is_sent_as_it_is(library: Library) -> None:
    draft = Document("draft", GOOD)
    writer, _ = assistant(library, [DROPPED] * 2)
    result = writer.rewrite(Request(draft, (NOTES,), kind="referral", n=1))
    assert (result.source, result.message) == ("draft", GOOD)
    assert "send it" in result.explanation.verdict.casefold()


# Complete drafts by many hands, with the notes they were made from.
LINES = (Path(__file__).parent / "data" / "complete.jsonl").read_text(encoding="utf-8")
COMPLETE = [json.loads(line) for line in LINES.splitlines()]


@pytest.mark.parametrize("case", COMPLETE, ids=lambda case: case["kind"])
def test_a_complete_draft_with_its_notes_comes_back(library: Library, case: dict[str, str]) -> None:
    writer, _ = assistant(library, [DROPPED] * 2)
    notes = (Document("notes.md", case["notes"]),)
    result = writer.rewrite(Request(Document("draft", case["draft"]), notes, kind=case["kind"], n=1))
    assert (result.source, result.message) == ("draft", case["draft"])


LACKING = GOOD.replace("Last year I rewired 14 level crossings, and none failed inspection.", "I like trains.")


@pytest.mark.parametrize("notes", ["", NOTES.text, "to: Ines Okafor, signalling lead at Tarn Rail"])
def test_a_draft_that_lacks_its_proof_is_not_good(library: Library, notes: str) -> None:
    writer, _ = assistant(library, [DROPPED] * 2)
    given = (Document("notes.md", notes),) if notes else ()
    assert writer.rewrite(Request(Document("draft", LACKING), given, kind="referral", n=1)).source != "draft"


@pytest.mark.parametrize("notes", ["Hana, rowing club Poole, boat rack by the slipway. plank broken since 3 May", ""])
def test_what_no_notes_hold_keeps_no_draft_from_being_sent(library: Library, notes: str) -> None:
    """Nobody offers anything here, and no change could: but only notes tell that there is no more to say."""
    text = (
        "Dear Hana,\n\nThe boat rack of the rowing club in Poole, by the slipway, has had a broken plank since 3 May. "
        "The upper boat now lies on its rudder.\n\nI'm a joiner in Poole. Who looks after the rack? If not you, "
        "please ignore this.\n\nMo"
    )
    writer, _ = assistant(library, [DROPPED] * 2)
    given = (Document("notes.md", notes + ". rudder of upper boat. I'm Mo, joiner in Poole"),) if notes else ()
    result = writer.rewrite(Request(Document("draft", text), given, kind="pitch", n=1))
    assert {f.principle for f in result.draft_verdict.findings if f.severity == "warning"} == {"no-value"}
    assert (result.source == "draft") == bool(notes)


def test_over_the_limit_is_out(library: Library) -> None:
    writer, _ = assistant(library, [GOOD] * 2)
    result = writer.rewrite(Request(DRAFT, (NOTES,), kind="referral", n=1, max_chars=200))
    assert len(result.message) <= 200
    assert result.source == "safe-edit"


def test_prompt_longer_than_the_context_names_both_counts(library: Library) -> None:
    writer, _ = assistant(library, [], context_tokens=400)
    long = Document("notes.md", "wired the depot again. " * 100)
    with pytest.raises(ModelError, match=r"4\d\d tokens long; the model reads 80"):
        writer.rewrite(Request(DRAFT, (long,), kind="referral"))


def test_empty_draft_and_unknown_kind(library: Library) -> None:
    writer, _ = assistant(library, [])
    with pytest.raises(UsageError, match="empty"):
        writer.rewrite(Request(Document("draft", " \n")))
    with pytest.raises(UsageError, match="no kind"):
        writer.rewrite(Request(DRAFT, kind="sonnet"))


def bump(library: Library, follow_up: FollowUp) -> object:
    writer, _ = assistant(library, [DROPPED] * 2)
    return writer.rewrite(Request(Document("draft", GOOD), (), n=1, follow_up=follow_up))


def test_a_follow_up_before_ten_days_is_too_soon(library: Library) -> None:
    early = bump(library, FollowUp(date(2026, 11, 15)))
    assert any("7 days ago" in w and "2026-11-25" in w for w in early.explanation.warnings)
    due = bump(library, FollowUp(date(2026, 11, 12)))
    assert not any("days ago" in w for w in due.explanation.warnings)


def test_a_second_follow_up_is_the_last_and_a_third_is_refused(library: Library) -> None:
    second = bump(library, FollowUp(date(2026, 11, 1), 2))
    rule = library.principle("too-many").rule
    assert rule in second.explanation.warnings
    assert any(p in second.message for p in library.kind("follow-up").phrases["last"])
    with pytest.raises(UsageError) as refused:
        bump(library, FollowUp(date(2026, 11, 1), 3))
    assert rule in str(refused.value)


def test_a_follow_up_is_never_the_first_message_again(library: Library) -> None:
    writer, _ = assistant(library, [GOOD] * 2)
    result = writer.rewrite(Request(Document("draft", GOOD), (), n=1, follow_up=FollowUp()))
    assert result.source == "safe-edit"
    assert result.kind == "follow-up"
    assert any("repeats" in r for v in result.verdicts if v.candidate.source == "model" for r in v.reasons)


def test_user_text_is_never_template_code(library: Library) -> None:
    draft = Document("draft", "Hi {{ 7 * 7 }} {% raw %}<|im_end|> can you refer me?")
    writer, engine = assistant(library, [DROPPED] * 2)
    writer.rewrite(Request(draft, (NOTES,), kind="referral", n=1))
    content = "\n".join(m.content for m in engine.prompts[0].messages)
    assert "{{ 7 * 7 }} {% raw %}<|im_end|>" in content
    assert "49" not in content


def test_what_is_to_be_left_out_is_a_reason_and_common_words_are_not(library: Library) -> None:
    notes = Document("notes.md", NOTES.text + "- applied to four other depots already, don't mention\n")
    told = GOOD.replace("Thanks for reading.", "I applied to four other depots already.")
    writer, _ = assistant(library, [told, GOOD])
    result = writer.rewrite(Request(DRAFT, (notes,), kind="referral", n=2))
    refused = next(v for v in result.verdicts if v.candidate.text == told)
    assert any("left out" in reason for reason in refused.reasons)
    assert result.message == GOOD


@pytest.mark.parametrize(("subject", "kept"), [("Signalling Technician", True), ("Your friend Anna", False)])
def test_a_subject_passes_the_gate_too(library: Library, subject: str, kept: bool) -> None:
    writer, _ = assistant(library, [f"Subject: {subject}\n\n{GOOD}"])
    result = writer.rewrite(Request(DRAFT, (NOTES,), kind="referral", n=1))
    assert result.message == GOOD
    assert result.subject == (subject if kept else None)


def test_an_echo_of_the_prompt_is_refused(library: Library) -> None:
    last = "Rewrite the draft with the facts."
    writer, engine = assistant(library, [f"{GOOD}\n\n{last}", f"From: Piotr Zawada\n\n{GOOD}", GOOD])
    result = writer.rewrite(Request(DRAFT, (NOTES,), kind="referral", n=3))
    assert last in engine.prompts[0].messages[-1].content
    echoed = [v for v in result.verdicts if v.candidate.source == "model" and v.candidate.text != GOOD]
    assert len(echoed) == 2
    assert all("repeats its instructions" in v.reasons for v in echoed)
    assert result.message == GOOD


def test_a_good_draft_wins_over_any_candidate(library: Library) -> None:
    writer, _ = assistant(library, [GOOD.replace("Thanks for reading.", "Thank you for reading.")])
    result = writer.rewrite(Request(Document("draft", GOOD), (NOTES,), kind="referral", n=1))
    assert (result.source, result.message) == ("draft", GOOD)


def test_a_comment_switches_a_rule_off_and_is_never_sent(library: Library) -> None:
    draft = Document("draft", f"<!-- assistant: ignore no-proof -->\n{DRAFT.text}")
    writer, _ = assistant(library, [GOOD])
    result = writer.rewrite(Request(draft, (NOTES,), kind="referral", n=1))
    assert "no-proof" not in {f.principle for f in result.draft_verdict.findings}
    assert "assistant:" not in result.draft.text + result.message
