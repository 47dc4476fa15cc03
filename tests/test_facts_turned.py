"""One sentence of a message as the notes have it, and the same with two people or two names exchanged."""

from __future__ import annotations

import pytest

from assistant.facts import unsupported
from assistant.records import Brief, Document, Excerpt, Unsupported

# The notes, the recipient and the sender, what is true, and what is not.
WHOSE = (
    ("Ottoline Frey's bakery ran out of rye every Monday\nme: Kwaku Sarpong, miller", "Ottoline Frey", "Kwaku Sarpong",
     "Your bakery ran out of rye every Monday.", "My bakery ran out of rye every Monday."),
    ("To: Ravi Anand, vet. His driver Pekka fetched our sick calf on 2 May. Pekka rang later\nI'm Liv Moen",
     "Ravi Anand", "Liv Moen", "Your driver Pekka fetched our sick calf.", "My driver Pekka fetched your sick calf."),
    ("recruiter Shanice of Aldgate Temps. my colleague Iman Farah is looking for night shifts\nme Tove Lie",
     "Shanice", "Tove Lie", "My colleague Iman Farah is looking for night shifts.",
     "Your colleague Iman Farah is looking for night shifts."),
    ("Dr Okoro. Her thesis counted 40 bats in the mill loft; the mill was pulled down. I am Jan Pohl, roofer",
     "Dr Okoro", "Jan Pohl", "In your thesis you counted 40 bats in the mill loft.",
     "In my thesis I counted 40 bats in the mill loft."),
)  # fmt: skip
DOING = (
    ("Salma Reyes, potter\nshe decides which 12 jugs go to the fair. I'm Bo Lund", "Salma Reyes", "Bo Lund",
     "You decide which jugs go to the fair.", "I decide which jugs go to the fair."),
    ("recruiter, signs as Halden Talent. role: Head of Risk, casino group. I do not work in casinos. me Ada Brun",
     "Halden Talent", "Ada Brun", "I don't work in casinos.", "You don't work in casinos."),
    ("Mette Aas conducts the Fjord Voices\nKaan Uslu (me): bass, 6 years in a works choir", "Mette Aas", "Kaan Uslu",
     "I've been in a works choir for 6 years.", "I've been in the Fjord Voices for 6 years."),
    ("facts about me (Jude Amadi): roof slating 9 yrs, recalls 2 in 80\nfor Perla Nunes, clerk of works", "Perla Nunes",
     "Jude Amadi", "My recalls were 2 in 80.", "Your recalls were 2 in 80."),
)  # fmt: skip

NAMES = (
    ("Selin Koç, fitter, Brackla Wagons (trains), Motherwell\nme Ivo Prins", "Selin Koç", "Ivo Prins",
     "You're a fitter at Brackla Wagons in Motherwell.", "You're a fitter at Motherwell in Brackla Wagons."),
    ("Head of Archives at Sorley House: Ida Marsh. I'm Peg Rowan, bookbinder at Thrum & Daughters", "Ida Marsh",
     "Peg Rowan", "You're Head of Archives at Sorley House, and I'm a bookbinder at Thrum & Daughters.",
     "You're Head of Thrum & Daughters at Sorley House, and I'm a bookbinder at Archives."),
    ("Olu Dada, ex-crewmate (Pier 9, 2016-18), now a pilot at Gull Harbour\nme Ines Mota", "Olu Dada", "Ines Mota",
     "We were crewmates at Pier 9, and you're now a pilot at Gull Harbour.",
     "We were crewmates at Gull Harbour 9, and you're now a pilot at Pier."),
    ("Job: Linen Attendant, Hotel Brae. to Mrs. Wanda Kos, asst housekeeper. me Sunil Rai", "Wanda Kos", "Sunil Rai",
     "I'd like to apply for Linen Attendant at Hotel Brae.", "I'd like to apply for Hotel Brae at Linen Attendant."),
    ("Captain Una Berg (ret.) flew with Lars Holm, chief medic at Fjell Rescue. I'm Dag Moe", "Una Berg",
     "Dag Moe", "Lars Holm, chief medic at Fjell Rescue, flew with you.",
     "Lars Holm, chief medic at Captain Berg, flew with you."),
    ("Mr. Teo Lim, engineer at Delta Aero. he gave a talk at my college (Orla Tech) on tyres\n"
     "I'm Jay Soh. job: hangar trainee", "Teo Lim", "Jay Soh", "I'm applying for hangar trainee at Delta Aero.",
     "I'm applying for hangar trainee at Orla Tech."),
    ("Rosa Beck, reporter at Fenn FM, did the same course as me (Mondays, 2021, Halse College)\nme Ned Orr",
     "Rosa Beck", "Ned Orr", "We did the same course at Halse College in 2021. You're a reporter at Fenn FM now.",
     "We did the same course at Fenn FM in 2021. You're a reporter at Halse College now."),
    ("me: Ann Lowe, Second Loaf, Swansea, we train bakers\nto Gil Price, bread buyer", "Gil Price", "Ann Lowe",
     "I'm at Second Loaf in Swansea.", "I'm at Swansea in Second Loaf."),
    ("Malia Soto: physio. In a pilot at Malia's clinic, missed visits fell from 30 to 12. I'm Gus Holt, Padwell (app)",
     "Malia Soto", "Gus Holt", "In a pilot at Malia's clinic, missed visits fell from 30 to 12.",
     "Missed visits fell from 30 to 12 in a pilot at Malia's."),
)  # fmt: skip


def refused(notes: str, recipient: str, sender: str, text: str) -> tuple[Unsupported, ...]:
    def excerpt(name: str) -> tuple[Excerpt, ...]:
        return (Excerpt(name, "notes", notes.index(name), notes.index(name) + len(name), 1),)

    sources = (Document("draft", "Hello, can you help me?"), Document("notes", notes))
    return unsupported(text, sources, brief=Brief(recipient=excerpt(recipient), sender=excerpt(sender)))


@pytest.mark.parametrize(("notes", "recipient", "sender", "true", "false"), (*WHOSE, *DOING, *NAMES))
def test_a_turned_sentence_is_refused_and_the_straight_one_passes(
    notes: str, recipient: str, sender: str, true: str, false: str
) -> None:
    assert refused(notes, recipient, sender, true) == ()
    assert refused(notes, recipient, sender, false)


def test_a_line_that_opens_with_a_number_is_a_line_of_its_own() -> None:
    notes = "Nadia Holm, keeper (ships)\n9 Nov: asked her which of 2 logs is the real one\nme: Per Ask, diver"
    assert refused(notes, "Nadia Holm", "Per Ask", "On 9 Nov I asked you which of 2 logs is the real one.") == ()
    assert refused(notes, "Nadia Holm", "Per Ask", "On 9 Nov you asked me which of 2 logs is the real one.")


def test_when_opens_what_is_told_of_nobody() -> None:
    notes = (
        "Per Dahl runs the mill lift. the lift at Quay 9 stuck for 40 minutes. I was the lad with the cake. me Ole Ruud"
    )
    text = "I was the lad with the cake when the lift at Quay 9 stuck for 40 minutes."
    assert refused(notes, "Per Dahl", "Ole Ruud", text) == ()


def test_what_was_sent_after_the_reader_spoke_is_the_senders() -> None:
    notes = "Anna Kos, lab lead. At the fair she said send papers; sent 5 March; today 18 March\nI'm Iga Bem"
    assert (
        refused(notes, "Anna Kos", "Iga Bem", "At the fair you said to send papers, and I sent them on 5 March.") == ()
    )


ASKED = "In May I told her of 2 spoiled casts; she answered that the wax was too cold. I'm Noa Levi, founder"


@pytest.mark.parametrize(
    ("notes", "true", "false"),
    [
        (
            f"Rut Sala, caster. {ASKED}",
            "You answered that the wax was too cold.",
            "I told you that the wax was too cold.",
        ),
        (
            f"Rut Sala, caster. {ASKED}",
            "In May I told you of 2 spoiled casts.",
            "In May you told me of 2 spoiled casts.",
        ),
    ],
)
def test_who_said_it_may_be_told_by_any_word_of_saying(notes: str, true: str, false: str) -> None:
    assert refused(notes, "Rut Sala", "Noa Levi", true) == ()
    assert refused(notes, "Rut Sala", "Noa Levi", false)


def test_the_reader_does_not_apply_for_what_the_sender_aims_at() -> None:
    notes = "Rut Sala, caster at Ormond Bells. I'm Noa Levi. aim: Tuning Apprentice"
    target = Excerpt("Tuning Apprentice", "notes", notes.index("Tuning"), len(notes), 1)
    sources = (Document("draft", "Hello!"), Document("notes", notes))
    assert unsupported("I'm applying for Tuning Apprentice.", sources, brief=Brief(target=(target,))) == ()
    assert unsupported("You're applying for Tuning Apprentice.", sources, brief=Brief(target=(target,)))
