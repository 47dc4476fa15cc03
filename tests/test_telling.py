"""Messages told excerpt by excerpt: which tellings hold, and how a message is made of them. The engine is scripted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

import pytest

from assistant.engine import ScriptedEmbedder, ScriptedEngine
from assistant.reading import read_draft
from assistant.records import Brief, Document, Excerpt, Library, ModelInfo, Request, Slot
from assistant.rewrite import Assistant
from assistant.safe_edit import edit
from assistant.telling import SAMPLES, Job, Key, Teller, Telling, key, messages, tell_all, whole
from assistant.telling_checks import (
    done_by_mine,
    half_turned,
    in_order,
    joined_anew,
    mine_lost,
    ours_anew,
    persons_anew,
    reader_brought_in,
    sense_changed,
    sides_right,
    turned_to_reader,
)

DRAFT = Document("draft", "Hi Ines, got anything for me?")
NOTES = Document(
    "notes",
    "Ines Kranz, she trained me on the night desk\nI cut missed pickups from 31 to 12 a week\n"
    "dispatcher, 6 yrs\nShift Planner at Brookvale Transit\nTomas Rehn",
)


def _excerpt(text: str) -> tuple[Excerpt, ...]:
    start = NOTES.text.index(text)
    return (Excerpt(text, "notes", start, start + len(text), 1),)


def _any(text: str) -> tuple[Excerpt, ...]:
    return (Excerpt(text, "notes", 0, len(text), 1),)


BRIEF = Brief(
    recipient=_excerpt("Ines Kranz"),
    sender=_excerpt("Tomas Rehn"),
    why_them=_excerpt("she trained me on the night desk"),
    proof=_excerpt("I cut missed pickups from 31 to 12 a week"),
)


def _told(
    library: Library, *replies: str, slot: str = "proof", note: bool = False, question: bool = False
) -> Sequence[str]:
    engine = ScriptedEngine([*replies, *[""] * (SAMPLES - len(replies))])
    teller = Teller(engine, library.kind("referral"), BRIEF, (DRAFT, NOTES), 0, lambda _: None)
    job = Job(slot, BRIEF.get(slot), question, note)  # type: ignore[arg-type]
    return next(teller.tell([job]))


GOOD = "I cut missed pickups from 31 to 12 a week."


def test_a_telling_that_says_what_the_excerpt_says_holds(library: Library) -> None:
    assert _told(library, GOOD, GOOD, "I cut missed pickups.") == (GOOD,)


@pytest.mark.parametrize(
    ("text", "excerpt", "anew"),
    [
        ("You sent the right link to printers.", "sent the right link (printers)", True),
        ("I have a podcast with 1,050 listeners in vets.", "podcast - 1,050 listeners, vets mostly", True),
        ("I've been a bookbinder for 5 years.", "bookbinder, 5 yrs", False),
        ("We were on one team in Lyon in 2024.", "were on one team in Lyon (2024)", False),
        ("I emailed you on 10 June.", "emailed her 10 June", False),
        ("I've worked on a tool hire counter for 4 years.", "tool hire counter 4 yrs", False),
        (
            "You work in digital preservation at the Lagoon Archive.",
            "digital preservation at the Lagoon Archive",
            False,
        ),
        ("You said to ring you if I need a name.", "said ring me if you need a name", False),
        ("On 6 August you came to our school on Fridays.", "6 Aug he came to our school, Fridays", False),
        ("You're a porter in the night team.", "porter, night team", False),
        ("I'm an inspector at CWI.", "CWI inspector", True),
        ("I'm a porter at NHS Fife.", "porter, NHS Fife", False),
        ("I built a link to printers.", "built a link (printers)", True),
        ("I cut the wait by hand from 9 to 4 days.", "cut the wait, hand, 9 to 4 days", True),
    ],
)
def test_what_a_note_sets_side_by_side_is_not_joined_anew(text: str, excerpt: str, anew: bool) -> None:
    assert joined_anew(text, _any(excerpt)) is anew


def test_a_third_person_is_not_told_as_i(library: Library) -> None:
    words = "she runs the ward and he worked with her on the roster"
    brief = Brief(why_them=(Excerpt(words, "notes", 0, len(words), 1),))
    reply = "You run the ward, and I worked with you on the roster."
    engine = ScriptedEngine([reply] * SAMPLES)
    teller = Teller(engine, library.kind("referral"), brief, (Document("notes", words),), 0, lambda _: None)
    assert list(teller.tell([Job("why_them", brief.why_them)])) == [()]


@pytest.mark.parametrize(
    "reply",
    [
        "I cut missed pickups from 31 to 13 a week.",  # another number
        "I cut missed pickups from 31 to 12 a week at Brookvale Transit.",  # a fact of another excerpt
        "You cut missed pickups from 31 to 12 a week.",  # the reader's deed
        "I cut missed pickups for you from 31 to 12 a week.",  # the reader brought in
        "I cut missed pickups from 31 to 12 a week as a manager.",  # a role made up
        "I cut missed pickups.",  # half of it
        "I cut missed pickups from 31 to 12 a week",  # no end
        "Tomas cut missed pickups from 31 to 12 a week.",  # the sender by name, in his own message
        "I cut missed pickups from 31 to 12 a week. I cut missed pickups.",  # said twice
        "Did I cut missed pickups from 31 to 12 a week?",  # a question
    ],
)
def test_a_telling_that_says_anything_else_does_not(library: Library, reply: str) -> None:
    assert _told(library, reply, reply, reply, reply) == ()


def test_a_telling_written_once_is_a_guess(library: Library) -> None:
    assert _told(library, GOOD) == ()


def test_what_the_reader_did_is_told_to_them(library: Library) -> None:
    good, turned = "You trained me on the night desk.", "I trained on the night desk."
    assert _told(library, good, good, turned, turned, slot="why_them") == (good,)


def test_a_note_for_others_names_the_sender_and_never_says_i(library: Library) -> None:
    good = "Tomas cut missed pickups from 31 to 12 a week."
    assert _told(library, good, good, GOOD, GOOD, note=True) == (good,)


def test_one_sentence_tells_the_role_and_its_place_and_questions_are_asked(library: Library) -> None:
    brief = Brief(target=(*_excerpt("Shift Planner"), *_excerpt("Brookvale Transit"), *_excerpt("dispatcher")))
    assert [e.text for e in whole(brief, library.kind("referral"), "target")] == ["Shift Planner", "Brookvale Transit"]
    asks = Brief(target=(*_excerpt("dispatcher"), Excerpt("how did you start", "draft", 0, 17, 1)))
    teller = Teller(ScriptedEngine([]), library.kind("informational"), asks, (DRAFT, NOTES), 0, lambda _: None)
    assert teller.jobs() == [Job("target", asks.target[1:], question=True)]  # and a trade is no question


def test_a_message_uses_the_tellings_and_the_fixed_phrases_elsewhere(library: Library) -> None:
    proof = key("proof", BRIEF.proof, note=False)
    request = Request(DRAFT, (NOTES,), "referral", 4, None, 0)
    kind = library.kind("referral")
    made = list(
        messages(
            {proof: ("I brought missed pickups down from 31 to 12 a week.",)},
            request,
            read_draft(DRAFT),
            BRIEF,
            kind,
            library,
            (DRAFT, NOTES),
        )
    )
    assert [m.source for m in made] == ["model"]
    assert "I brought missed pickups down from 31 to 12 a week." in made[0].text
    assert made[0].text.startswith("Hi Ines,") and made[0].text.endswith("Tomas Rehn")
    assert "You trained me on the night desk." in made[0].text


def test_nothing_told_is_no_candidate(library: Library) -> None:
    request = Request(DRAFT, (NOTES,), "referral", 4, None, 0)
    assert not list(messages({}, request, read_draft(DRAFT), BRIEF, library.kind("referral"), library, (DRAFT, NOTES)))


def test_variants_differ_and_the_first_has_the_best_of_each(library: Library) -> None:
    proof = key("proof", BRIEF.proof, note=False)
    told = {proof: (GOOD, "I have cut missed pickups from 31 to 12 a week.")}
    request = Request(DRAFT, (NOTES,), "referral", 8, None, 0)
    made = list(messages(told, request, read_draft(DRAFT), BRIEF, library.kind("referral"), library, (DRAFT, NOTES)))
    assert len(made) == 2 and GOOD in made[0].text and GOOD not in made[1].text


def test_every_excerpt_is_asked_for_once(library: Library) -> None:
    engine = ScriptedEngine([""] * 40)
    teller = Teller(engine, library.kind("introduction"), BRIEF, (DRAFT, NOTES), 0, lambda _: None)
    steps: list[str] = []
    assert tell_all(teller, steps.append) == {}
    assert steps == ["wording 2 facts"]
    assert len(teller.prompts()) == 2  # the reason, and the proof as others tell it
    assert "Write one sentence." in teller.prompts()[0].messages[0].content


FULL = Brief(
    recipient=_excerpt("Ines Kranz"),
    sender=_excerpt("Tomas Rehn"),
    about=_excerpt("dispatcher, 6 yrs"),
    proof=_excerpt("I cut missed pickups from 31 to 12 a week"),
    history=_excerpt("trained me on the night desk"),
    why_them=_excerpt("she trained me"),
    offer=_excerpt("pickups from 31 to 12"),
    target=_excerpt("Shift Planner at Brookvale Transit"),
)


@pytest.mark.parametrize("name", ["referral", "informational", "connection-note", "pitch", "forwardable", "follow-up"])
def test_nothing_is_worded_that_the_recipe_does_not_ask_for(library: Library, name: str) -> None:
    class Noting(Telling):
        asked: ClassVar[set[Key]] = set()

        def _one(self, slot: Slot, excerpts: Sequence[Excerpt], *, note: bool = False) -> str:
            self.asked.add(key(slot, excerpts, note=note))
            return super()._one(slot, excerpts, note=note)

    kind = library.kind(name)
    teller = Teller(ScriptedEngine([]), kind, FULL, (DRAFT, NOTES), 0, lambda _: None)
    Noting.asked = set()
    edit(Noting(read_draft(DRAFT), FULL, kind, library, (DRAFT, NOTES), None, {}), None)
    worded = {key(job.slot, job.excerpts, note=job.note) for job in teller.jobs()}
    assert len(worded) > 1 and worded <= Noting.asked


def test_the_pipeline_returns_what_the_tuned_model_told(library: Library) -> None:
    class Tuned(ScriptedEngine):
        @property
        def info(self) -> ModelInfo:
            return ModelInfo("tiny", "0" * 64, adapter="writer")

    reason = "You trained me on the night desk."
    engine = Tuned([reason] * SAMPLES + ["My own idea."] * 40)
    answer = Assistant(library, engine, ScriptedEmbedder(), today=date(2026, 11, 22)).rewrite(
        Request(DRAFT, (NOTES,), "referral", 4, None, 0)
    )
    assert reason in answer.message
    assert "My own idea" not in answer.message
    assert {v.candidate.source for v in answer.verdicts} >= {"model", "draft"}


def test_telling_without_tellings_is_the_safe_edit(library: Library) -> None:
    words = Telling(read_draft(DRAFT), BRIEF, library.kind("referral"), library, (DRAFT, NOTES), None, {})
    assert words.about_reader("why_them") == "You trained me on the night desk."
    assert words.used == 0


@pytest.mark.parametrize(
    ("text", "excerpt", "source"),
    [
        ("He gave me his number and said I can write.", "she gave me his number and said I can write", "notes"),
        ("I'll write to you today.", "I will write to her today", "draft"),
    ],
)
def test_a_third_person_stays_who_it_was(text: str, excerpt: str, source: str) -> None:
    one = (Excerpt(excerpt, source, 0, len(excerpt), 1),)
    assert persons_anew(text, one) or turned_to_reader(text, one)
    assert not persons_anew(excerpt, one) and not turned_to_reader(excerpt, one)


def test_a_note_about_the_reader_may_become_you() -> None:
    one = (Excerpt("she trained me on her desk", "notes", 0, 26, 1),)
    told = "You trained me on your desk."
    assert not persons_anew(told, one) and not turned_to_reader(told, one)


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("I asked you if the council.", "I asked her if the council"),
        ("That won us the county prize.", "that won us the county prize"),
        ("I took 12 calls a week, and now I'm 1.", "12 calls a week, now 1"),
    ],
)
def test_half_a_sentence_is_not_told(library: Library, text: str, excerpt: str) -> None:
    brief = Brief(recipient=BRIEF.recipient, proof=_any(excerpt))
    engine = ScriptedEngine([text] * SAMPLES)
    teller = Teller(engine, library.kind("referral"), brief, (Document("notes", excerpt),), 0, lambda _: None)
    assert list(teller.tell([Job("proof", brief.proof)])) == [()]


def test_one_person_s_deed_is_not_a_firm_s() -> None:
    notes = (Document("notes", "Played at Bud centre, 45 people danced"),)
    assert ours_anew("We played at Bud centre.", notes) and not ours_anew("I played at Bud centre.", notes)


def test_one_stretch_may_move_and_facts_are_not_dealt_anew() -> None:
    def one(text: str) -> tuple[Excerpt, ...]:
        return _any(text)

    moved = one("answered my question at the Leeds workshop")
    assert in_order("At the Leeds workshop you answered my question.", moved)
    dealt = one("cut waits in Leeds by half, trained twelve guides, mapped nine rivers")
    assert not in_order("I mapped twelve rivers, cut guides by nine and trained waits in half Leeds.", dealt)


@pytest.mark.parametrize(
    ("text", "excerpt", "wrong"),
    [
        ("You worked nights and says he is fair.", "he worked nights and says he is fair", True),
        ("You turn out she works in payroll.", "turns out she works in payroll", True),
        ("You told me she is hiring.", "he told me she is hiring", False),
        ("You trained me and kept your notes.", "she trained me and kept her notes", False),
    ],
)
def test_all_of_one_person_s_words_become_you_or_none(text: str, excerpt: str, wrong: bool) -> None:
    assert half_turned(text, _any(excerpt)) == wrong


def test_what_is_mine_stays_mine() -> None:
    assert mine_lost("Your church works with the shelter.", _any("our church works with the shelter"))
    assert done_by_mine("I passed the exam, with 41 of 44.", _any("41 of my 44 students passed the exam"))
    assert not done_by_mine("I passed the exam.", _any("passed the exam before my students"))
    one = (Excerpt("same surname as my mum's side", "notes", 0, 29, 1),)
    assert mine_lost("You have the same surname as your mum's side.", one)
    assert not mine_lost("You have the same surname as my mum's side.", one)


@pytest.mark.parametrize(
    ("text", "excerpt", "slot", "wrong"),
    [
        ("I asked you 3 weeks ago for a rota.", "asked 3 weeks ago for a rota", "history", False),
        ("I asked the dean for you about a rota.", "asked the dean about a rota", "history", True),
        ("I wrote to you with Olga in May.", "wrote to Olga in May", "history", True),
        ("I work with you on the rota.", "work on the rota", "about", True),
    ],
)
def test_what_stands_between_two_was_done_to_the_reader(text: str, excerpt: str, slot: Slot, wrong: bool) -> None:
    assert reader_brought_in(text, _any(excerpt), Brief(), slot) is wrong


def test_a_proof_may_have_another_subject_than_the_sender() -> None:
    assert sides_right("The old press ran 11 times in May.", "proof", note=False)
    assert not sides_right("The press ran 11 times for your team.", "proof", note=False)
    assert not sides_right("A nurse for 9 years.", "about", note=False)
    assert sides_right("You may keep the press.", "offer", note=False)
    assert not sides_right("You may keep my press.", "proof", note=False)


def test_a_quotation_keeps_its_persons() -> None:
    excerpt = _any('she said "he drives better than her"')
    assert not half_turned('You said "he drives better than her".', excerpt)
    assert half_turned("You said he drives better than her.", _any("she said he drives better than her, she knows him"))


def test_you_stands_for_the_reader_s_name(library: Library) -> None:
    text = "Ines Kranz runs the night desk"
    good = "You run the night desk."
    engine = ScriptedEngine([good] * 8)
    teller = Teller(engine, library.kind("referral"), BRIEF, (DRAFT, Document("notes", text)), 0, lambda _: None)
    assert next(iter(teller.tell([Job("why_them", _any(text))]))) == (good,)


@pytest.mark.parametrize(
    ("text", "excerpt", "wrong"),
    [
        ("Would you like to offer him a place?", "would like to offer him a place", True),
        ("Would you like to see the loom?", "does she want to see the loom", False),
        ("I make a blender at Tea House.", "tea blender at Tea House", True),
        ("I make a rye loaf.", "make a rye loaf", False),
        ("I restored clocks for 9 years.", "I restore clocks, 9 years", True),
        ("I restored 12 clocks.", "restored 12 clocks", False),
        ("I have a BSc in finishing June.", "BSc, finishing in June", True),
        ("I work in printing.", "in printing since May", False),
        ("I do housing cases.", "lawyer, housing cases", False),
        ("I re-injured 5 of 40 athletes.", "re-injuries 5 of 40 athletes", True),
        ("I repaired 5 looms.", "repairs, I repaired 5 looms", False),
        ("Could you find my resume?", "find my resume attached", True),
        ("Could you text or call me in 15 minutes?", "could text or 15 min call", True),
        ("Could you call me in 15 minutes?", "call in 15 minutes", False),
        ("Could you ask him to pass my name on?", "ask him to pass my name on", True),
        ("Could you ask your chef to ring?", "ask him to ask his chef to ring", False),
        ("You in the film on rope work.", "in the film on rope work", True),
        ("I've been a Leeds for 8 years.", "Leeds, 8 yrs", True),
        ("I've been a Weaver for 8 years.", "Weaver, 8 yrs", False),
        ("Your post on kilns is why.", "her post on kilns is why", True),
    ],
)
def test_a_small_word_may_not_change_the_sense(text: str, excerpt: str, wrong: bool) -> None:
    assert sense_changed(text, _any(excerpt)) is wrong


def test_whose_it_is_does_not_become_who_did_it() -> None:
    assert persons_anew(
        "You said to him that your electrician retired.", _any("said to her that his electrician retired")
    )
    assert half_turned("You draw your eyes first.", _any("he draws their eyes first"))


def test_who_was_something_is_not_told_as_being_it(library: Library) -> None:
    text, notes = "ex receptionist 11 yrs", "me, Tomas Rehn: ex receptionist 11 yrs"
    was, am = "I was a receptionist for 11 years.", "I'm a receptionist with 11 years."
    for brief in (BRIEF, Brief()):
        engine = ScriptedEngine([was] * 4 + [am] * 4)
        teller = Teller(engine, library.kind("referral"), brief, (DRAFT, Document("notes", notes)), 0, lambda _: None)
        assert next(iter(teller.tell([Job("about", _any(text))]))) == (was,)
