"""The safe edit: the user's words around fixed phrases, each sentence past the gate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant import intake, reading
from assistant.facts import leftovers, unsupported
from assistant.records import Document, FollowUp, Library, Request
from assistant.safe_edit import _fit, safe_edit
from assistant.safe_edit_parts import Part

CASES = {
    "referral": (
        "Hi, can you refer me to any job at Tarn Rail? I am a hard worker.",
        "To: Ines Okafor, signalling lead at Tarn Rail, she wrote the guide to relay testing that I used.\n"
        "me: Piotr Zawada\njob: Signalling Technician\nI rewired 14 level crossings last year, none failed inspection",
    ),
    "informational": (
        "Dear sir, please guide me in my career, give me one hour.",
        "Dr. Amara Diallo, runs the burns unit at Holm Hospital. She wrote about skin grafts in rural clinics.\n"
        "Me: Lena Fuchs, ward nurse, 4 yrs\nquestion: which course should a ward nurse take first?\n15 min",
    ),
    "connection-note": (
        "lets connect!",
        "Bo Lindqvist, he gave the talk on lime plaster at the Lund fair. I'm Marek, plasterer. 200 characters",
    ),
    "introduction": (
        "can you hook me up with someone at the museum",
        "to: Fatou Sarr, my old tutor\ntarget: Henrik Dahl, curator at the Sea Museum\n"
        "me: Joana Reis, ship model maker\nI restored 12 models for the town hall",
    ),
    "forwardable": (
        "please tell your friends I need work",
        "I'm Dele Ajayi, welder, 9 years. Want: Coded Welder at Firth Docks. "
        "proof: passed 230 x-ray welds without a repair",
    ),
    "follow-up": (
        "Any update??? I am still waiting!!!",
        "Mr. Aldo Ricci. I wrote 2 weeks ago about the Kitchen Porter job at Osteria Nove. "
        "would he refer me. I'm Tomas Berg",
    ),
    "pitch": (
        "We are the best bakery supplier, call me",
        "Recipient: Salma Idris, owner of Corner Loaf. Her rye sells out by 9 every day.\n"
        "I'm Kurt Vogel, miller. offer: a free 5 kg bag of rye flour",
    ),
    "reply": (
        "ok fine whatever, can you at least ask your boss",
        "Priya Nair said she can't refer me, hiring is frozen until May. I'm Owen Pugh",
    ),
}


def edit(kind: str, library: Library, **options: object) -> tuple[str, tuple[Document, ...]]:
    draft, notes = (Document(name, text) for name, text in zip(("draft", "notes"), CASES[kind], strict=True))
    brief = reading.read_brief(draft, (notes,))
    limit = options.pop("max_chars", library.kind(kind).max_chars)
    text = safe_edit(
        reading.read_draft(draft), brief, library.kind(kind), library, (draft, notes), max_chars=limit, **options
    )
    return text, (draft, notes)


@pytest.mark.parametrize("kind", CASES)
def test_every_kind_is_whole_and_invents_nothing(kind: str, library: Library) -> None:
    text, sources = edit(kind, library)
    phrases = library.kind(kind).fixed
    assert len(text.split()) >= 12
    assert not unsupported(text, sources, allowed=phrases)
    assert not leftovers(text)
    assert "{" not in text


def test_says_what_the_notes_say(library: Library) -> None:
    text, _ = edit("referral", library)
    assert text.startswith("Hi Ines,")
    assert "Signalling Technician" in text
    assert "I rewired 14 level crossings last year" in text
    assert "you wrote the guide to relay testing" in text.lower()
    assert text.endswith("Piotr Zawada")
    assert "hard worker" not in text


def test_shortens_by_leaving_out_whole_sentences(library: Library) -> None:
    whole, _ = edit("connection-note", library, max_chars=300)
    short, _ = edit("connection-note", library, max_chars=80)
    assert len(short) <= 80 < len(whole)
    assert short.endswith((".", "?", "Marek"))


def test_a_second_follow_up_says_that_it_is_the_last(library: Library) -> None:
    first, _ = edit("follow-up", library, follow_up=FollowUp(None, 1))
    last, _ = edit("follow-up", library, follow_up=FollowUp(None, 2))
    phrases = library.kind("follow-up").phrases["last"]
    assert any(p in last for p in phrases)
    assert not any(p in first for p in phrases)


def test_a_draft_without_notes_still_gives_a_message(library: Library) -> None:
    draft = Document("draft", "Hi Sam, which night course did you take? I fit kitchens in Leeds. Jo")
    brief = reading.read_brief(draft, ())
    kind = library.kind("informational")
    text = safe_edit(reading.read_draft(draft), brief, kind, library, (draft,), max_chars=None)
    assert text.strip()
    assert not unsupported(text, (draft,), allowed=kind.fixed)


def test_the_same_draft_gives_the_same_message(library: Library) -> None:
    assert edit("pitch", library) == edit("pitch", library)


def test_what_was_spared_early_comes_back_where_there_is_room(library: Library) -> None:
    kind = library.kind("connection-note")
    parts = [Part("Hi Bo,", 0), Part("A" * 60 + ".", 1, drop=2), Part("Why not?", 1), Part("Marek", 2, drop=5)]
    assert _fit(parts, kind, 30) == "Hi Bo,\n\nWhy not?\n\nMarek"
    assert _fit(parts, kind, 20) == "Hi Bo,\n\nWhy not?"
    assert "AAA" in _fit(parts, kind, 100)


@pytest.mark.parametrize(
    ("notes", "limit"),
    [
        ("300 chars, I have premium", 300),
        ("under 200 please", 200),
        ("max: 300", 300),
        ("we were 300 people in the hall", 200),
        ("I have 300 hives", 200),
    ],
)
def test_the_notes_name_the_channel_s_limit(notes: str, limit: int, library: Library) -> None:
    request = Request(Document("draft", "hi"), (Document("notes", notes),), None)
    assert intake.limit(request, library.kind("connection-note")) == limit
    assert intake.limit(replace(request, max_chars=120), library.kind("connection-note")) == 120
    assert intake.limit(request, library.kind("referral")) is None
