"""The brief as text: what is written is read back, words keep their place, and what is new is the sender's own."""

from __future__ import annotations

import pytest

from assistant.brief import corrected, filled, own, written
from assistant.errors import UsageError
from assistant.records import SLOTS, Brief, Document
from assistant.segments import excerpt

NOTES = Document("notes.md", "Role: Band 6 night\nnurse. Priya runs the team; the team\tis hers.")
DRAFT = Document("draft", "Hi Priya, can you refer me?")


def at(document: Document, words: str) -> Brief:
    start = document.text.index(words)
    return Brief(target=(excerpt(document, start, start + len(words)),))


def test_what_is_written_is_read_back_at_the_same_place() -> None:
    brief = at(NOTES, "Band 6 night\nnurse")
    text = written(brief, "referral")
    assert "\ntarget: Band 6 night nurse\n" in text
    assert [line.split(":")[0] for line in text.splitlines() if not line.startswith("#")] == list(SLOTS)
    assert filled(corrected(Document("brief.txt", text)), (NOTES, DRAFT)) == brief


@pytest.mark.parametrize(
    ("line", "source", "text"),
    [
        ("recipient: Priya", "notes.md", "Priya"),
        ("  ASK :  can you refer me?  ", "draft", "can you refer me?"),
        ("why_them: the team is hers", "notes.md", "the team\tis hers"),
        ("proof: 12% fewer falls: ward 3", "brief", "12% fewer falls: ward 3"),
        # a part of a word is not that word
        ("recipient: Pri", "brief", "Pri"),
        ("target: band 6 night nurse", "brief", "band 6 night nurse"),
    ],
)
def test_words_are_taken_from_where_they_stand_else_they_are_the_senders_own(line: str, source: str, text: str) -> None:
    document = corrected(Document("b.txt", f"# a remark\n\n{line}\n"))
    brief = filled(document, (NOTES, DRAFT))
    (one,) = (e for slot in SLOTS for e in brief.get(slot))
    assert (one.source, one.text) == (source, text)
    holder = {d.name: d for d in (NOTES, DRAFT, document)}[source]
    assert holder.text[one.start : one.end] == text
    assert own(brief) == ((one,) if source == "brief" else ())
    assert source != "brief" or one.line == 3


def test_several_lines_fill_one_slot_and_an_empty_one_none() -> None:
    brief = filled(corrected(Document("b", "proof: one\nproof:\nproof: two\noffer:")), ())
    assert [e.text for e in brief.proof] == ["one", "two"]
    assert brief.offer == ()


def test_remarks_are_no_words_of_the_sender() -> None:
    assert corrected(Document("b", "# I won a prize\nask: 15 minutes")).text == "\nask: 15 minutes"


@pytest.mark.parametrize(
    ("text", "says"), [("ask: x\nhallo", "b, line 2: “hallo”"), ("why: x", "b, line 1: there is no slot")]
)
def test_a_line_that_is_no_slot_names_its_place_and_the_slots(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        corrected(Document("b", text))
    assert all(slot in caught.value.hint for slot in SLOTS)
