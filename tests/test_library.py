"""library.py on data made for the test: what is right is read, and everything that is wrong is named at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant import paths
from assistant.errors import DataError
from assistant.library import load_library

PRINCIPLE = """
title = "Says hello to a machine"
rule = "Greet a person."
why = "A person reads it."
source = ["D1", "D3"]
severity = "warning"
traits = ["has_ask", "note"]
[[check]]
type = "phrase"
any = ["dear machine"]
unless = ["(?i)joke"]
where = "opening"
[[check]]
type = "none"
[[bad]]
text = "Dear machine, are you open?"
quotes = ["Dear machine"]
fixed = "Dear Ada, are you open?"
[[good]]
text = "Dear Ada, are you open?"
[[good]]
text = "Dear machinist, are you open?"
near_miss = true
"""
KIND = """
title = "Note"
summary = "A short note."
shape = "One line."
traits = ["has_ask"]
min_words = 5
max_words = 40
max_chars = 300
needs = ["ask"]
[questions]
ask = "What do you ask?"
[signals]
"\\\\bnote\\\\b" = 1.5
[phrases]
exit = ["No is fine."]
"""
EXAMPLES = """
[[good]]
id = "note-good-1"
text = "Dear Ada, are you open on Sunday?"
notes = "Ada's shop"
pair = "note-bad-1"
[[bad]]
id = "note-bad-1"
text = "hi open??"
"""


def write(root: Path, *, principle: str = PRINCIPLE, kind: str = KIND, examples: str = EXAMPLES) -> Path:
    (root / "principles").mkdir(parents=True, exist_ok=True)
    (root / "kinds" / "note").mkdir(parents=True, exist_ok=True)
    (root / "principles" / "cold-hello.toml").write_text(principle, encoding="utf-8")
    (root / "kinds" / "note" / "kind.toml").write_text(kind, encoding="utf-8")
    (root / "kinds" / "note" / "message.j2").write_text("Write to {{ name }}.\n", encoding="utf-8")
    (root / "kinds" / "note" / "examples.toml").write_text(examples, encoding="utf-8")
    return root


def faults(root: Path) -> tuple[str, ...]:
    with pytest.raises(DataError) as caught:
        load_library(root)
    assert caught.value.hint
    assert all(fault in caught.value.message for fault in caught.value.faults)
    return caught.value.faults


def test_reads_every_field(tmp_path: Path) -> None:
    library = load_library(write(tmp_path))
    principle = library.principle("cold-hello")
    assert principle.title == "Says hello to a machine"
    assert principle.source == ("D1", "D3")
    assert principle.severity == "warning"
    assert [c.type for c in principle.checks] == ["phrase", "none"]
    assert principle.checks[0].where == "opening"
    assert principle.checks[0].unless == ("(?i)joke",)
    assert principle.bad[0].quotes == ("Dear machine",)
    assert [g.near_miss for g in principle.good] == [False, True]
    kind = library.kind("note")
    assert (kind.min_words, kind.max_words, kind.max_chars) == (5, 40, 300)
    assert kind.needs == ("ask",)
    assert dict(kind.signals) == {r"\bnote\b": 1.5}
    assert kind.phrases["exit"] == ("No is fine.",)
    assert kind.template.startswith("Write to")
    assert [(e.id, e.label, e.pair) for e in kind.examples] == [
        ("note-good-1", "good", "note-bad-1"),
        ("note-bad-1", "bad", ""),
    ]
    assert library.for_kind(kind) == (principle,)


def test_the_bundled_expressions_are_valid(tmp_path: Path) -> None:
    shutil.copytree(paths.PROMPTS, tmp_path / "prompts")
    assert load_library(tmp_path / "prompts") == load_library()


def test_a_new_principle_or_kind_is_found_by_its_place(tmp_path: Path) -> None:
    root = write(tmp_path)
    (root / "principles" / "a-second.toml").write_text(PRINCIPLE, encoding="utf-8")
    (root / "kinds" / "card").mkdir()
    for name, text in (
        ("kind.toml", KIND),
        ("message.j2", "x"),
        ("examples.toml", EXAMPLES.replace("note-", "card-")),
    ):
        (root / "kinds" / "card" / name).write_text(text, encoding="utf-8")
    library = load_library(root)
    assert [p.id for p in library.principles] == ["a-second", "cold-hello"]
    assert [k.id for k in library.kinds] == ["card", "note"]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('title = "Says hello to a machine"', "title = 3", "title: must be a string"),
        ('title = "Says hello to a machine"', 'title = " "', "title: is empty"),
        ('title = "Says hello to a machine"\n', "", "title: is missing"),
        ('"warning"', '"fatal"', "severity: “fatal”"),
        ('["has_ask", "note"]', '["has_asks"]', "traits: “has_asks”"),
        ('["has_ask", "note"]', "[]", "traits: is empty"),
        ('["D1", "D3"]', '["D9"]', "source: “D9”"),
        ('type = "phrase"', 'type = "phrases"', "check[1].type: “phrases”"),
        ('any = ["dear machine"]', "any = []", "check[1].any: is empty"),
        ('any = ["dear machine"]', 'any = [""]', "check[1].any: item 1"),
        ('any = ["dear machine"]', 'any = ["a", "a"]', "check[1].any: “a” is there twice"),
        ('any = ["dear machine"]', 'any = "dear machine"', "check[1].any: must be a list"),
        ('["(?i)joke"]', '["(joke"]', "check[1].unless: “(joke”"),
        ('type = "phrase"\nany = ["dear machine"]', 'type = "pattern"\nany = ["dear ["]', "check[1].any: “dear [”"),
        ('type = "phrase"\nany = ["dear machine"]', 'type = "pattern"\nany = ["(d)ear"]', "write groups as (?:"),
        ('where = "opening"', 'where = "start"', "check[1].where: “start”"),
        ('where = "opening"', "max = 3", "check[1].max: means nothing for a check of type phrase"),
        ('where = "opening"', 'slot = "ask"', "check[1].slot: means nothing"),
        ('where = "opening"', 'were = "opening"', "check[1].were: means nothing"),
        ('type = "none"', 'type = "slot"', "check[2].slot: is missing"),
        ('type = "none"', 'type = "slot"\nslot = "role"', "check[2].slot: “role”"),
        ('type = "none"', 'type = "slot"\nslot = "ask"\nhidden = 1', "check[2].hidden: must be true or false"),
        ('type = "none"', 'type = "length"', "check[2].side: a length has either"),
        ('type = "none"', 'type = "length"\nside = "over"\nmax = 9', "check[2].side: a length has either"),
        ('type = "none"', 'type = "length"\nmin = 9\nmax = 3', "check[2].min: is above max"),
        ('type = "none"', 'type = "length"\nmin = true', "check[2].min: must be a whole number"),
        ('type = "none"', 'type = "count"\nany = ["x"]', "check[2].max: a count has either"),
        ('quotes = ["Dear machine"]', 'quotes = ["dear machine"]', "bad[1].quotes: “dear machine” is not in text"),
        ('fixed = "Dear Ada, are you open?"\n', "", "bad[1].fixed: is missing"),
        ("near_miss = true", "near_miss = false", "good: at least one must have near_miss"),
        ('[[good]]\ntext = "Dear Ada, are you open?"\n', "", "good: at least two"),
        ("[[bad]]", "[[worse]]", "bad: at least one"),
        ("[[bad]]", "[[worse]]", "worse: is not known here"),
        ('severity = "warning"', 'severity = "warning"\ncolour = "red"', "colour: is not known here"),
        ('title = "', "title = ", "is not TOML"),
    ],
)
def test_a_fault_of_a_principle_is_named(tmp_path: Path, old: str, new: str, key: str) -> None:
    assert old in PRINCIPLE
    found = faults(write(tmp_path, principle=PRINCIPLE.replace(old, new, 1)))
    assert any(f.startswith("principles/cold-hello.toml: ") and key in f for f in found), found


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('needs = ["ask"]', 'needs = ["ask", "role"]', "questions.role: is missing"),
        ('needs = ["ask"]', "needs = []", "questions.ask: is not among the needs"),
        ('needs = ["ask"]', 'needs = ["wish"]', "needs: “wish”"),
        ('ask = "What do you ask?"', 'ask = ""', "questions.ask: is empty"),
        ("min_words = 5\n", "", "min_words: is missing"),
        ("min_words = 5", "min_words = -5", "min_words: must not be below 0"),
        ("max_words = 40", "max_words = 4", "max_words: must be above 0 and not below min_words"),
        ("max_chars = 300", "max_chars = 0", "max_chars: must be above 0"),
        ('traits = ["has_ask"]', 'traits = ["note"]', "traits: “note”"),
        ('"\\\\bnote\\\\b" = 1.5', '"(note" = 1.5', "signals.(note: is not a regular expression"),
        ('"\\\\bnote\\\\b" = 1.5', '"note" = "much"', "signals.note: must be a number"),
        ('exit = ["No is fine."]', "exit = []", "phrases.exit: is empty"),
        ('title = "Note"', 'title = "Note"\ntone = "warm"', "tone: is not known here"),
    ],
)
def test_a_fault_of_a_kind_is_named(tmp_path: Path, old: str, new: str, key: str) -> None:
    assert old in KIND
    found = faults(write(tmp_path, kind=KIND.replace(old, new, 1)))
    assert any(f.startswith("kinds/note/kind.toml: ") and key in f for f in found), found


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('pair = "note-bad-1"', 'pair = "note-bad-2"', "note-good-1: its pair “note-bad-2”"),
        ('pair = "note-bad-1"', 'pair = "note-good-1"', "note-good-1: its pair “note-good-1”"),
        ('id = "note-bad-1"', 'id = "note-good-1"', "note-good-1: this id is there twice"),
        ('text = "hi open??"\n', "", "bad[1].text: is missing"),
        ('text = "hi open??"', 'text = "hi open??"\nlabel = "bad"', "bad[1].label: is not known here"),
    ],
)
def test_a_fault_of_an_example_is_named(tmp_path: Path, old: str, new: str, key: str) -> None:
    assert old in EXAMPLES
    found = faults(write(tmp_path, examples=EXAMPLES.replace(old, new, 1)))
    assert any(f.startswith("kinds/note/examples.toml: ") and key in f for f in found), found


def test_an_id_belongs_to_one_kind(tmp_path: Path) -> None:
    root = write(tmp_path)
    (root / "kinds" / "card").mkdir()
    for name, text in (("kind.toml", KIND), ("message.j2", "x"), ("examples.toml", EXAMPLES)):
        (root / "kinds" / "card" / name).write_text(text, encoding="utf-8")
    assert any("taken in kinds/card" in fault for fault in faults(root))


def test_every_fault_of_every_file_is_reported_at_once(tmp_path: Path) -> None:
    root = write(tmp_path, principle="", kind=KIND.replace("[signals]", "[signal]"))
    (root / "principles" / "Loud_Name.toml").write_text(PRINCIPLE, encoding="utf-8")
    (root / "principles" / "latin.toml").write_bytes(b'title = "caf\xe9"')
    (root / "kinds" / "note" / "message.j2").unlink()
    found = faults(root)
    assert len(found) >= 11
    for part in (
        "principles/cold-hello.toml: title: is missing",
        "principles/cold-hello.toml: check: is missing",
        "principles/Loud_Name.toml: the name must be",
        "principles/latin.toml: is not UTF-8",
        "kinds/note/kind.toml: signal: is not known here",
        "kinds/note/message.j2: is missing",
    ):
        assert any(fault.startswith(part) for fault in found), (part, found)


def test_a_place_without_data_is_an_error_and_not_an_empty_library(tmp_path: Path) -> None:
    assert faults(tmp_path / "nowhere") == (
        "principles: there is no such folder",
        "kinds: there is no such folder",
    )
