"""Excerpts that stop inside a clause are taken on to its end, and no further."""

from __future__ import annotations

import pytest

from assistant.intake_clauses import whole_clauses
from assistant.records import Brief, Document, Excerpt, Slot


def excerpt(notes: Document, text: str) -> Excerpt:
    start = notes.text.index(text)
    return Excerpt(text, notes.name, start, start + len(text), 1)


@pytest.mark.parametrize(
    ("slot", "told", "read", "whole"),
    [
        ("ask", "asked him to refer me for the Glazing Fitter job (closes Friday)", "refer me for the Glazing", None),
        (
            "ask",
            "want to know if I should learn dyeing first or ask for a trial week",
            "learn dyeing first or ask",
            None,
        ),
        ("why_them", "She is looking for old charts, we have some", "is looking for", "is looking for old charts"),
        ("proof", "fixed 40 looms because nobody else could", "fixed 40 looms", "fixed 40 looms"),
        ("proof", "fixed 40 looms\nand a boat", "fixed 40 looms", "fixed 40 looms"),
        ("history", "I wrote on 4 May for a reference for the course", "I wrote on 4 May", None),
        ("history", "asked Ida last week whether she sells moulds", "asked Ida last week", "asked Ida last week"),
        ("history", "I asked if the door can move to the left", "I asked if the door", None),
        ("ask", 'asked if the place ("Autumn") can be in English', "asked if the place", None),
        ("proof", "My proof was 40 looms mended", "My proof was 40 looms mended", "40 looms mended"),
        ("why_them", "her post on dyes is why I write", "her post on dyes is why I write", "her post on dyes"),
        ("history", "he said good question lol", "he said good question lol", "he said good question"),
        ("history", "she drew it on my notebook :)", "she drew it on my notebook :)", "she drew it on my notebook"),
        ("proof", "1,080 x 2 boxes by hand", "1,080 x 2 boxes by hand", "1,080 x 2 boxes by hand"),
        ("ask", "20 min on how they grade durum", "20 min on how", "20 min on how they grade durum"),
        (
            "history",
            "sent 2 Nov online, now 13 Nov, first",
            "sent 2 Nov online, now 13 Nov, first",
            "sent 2 Nov online",
        ),
        ("ask", "asked if the spare kiln shed can be let", "asked if the spare kiln shed", None),
        ("proof", "at Munn & Holt I sold 40 doors", "Holt I sold 40 doors", "Munn & Holt I sold 40 doors"),
        ("target", "Night Porter at Halley House", "Night Porter", "Night Porter at Halley House"),
        ("about", "a cooper Jens Dahl", "a cooper", "a cooper"),
    ],
)
def test_the_end_of_the_clause(slot: Slot, told: str, read: str, whole: str | None) -> None:
    notes = Document("notes", told)
    brief = Brief(**{slot: (excerpt(notes, read),)}, sender=(Excerpt("Jens Dahl", "other", 0, 9, 1),))
    (found,) = whole_clauses(brief, (notes,)).get(slot)
    assert notes.text[found.start : found.end] == found.text
    expected = {
        "refer me for the Glazing": "refer me for the Glazing Fitter job",
        "asked if the spare kiln shed": "asked if the spare kiln shed can be let",
        "asked if the place": 'asked if the place ("Autumn") can be in English',
        "learn dyeing first or ask": "learn dyeing first or ask for a trial week",
        "I asked if the door": "I asked if the door can move to the left",
        "I wrote on 4 May": "I wrote on 4 May for a reference for the course",
    }
    assert found.text == (whole or expected[read])


def test_a_question_keeps_its_first_word_and_is_told_once() -> None:
    notes = Document("notes", "ask if I should sit the exam or wait")
    brief = Brief(ask=(excerpt(notes, "I should sit"), excerpt(notes, "I should sit the exam")))
    assert [e.text for e in whole_clauses(brief, (notes,)).ask] == ["if I should sit the exam or wait"]


@pytest.mark.parametrize(
    ("slot", "told", "pieces"),
    [
        ("proof", "9 sites in 2 studies; late queries from 140 to 12", 2),
        ("proof", "I moved the archive. I counted 900 boxes", 2),
        ("proof", "I moved the archive; it had 900 boxes", 1),
        ("proof", "12 stalls; 2 towns", 1),
        ("about", "nurse at St. Olaf ward", 1),
        ("ask", "15 minutes by phone; or a short written answer", 1),
    ],
)
def test_two_clauses_are_two_facts(slot: Slot, told: str, pieces: int) -> None:
    notes = Document("notes", told)
    found = whole_clauses(Brief(**{slot: (excerpt(notes, told),)}), (notes,)).get(slot)
    assert len(found) == pieces
    assert all(notes.text[e.start : e.end] == e.text for e in found)
