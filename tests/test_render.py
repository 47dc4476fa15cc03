"""The explanation on a terminal: the verdict first, every part there, within its columns, and harmless."""

from __future__ import annotations

import dataclasses
import re

import pytest
from cli_support import MESSAGE, answer, document, excerpt

from assistant.errors import UsageError
from assistant.explain import VERDICTS
from assistant.records import Change, Library, Question, Request, Rewrite
from assistant.render import error, explanation, harmless, remarks
from assistant.render_diff import diff

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
LIBRARY = Library((), ())
LONG = "I run the night shift at the Vrbová depot and mend tram doors, brakes and the odd ticket machine. " * 4


def rewrite(**changes: object) -> Rewrite:
    return answer(Request(document("Hi Priya, I admire your path. Any advice?")), **changes)


def shown(built: Rewrite, *, colour: bool = False, width: int = 80) -> str:
    return explanation(built, LIBRARY, colour=colour, width=width)


@pytest.mark.parametrize("source", ["model", "draft", "safe-edit"])
def test_the_first_line_is_the_verdict(source: str) -> None:
    lines = shown(rewrite(source=source), width=100).splitlines()
    assert lines[2] == VERDICTS[source]  # type: ignore[index]


def test_every_part_is_there() -> None:
    text = shown(rewrite())
    for part in (
        "0.31 before, 0.78 after",
        "Sent two days ago",
        "{+",
        "“I admire your path.”",
        "Praise raises suspicion.",
        "Why me?",
        "nothing answers it",
        "“you lead the night team”",
        "notes.md:1 ward nurse, 3 years",
        "notes.md:4 plays the tuba",
        "Which role do you mean?",
        "referral-1, 0.71 alike",
        "referral-2, 0.64 alike",
    ):
        assert part in text, part


def test_changes_that_led_to_the_same_words_stand_together() -> None:
    changes = (
        Change("I admire you", "You ran the June talk.", "flattery", "Praise is no reason."),
        Change("hope you are well", "You ran the June talk.", "generic-opener", "It fits anyone."),
        Change("any job", "", "no-role", "Name one."),
        Change("open to anything", "", "no-role", "Name one."),
        Change("38 words", "67 words", "too-short", "Too little."),
    )
    text = shown(rewrite(explanation=dataclasses.replace(rewrite().explanation, changes=changes)))
    why = text[text.index("\nWhy\n") : text.index("\nWhat the reader")]
    assert why.split("\n")[2:] == [
        "  - “I admire you”",
        "  - “hope you are well”",
        "  + “You ran the June talk.”",
        "    flattery (flattery). Praise is no reason.",
        "    generic-opener (generic-opener). It fits anyone.",
        "  - “any job”",
        "  - “open to anything”",
        "    no-role (no-role). Name one.",
        "  - 38 words",
        "  + 67 words",
        "    too-short (too-short). Too little.",
        "",
    ]


def test_a_safe_edit_says_why_the_candidates_are_out() -> None:
    text = shown(rewrite(source="safe-edit"))
    assert "The model's candidate is out because\n  1x invented: 30 beds" in text
    assert "out because" not in shown(rewrite())


def test_a_draft_that_stays_has_no_difference_to_show() -> None:
    assert "What changed" not in shown(rewrite(source="draft"))


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize("colour", [False, True])
def test_no_line_is_wider_than_the_screen(width: int, colour: bool) -> None:
    told = dataclasses.replace(
        rewrite().explanation,
        changes=(Change(LONG, LONG, "flattery", LONG),),
        questions=(Question("Why me?", LONG, LONG),),
        used=(excerpt(LONG),),
        warnings=(LONG,),
    )
    text = shown(rewrite(explanation=told, message=LONG), colour=colour, width=width)
    assert max(len(ESCAPE.sub("", line)) for line in text.splitlines()) <= width


def test_without_colour_there_is_no_escape_and_with_it_only_colour() -> None:
    assert "\x1b" not in shown(rewrite())
    coloured = shown(rewrite(), colour=True)
    assert "\x1b[" in coloured and "\x1b" not in ESCAPE.sub("", coloured)
    assert "{+" not in coloured and "[-" not in coloured


def test_nothing_of_the_users_can_drive_the_terminal() -> None:
    evil = "a\x1b]0;owned\x07\x9b31mb\r"
    told = dataclasses.replace(
        rewrite().explanation,
        verdict=evil,
        changes=(Change(evil, evil, evil, evil),),
        questions=(Question(evil, evil, evil),),
        used=(excerpt(evil, source=evil),),
        left_out=(excerpt(evil),),
        warnings=(evil,),
    )
    built = rewrite(explanation=told, message=evil)
    for text in (shown(built), *remarks(built), error(UsageError(evil, evil))):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)


def test_harmless_keeps_words_line_ends_and_tabs() -> None:
    assert harmless("Grüße 👩🏽‍⚕️\n\tこんにちは\x00\x1b\x85") == "Grüße 👩🏽‍⚕️\n\tこんにちは"


def test_the_difference_can_be_read_both_ways() -> None:
    before, after = "Hi Ana,\nI admire your path, any advice?", MESSAGE
    text = " ".join(diff(before, after, colour=False, width=60))
    kept = re.sub(r"\[-.*?-\]", "", text).replace("{+", "").replace("+}", "")
    was = re.sub(r"\{\+.*?\+\}", "", text).replace("[-", "").replace("-]", "")
    assert "".join(kept.split()) == "".join(after.split())
    assert "".join(was.split()) == "".join(before.split())


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("Hi Ana, any jobs?", "Hi Ana, any news?", "  Hi Ana, any [-jobs-] {+news+}?"),
        ("Thanks!!", "Thanks.", "  Thanks[-!!-]{+.+}"),
        ("I fix trams", "I mend trams", "  I [-fix-] {+mend+} trams"),
        (
            "I have followed you for many long years now",
            "My bid for the depot job closes soon",
            "  [-I have followed you for many long years now-] {+My bid for the depot job closes soon+}",
        ),
    ],
)
def test_the_difference_reads_well(before: str, after: str, line: str) -> None:
    assert diff(before, after, colour=False, width=100) == [line]


def test_paragraphs_of_the_message_stay_paragraphs() -> None:
    rows = diff("Hi Ana", "Hi Ana\n\nThanks", colour=False, width=60)
    assert rows == ["  Hi Ana", "", "  {+Thanks+}"]
