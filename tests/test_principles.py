"""Contracts of the data under prompts/: what a principle shows as a fault is flagged, and what it shows as good is not.

Held here, for every principle:
- each bad text is flagged, and what is flagged is its quotes exactly (checks that read the words);
- each good and each fixed text passes that principle, and every other principle of severity error that shares a trait;
- the rules themselves, and the good examples and fixed phrases of every kind, hold none of the faults in words;
- no sentence of six words or more of an evaluation case stands anywhere under prompts/.
Checks of what a text lacks (`slot`) are tried with an empty reading: only their own expressions can save a text here.
"""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
from pathlib import Path

import pytest

from assistant import paths
from assistant.library import load_library
from assistant.library_table import TRAITS
from assistant.lint import lint, lint_notes
from assistant.records import Brief, Check, Document, Excerpt, Finding, Kind, Library, Principle

LIBRARY = load_library()
IDS = [p.id for p in LIBRARY.principles]
# The faults of the four source documents; a new file may add to them, none may go.
TAUGHT = {
    "generic-opener",
    "flattery",
    "no-reason-for-recipient",
    "no-role",
    "unanchored",
    "no-proof",
    "too-many-proofs",
    "oversized-ask",
    "vague-ask",
    "several-asks",
    "no-agenda",
    "dead-end-advice",
    "pushes-evaluation",
    "no-graceful-exit",
    "undisclosed-identity",
    "hidden-history",
    "no-easy-reply",
    "no-value",
    "not-forwardable",
    "not-defensible",
    "too-long",
    "too-short",
    "guilt-trip",
    "mass-mailing",
    "no-thanks",
    "too-soon",
    "too-many",
    "new-ask",
    "repeats-whole-message",
    "weak-tie",
    "no-opt-in",
    "no-forwardable",
    "generic-rationale",
    "asks-to-be-sold",
    "argues-with-no",
    "reopens-ask",
}
SEEN = ("phrase", "pattern", "count", "length", "slot")


def kind_of(*traits: str) -> Kind:
    """A kind made for the test, of 10 to 40 words, with the given traits."""
    return Kind("test", "t", "s", "s", traits, 10, 40, None, (), {}, {}, {}, "x", ())


def seen(principle: Principle) -> tuple[Check, ...]:
    return tuple(c for c in principle.checks if c.type in SEEN)


def excerpt(text: str) -> Excerpt:
    return Excerpt(text, "notes", 0, len(text), 1)


def find(principle: Principle, text: str, *, known: Brief | None = None) -> list[Finding]:
    library = Library((principle,), ())
    kind = kind_of(*principle.traits)
    notes = [f for c in principle.checks if c.where == "notes" for f in lint_notes(Document("n", text), kind, library)]
    found = [*lint(text, kind, library, said=Brief(), known=known), *notes]
    return sorted({(f.start, f.end): f for f in found}.values(), key=lambda f: f.start)


def known_for(principle: Principle) -> Brief | None:
    """For what a text keeps back: the notes hold what only the fixed text says."""
    if not any(c.hidden for c in principle.checks):
        return None
    bad = principle.bad[0]
    added = [s for s in re.split(r"(?<=[.?!]) ", bad.fixed) if s not in bad.text]
    return Brief(history=(excerpt(" ".join(added)),))


def errors(traits: tuple[str, ...]) -> Library:
    """The patterns of every error but absences, for those traits."""
    kept = []
    for principle in LIBRARY.principles:
        checks = tuple(c for c in principle.checks if c.type in ("phrase", "pattern") or c.max is not None)
        if principle.severity == "error" and {*principle.traits} & {*traits, "all"}:
            kept.append(dataclasses.replace(principle, checks=checks))
    return Library(tuple(kept), ())


def test_every_fault_that_the_sources_teach_has_its_file() -> None:
    assert set(IDS) >= TAUGHT


def test_each_of_the_three_disagreements_is_told() -> None:
    told = {p.disagreement for p in LIBRARY.principles if p.disagreement}
    assert len(told) == 3
    assert all(len(re.findall(r"\bD[1-4]\b", text)) >= 2 for text in told)


@pytest.mark.parametrize("id", IDS)
def test_bad_texts_are_flagged_at_exactly_the_listed_quotes(id: str) -> None:
    principle = LIBRARY.principle(id)
    for example in principle.bad:
        found = find(principle, example.text, known=known_for(principle))
        assert tuple(f.quote for f in found if f.quote) == example.quotes
        if seen(principle):
            assert found, example.text
        for finding in found:
            assert example.text[finding.start : finding.end] == finding.quote
            assert principle.title in finding.message
            assert principle.rule in finding.message


@pytest.mark.parametrize("id", IDS)
def test_good_and_fixed_texts_pass_their_own_principle(id: str) -> None:
    principle = LIBRARY.principle(id)
    texts = [*(g.text for g in principle.good), *(b.fixed for b in principle.bad)]
    for text in texts:
        assert find(principle, text, known=known_for(principle) and Brief(history=(excerpt(text),))) == [], text


@pytest.mark.parametrize("id", IDS)
def test_good_and_fixed_texts_hold_no_error_of_another_principle(id: str) -> None:
    principle = LIBRARY.principle(id)
    for text in [*(g.text for g in principle.good), *(b.fixed for b in principle.bad)]:
        kind = kind_of(*principle.traits)
        found = lint(text, kind, errors(principle.traits), said=Brief())
        assert [(f.principle, f.quote) for f in found] == [], text


@pytest.mark.parametrize("id", IDS)
def test_bad_and_fixed_differ(id: str) -> None:
    for example in LIBRARY.principle(id).bad:
        assert example.text != example.fixed


@pytest.mark.parametrize("id", IDS)
def test_words_are_short_enough_to_be_read_on_a_terminal(id: str) -> None:
    principle = LIBRARY.principle(id)
    assert len(principle.title.split()) <= 9
    assert not principle.title.endswith(".")
    assert principle.rule.endswith(".") and len(principle.rule.split()) <= 30
    assert len(principle.why.split()) <= 45


def underlined(text: str, kind: Kind) -> list[tuple[str, str]]:
    """What is wrong in the words of a text; what it lacks is left out, since a phrase or a rule is no whole message."""
    found = lint(text, kind, LIBRARY, said=Brief())
    return [(f.principle, f.quote) for f in found if f.end and f.severity != "info"]


@pytest.mark.parametrize("kind", LIBRARY.kinds, ids=lambda k: k.id)
def test_good_examples_and_fixed_phrases_of_a_kind_hold_no_fault(kind: Kind) -> None:
    texts = [e.text for e in kind.examples if e.label == "good"]
    # A phrase's {slot} is filled with the sender's own words, which this test cannot judge.
    texts += [re.sub(r"\{\w+\}", "it", phrase) for phrases in kind.phrases.values() for phrase in phrases]
    faulty = {text: found for text in texts if (found := underlined(text, kind))}
    assert faulty == {}


@pytest.mark.parametrize("id", IDS)
def test_a_rule_keeps_to_the_rules(id: str) -> None:
    assert underlined(LIBRARY.principle(id).rule, kind_of(*TRAITS)) == []


def sentences(text: str) -> set[str]:
    """Sentences of six words or more, in small letters and without any marks."""
    parts = re.split(r"[.!?:;]+\s|\n+", re.sub(r"['’]", "", text))
    words = (re.findall(r"\w+", part.casefold()) for part in parts)
    return {" ".join(w) for w in words if len(w) >= 6}


def sentences_of(corpus: Path) -> set[str]:
    found: set[str] = set()
    for line in corpus.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        for field in ("draft", "context", "rewrite", "plain"):
            found |= sentences(case.get(field) or "")
    return found


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [s for k, v in value.items() for s in [*strings(k), *strings(v)]]
    if isinstance(value, list):
        return [s for item in value for s in strings(item)]
    return [value] if isinstance(value, str) else []


def test_no_evaluation_case_leaks_into_prompts() -> None:
    root = Path(__file__).parent.parent
    # What many people write (“If not, no reply needed”) stands in both splits; only the test split's own words leak.
    held = sentences_of(root / "eval" / "cases.jsonl") - sentences_of(root / "models" / "corpus" / "train.jsonl")
    assert len(held) > 1000
    for file in sorted(paths.PROMPTS.rglob("*")):
        if file.suffix in (".toml", ".j2", ".md"):
            text = file.read_text(encoding="utf-8")
            data = tomllib.loads(text) if file.suffix == ".toml" else text
            texts = strings(data)
            if isinstance(data, dict):
                # A kind's fixed phrases are courtesies of a few words that anybody may have written as well.
                texts = [t for t in texts if len(t.split()) > 6 or t not in strings(data.get("phrases"))]
            leaked = {s for t in texts for s in sentences(t)} & held
            assert not leaked, (file.name, sorted(leaked)[:3])
