"""lint.py: each check type on principles made for the test, then the bundled principles on thirty labelled messages."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from assistant.library import load_library
from assistant.lint import WEIGHTS, faults, lint, lint_notes
from assistant.records import Brief, Check, Document, Excerpt, Finding, Kind, Library, Principle

LIBRARY = load_library()
MESSAGES = tomllib.loads((Path(__file__).parent / "data" / "lint_messages.toml").read_text(encoding="utf-8"))["message"]


def kind_of(*traits: str, words: tuple[int, int] = (3, 40), max_chars: int | None = None) -> Kind:
    return Kind("test", "t", "s", "s", traits, *words, max_chars, (), {}, {}, {}, "x", ())


def principle_of(*checks: Check, id: str = "test-fault", traits: tuple[str, ...] = ("all",)) -> Principle:
    return Principle(id, "A fault", "Mend it.", "Because.", ("D1",), "warning", traits, checks, (), ())


def run(text: str, *checks: Check, kind: Kind | None = None, **more: Any) -> list[str]:
    """The quotes found, "" for an absence."""
    return [f.quote for f in found(text, *checks, kind=kind, **more)]


def found(text: str, *checks: Check, kind: Kind | None = None, **more: Any) -> tuple[Finding, ...]:
    more.setdefault("said", Brief())
    return lint(text, kind or kind_of("has_ask"), Library((principle_of(*checks),), ()), **more)


def excerpt(text: str) -> Excerpt:
    return Excerpt(text, "notes", 0, len(text), 1)


def phrase(*words: str, **more: Any) -> Check:
    return Check("phrase", any=words, **more)


def test_a_phrase_is_whole_words_only() -> None:
    assert run("Thanks for helping me with it", phrase("ping me")) == []
    assert run("Just ping me, ok?", phrase("ping me")) == ["ping me"]
    assert run("We met at the adviser's", phrase("advise")) == []


def test_a_phrase_bridges_case_line_ends_and_forms_of_the_apostrophe() -> None:
    assert run("I DON’T know", phrase("don't know")) == ["DON’T know"]
    assert run("I don't know", phrase("don’t know")) == ["don't know"]
    assert run("any\n  advice?", phrase("any advice")) == ["any\n  advice"]


def test_the_longest_phrase_is_shown() -> None:
    assert run("any advice at all?", phrase("any advice", "any advice at all")) == ["any advice at all"]


def test_spans_count_code_points() -> None:
    text = "🙏🏽 Grüße! naïve pick your brain 🧠"
    (finding,) = found(text, phrase("pick your brain"))
    assert text[finding.start : finding.end] == "pick your brain"


def test_unless_saves_its_own_sentence_only() -> None:
    check = phrase("urgent", unless=("repairs",))
    assert run("I plan urgent repairs. Please, it is urgent!", check) == ["urgent"]
    assert run("I plan urgent repairs", check) == []


def test_a_short_form_does_not_end_the_sentence() -> None:
    assert run("It is urgent for Dr. Osei and J. Bell of repairs", phrase("urgent", unless=("repairs",))) == []


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("Hi Ana,\n\nI saw it. You wrote it. I saw it again.", ["saw"]),
        ("Subject: question\n\nDear Ms Roy,\nGood. I saw it. I saw it.", ["saw"]),
        ("hey saw ur page. ok. saw it twice", ["saw"]),
        ("Hi Ana. One. Two. I saw it.", []),
    ],
)
def test_the_opening_is_the_first_two_sentences_after_the_greeting(text: str, quotes: list[str]) -> None:
    assert run(text, phrase("saw", where="opening")) == quotes


def test_the_closing_is_the_last_two_sentences_with_the_sign_off() -> None:
    text = "Hi Ana, no reply is needed at all. I fix clocks. Is the tower open? Thanks for reading.\n\nBo"
    assert run(text, phrase("no reply", "thanks", where="closing")) == ["Thanks"]


def test_the_body_ends_where_a_note_to_forward_begins() -> None:
    text = "Would you ask her?\n\nForwardable note:\nMay Bo call you?"
    assert run(text, Check("count", any=(r"\?",), max=0, where="body")) == ["?"]


def test_a_pattern_ignores_case_and_its_overlaps_are_told_once() -> None:
    checks = (Check("pattern", any=(r"\bany (?:job|work)\b",)), Check("pattern", any=(r"any job at all",)))
    assert run("ANY JOB at all", *checks) == ["ANY JOB at all"]


def test_a_count_flags_what_is_beyond_its_limit() -> None:
    assert run("Refer me? Call me? Hire me?", Check("count", any=(r"\w+ me\?",), max=1)) == ["Call me?", "Hire me?"]
    assert run("Refer me?", Check("count", any=(r"\w+ me\?",), max=1)) == []


def test_a_count_with_a_minimum_is_an_absence() -> None:
    check = Check("count", any=(r"\?",), min=1)
    assert run("No question here.", check) == [""]
    assert run("A question?", check) == []


def test_one_absence_a_principle() -> None:
    checks = (Check("count", any=(r"\?",), min=1), Check("slot", slot="ask"))
    assert run("No question here.", *checks) == [""]


def test_length_is_the_kinds_own_range_on_its_side() -> None:
    kind = kind_of("has_ask", words=(3, 5))
    over, under = Check("length", side="over"), Check("length", side="under")
    assert run("one two three four five six", over, kind=kind) == [""]
    assert run("one two - three four five", over, kind=kind) == []
    assert run("one two", under, kind=kind) == [""]
    assert run("one two", over, kind=kind) == []
    assert run("one two three four", Check("length", min=5, max=9), kind=kind) == [""]


def test_the_channels_limit_counts_code_points_and_overrides_the_kinds() -> None:
    over = Check("length", side="over")
    assert run("ééééé", over, kind=kind_of("x", max_chars=4)) == [""]
    assert run("ééééé", over, kind=kind_of("x", max_chars=5)) == []
    (finding,) = found("ééééé", over, kind=kind_of("x", max_chars=9), max_chars=4)
    assert "5 characters, at most 4" in finding.message


def test_a_slot_is_missed_where_the_text_says_nothing_for_it() -> None:
    check = Check("slot", slot="exit", unless=(r"no problem",))
    assert run("Would you refer me?", check) == [""]
    assert run("Would you refer me? Fine if not.", check, said=Brief(exit=(excerpt("Fine if not"),))) == []
    assert run("Would you refer me? If not, no problem.", check) == []


def test_what_the_notes_hold_and_the_text_keeps_back() -> None:
    check = Check("slot", slot="history", hidden=True)
    known = Brief(history=(excerpt("met at the rope makers' fair in Hull"),))
    (finding,) = found("Would you refer me?", check, known=known)
    assert (finding.start, finding.end, finding.quote) == (0, 0, "")
    assert "met at the rope makers' fair in Hull" in finding.message
    assert run("At the rope maker's fair in Hull you met my dog.", check, known=known) == []
    assert run("Would you refer me?", check, known=Brief()) == []
    assert run("Would you refer me?", check) == []


def test_faults_that_come_together_make_another() -> None:
    parts = (principle_of(phrase("a"), id="one"), principle_of(phrase("b"), id="two"))
    both = principle_of(Check("together", any=("one", "two")), id="both")
    library = Library((both, *parts), ())
    kind = kind_of("has_ask")
    assert [f.principle for f in lint("a b", kind, library, said=Brief())] == ["both", "one", "two"]
    assert [f.principle for f in lint("a c", kind, library, said=Brief())] == ["one"]


def test_what_nothing_can_see_finds_nothing() -> None:
    assert run("anything", Check("none"), Check("embedding")) == []


def test_notes_are_read_by_their_own_call_only() -> None:
    check = phrase("mail merge", where="notes")
    assert run("mail merge", check) == []
    library = Library((principle_of(check),), ())
    found = lint_notes(Document("notes", "Plan: mail merge to all"), kind_of("x"), library)
    assert [f.quote for f in found] == ["mail merge"]


def test_a_principle_looks_only_at_kinds_with_one_of_its_traits() -> None:
    library = Library((principle_of(phrase("x"), traits=("answers",)),), ())
    assert lint("x", kind_of("has_ask"), library, said=Brief()) == ()
    assert len(lint("x", kind_of("answers"), library, said=Brief())) == 1
    named = Library((principle_of(phrase("x"), traits=("test",)),), ())
    assert len(lint("x", kind_of(), named, said=Brief())) == 1


def test_the_message_is_the_principles_own_words_with_what_was_found() -> None:
    (finding,) = found("well, any advice?", phrase("any advice"))
    assert finding.message == "A fault: “any advice”. Mend it."
    long = "x" * 200
    (finding,) = found(long, Check("pattern", any=("x+",)))
    assert finding.quote == long
    assert len(finding.message) < 100


def test_findings_come_by_their_place_and_weigh_by_severity() -> None:
    library = Library((principle_of(phrase("b"), id="b"), principle_of(phrase("a"), id="a")), ())
    result = lint("a b a", kind_of("x"), library, said=Brief())
    assert [(f.start, f.principle) for f in result] == [(0, "a"), (2, "b"), (4, "a")]
    assert faults(result) == pytest.approx(3 * WEIGHTS["warning"])
    assert faults(()) == 0
    assert WEIGHTS == {"error": 1.0, "warning": 0.4, "info": 0.1}


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "?", "🙂", "Dear", "Hi,\n", "Forwardable note:", "a" * 20000, "a, " * 3000]
)
@pytest.mark.parametrize("kind", LIBRARY.kinds, ids=lambda k: k.id)
def test_no_text_breaks_it(text: str, kind: Kind) -> None:
    for finding in lint(text, kind, LIBRARY, said=Brief(), known=Brief()):
        assert text[finding.start : finding.end] == finding.quote


# --- the thirty -------------------------------------------------------------------------------------------------


def spans_of(message: dict[str, Any]) -> tuple[Finding, ...]:
    kind = LIBRARY.kind(message["kind"])
    return lint(message["text"].strip(), kind, LIBRARY, said=Brief(), max_chars=message.get("max_chars"))


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m["id"])
def test_a_labelled_message_is_flagged_where_a_reader_would_underline_it(message: dict[str, Any]) -> None:
    found = spans_of(message)
    flagged: dict[str, list[str]] = {}
    for finding in found:
        if finding.quote:
            flagged.setdefault(finding.principle, []).append(finding.quote)
    assert flagged == message.get("spans", {})
    missing = {f.principle for f in found if not f.quote}
    assert set(message.get("absent", ())) <= missing
    if "spans" not in message:
        # An empty reading leaves only the expressions to see what is there; they must not cry wolf on these.
        assert {f.principle for f in found if f.severity != "info"} == set()


# --- the validation split ---------------------------------------------------------------------------------------


def flagged_share(field: str) -> float:
    """Share of the validation split's texts with an error or a warning; the case's slots stand for what a text says."""
    lines = (Path(__file__).parent.parent / "models" / "corpus" / "validation.jsonl").read_text(encoding="utf-8")
    flagged = []
    for case in map(json.loads, lines.splitlines()):
        if text := case.get(field):
            known = Brief(**{slot: tuple(map(excerpt, texts)) for slot, texts in case["slots"].items()})
            said = Brief() if field == "draft" else known
            found = lint(text, LIBRARY.kind(case["kind"]), LIBRARY, said=said, known=known, max_chars=case["max_chars"])
            flagged.append(any(f.severity != "info" for f in found))
    return sum(flagged) / len(flagged)


@pytest.mark.parametrize(("field", "most"), [("plain", 0.08), ("rewrite", 0.11)])
def test_messages_of_a_careful_person_stay_clean(field: str, most: float) -> None:
    assert flagged_share(field) <= most


def test_drafts_do_not() -> None:
    assert flagged_share("draft") >= 0.95


# --- near misses ------------------------------------------------------------------------------------------------

NEAR = tomllib.loads((Path(__file__).parent / "data" / "near_misses.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("kind", "sentence"), [(kind, text) for kind, texts in NEAR.items() for text in texts])
def test_a_near_miss_is_not_flagged(kind: str, sentence: str) -> None:
    found = lint(f"Hi Ana, {sentence}", LIBRARY.kind(kind), LIBRARY, said=Brief())
    assert [(f.principle, f.quote) for f in found if f.quote and f.severity != "info"] == []
