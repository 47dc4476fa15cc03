"""What may stand in a message as a sentence, and how a role, a question or a gift is put into words."""

from __future__ import annotations

import pytest

from assistant import reading, voice
from assistant.names import salutation
from assistant.phrasing_checks import KNOWN, mended, well_said, without_trade
from assistant.phrasing_names import addressee, signature
from assistant.phrasing_roles import asked_for, job, names_role
from assistant.records import Document, Library
from assistant.safe_edit import safe_edit
from assistant.safe_edit_recipes import applied
from assistant.safe_edit_reply import _as_quoted
from assistant.voice.clean import clean


@pytest.mark.parametrize(
    "text",
    [
        "I'm a florist, 9 years.",
        "The lift door still says out of order.",
        "40 stall holders in Kumasi use our scales.",
        "I'm a student of geology.",
        "You said: come in March.",
        "Which glaze would you try first?",
        "It was on the students' stand.",
        "You repair looms and teach on Fridays.",
    ],
)
def test_sentences_that_can_stand(text: str) -> None:
    assert well_said(text)


@pytest.mark.parametrize(
    "text",
    [
        "I asked you on 3 Nov if.",
        "I work at the clinic and.",
        "My background: dry stone walls.",
        "In figures: 60 lambs a night.",
        "I'm 180 people.",
        "I'm a flower shop.",
        "You're an is head cook.",
        "I'm writing because of your in the video on kilns.",
        "You run 'Late Ferry.",
        "I asked for a trial (2 days.",
        "My old shift leader.",
        "Both of us replied to the same post re.",
        "You trained in Lund, lives near the harbour.",
        "I wrote -> no reply.",
        "Ada is reading age up 7 months in a year.",
        "12 wrong calls a week, now 1.",
    ],
)
def test_sentences_that_cannot(text: str) -> None:
    assert not well_said(text)


def test_a_trade_gets_its_article() -> None:
    assert mended("I'm deckhand on a ferry.") == "I'm a deckhand on a ferry."
    assert mended("I've been teaching assistant for 6 yrs.") == "I've been a teaching assistant for 6 years."
    assert mended("I'm head of payroll.") == "I'm head of payroll."
    assert mended("Is it program A at Holm?") == "Is it program A at Holm?"
    assert mended("A editor wrote a article.") == "An editor wrote an article."
    assert mended("I'm based in Split.") == "I'm based in Split."
    assert mended("I run a eel farm and a unit.") == "I run an eel farm and a unit."
    assert mended("I have a tug licence since May.") == "I've had a tug licence since May."


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("Night Porter", "the Night Porter role"),
        ("Stock Buyer, timber, permanent", "the Stock Buyer role (timber)"),
        ("Night Porter at Halley House", "the Night Porter role at Halley House"),
        ("Welder in Gdynia", "the Welder role in Gdynia"),
        ("the porter job", "the porter job"),
        ("Only the Night Porter role", "the Night Porter role"),
        ("Care Apprenticeship, Hull", "the Care Apprenticeship (Hull)"),
        ("Paralegal (wills), ref 7", "the Paralegal role (ref 7, wills)"),
        ("Vacancy", ""),
        ("any job", ""),
    ],
)
def test_a_role_in_words(target: str, words: str) -> None:
    assert job(target) == words


def test_the_role_is_found_beside_its_place() -> None:
    texts = ["The Gull Room", "Pastry Second"]
    told = "she is at The Gull Room. Opening: Pastry Second"
    assert asked_for(texts, recipient="", sender="", question=False, told=told) == "Pastry Second at The Gull Room"


@pytest.mark.parametrize(
    ("note", "question"),
    [
        ("if he'd look at my plan", "Would you look at my plan?"),
        ("asked him to sign the form", "Could you sign the form?"),
        ("whether the place is still free", "Is the place still free?"),
        ("asked if somebody could check page 4", "Could somebody check page 4?"),
        ("asked her on 2 May for a letter for the museum, due in June", "Could I have a letter for the museum?"),
        ("want a second visit", ""),
        ("a second visit on Monday", ""),
        ("let him choose", ""),
        ("he'd take the night class or train first", "Would you take the night class or train first?"),
    ],
)
def test_what_was_asked_as_a_question(note: str, question: str) -> None:
    assert voice.as_request(note, recipient="Karl Lund") == question


@pytest.mark.parametrize(
    ("note", "thing"),
    [
        ("she did send me the list of evening classes", "the list of evening classes"),
        ("thanks for reading list", "the reading list"),
        ("thank you for your reply", ""),
        ("ok thanks for nothing", ""),
        ("he gave feedback: more about costs", "the feedback"),
    ],
)
def test_what_a_reply_thanks_for(note: str, thing: str) -> None:
    assert voice.thanked_for(note) == thing


def test_who_is_greeted_and_who_signs() -> None:
    assert addressee("Prospect Ines Aal") == "Ines Aal"
    assert addressee("Prospect") == ""
    assert addressee("Agent Lise Brun") == "Lise Brun"
    assert addressee("Chef Lise Brun") == "Chef Lise Brun"
    assert addressee("Illustrator") == ""
    assert addressee("Ines Aal") == "Ines Aal"
    assert signature("Whatever") == ""
    assert signature("rasmus toft") == "Rasmus Toft"
    assert signature("ana de souza-lima") == "Ana de Souza-Lima"
    assert signature("plumber") == ""
    assert addressee("Dev") == ""
    assert addressee("Dev", "hey dev!!") == "Dev"


NOTES = {
    "introduction": (
        "can you introduce me to your friend at the ferry company",
        "Asking: Lars Holm, my neighbour. His friend Mette Dahl, crew manager at Fjord Line. Mette wrote that two "
        "bosuns left in May. I'm Rafael Cruz, bosun, 9 yrs, docked 400 times without a scratch. 10 min call with her",
    ),
    "follow-up": (
        "Any news???",
        "Ms Ada Moss. I asked her on 3 May if she'd look at my kiln plan. I'm Ben Aro. New: the kiln is built",
    ),
    "reply": (
        "what a shame, I deserved it",
        "Jo Lind wrote that the course is full. She sent me the list of evening classes. I'm Pia. "
        "I'll apply again in May",
    ),
}


@pytest.mark.parametrize("kind", NOTES)
def test_no_label_reaches_the_page(kind: str, library: Library) -> None:
    draft, notes = Document("draft", NOTES[kind][0]), Document("notes", NOTES[kind][1])
    brief = reading.read_brief(draft, (notes,))
    text = safe_edit(
        reading.read_draft(draft), brief, library.kind(kind), library, (draft, notes), max_chars=None
    ).replace("Forwardable note:", "")
    assert ": " not in text
    if kind == "introduction":
        assert "I'd like to reach" in text or "I'm hoping to reach" in text
        assert "Please" in text and "Mette" in text
        assert text.count("Rafael Cruz") == 2  # the signature, and once in the note
    if kind == "reply":
        assert "Than" in text and "the list of evening classes" in text


def test_what_is_offered_in_words() -> None:
    assert voice.as_offer("can redo her page, free", recipient="Olga Berg") == "I can redo your page, free."
    assert voice.as_offer("lit 40 shows") == ""
    assert voice.as_offer("I've redone the one page of his, free to keep", recipient="Al Berg") == (
        "I've redone the one page of yours, free to keep."
    )
    assert voice.as_thing("free soil test, takes a day") == "a free soil test"
    assert voice.as_thing("two bottles to try, no charge") == "two bottles to try, no charge"
    assert voice.as_thing("redo that page for nothing") == ""
    assert voice.as_thing("one free early clean next week so she can compare") == "one free early clean next week"


def test_results_and_works_in_words() -> None:
    assert voice.as_sender("The Brow Bar: pay slips wrong from 5 a month to 0") == (
        "At The Brow Bar pay slips wrong went from 5 a month to 0."
    )
    assert voice.as_sender("40 shops use our till, queues 9 -> 4 from april") == (
        "40 shops use our till, and queues went from 9 to 4 from April."
    )
    assert voice.as_sender("Cut waste 9% -> 4%") == "I cut waste from 9% to 4%."
    assert voice.as_sender("17, graduate in may") == "I'm 17. I graduate in May."
    assert voice.as_work("talk on ice roads, Kemi", recipient="Aino Salo") == "your talk on ice roads, Kemi"
    assert voice.as_work("paper used drone photos") == ""
    assert voice.as_work("paper of hers: short spans, 2022", recipient="Aino Salo") == "your paper: short spans, 2022"
    assert voice.as_counted("16 rooms each day") == "16 rooms each day"
    assert voice.as_counted("1st year nursing") == ""
    assert voice.as_counted("31 schools pay") == ""
    assert voice.seen("gap under dock door 3, rats use it") == "a gap under dock door 3"
    assert voice.with_article("Harbour Walk exhibition") == "the Harbour Walk exhibition"
    assert voice.with_article("two tables") == "two tables"
    assert voice.as_indirect("how do you turn logs into proof") == ""
    assert voice.as_indirect("what it costs to run a kiln") == "what it costs to run a kiln"


def test_a_request_that_the_sender_was_asked_is_declined(library: Library) -> None:
    draft = Document("draft", "no sorry")
    notes = Document(
        "notes", "A stranger, Tove Lie, asked me for an intro to my boss. I don't know her. I'm Elin Dahl."
    )
    brief = reading.read_brief(draft, (notes,))
    text = safe_edit(reading.read_draft(draft), brief, library.kind("reply"), library, (draft, notes), max_chars=None)
    assert any(p in text for p in library.kind("reply").phrases["asked_decline"])


def written(kind: str, draft: str, notes: str, library: Library) -> str:
    documents = Document("draft", draft), Document("notes", notes)
    brief = reading.read_brief(documents[0], documents[1:])
    return safe_edit(reading.read_draft(documents[0]), brief, library.kind(kind), library, documents, max_chars=None)


def test_a_follow_up_says_what_the_first_message_was_about(library: Library) -> None:
    text = written(
        "follow-up",
        "any news??",
        "Mr Ole Berg. I wrote 12 days ago and asked him to refer me for the Sail Maker job. I'm Ann Dale",
        library,
    )
    assert "12 days ago" in text and "the Sail Maker job" in text
    assert text.count("Sail Maker") == 1


def test_a_no_is_taken_with_its_reason(library: Library) -> None:
    text = written(
        "reply",
        "thanks for nothing",
        "Jo Lind said no to a referral, she only refers people she worked with. I'm Pia Holm",
        library,
    )
    assert "I understand that you only refer people you worked with." in text


def test_years_at_work_are_a_sentence() -> None:
    assert voice.as_sender("RN, 6 yrs") == "I've been an RN for 6 years."
    assert voice.as_sender("cooper, 9 yrs at Dahl") == "I've been a cooper at Dahl for 9 years."
    assert voice.as_sender("I am baker in Lund, 4 years") == "I've been a baker in Lund for 4 years."


def test_an_introduction_tells_whom_once_and_asks_the_right_one(library: Library) -> None:
    text = written(
        "introduction",
        "hey dev can u hook me up with mona",
        "to: Dev Rao, old flatmate\ntarget: the owner of Quay Looms, Mona Haug\nme: Abdi Said, weaver, "
        "4 years at Holm. I wove 40 sails last year",
        library,
    )
    assert text.count("reach Mona") == 1 and "the owner of Quay Looms" in text
    assert "hook" not in text
    assert "Abdi Said has been a weaver at Holm for 4 years." in text


def test_a_trade_is_no_opening() -> None:
    assert without_trade("You're a cooper at Holm, and you taught me.") == "You taught me."
    assert without_trade("You're a cooper and wrote a post on staves.") == "You wrote a post on staves."
    assert without_trade("You're a cooper at Holm.") == "You're a cooper at Holm."
    assert without_trade("You run the mill and bake.") == "You run the mill and bake."


def test_a_request_told_in_the_present_is_declined_too(library: Library) -> None:
    text = written(
        "reply",
        "Sorry can't.",
        "Mr Ole Berg asks me to introduce him to my boss. I can't introduce people I have not worked with. "
        "our open day is 3 March, he can come. I'm Pat Boyle",
        library,
    )
    assert any(p in text for p in library.kind("reply").phrases["asked_decline"])


def test_notes_that_are_no_plain_deed() -> None:
    assert voice.as_sender("trialled by 30 growers in May") == "It was trialled by 30 growers in May."
    assert voice.as_sender("used by 4 choirs") == "It is used by 4 choirs."
    assert voice.as_offer("free for 30 days on one pen") == "It's free for 30 days on one pen."
    assert voice.as_counted("3 years botanical drawings for Kew") == "3 years of botanical drawings for Kew"
    assert voice.as_counted("3D print hobbyist") == ""
    assert voice.as_found("Found via her article on tides", recipient="Ada Moe") == (
        "I found you via your article on tides."
    )
    assert well_said("I'm an interpreter at a hospital in Cardiff.")
    assert well_said("At Dorr & Co. each picker walks 3 km less.")
    assert well_said("You only refer people you worked with.")
    assert not well_said("You left teaching, and you heard you on the radio.")


def test_whose_he_is_stays_open() -> None:
    assert voice.as_sender("other farmer Berg sold 40 jars at his own price", recipient="Olav Tveit") == ""
    assert voice.as_sender("Tomi Ade tailor 10 yrs, shop in Ibadan", sender="Tomi Ade") == (
        "I've been a tailor for 10 years, with a shop in Ibadan."
    )
    assert addressee("Headhunter Craig Bell") == "Craig Bell"
    assert signature("coach Brendan Shaw") == "Brendan Shaw"


def test_a_title_ends_no_sentence(library: Library) -> None:
    text = written(
        "introduction",
        "please connect me with the doctor",
        "to: Gil Moreno\ntarget: Dr. Ruta Balc, heads the yeast lab in Vilnius\nme: Abdi Said, weaver\n"
        "wove 40 sails last year",
        library,
    )
    assert "Dr. Ruta Balc, who heads the yeast lab" in text


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("I'm 17 doing a diploma.", True),
        ("I'm 44 and retraining.", True),
        ("I'm 17 ducks.", False),
        ("You read out my letter about bora bora.", True),
        ("You is is here.", False),
    ],
)
def test_an_age_and_a_doubled_name_can_stand(text: str, stands: bool) -> None:
    assert well_said(text) == stands


@pytest.mark.parametrize(
    ("recipient", "greeting", "greeted"),
    [
        ("Nurse Amina Diallo", "Hi,", "Hi Amina,"),
        ("Nurse Amina", "Hello Nurse Amina", "Hello Nurse Amina,"),
        ("Teacher Freya", "hey", "Hi Freya,"),
        ("Omar Farah", "Dear Doctor Omar,", "Dear Doctor Omar,"),
        ("Omar Farah", "Dear Uncle Omar,", "Dear Uncle Omar,"),
        ("Petty Officer Jan Holt", "hi", "Hi Petty Officer Holt,"),
    ],
)
def test_a_title_is_kept_as_the_draft_has_it(recipient: str, greeting: str, greeted: str) -> None:
    assert salutation(recipient, greeting) == greeted


def test_what_the_reader_said_of_the_sender_comes_back_turned() -> None:
    assert _as_quoted("we can't take you this summer") == "you can't take me this summer"
    assert _as_quoted("I only teach my own pupils") == "you only teach your own pupils"
    assert _as_quoted("I think you are too junior") == "", "who would be told to be junior?"


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("How you dye your wool?", False),
        ("Which loom pupils could sit at?", False),
        ("Which loom do pupils start with?", True),
        ("Who told you?", True),
        ("How long does it take to dry?", True),
        ("What would you do if I came?", True),
    ],
)
def test_a_question_has_the_order_of_a_question(question: str, asks: bool) -> None:
    assert well_said(question) == asks


def test_a_question_that_is_cut_off_says_nothing() -> None:
    assert not well_said("I asked you two weeks ago if you'd.")
    assert not well_said("I asked whether she would.")


def test_who_the_reader_is_to_somebody_of_the_senders_is_news() -> None:
    assert KNOWN.match("You're my cousin.")
    assert KNOWN.match("You were my old boss.")
    assert not KNOWN.match("You were my assessor when I sat the exam in Porto.")
    assert not KNOWN.match("You're my tutor's old classmate.")
    assert not KNOWN.match("You are a friend of my father.")
    assert not KNOWN.match("You were my examiner and wrote that my plan was sound.")


def test_a_name_with_a_capital_inside_is_no_trade() -> None:
    assert not names_role("CleanWater")
    assert names_role("field assistant (north)")


def test_a_sentence_keeps_its_end_and_its_names() -> None:
    assert mended("You spoke in Oulu in Feb.") == "You spoke in Oulu in February."
    assert mended("You ran the Q&A at the college.") == "You ran the Q&A at the college."
    assert mended("I run a eel farm.") == "I run an eel farm."


def test_a_question_is_asked_in_its_own_words(library: Library) -> None:
    text = written(
        "informational",
        "please guide me",
        "to: Ole Berg, dyer\nme: Ann Dale\nquestion: does a hobby loom count as practice (ad says 6 months)?\n15 min",
        library,
    )
    assert "a hobby loom count as practice (ad says 6 months)?" in text


def test_a_stray_quotation_mark_hides_no_role() -> None:
    assert asked_for(['Kiln Fitter (Junior), Tiles" id K-9'], recipient="", sender="", question=False).startswith(
        "Kiln"
    )
    assert '"' not in asked_for(['Kiln Fitter, Tiles" id K-9'], recipient="", sender="", question=False)


def test_the_wanted_person_s_job_is_not_the_sender_s_goal(library: Library) -> None:
    text = written(
        "introduction",
        "can you introduce me",
        "to: Dev Rao, my tutor\ntarget: Mona Haug – now head of sales at Quay Looms\nme: Abdi Said, weaver, 4 years. "
        "I wove 40 sails last year",
        library,
    )
    note = text.split("Forwardable note:")[1]
    assert "head of sales" not in note.casefold()


def test_an_introduction_says_why_and_how_they_know_each_other(library: Library) -> None:
    text = written(
        "introduction",
        "can you introduce me",
        "to: Dev Rao, he taught with Mona Haug for six years\ntarget: Mona Haug, head of weaving at Quay Looms\n"
        "They moved to night courses this year\nme: Abdi Said, weaver, 4 years. I wove 40 sails last year",
        library,
    )
    assert "Mona Haug" in text and "You taught with" in text


@pytest.mark.parametrize(
    ("note", "text"),
    [
        ("i wonder if its better to apply in may", "I wonder if it's better to apply in May"),
        ("its roof leaks since march", "its roof leaks since March"),
        ("we may march on 9 may", "we may march on 9 May"),
        ("theyre sure it wouldnt fit", "they're sure it wouldn't fit"),
    ],
)
def test_what_was_typed_fast_is_spelt_out(note: str, text: str) -> None:
    assert clean(note) == text


@pytest.mark.parametrize(
    ("note", "yes"),
    [
        ("applied on the 3rd", True),
        ("Applied? yes 2 June", True),
        ("already applied, no. 77120", True),
        ("applied? not yet", False),
        ("I haven't applied", False),
        ("she applied there in 2019", False),
        ("BSc applied maths", False),
        ("ask her before I applied", False),
    ],
)
def test_who_has_applied_says_so(note: str, yes: bool) -> None:
    assert applied((Document("notes", f"to: Ana Ruiz\n{note}\nme: Bo"),)) is yes
