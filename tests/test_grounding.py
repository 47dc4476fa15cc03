from __future__ import annotations

import pytest

from assistant.engine import last_sentence_end
from assistant.grounding import Grounding
from assistant.records import Document

NOTES = Document(
    "notes.md",
    "- to: Dr. Żaneta Müller-Okoye, runs the night desk at Harrow Vale hospital\n"
    "- I'm Tobias, 3 yrs on ward B12, live at 14B, trained 2,500 hours, start Mon 4 May\n"
    "- see https://tobias.example.org/log or write tobias@mail.org; 10:30 suits\n",
)
GUARD = Grounding([NOTES], ["Thank you for reading."], lambda text: "hovercraft" in text)


def allowed(text: str) -> bool:
    """Whether every growing piece of a text is allowed, a letter at a time, and its end."""
    steps = [text[:end] for end in range(1, len(text) + 1)]
    return all(GUARD.allows(step, len(step) - 1) for step in (*steps, text + "\n"))


@pytest.mark.parametrize(
    "text",
    [
        "Hi Zaneta, you run the night desk at Harrow Vale.",
        "Dear Dr. Müller-Okoye,\n\nWatching the desk for 3 years taught me a lot.",
        "I trained 2500 hours. On Monday, 4 May, at 10:30 I could call.",
        "My log is at https://tobias.example.org/log.",
        "Write to tobias@mail.org, please. Would you?",
        "I'm on B12 and live at 14B.\n\nKind regards,\nTobias",
        "Thanks! And yes: Thank you for reading.",
    ],
)
def test_what_the_notes_hold_may_be_written(text: str) -> None:
    assert allowed(text)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("Hi Zaneta, I met Sarah", "Hi Zaneta, I met "),
        ("I worked at Harrow Hill", "I worked at Harrow H"),
        ("I trained 25 hours", "I trained 25"),
        ("It was the Har ", "It was the Har"),
        ("I have 12 years", "I have "),
        ("See https://sarah.org", "See https://"),
        ("Mail me: sarah@mail.org", "Mail me: sarah"),
        ("Kind regards.\n\nBest,\nSarah", "Kind regards.\n\nBest,\n"),
        ("Hello Dr. Sarah", "Hello Dr. "),
    ],
)
def test_what_no_note_holds_is_not_begun(text: str, before: str) -> None:
    assert all(GUARD.allows(before[:end], end - 1) for end in range(1, len(before) + 1))
    assert not allowed(text)


def test_any_word_may_open_a_sentence() -> None:
    assert allowed("Yesterday I read it. Perhaps you would know?\n\nNobody else does.")


def test_a_word_is_looked_at_again_when_the_next_piece_ends_it() -> None:
    assert GUARD.allows("I work at Har", 10)
    assert GUARD.allows("I work at Harrow Vale", 13)
    assert not GUARD.allows("I work at Har, which", 13)


def test_hopeless_is_what_the_gate_refuses() -> None:
    assert GUARD.hopeless("My hovercraft is full.")
    assert not GUARD.hopeless("My ward is full.")


def test_a_sentence_is_whole_when_something_follows() -> None:
    assert last_sentence_end("It costs 3.5") == 0
    assert last_sentence_end("It ended. I left! Now") == 17
    assert last_sentence_end("It ended. I left! Now", 17) == 17
    assert last_sentence_end("Hi Ana,\n\nIt") == 9
