"""Notes of many trades, none from the corpus: the sentence must say what the note says, of the right person."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from assistant.voice import as_offer, as_recipient, as_sender, as_thing, as_third_person, as_topic


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        ("cut queue times by a third at the Leith branch", "I cut queue times by a third at the Leith branch."),
        ("- rewired 14 listed cottages", "I rewired 14 listed cottages."),
        ("Proof: taught 3 evening classes", "I taught 3 evening classes."),
        ("me: forklift driver, 6 yrs", "I've been a forklift driver for 6 years."),
        ("MRI radiographer at Northgate", "I'm an MRI radiographer at Northgate."),
        ("the night porter at Halley House", "I'm the night porter at Halley House."),
        ("Stage manager at Orbit Arts", "I'm a stage manager at Orbit Arts."),
        ("4 yrs frontend at Mossbank", "I have 4 years in frontend at Mossbank."),
        ("3 years as a vet nurse", "I have 3 years as a vet nurse."),
        ("stonemasonry 9 yrs", "I have 9 years in stonemasonry."),
        ("work in pest control 12 yrs", "I've worked in pest control for 12 years."),
        ("studying nursing at Kerr College", "I'm studying nursing at Kerr College."),
        ("no-shows 30% -> 12%", "No-shows went from 30% to 12%."),
        (
            "rebuilt the rota, overtime fell from 90 to 20 hours",
            "I rebuilt the rota, and overtime fell from 90 to 20 hours.",
        ),
        ("i fixed the kiln w/ a £4 fuse", "I fixed the kiln with a £4 fuse."),
        ("certified in asbestos removal", "I'm certified in asbestos removal."),
        ("promoted to shift lead in 2022", "I was promoted to shift lead in 2022."),
        ("still at Corvo Tiles", "I'm still at Corvo Tiles."),
        ("In 2021 led the well survey in Garissa", "In 2021, I led the well survey in Garissa."),
        ("p99 dropped from 80ms to 12ms", "p99 dropped from 80ms to 12ms."),
        ("harvested with Fern & Ferry, 3 seasons", "I harvested with Fern & Ferry, 3 seasons."),
        ('wrote "im here" on 40 posters', 'I wrote "im here" on 40 posters.'),
        ("gouache on cedar, 22 panels", ""),
        ("40 panels in 3 towns", ""),
        ("40 hives lost none", "40 hives lost none."),
        ("At Elm Ward falls dropped from 9 to 2", "At Elm Ward falls dropped from 9 to 2."),
        ("moved 12 kilns, last one in May", "I moved 12 kilns, last one in May."),
        ("fixed the hoist, took a day", "I fixed the hoist, and it took a day."),
        (
            "one client, the Blue Hen, went from 9 no-shows to 4",
            "",
        ),
        ("19, deck cadet", "I'm 19. I'm a deck cadet."),
        ("did the inbox, 120 emails a week", "I did the inbox, 120 emails a week."),
        ("usability tester, 3 exams left", "I'm a usability tester, 3 exams left."),
        ("laid off in May from Corvo Tiles", "I was laid off in May from Corvo Tiles."),
        ("waste down 31% at Elm School", ""),
        ("bakers who resign: 6 in 2022, 1 now", "Bakers who resign: 6 in 2022, 1 now."),
        (
            "worked under Dr. Ada Moss in Lima, cut leaks by half",
            "I worked under Dr. Ada Moss in Lima, and I cut leaks by half.",
        ),
        ("1st yr nursing", ""),
        ("since Oct volunteer reader at Ely", ""),
        (
            "had the same leak once, turned out to be a gasket",
            "I had the same leak once, and it turned out to be a gasket.",
        ),
        ("a 10 wk placement at Kew", ""),
        ("", ""),
        ("  - ", ""),
    ],
)
def test_a_note_about_the_sender(note: str, sentence: str) -> None:
    assert as_sender(note) == sentence


@pytest.mark.parametrize(
    "note", ["she kept the books alone for two years", "her invoicing tool: 300 shops", "saves 4 hours"]
)
def test_what_somebody_or_something_else_did_is_not_the_senders(note: str) -> None:
    assert as_sender(note, sender="Ana Ruiz", recipient="Samir Dall") == ""


def test_the_senders_own_name_becomes_i() -> None:
    assert as_sender("Ola Nwosu, kiln technician", sender="Ola Nwosu") == "I'm a kiln technician."
    assert as_sender("Ola runs the Friday clinic", sender="Ola Nwosu") == "I run the Friday clinic."


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        ("She runs the eel hatchery and teaches at Lund", "You run the eel hatchery and teach at Lund."),
        ("he was a joiner till 2012", "You were a joiner till 2012."),
        ("she's leading the harbour dig", "You're leading the harbour dig."),
        ("he's written two books on peat", "You've written two books on peat."),
        ("she doesn't use glyphosate and has 40 acres", "You don't use glyphosate and have 40 acres."),
        ("her talk on grief in ICU changed our handover", "Your talk on grief in ICU changed our handover."),
        ("Her March post on salt glazes", "I'm writing because of your March post on salt glazes."),
        ("gave my class a tour of the mill", "You gave my class a tour of the mill."),
        ("runs dialysis trials at Penhallow", "You run dialysis trials at Penhallow."),
        ("union rep at Dock 9", "You're a union rep at Dock 9."),
        ("head of payroll at Arden Foods", "You're head of payroll at Arden Foods."),
        ("I used her soil chart all spring", "I used your soil chart all spring."),
        ("we met at the lambing course", "We met at the lambing course."),
        ("met at the lambing course", "We met at the lambing course."),
        ("asked him about stucco in June", "I asked you about stucco in June."),
        ("same choir (St Bride's)", "We have this in common: same choir (St Bride's)."),
        ("Ingrid Moe wrote the tide tables", "You wrote the tide tables."),
        ("Ms Moe's tide tables saved my survey", "Your tide tables saved my survey."),
        ("she rejected two of my drafts and was right", "You rejected two of my drafts and were right."),
        ("told me that her own first kiln cracked", "You told me that your own first kiln cracked."),
        ("was his intern in 2021", "I was your intern in 2021."),
        ("quoted in the Skipper saying nets wear out", "You were quoted in the Skipper saying nets wear out."),
        ("on the tide forum he asked for charts", "On the tide forum you asked for charts."),
        ("she spoke at Leith, told us to wait", "You spoke at Leith, and you told us to wait."),
        ("he passed the exam at 44, took it 3 times", "You passed the exam at 44, and you took it 3 times."),
        ("wrote a note on peat. Runs the clinic now", "You wrote a note on peat. You run the clinic now."),
        ("her advert says 8pm. Posted on 4 boards", "Your advert says 8pm."),
        ("she moved to buying, as I want to", "You moved to buying, as I want to."),
        ("he sat on a panel with Dr. Halvor in Oslo", "You sat on a panel with Dr. Halvor in Oslo."),
        ('the advert says "ask for Moe"', 'The advert says "ask for Moe".'),
        ("wrote that the dean let her take a term off", ""),
        ("she said VAT takes her 20 min a quarter", "You said VAT takes you 20 minutes a quarter."),
        ("saw her talk on peat", "I saw your talk on peat."),
    ],
)
def test_a_note_about_the_reader(note: str, sentence: str) -> None:
    assert as_recipient(note, recipient="Ms Ingrid Moe" if "Moe" in note else "") == sentence


@pytest.mark.parametrize(
    "note",
    [
        "my cousin says she is the best at this",
        "Abdi told me she keeps two places",
        "Priya said he left in May",
        "her boss is Karl, he decides",
        "they lose half of the people before the first visit",
        "asked two weeks ago",
        "wrote two weeks ago to the location manager",
        "a week back asked for a referral",
        "recruiter Ingrid Moe sent a job in Aberdeen",
        "Opening hours on the site still say winter",
        "Ingrid worked with her there in 2019",
        "wrote 11 days ago",
        "placed her in Jan",
        "ate there with my sister",
        "met my brother, he is a welder",
        "the slide about tests",
        "her sister Lou",
        "Issue 31 = why she stopped",
        "where did she train?",
        "",
    ],
)
def test_a_note_that_could_be_about_somebody_else_is_left_out(note: str) -> None:
    assert as_recipient(note, recipient="Ingrid Moe", sender="Tom Bright") == ""


def test_a_pronoun_that_the_readers_title_rules_out_is_somebody_else() -> None:
    assert as_recipient("she wrote the guide", recipient="Mr. Okoye") == ""
    assert as_recipient("he wrote the guide", recipient="Mr. Okoye") == "You wrote the guide."


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        ("I run 3 allotments", "Ruth runs 3 allotments."),
        ("rewired 14 cottages", "Ruth rewired 14 cottages."),
        ("I'm a beekeeper, 5 yrs", "Ruth is a beekeeper, 5 years."),
        ("my stall sold 90 jars", "Ruth's stall sold 90 jars."),
        ("pastry chef at Lune", "Ruth is a pastry chef at Lune."),
        ("we cut waste by 4%", ""),
    ],
)
def test_a_note_that_others_forward(note: str, sentence: str) -> None:
    assert as_third_person(note, name="Ruth Adair") == sentence


@pytest.mark.parametrize(
    ("note", "topic"),
    [
        ("how did she price the first batch", "How did you price the first batch?"),
        ("how does he train new pickers", "How do you train new pickers?"),
        ("is the salary band public", "Is the salary band public?"),
        ("how she got growers to agree", "how you got growers to agree"),
        ("whether firms trust take-offs.", "whether firms trust take-offs"),
        ("Ward Clerk, St Ebba's", "Ward Clerk, St Ebba's"),
        ("do I need a licence first?", "Do I need a licence first?"),
    ],
)
def test_a_topic_is_a_question_or_a_phrase(note: str, topic: str) -> None:
    assert as_topic(note) == topic


@pytest.mark.parametrize("seed", range(12))
def test_any_words_in_any_order_are_read_without_harm(seed: int) -> None:
    dice = random.Random(seed)
    text = (
        "she he's his Ingrid Moe runs was built and , . ; : -> 3 yrs & w/ the a who ex nurse Dr. ( ) at in I we my to"
    )
    words = [*text.split(), "|", "=", "9%", "cut", '"x"', "her", "them", "herself", "Bright", "Tom"]
    for _ in range(60):
        note = " ".join(dice.choices(words, k=dice.randrange(1, 12)))
        people = {"recipient": "Dr Ingrid Moe", "sender": "Tom Bright"}
        made = [
            as_sender(note, **people),
            as_recipient(note, **people),
            as_topic(note, **people),
            as_offer(note, **people),
        ]
        made.append(as_third_person(note, name="Tom Bright"))
        assert not any("\ue000" in text or "\ue001" in text for text in made), note


@pytest.mark.parametrize("turn", [as_sender, as_recipient, as_topic, as_offer])
def test_a_whole_document_is_no_note(turn: Callable[[str], str]) -> None:
    assert turn("he runs a mill and " * 20_000) == ""


@pytest.mark.parametrize("turn", [as_sender, as_recipient])
@pytest.mark.parametrize("note", ["🙂", "...", "|", "a", "I", "->", "he", "her", "\n\n", "x" * 5000, "and " * 500])
def test_odd_notes_do_no_harm(turn: Callable[[str], str], note: str) -> None:
    assert isinstance(turn(note), str)


def test_a_bare_verb_that_is_offered_can_be_done() -> None:
    assert as_offer("lend 2 tents for the weekend") == "I can lend 2 tents for the weekend."
    assert as_offer("happy to show her the logbook") == "I'm happy to show you the logbook."
    assert as_offer("a one-page checklist") == ""


def test_a_firm_with_the_readers_name_is_the_readers() -> None:
    assert as_recipient("runs Sorel Pastry, one shop in Metz", recipient="Ugo Sorel") == (
        "You run Sorel Pastry, one shop in Metz."
    )


def test_their_own_place_is_the_readers_before_what_they_did() -> None:
    told = as_recipient("at their open evening she said the kiln stands idle", recipient="Ada Lind")
    assert told == "At your open evening you said the kiln stands idle."


def test_a_thing_for_free_is_a_free_thing() -> None:
    assert as_thing("first fitting free") == "a free first fitting"
    assert as_thing("a day for free") == "a free day"


def test_a_wish_is_told_of_its_person() -> None:
    assert as_third_person("I'd like to show you two chairs", name="Ida Holm") == (
        "Ida would like to show you two chairs."
    )


def test_how_long_and_with_what_are_joined_on() -> None:
    assert as_recipient("taught in Bergen 3 years", recipient="Liv Dahl") == "You taught in Bergen for 3 years."
    assert as_sender("joiner, workshop in Derry") == "I'm a joiner with a workshop in Derry."
    assert as_sender("5 years driving a crane no accidents") == "I have 5 years driving a crane with no accidents."
    assert as_sender("spent the last 2 years") == "I spent the last 2 years."


def test_what_got_somewhere_did_so() -> None:
    assert as_third_person("7 pupils got into the academy", name="Ida Holm") == "7 pupils got into the academy."


def test_they_of_a_question_stay_who_they_are() -> None:
    assert as_topic("did they accept his diploma?", recipient="Omar Sayed") == "Did they accept your diploma?"
    assert as_topic("which part did they ask about?", recipient="Omar Sayed") == "Which part did they ask about?"


def test_who_has_retired_was() -> None:
    assert as_third_person("drama teacher, 9 years, retired last year", name="Ida Holm") == (
        "Ida was a drama teacher for 9 years, retired last year."
    )


def test_a_trades_own_verbs_are_told_of_its_person() -> None:
    assert as_third_person("I design wedding cards", name="Ida Holm") == "Ida designs wedding cards."
    assert as_third_person("I passed my crane ticket in May", name="Ida Holm") == (
        "Ida passed their crane ticket in May."
    )
