"""Honest sentences about notes in many hands, each with a false one that shares its words."""

from __future__ import annotations

import pytest

from assistant.facts import leftovers, unsupported
from assistant.records import Brief, Document, Excerpt

HONEST = (
    (
        "recipient: Joke Maas\nher job: rota planner\nmy years: 6\nmy job: ward clerk\nnumber: 41 gaps",
        "I've been a ward clerk for 6 years.",
        "I've been a ward clerk for 6 months.",
    ),
    (
        "Rosa Lind runs the clinic. she answered me in march & may. me: Tad Alem, 3 yrs cleaner",
        "You answered me in March and May.",
        "You answered me in March and June.",
    ),
    (
        "Dev Anand - my old flatmate, now night supervisor at Tyne Parcel Hub\nMe: Luis Caro, dishwasher",
        "You're night supervisor at Tyne Parcel Hub.",
        "I'm night supervisor at Tyne Parcel Hub.",
    ),
    (
        "Samira Yusuf, head of volunteering\nmy aunt drives for them, says they need Tigrinya speakers\nI speak it",
        "You need Tigrinya speakers.",
        None,
    ),
    (
        "Hal Boe sells pumps. breakdowns at our mill: 1 in 12 before, 1 in 90 now. I'm Ana Ruiz",
        "Breakdowns at our mill went from 1 in 12 to 1 in 90.",
        "Breakdowns at our mill went from 1 in 12 to 1 in 19.",
    ),
    (
        "Ine Dahl, shop lead. sent her the quote for office chairs (40) on 2 May, ref q-118. me Neil Trask",
        "I sent you the quote for 40 office chairs on 2 May.",
        "I sent you the quote for 40 office chairs on 3 May.",
    ),
    (
        "Lena Fox, vet, does horses only\nme: Piotr Zak, farrier, 210 horses a year",
        "I do 210 horses a year.",
        "You do horses and cats.",
    ),
    (
        "Mr Orr, drives the bus. till never off by more than 1 kr, 22 sundays. no CV ask\nI'm Ase Lund, jam stall",
        "My till was never off by more than 1 kr.",
        "My till was never off by more than 2 kr.",
    ),
    (
        "Capt. Sena Aydin. I don't know if her airline takes 200-hour people. I'm Can Er, 145 hours",
        "I'd like to know if your airline takes 200-hour people.",
        "I know if your airline takes 200-hour people.",
    ),
    (
        "Bo Tang, ward lead. Emailed her 22 Jan. asked if she'd forward my name for Room Leader. I'm Ada Lind",
        "I wrote on 22 Jan about Room Leader.",
        "I wrote on 23 Jan about Room Leader.",
    ),
)
BRIEFS = (
    "Joke Maas", "Rosa Lind", "Dev Anand", "Samira Yusuf", "Hal Boe", "Ine Dahl", "Lena Fox", "Mr Orr",
    "Capt. Sena Aydin", "Bo Tang",
)  # fmt: skip


def _sources(notes: str, name: str) -> tuple[tuple[Document, Document], Brief]:
    start = notes.index(name)
    brief = Brief(recipient=(Excerpt(name, "notes", start, start + len(name), 1),))
    return (Document("draft", "hello, any news?"), Document("notes", notes)), brief


@pytest.mark.parametrize(("case", "name"), list(zip(HONEST, BRIEFS, strict=True)), ids=BRIEFS)
def test_the_honest_sentence_passes_and_the_false_one_does_not(case: tuple[str, str, str | None], name: str) -> None:
    notes, honest, false = case
    sources, brief = _sources(notes, name)
    assert unsupported(honest, sources, brief=brief) == ()
    if false is not None:
        assert unsupported(false, sources, brief=brief)


def test_a_line_under_the_name_says_who_signs() -> None:
    assert leftovers("Hi Mo,\n\nCould I come on Friday?\n\nAna Ruiz\nYear 5 teacher") == ()
    assert leftovers("Hi Mo,\n\nCould I come on Friday and see the") != ()
