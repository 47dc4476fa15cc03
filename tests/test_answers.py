"""What a person answers goes into the slot that was asked about, word for word."""

from __future__ import annotations

from assistant.answers import SLOT_OF, filled, written
from assistant.records import NEEDS, Brief, Excerpt


def test_every_need_has_a_slot() -> None:
    assert set(SLOT_OF) == set(NEEDS)


def test_answers_are_read_back_verbatim_into_their_slots() -> None:
    document = written({"role": " night nurse:  ward 3 ", "recipient": "Priya Natarajan", "sender": "Kofi", "ask": " "})
    assert document is not None
    earlier = Excerpt("any job", "draft", 0, 7, 1)
    brief = filled(Brief(target=(earlier,)), document)
    assert [e.text for e in brief.target] == ["night nurse: ward 3", "any job"]
    assert [e.text for e in brief.recipient] == ["Priya Natarajan"]
    assert [e.text for e in brief.sender] == ["Kofi"]
    assert brief.ask == ()
    for excerpt in (brief.target[0], *brief.recipient, *brief.sender):
        assert document.text[excerpt.start : excerpt.end] == excerpt.text
        assert document.text.splitlines()[excerpt.line - 1].endswith(excerpt.text)


def test_no_answer_is_no_document() -> None:
    assert written({"role": "", "proof": "  "}) is None
