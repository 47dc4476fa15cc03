"""Whole messages of people in many trades: true ones pass, and the same with one untruth are held back."""

from __future__ import annotations

import pytest

from assistant.facts import leftovers, unsupported
from assistant.reading import read_brief
from assistant.records import Document

# The notes, a true message, and what to put in its place so that it is false.
MESSAGES = (
    (
        "to Bea Roth, ward manager at Elm Unit\nme: Tomi Ade, staff nurse at Hollin Court, 5 yrs\n"
        "falls 12 a month before, 4 now, since I started hourly rounds\njob: Charge Nurse, Elm Unit",
        "Hi Bea,\n\nI'm a staff nurse at Hollin Court. Since I started hourly rounds, falls were 12 a "
        "month before and 4 now. I'd like to apply for Charge Nurse on Elm Unit. Would you refer "
        "me?\n\nTomi",
        ("falls were 12 a month before and 4 now", "falls went from 4 a month to 12"),
    ),
    (
        "Kurt Ode, foreman at Brae Electrical, Perth\nI am Senga Low, electrician, 7 yrs at Cairn "
        "Power\njob: Approved Electrician, Brae Electrical\nrewired 14 flats last winter, no snags",
        "Hi Kurt,\n\nI've been an electrician at Cairn Power for 7 years, and I'd like to apply for "
        "Approved Electrician at Brae Electrical. Last winter I rewired 14 flats with no snags. Would "
        "you put my name forward?\n\nSenga",
        ("electrician at Cairn Power for 7 years", "electrician at Brae Electrical for 7 years"),
    ),
    (
        "prof. Lia Sandu, soil lab. I'm Wen Hao, 5th sem agronomy\nshe said in the lecture: the lab "
        "takes 2 students in spring\nask: may I be one",
        "Dear Professor Sandu,\n\nIn the lecture you said the lab takes 2 students in spring. I'm in "
        "my 5th semester of agronomy. May I be one of them?\n\nWen Hao",
        ("5th semester", "7th semester"),
    ),
    (
        "Rana Noor, buyer at Kestrel Cafes. said to ring after Easter.\nme: Otto Brand, we roast "
        "coffee, 9 cafes buy every week",
        "Hi Rana,\n\nYou said to ring after Easter. We roast coffee, and 9 cafes buy from us every "
        "week. Is now a good time?\n\nOtto",
        ("after Easter", "after Christmas"),
    ),
    (
        "Ana Lopes / asked ME for 3 sample tiles in May, I gave her 3\nI'm Piet Vos, tile maker in Ghent",
        "Hi Ana,\n\nYou asked me for 3 sample tiles in May, and I gave you 3. Do they fit?\n\nPiet",
        ("3 sample tiles in May", "5 sample tiles in May"),
    ),
    (
        "Ama Boateng, midwife lead at Rosewood. I'm Ines Prado, student midwife, 3rd year\nI did 40 "
        "births in my placement\nq: is nights first or days first for new staff",
        "Dear Ama,\n\nI'm a student midwife in my 3rd year and did 40 births in my placement. Is it "
        "nights or days first for new staff?\n\nInes",
        ("did 40 births", "did 14 births"),
    ),
    (
        "Chef Noel Abara, Skerry restaurant, Oban\nme Ravi Nair, line cook at Hotel Linden, 3 yrs\n"
        "waste 20 kg a week before, 8 now\njob: sous chef, Skerry",
        "Dear Chef Abara,\n\nYou cook at the Skerry restaurant in Oban. I'm a line cook at Hotel "
        "Linden, where waste was 20 kg a week before and 8 now. I want to apply for sous chef. Could I "
        "try one evening?\n\nRavi",
        ("line cook at Hotel Linden", "line cook at Skerry"),
    ),
    (
        "Gil Amsel, angel, backs food startups\nwe: Peabrew, oat milk for cafes. 22 cafes buy weekly. "
        "raising 150k\nme = Nora Finn",
        "Hi Gil,\n\nYou back food startups. At Peabrew we make oat milk for cafes, and 22 cafes buy "
        "weekly. We're raising 150k. Would you read one page?\n\nNora",
        ("22 cafes buy weekly", "220 cafes buy weekly"),
    ),
    (
        "Ola Berg, archivist at Fjord Museum\nI teach history on Sula island. Class of 9, we scanned "
        "300 letters\nask: who checks the names\nIda Moen",
        "Dear Ola,\n\nI teach history on Sula island. My class of 9 scanned 300 letters. Who checks "
        "the names at your museum?\n\nIda Moen",
        ("I teach history on Sula island", "You teach history on Sula island"),
    ),
    (
        "Dr Paz Ruiz - wrote that her clinic lost 30 appts a week to no-shows\nme: Sol Ortiz, text "
        "reminders. at Dr Hale's it went from 25 a week to 6\nask: try it 1 month free",
        "Dear Dr Ruiz,\n\nYou wrote that your clinic lost 30 appointments a week to no-shows. At Dr "
        "Hale's, text reminders took it from 25 a week to 6. Would you try it for 1 month, free?\n\n"
        "Sol Ortiz",
        ("from 25 a week to 6", "from 30 a week to 6"),
    ),
    (
        "to: Yusra Aziz, night lead at Tyne Parcels\nI'm Emil Kos, forklift 6 yrs, now Delmas Cold "
        "Store\nno rack damage in 2 years\njob: Team Lead nights, Tyne Parcels",
        "Hi Yusra,\n\nI've driven a forklift for 6 years and I'm now at Delmas Cold Store, with no "
        "rack damage in 2 years. I'm applying for Team Lead on nights at Tyne Parcels. Would you refer "
        "me?\n\nEmil",
        ("no rack damage in 2 years", "no rack damage in 3 years"),
    ),
    (
        "Jo Hart, stage manager\nI sold her 4 lamps at the Leeds fair in 2022\nme: Ben Ash, lighting, "
        "3 tours\nwant: lighting tech, autumn tour",
        "Hi Jo,\n\nI sold you 4 lamps at the Leeds fair in 2022. I've done lighting on 3 tours and "
        "want the job of lighting tech on the autumn tour. Will you tell them about me?\n\nBen",
        ("I sold you 4 lamps", "You sold me 4 lamps"),
    ),
    (
        "Mina Park, physio at Linde Rehab. We trained together in Leeds, 2019\nme Asha Rao, physio, "
        "Northgate, 2 yrs\njob Rotational Physio Band 6",
        "Hi Mina,\n\nWe trained together in Leeds in 2019. I've been a physio at Northgate for 2 years "
        "and I'd like to apply for Rotational Physio Band 6. Would you refer me?\n\nAsha",
        ("physio at Northgate", "physio at Linde Rehab"),
    ),
    (
        "Uwe Lang sells bikes. his shop page shows the old hours. me: Tea Vuk, web maker. 11 shops so far\nfix is free",
        "Hi Uwe,\n\nYour shop page shows the old hours. I make web pages, for 11 shops so far, and the "
        "fix is free. Shall I?\n\nTea Vuk",
        ("Shall I?", "As promised, here is my note. Shall I?"),
    ),
    (
        "Rui Costa, hiring lead at Marlin Apps. HR can't refer people directly\nI'm Zoe Lind, tester, 3 yrs",
        "Hi Rui,\n\nHR can't refer people directly, I know. I've been a tester for 3 years. Whom should I ask?\n\nZoe",
        ("can't refer", "can refer"),
    ),
    (
        "old boss Ken Mori, now plant manager at Pelham Cement\nI re-wired 31 panels there last year, "
        "trips fell from 9 a week to 2\nme: Ada Obi, electrical fitter at Graystone",
        "Hi Ken,\n\nLast year I re-wired 31 panels, and trips fell from 9 a week to 2. I'm an "
        "electrical fitter at Graystone. Do you need one at Pelham Cement?\n\nAda",
        ("Last year I re-wired", "Last year you re-wired"),
    ),
    (
        "Lars Holm, trainer\nI am in the 2nd year of welding evening course, pass mark 70, I got 82\n"
        "me: Vida Novak\nask for a trial day",
        "Dear Lars,\n\nI'm in the 2nd year of the welding evening course; the pass mark is 70 and I "
        "got 82. Could I come for a trial day?\n\nVida Novak",
        ("I got 82", "I got 92"),
    ),
    (
        "Siri Dahl, librarian. half hour at her desk would be enough\nI'm Omar Said, new in Bergen, I "
        "read to 12 kids on Saturdays",
        "Dear Siri,\n\nI'm new in Bergen and read to 12 kids on Saturdays. Would half an hour at your "
        "desk be possible?\n\nOmar",
        ("on Saturdays", "on Sundays"),
    ),
    (
        "Ruth Adler said on the radio that the choir has lost 2 altos. me Lena Holt, alto, 11 years\n"
        "can I sing for her",
        "Dear Ruth,\n\nYou said on the radio that the choir has lost 2 altos. I've been an alto for 11 "
        "years. May I sing for you?\n\nLena",
        ("May I sing", "I've attached my CV. May I sing"),
    ),
    (
        "Pia Sol, procurement at Quay Foods. I can deliver only on Tuesdays.\nme Jon Vik, eggs, 400 hens",
        "Hi Pia,\n\nI have 400 hens and can deliver only on Tuesdays. Do you need eggs?\n\nJon",
        ("can deliver only on Tuesdays", "can deliver on Tuesdays and Fridays"),
    ),
)


def _refused(notes: str, text: str) -> bool:
    sources = (Document("draft", "Hi, can you help me?"), Document("notes", notes))
    return bool(unsupported(text, sources, brief=read_brief(sources[0], sources[1:])) or leftovers(text))


@pytest.mark.parametrize(("notes", "text", "change"), MESSAGES)
def test_a_true_message_passes(notes: str, text: str, change: tuple[str, str]) -> None:
    assert not _refused(notes, text)


@pytest.mark.parametrize(("notes", "text", "change"), MESSAGES)
def test_the_same_message_with_one_untruth_is_held_back(notes: str, text: str, change: tuple[str, str]) -> None:
    assert change[0] in text
    assert _refused(notes, text.replace(*change))
