"""What a rewrite may word freely, and what that freedom must not let in."""

from __future__ import annotations

import pytest

from assistant.facts import unsupported
from assistant.records import Brief, Document, Excerpt

TRAM = (
    "Ilse Maro, depot manager, Karlov Trams. She told the drivers' forum that doors fail most in frost.\n"
    "me: Bo Renner, door fitter, 7 yrs at Lund Lifts. Greased 310 hinges last winter, 2 call-outs after, 19 the year "
    "before. I've only worked nights. Can't weld. Never late. Job: Door Technician. No car, but the tram stops outside."
)
CHOIR = (
    "Mrs Ottilie Fenn conducts the Harrow Lane choir. She asked in the newsletter who could mend the organ bellows. "
    "We haven't met.\nI'm Samir Haq, upholsterer. I re-covered 14 pews at St Bride, no cushion came back. Sent her a "
    "note on 6 May. If the diocese agrees, the work can start in July. The hall holds about 90 people."
)
BEES = (
    "Dr Lena Oyster keeps the university hives. She found mites in 3 of 11 colonies and posted the counts.\n"
    "I am Per Dahl, beekeeper, 40 hives, lost 4 last spring. My sister took her course. She can't take students this "
    "year. I didn't treat in autumn. Is oxalic acid enough without a second dose?"
)
LOOM = (
    "Greta Voss, mill manager at Arden Weave. We worked together at Holt Textiles, 2017-2019. Post: Loom Tuner at "
    "Arden Weave, ref 88, bay 6.\nme: Timo Saar, 11 yrs on looms, the last 3 as tuner. At Holt Textiles I cut stops "
    "from 24 a shift to 9. 1 in 40 warps broke, it was 1 in 12. Bought 2 second hand looms. Now at Kemp Fabrics. "
    "Asked her on Monday (by mail, short) if she'd show me the new looms. Okay if she says no and we talk in June."
)
POST = (
    "Hanna Brekke, head of dispatch, Nordlys Couriers. She wrote in the trade letter that half their returns are wrong "
    "addresses.\nMe: Tomas Lind, route planner at Kvist Post, 5 yrs. I merged 3 address lists into one, returns went "
    "from 140 a week to 45. 15 min call ok. Job: Dispatch Analyst. "
    "We sat next to each other at the Bergen logistics day. No CV yet."
)
PEOPLE = {
    POST: ("Hanna Brekke", "Tomas Lind"),
    LOOM: ("Greta Voss", "Timo Saar"),
    TRAM: ("Ilse Maro", "Bo Renner"),
    CHOIR: ("Ottilie Fenn", "Samir Haq"),
    BEES: ("Lena Oyster", "Per Dahl"),
}

HONEST = (
    (TRAM, "Could whoever screens the applications see from one line that I know doors?"),
    (TRAM, "Would a short summary be handy for whoever is shortlisting?"),
    (TRAM, "Luckily the tram stops outside, so having no car is no obstacle for a Door Technician."),
    (TRAM, "With 310 hinges greased last winter, the call-outs shrank from 19 to 2, a result I'm happy to explain."),
    (TRAM, "I can't weld, and I've only worked nights."),
    (TRAM, "I've never been late."),
    (CHOIR, "You asked in the newsletter who could mend the organ bellows."),
    (CHOIR, "I don't think we've met."),
    (CHOIR, "At St Bride I re-covered 14 pews, and not a single cushion came back."),
    (CHOIR, "I sent you a note on 6 May; is the topic still current?"),
    (CHOIR, "If the diocese agrees, the work can start in July."),
    (CHOIR, "The hall holds about 90 people, so its scale suits me."),
    (BEES, "You posted the counts: mites in 3 of 11 colonies."),
    (BEES, "I understand you can't take students this year."),
    (BEES, "I didn't treat in autumn, and 4 of my 40 hives were gone last spring."),
    (BEES, "My sister took your course."),
    (LOOM, "We worked together at Holt Textiles, and I'd like to be Loom Tuner at Arden Weave."),
    (LOOM, "I've been a tuner for 3 years, with 2 second hand looms of my own."),
    (LOOM, "Stops went from 24 a shift to 9, and 1 in 40 warps broke where it had been 1 in 12."),
    (LOOM, "Stops are down by nearly two thirds, from 24 a shift to 9."),
    (TRAM, "The frost you told the drivers' forum about rang a bell with me."),
    (TRAM, "I've only worked nights, so mornings would be a novelty."),
    (CHOIR, "If muddling through suits the choir better, no offence taken."),
    (BEES, "Mites in 3 of 11 colonies made my heart sink."),
    (POST, "Half your returns being wrong addresses rang a bell with me."),
    (POST, "At Kvist Post I folded 3 address lists into one, and the weekly returns slid from 140 to 45."),
    (POST, "If that strikes a chord, would 15 minutes on the phone suit you?"),
    (POST, "The Dispatch Analyst job reads like the puzzle I've been solving for 5 years."),
    (POST, "You're head of dispatch at Nordlys Couriers, and I'm route planner at Kvist Post."),
    (POST, "A nod from you would carry further than any form I could fill in."),
    (POST, "It took merging 3 lists before anybody noticed how many addresses were stale."),
    (POST, "Returns dropped by two thirds once the lists agreed with each other."),
    (LOOM, "A no is fine, and so is an answer in June: all three suit me."),
    (LOOM, "I asked you on Monday. We can talk in June."),
)
FALSE = (
    (TRAM, "I've a degree in engineering and I know doors."),
    (TRAM, "I led the fitters at Lund Lifts for 7 years."),
    (TRAM, "I can weld."),
    (TRAM, "I've been late."),
    (TRAM, "I've worked nights."),
    (TRAM, "I have a car."),
    (TRAM, "I told the drivers' forum that doors fail most in frost."),
    (TRAM, "You're a door fitter at Lund Lifts."),
    (CHOIR, "I asked in the newsletter who could mend the organ bellows."),
    (CHOIR, "You sent me a note on 6 May."),
    (CHOIR, "Thank you for your note of 6 May."),
    (CHOIR, "Nice meeting you the other day."),
    (CHOIR, "The work can start in July."),
    (CHOIR, "You never asked who could mend the organ bellows."),
    (CHOIR, "The hall holds 90 people."),
    (BEES, "You can take students this year."),
    (BEES, "I found mites in 3 of 11 colonies and posted the counts."),
    (BEES, "You never posted the counts."),
    (LOOM, "Stops are down by three quarters."),
    (LOOM, "We worked together at Arden Weave."),
    (LOOM, "I'd like to apply for Loom Tuner at Holt Textiles."),
    (LOOM, "I'd like to apply for Loom Tuner at Kemp Fabrics."),
    (LOOM, "I'm applying for Timo Saar at Arden Weave."),
    (LOOM, "Stops went from 9 a shift to 24."),
    (LOOM, "40 in 1 warps broke."),
    (LOOM, "The post is ref 6, in bay 88."),
    (POST, "I'm route planner at Nordlys Couriers, and you're head of dispatch at Kvist Post."),
    (POST, "I have a strong background in logistics."),
    (POST, "At Kvist Post I merged 3 address lists and trained the crew on the new system."),
    (POST, "I merged 3 address lists into one using software I designed."),
    (POST, "Returns went from 140 a week to 45, and the drivers were delighted."),
    (POST, "I'm available to start immediately."),
    (POST, "We had a lovely conversation over lunch."),
    (POST, "You gave a talk at the Bergen logistics day."),
    (POST, "I've worked with dispatch software for 5 years."),
    (BEES, "I've kept a shop and a factory for the queens since."),
)


def found(notes: str, text: str) -> tuple[object, ...]:
    """What the gate refuses of a text, with the brief that a reader would mark."""
    other, me = (Excerpt(n, "notes", notes.index(n), notes.index(n) + len(n), 1) for n in PEOPLE[notes])
    sources = (Document("draft", "Hello, could you help me, please?"), Document("notes", notes))
    return unsupported(text, sources, brief=Brief(recipient=(other,), sender=(me,)))


@pytest.mark.parametrize(("notes", "text"), HONEST, ids=[text for _, text in HONEST])
def test_honest_wording_passes(notes: str, text: str) -> None:
    assert found(notes, text) == ()


@pytest.mark.parametrize(("notes", "text"), FALSE, ids=[text for _, text in FALSE])
def test_a_false_sentence_is_refused(notes: str, text: str) -> None:
    assert found(notes, text)
