"""The eight kinds hold what reader, linter, prompts and safe edit need, and nothing of the evaluation's cases."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from assistant import paths
from assistant.library import load_library
from assistant.lint import lint
from assistant.records import Brief, Kind, Library

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("connection-note", "follow-up", "forwardable", "informational", "introduction", "pitch", "referral", "reply")
PREFIXES = ("draft: ", "notes: ")

# What the safe edit builds a message of each kind from.
PHRASES = {
    "connection-note": {"ask", "why_plain"},
    "follow-up": {"reminder", "reminder_undated", "ask", "ask_referral", "ask_call", "exit", "exit_question", "last"},
    "forwardable": {"proof_plain", "target", "target_role", "target_mine"},
    "informational": {
        *("question", "topic", "indirect", "ask", "ask_length", "ask_no_question", "exit"),
        *("why_plain", "why_known", "proof_plain"),
    },
    "introduction": {
        *("know", "know_asked", "know_related", "know_plain", "target_plain", "opt_in", "opt_in_plain", "exit"),
        *("note_heading", "note_proof_plain", "note_question", "note_ask", "note_ask_plain"),
    },
    "pitch": {"ask", "ask_offer", "ask_length", "ask_bare", "exit", "why_plain", "proof_plain"},
    "referral": {"target", "ask", "ask_no_role", "ask_no_proof", "forward", "exit", "why_plain", "why_known"},
    "reply": {"thanks", "thanks_for", "accept", "door", "decline_thanks", "decline", "stop", "wish"},
}

# Words of a made-up sender, to see each phrase as a reader would.
FILLED = {
    "about": "a baker at Hotel Norte",
    "ask": "ten minutes of your time",
    "date": "4 May",
    "history": "We met at the Porto fair in May",
    "length": "20 minutes",
    "offer": "the one-page price list",
    "person": "Ana Reis",
    "proof": "I bake 300 loaves a night",
    "sender": "Ines Correia",
    "sent": "on 4 May",
    "target": "Night Baker at Korn",
    "why_them": "you wrote about rye at 12 degrees",
}


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, library: Library) -> Kind:
    return library.kind(request.param)


def cases(path: str) -> list[dict[str, Any]]:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_the_eight_kinds_are_there(library: Library) -> None:
    assert tuple(k.id for k in library.kinds) == KINDS


def test_every_good_example_has_its_bad_draft(kind: Kind) -> None:
    good = {e.id: e for e in kind.examples if e.label == "good"}
    bad = {e.id: e for e in kind.examples if e.label == "bad"}
    assert len(good) >= 8
    assert {e.pair for e in good.values()} == set(bad)
    assert all(good[e.pair].pair == e.id for e in bad.values())
    assert len({e.text for e in kind.examples}) == len(kind.examples)


def test_good_examples_keep_the_kinds_range(kind: Kind) -> None:
    for example in kind.examples:
        if example.label == "good":
            assert kind.min_words <= len(example.text.split()) <= kind.max_words, example.id
            assert kind.max_chars is None or len(example.text) <= kind.max_chars, example.id


def test_good_examples_show_no_fault(kind: Kind, library: Library) -> None:
    for example in kind.examples:
        if example.label == "good":
            found = lint(example.text, kind, library, said=Brief())
            assert [(f.principle, f.quote) for f in found if f.quote] == [], example.id


def test_examples_differ_in_trade_and_register(kind: Kind) -> None:
    good = [e for e in kind.examples if e.label == "good"]
    assert len({e.id.split("-")[0] for e in good}) >= 5, "the corpus has seven fields of work"
    formal = [e for e in good if e.text.startswith("Dear")]
    if kind.id not in ("forwardable", "connection-note"):
        assert 0 < len(formal) < len(good)


def test_the_range_holds_what_people_send(kind: Kind) -> None:
    lengths = [len(c["plain"].split()) for c in cases("models/corpus/train.jsonl") if c["kind"] == kind.id]
    inside = sum(kind.min_words <= n <= kind.max_words for n in lengths)
    assert inside >= 0.97 * len(lengths)


def test_questions_name_only_what_may_be_known(kind: Kind) -> None:
    for need, question in kind.questions.items():
        wordings = [w.strip() for w in question.split("|")]
        blanks = [set(re.findall(r"\{(\w+)\}", w)) for w in wordings]
        assert all(b <= {"target", "recipient", "sender"} for b in blanks), need
        assert not blanks[-1], f"{need} needs a wording for when nothing is known"
        assert all(blanks[:-1]), f"{need}: a wording that names nothing hides the ones after it"


# --- phrases ----------------------------------------------------------------------------------------------------


def test_the_safe_edit_finds_its_phrases(kind: Kind) -> None:
    assert set(kind.phrases) >= PHRASES[kind.id]


def test_phrases_have_only_known_blanks(kind: Kind) -> None:
    for key, variants in kind.phrases.items():
        for variant in variants:
            assert set(re.findall(r"\{(\w+)\}", variant)) <= set(FILLED), (key, variant)
        assert len(set(variants)) == len(variants), key
        assert not key.endswith("_formal") or key.removesuffix("_formal") in kind.phrases


def test_phrases_keep_the_rules(kind: Kind, library: Library) -> None:
    for key, variants in kind.phrases.items():
        for variant in variants:
            found = lint(variant.format_map(FILLED), kind, library, said=Brief())
            assert [(f.principle, f.quote) for f in found if f.quote] == [], (key, variant)


def test_asks_and_exits_vary(kind: Kind) -> None:
    for key in ("ask", "exit"):
        if key in kind.phrases:
            assert len(kind.phrases[key]) >= 3, "messages built from one sentence sound alike"


# --- which kind -------------------------------------------------------------------------------------------------


def guess(library: Library, draft: str, notes: str = "") -> str:
    """The kind whose signals weigh most: each pattern counts once, over small letters."""
    texts = {"draft: ": draft.lower(), "notes: ": notes.lower()}

    def found(pattern: str) -> bool:
        for prefix, text in texts.items():
            if pattern.startswith(prefix):
                return bool(re.search(pattern.removeprefix(prefix), text))
        return any(re.search(pattern, text) for text in texts.values())

    weights = {k.id: sum(w for pattern, w in k.signals.items() if found(pattern)) for k in library.kinds}
    return max(weights, key=weights.__getitem__)


def test_signals_know_most_unseen_requests(library: Library) -> None:
    unseen = cases("models/corpus/validation.jsonl")
    right = sum(guess(library, c["draft"], c["context"]) == c["kind"] for c in unseen)
    assert right >= 0.85 * len(unseen)


@pytest.mark.parametrize(
    ("kind_id", "draft", "notes"),
    [
        ("informational", "I saw you're a midwife in Leeds and I'd love to pick your brain sometime.", ""),
        ("informational", "Could we hop on a call?", "taught year 9, left in 2019. ask: did you do a course?"),
        ("referral", "Your hospital is hiring, could you put in a word?", "Staff nurse, ICU, 6 yrs on cardiac"),
        ("referral", "Please sir help me get work at your plant.", "vacancy: Maintenance Electrician at Dolvik Paper"),
        ("connection-note", "Hi, let's connect!", "she showed her wood kiln at the fair in Delft. I make tiles"),
        ("follow-up", "Hi, did you see my email from last week?", "wrote on 3 May about shadowing her"),
        ("follow-up", "Just checking in on this", ""),
        ("introduction", "You know Karin at the museum, can you introduce us?", "I restore clocks"),
        ("introduction", "Could you put me in touch with your uncle at the shipyard?", "uncle Bo, foreman"),
        ("forwardable", "can you pass this along to your HR?", "my friend Ola will send it to her boss"),
        ("pitch", "We are the best cleaners in town, call us for a free quote today!", "they moved last week"),
        ("reply", "wow, seriously? after all that?", "he said no, the budget is gone"),
        ("reply", "No thanks, please stop sending me these.", "recruiter keeps sending java jobs. I'm a baker"),
    ],
)
def test_signals_know_requests_nobody_wrote_for_the_corpus(
    library: Library, kind_id: str, draft: str, notes: str
) -> None:
    assert guess(library, draft, notes) == kind_id


def test_a_number_in_the_notes_is_no_character_limit(library: Library) -> None:
    draft = "Hi Sam, I saw the job at your hospital, could you refer me?"
    assert guess(library, draft, "Staff nurse, 300 patients a month, job: Ward Manager") == "referral"


def test_patterns_are_quick_on_long_texts(library: Library) -> None:
    for text in ("a" * 20_000, "word " * 5_000, "- 15 " * 4_000, "asked " * 4_000):
        guess(library, text, text)


# --- nothing of the test split ----------------------------------------------------------------------------------


def sentences(text: str) -> set[str]:
    """Sentences of six words and more that carry a fact: a name or a number after their first word."""
    parts = re.split(r"(?<=[.?!])\s+|\n+", text)
    told = [p for p in parts if len(p.split()) >= 6 and re.search(r"\s\W*(?:\d|[A-Z](?!['’ ]))", p)]
    return {re.sub(r"\W+", " ", p).strip().casefold() for p in told}


def test_no_evaluation_case_is_in_prompts_or_examples() -> None:
    held: set[str] = set()
    for case in cases("eval/cases.jsonl"):
        for field in ("draft", "context", "rewrite", "plain"):
            held |= sentences(case.get(field) or "")
    files = [p for p in paths.PROMPTS.rglob("*") if p.suffix in (".toml", ".j2")]
    files += [p for p in (ROOT / "examples").rglob("*") if p.is_file()]
    assert len(files) > 30
    leaked = {p.name: sentences(p.read_text(encoding="utf-8")) & held for p in files}
    assert {name: found for name, found in leaked.items() if found} == {}


def test_examples_come_from_the_training_split() -> None:
    train = {c["id"] for c in cases("models/corpus/train.jsonl")}
    for kind in load_library().kinds:
        assert {e.id.rsplit("-", 1)[0] for e in kind.examples} <= train
