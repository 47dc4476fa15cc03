"""The follow-up recipe, from briefs marked by hand: it says when it wrote, about what, and asks the same again."""

from __future__ import annotations

import pytest

from assistant import reading
from assistant.phrasing_times import TODAY, ago
from assistant.records import Brief, Document, Library
from assistant.safe_edit import safe_edit
from assistant.segments import excerpt


def follow_up(library: Library, notes: str, **slots: str) -> str:
    """The safe edit of notes whose excerpts are known; several of one slot are parted by a bar."""
    draft, told = Document("draft", "Hi, any news??"), Document("notes", notes)
    found = {}
    for slot, texts in slots.items():
        starts = [(notes.index(t), t) for t in texts.split("|")]
        found[slot] = tuple(excerpt(told, start, start + len(t)) for start, t in starts)
    brief = Brief(**found)
    kind = library.kind("follow-up")
    return safe_edit(reading.read_draft(draft), brief, kind, library, (draft, told), max_chars=None)


@pytest.mark.parametrize(
    ("notes", "sent"),
    [
        ("wrote to Ola Berg on the 3rd, now 14th", "on the 3rd"),
        ("emailed her 22 Jan, today 2 Feb", "on 22 Jan"),
        ("it's now 27 May; first mail was 15 May", "on 15 May"),
        ("today is 4 May, wrote two weeks ago", "two weeks ago"),
        ("the fair is on 4 May", "on 4 May"),
        ("the fair is 4 May", ""),
        ("wrote on Monday; the test is on the 19th", ""),
    ],
)
def test_when_the_first_message_went_out(notes: str, sent: str) -> None:
    assert ago(notes) == sent


def test_what_day_it_is_is_not_told() -> None:
    assert TODAY.sub("", "I wrote to you on the 3rd, now 14th.") == "I wrote to you on the 3rd."
    assert TODAY.sub("", "I wrote on 15 May, and it's now 27 May.") == "I wrote on 15 May."
    assert TODAY.sub("", "I wrote on 2 May, and now I bake.") == "I wrote on 2 May, and now I bake."


def test_a_question_stands_in_the_reminder_as_one(library: Library) -> None:
    notes = "Ola Berg. mailed him 4 Feb, now it's 15 Feb. which glaze they use on roof tiles. 15 min. Ana Lund"
    text = follow_up(
        library,
        notes,
        recipient="Ola Berg",
        sender="Ana Lund",
        history="mailed him 4 Feb",
        target="which glaze they use on roof tiles",
        ask="15 min",
    )
    assert "I wrote on 4 Feb to ask which glaze you use on roof tiles." in text
    assert "15 minutes" in text
    assert "15 Feb" not in text


def test_the_role_is_named_though_the_reader_was_met_elsewhere(library: Library) -> None:
    notes = (
        "Ola Berg. Emailed her 22 Jan. we met at the tile fair. asked if she'd refer me. Kiln Fitter, K-20. Ana Lund"
    )
    text = follow_up(
        library,
        notes,
        recipient="Ola Berg",
        sender="Ana Lund",
        history="Emailed her 22 Jan|we met at the tile fair",
        target="Kiln Fitter, K-20",
        ask="asked if she'd refer me",
    )
    assert "22 Jan" in text
    assert "iln fitter" in text.casefold()
    assert "your 22 Jan" not in text


def test_a_note_on_the_message_lets_nobody_off(library: Library) -> None:
    notes = "Ola Berg. sent on 3 May. asked if she'd refer me. Want it short. Ana Lund"
    text = follow_up(
        library,
        notes,
        recipient="Ola Berg",
        sender="Ana Lund",
        history="sent on 3 May",
        ask="asked if she'd refer me",
        exit="Want it short",
    )
    assert "short" not in text


def test_a_question_is_asked_again_beside_the_call(library: Library) -> None:
    notes = "Ola Berg. wrote 21 sept, now 2 oct. does the post include field work, or only remote. 15min call. Ana Lund"
    text = follow_up(
        library,
        notes,
        recipient="Ola Berg",
        sender="Ana Lund",
        history="wrote 21 sept, now 2 oct",
        target="does the post include field work, or only remote",
        ask="15min call",
    )
    assert "include field work, or only remote" in text
    assert "15 minute" in text
    assert "2 oct" not in text


def test_where_the_two_met_is_told(library: Library) -> None:
    notes = "Ola Berg. wrote 21 sept. We met at the tile fair. Kiln Fitter, K-20. refer me. Ana Lund"
    text = follow_up(
        library,
        notes,
        recipient="Ola Berg",
        sender="Ana Lund",
        history="wrote 21 sept|We met at the tile fair",
        target="Kiln Fitter, K-20",
        ask="refer me",
    )
    assert "We met at the tile fair." in text


def test_nothing_asks_for_silence_behind_a_yes_or_no(library: Library) -> None:
    notes = "Ola Berg. sent my plan 2 weeks ago. Ana Lund"
    text = follow_up(library, notes, recipient="Ola Berg", sender="Ana Lund", history="sent my plan 2 weeks ago")
    assert "either way" in text or "yes or no" in text
    assert "reply" not in text
