"""The explanation holds only principles' sentences and exact words of draft, notes and message."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from assistant import paths
from assistant.explain import _asked, explain
from assistant.library import load_library
from assistant.records import (
    SLOTS,
    Brief,
    Check,
    Document,
    Draft,
    Excerpt,
    Explanation,
    Finding,
    Kind,
    Library,
    Principle,
    Severity,
    Slot,
    Source,
)


def principle(id: str, *checks: Check, severity: Severity = "warning", disagreement: str = "") -> Principle:
    return Principle(
        id,
        f"Title of {id}",
        f"Rule of {id}.",
        f"Why of {id}.",
        ("D2",),
        severity,
        ("all",),
        checks,
        (),
        (),
        disagreement,
    )


LIBRARY = Library(
    (
        principle("asked-not-to-write", Check("phrase", any=("please stop",), where="notes"), severity="error"),
        principle("flattery", Check("phrase", any=("amazing",))),
        principle("no-graceful-exit", Check("slot", slot="exit")),
        principle("no-proof", Check("slot", slot="proof")),
        principle("no-reason-for-recipient", Check("slot", slot="why_them")),
        principle("no-role", Check("slot", slot="target")),
        principle("pushy-ask", Check("phrase", any=("any job",)), disagreement="D1 and D2 differ on the ask."),
        principle("too-long", Check("length", side="over"), disagreement="D2 and D3 differ on length."),
        principle("vague-ask", Check("phrase", any=("let me know",)), severity="error"),
    ),
    (),
)
WHY = {p.why for p in LIBRARY.principles}


def kind(*traits: str) -> Kind:
    return Kind("referral", "t", "s", "sh", traits, 10, 90, None, (), {}, {}, {}, "", ())


REFERRAL = kind("first_contact", "has_ask", "forwarded", "needs_proof")


def excerpts(text: str, source: str, slots: Mapping[str, str | tuple[str, ...]]) -> Brief:
    """A brief whose excerpts are found in the text, so that a typing error fails the test."""
    found: dict[str, tuple[Excerpt, ...]] = {}
    for slot, words in slots.items():
        many = (words,) if isinstance(words, str) else words
        found[slot] = tuple(Excerpt(w, source, text.index(w), text.index(w) + len(w), 1) for w in many)
    return Brief(**found)


def at(text: str, id: str, quote: str = "") -> Finding:
    severity = LIBRARY.principle(id).severity
    start = text.index(quote) if quote else 0
    return Finding(id, severity, start, start + len(quote), quote, f"Title of {id}. Rule of {id}.")


DRAFT = "Dear Mr Lowe, your bakery is amazing! I want any job. Let me know what you think."
NOTES = (
    "Tom Lowe said at Hexham market he needs a night baker. "
    "I baked 400 loaves a night at Crumb for 2 years. I also juggle."
)
MESSAGE = (
    "Dear Mr Lowe,\n\nAt Hexham market you said that you need a night baker. "
    "I baked 400 loaves a night at Crumb for 2 years. "
    "Would you tell your head baker about me? If not, no problem.\n\nIda"
)


def told(
    source: Source = "model",
    draft: str = DRAFT,
    message: str = MESSAGE,
    before: tuple[Finding, ...] = (),
    after: tuple[Finding, ...] = (),
    said_draft: Brief | None = None,
    said_message: Brief | None = None,
    brief: Brief | None = None,
    of: Kind = REFERRAL,
    notes: tuple[Document, ...] = (),
) -> Explanation:
    said = {
        "why_them": "At Hexham market you said that you need a night baker",
        "target": "night baker",
        "proof": "I baked 400 loaves a night at Crumb for 2 years",
        "about": "I baked 400 loaves a night",
        "ask": "Would you tell your head baker about me?",
        "exit": "If not, no problem.",
    }
    return explain(
        Draft(Document("draft", draft), ()),
        message,
        source,
        of,
        LIBRARY,
        brief or Brief(),
        before,
        after,
        None,
        None,
        said_draft=said_draft or Brief(),
        said_message=excerpts(MESSAGE, "message", said) if said_message is None else said_message,
        notes=notes,
    )


def test_a_removed_phrase_stands_beside_the_words_that_took_its_place() -> None:
    changes = told(
        before=(at(DRAFT, "flattery", "amazing"), at(DRAFT, "vague-ask", "Let me know what you think"))
    ).changes
    ask, praise = changes[:2]
    assert (ask.principle, ask.before) == ("vague-ask", "Let me know what you think")
    assert ask.after == "Would you tell your head baker about me?"
    assert (praise.principle, praise.before) == ("flattery", "amazing")
    assert praise.after == "At Hexham market you said that you need a night baker."


def test_a_sentence_that_lives_on_is_its_own_replacement() -> None:
    draft = "I painted 30 amazing boats in Oban."
    message = "I painted 30 boats in Oban."
    changes = told(
        draft=draft, message=message, before=(at(draft, "flattery", "amazing"),), said_message=Brief()
    ).changes
    assert [(c.before, c.after) for c in changes] == [("amazing", "I painted 30 boats in Oban.")]


def test_what_was_simply_removed_has_nothing_after_it() -> None:
    changes = told(before=(at(DRAFT, "flattery", "amazing"),), message="Hello.", said_message=Brief()).changes
    assert [(c.before, c.after) for c in changes] == [("amazing", "")]


def test_an_absence_found_in_the_draft_is_filled_with_the_words_of_the_message() -> None:
    changes = told(before=(at(DRAFT, "no-proof"), at(DRAFT, "no-role"))).changes
    by_id = {c.principle: c for c in changes}
    assert by_id["no-proof"].before == ""
    assert by_id["no-proof"].after == "I baked 400 loaves a night at Crumb for 2 years."
    assert by_id["no-role"].after == "At Hexham market you said that you need a night baker."


def test_an_addition_needs_no_finding() -> None:
    assert {c.principle for c in told().changes} >= {"no-proof", "no-reason-for-recipient", "no-graceful-exit"}


def test_what_the_draft_already_said_is_no_change() -> None:
    said = excerpts(
        DRAFT, "message", {"exit": "Let me know", "proof": "bakery", "why_them": "bakery", "target": "any job"}
    )
    assert told(said_draft=said).changes == ()


def test_a_fault_that_remains_is_no_change() -> None:
    message = "Your bakery is amazing."
    before = (at(DRAFT, "flattery", "amazing"), at(DRAFT, "no-proof"))
    after = (at(message, "flattery", "amazing"), at(message, "no-proof"))
    assert told(message=message, before=before, after=after, said_message=Brief()).changes == ()


def test_length_is_told_in_words() -> None:
    change = next(c for c in told(before=(at(DRAFT, "too-long"),)).changes if c.principle == "too-long")
    assert change.before == f"{len(DRAFT.split())} words"
    assert change.after == f"{len(MESSAGE.split())} words"


def test_every_reason_is_a_principles_own() -> None:
    before = (at(DRAFT, "flattery", "amazing"), at(DRAFT, "no-proof"), at(DRAFT, "too-long"))
    changes = told(before=before).changes
    assert changes
    assert {c.why for c in changes} <= WHY


def test_before_and_after_are_exact_words() -> None:
    before = (
        at(DRAFT, "flattery", "amazing"),
        at(DRAFT, "vague-ask", "Let me know what you think"),
        at(DRAFT, "no-proof"),
    )
    for change in told(before=before).changes:
        assert change.before in DRAFT
        assert change.after in MESSAGE


def test_a_principle_from_elsewhere_does_not_break_the_explanation() -> None:
    stray = Finding("not-in-this-library", "info", 0, 4, "Dear", "x")
    assert "not-in-this-library" not in {c.principle for c in told(before=(stray,)).changes}


def test_a_draft_that_stays_has_no_changes() -> None:
    assert told(source="draft", before=(at(DRAFT, "flattery", "amazing"),), message=DRAFT).changes == ()


def test_the_five_questions_are_answered_in_exact_words_or_not_at_all() -> None:
    questions = told().questions
    assert [q.question for q in questions] == [
        "Why me?",
        "What role?",
        "What makes this person relevant?",
        "Can I explain them in one sentence?",
        "Can I say no without drama?",
    ]
    assert all(q.before is None for q in questions)
    assert [q.after for q in questions][:3] == [
        "At Hexham market you said that you need a night baker",
        "night baker",
        "I baked 400 loaves a night at Crumb for 2 years",
    ]
    assert questions[4].after == "If not, no problem."


def test_praise_is_no_answer_to_why_me() -> None:
    said = excerpts(DRAFT, "message", {"why_them": "your bakery is amazing"})
    assert told(said_draft=said).questions[0].before == "your bakery is amazing"
    assert told(said_draft=said, before=(at(DRAFT, "flattery", "amazing"),)).questions[0].before is None


def test_one_sentence_needs_who_what_and_why() -> None:
    assert (
        told().questions[3].after
        == "I baked 400 loaves a night; night baker; I baked 400 loaves a night at Crumb for 2 years"
    )
    no_proof = excerpts(MESSAGE, "message", {"target": "night baker", "about": "Ida"})
    assert told(said_message=no_proof).questions[3].after is None
    assert told(after=(at(MESSAGE, "no-proof"),)).questions[3].after is None


def test_a_kind_without_a_role_asks_what_it_is_about() -> None:
    assert told(of=kind("first_contact", "has_ask", "offers_value")).questions[1].question == "What is it about?"


def test_an_answer_to_a_message_has_no_five_questions() -> None:
    assert told(of=kind("answers")).questions == ()


def test_what_was_used_and_what_was_left_out() -> None:
    brief = excerpts(
        NOTES,
        "notes.md",
        {
            "proof": "I baked 400 loaves a night at Crumb for 2 years",
            "why_them": "he needs a night baker",
            "leave_out": "I also juggle",
        },
    )
    result = told(brief=brief)
    assert {e.text for e in result.used} == {
        "I baked 400 loaves a night at Crumb for 2 years",
        "he needs a night baker",
    }
    assert [e.text for e in result.left_out] == ["I also juggle"]
    assert result.left_out[0].origin == "notes.md:1"


def test_what_was_to_be_left_out_comes_first() -> None:
    brief = excerpts(NOTES, "notes.md", {"proof": "I baked 400 loaves", "leave_out": "I also juggle"})
    result = told(brief=brief, message="Hello there, may I call?", said_message=Brief())
    assert [e.text for e in result.left_out] == ["I also juggle", "I baked 400 loaves"]


def test_reasons_not_to_send_are_warnings_and_disagreements_are_none() -> None:
    notes = (Document("notes.md", "He wrote back: please stop writing to me."),)
    answer = told(notes=notes, after=(at(MESSAGE, "too-long"),))
    assert [w[:28] for w in answer.warnings] == ["Title of asked-not-to-write:"]
    assert answer.disagreements == ("D2 and D3 differ on length.",)


def test_a_disagreement_that_played_no_part_is_not_told() -> None:
    assert told().disagreements == ()


def test_a_length_that_came_right_is_not_debated() -> None:
    assert told(before=(at(DRAFT, "too-long"),)).disagreements == ()


def test_a_disagreement_about_what_was_changed_is_told() -> None:
    before = (at(DRAFT, "pushy-ask", "I want any job"),)
    assert told(before=before).disagreements == ("D1 and D2 differ on the ask.",)


def test_a_person_is_used_when_the_first_name_is() -> None:
    notes = "Tom Lowe, Hexham. Baker: Ida Brandt."
    brief = excerpts(notes, "notes.md", {"recipient": "Tom Lowe", "sender": "Ida Brandt"})
    assert {e.text for e in told(brief=brief, message="Hi Tom, may I call? Ida").used} == {"Tom Lowe", "Ida Brandt"}


@pytest.mark.parametrize("source", ["model", "draft", "safe-edit"])
def test_the_verdict_is_one_sentence(source: Source) -> None:
    verdict = told(source=source).verdict
    assert verdict.endswith(".")
    assert verdict.count(". ") == 0


def test_the_data_of_the_questions_fits_the_library() -> None:
    library = load_library()
    ids = {p.id for p in library.principles}
    questions, places = _asked()
    slots: set[Slot] = set(SLOTS)
    assert len(questions) == 5
    assert set(places) <= ids
    assert set(places.values()) <= slots
    for asked in questions:
        assert asked.spoilt_by <= ids
        assert {*asked.slots, *(s for group in asked.all for s in group)} <= slots
        assert bool(asked.slots) != bool(asked.all)
        assert bool(asked.otherwise) == bool(asked.traits)


def test_no_sentence_of_a_principle_stands_in_the_code() -> None:
    code = Path(explain.__code__.co_filename).read_text("utf-8")
    for p in load_library().principles:
        for sentence in (p.title, p.rule, p.why):
            assert sentence not in code
    assert (paths.PROMPTS / "questions.toml").is_file()
