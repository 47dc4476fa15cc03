"""Denying words and what they bear on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.facts.lexicon import named
from assistant.facts.sources import Text, flat
from assistant.facts.text import lemma
from assistant.facts.whose import content

NOT = named("polarity-not")
_NEAR_NOT = flat(named("polarity-near-not"))
COURTESY = named("polarity-courtesy")
OPINION = frozenset(("know", "worry", "want", "think", "mind", "see", "need", "expect"))
SELVES = frozenset(("i", "we", "you", "he", "she", "they"))


@dataclass(frozen=True, slots=True)
class Negation:
    """A negating word and the words it bears on, nearest first."""

    at: int
    scope: tuple[int, ...]


def denials(text: Text, first: int, last: int) -> list[Negation]:
    """The denying words of a sentence, each with what it bears on."""
    found = []
    for i in range(first, last):
        if text.tokens[i].low == "no" and not _denying_no(text, i, first, last):
            continue
        numbered = text.tokens[i].low == "no" and re.match(r"\.? ?\d", text.text[text.tokens[i].end :])
        if text.tokens[i].low not in NOT or numbered:
            continue
        scope = []
        for j in range(i + 1, min(i + 7, last)):
            if re.search(r"[,:()=]", text.tokens[j].gap) or text.tokens[j].low in ("but", "because", "so", "which"):
                break
            if content(text, j) or j in text.covered:
                scope.append(j)
        given = text.tokens[i - 1].low == "for"
        if not scope and not given and text.tokens[i].low in ("nothing", "none", "not") and i > first:
            scope = [j for j in (i - 1, i - 2) if j >= first and content(text, j)][:1]
        found.append(Negation(i, tuple(scope[:3])))
    return found


def _denying_no(text: Text, i: int, first: int, last: int) -> bool:
    """Whether "no" denies a noun; in "a simple no" and "yes or no" it is an answer."""
    before = text.tokens[i - 1].low if i > first else ""
    follows = i + 1 < last and text.tokens[i + 1].gap == " " and content(text, i + 1)
    return follows and before not in ("or", "yes", "a", "say", "simple", "word", "an")


def way_out(text: Text, first: int, last: int) -> bool:
    """Whether a sentence asks, thanks or leaves a way out, so that nothing is stated."""
    asks = "?" in text.text[text.tokens[last - 1].end : text.tokens[last - 1].end + 2]
    return asks or text.tokens[first].low in ("if", "please", "say", "no", "feel", "let", "thanks", "thank", "unless")


def quote(text: Text, at: int, others: tuple[int, ...]) -> str:
    """The text from the first to the last of some positions."""
    spots = (at, *others)
    return text.text[text.tokens[min(spots)].start : text.tokens[max(spots)].end]


def denied(source: Text, first: int, last: int, spot: int, reach: int = 8) -> bool:
    """Whether a source denies a word: a negation or its like stands near it, with no comma between."""
    for step in (-1, 1):
        j = spot
        while first <= j < last and abs(j - spot) < reach:
            if denies(source, j):
                return True
            edge = source.tokens[j].gap if step < 0 else source.tokens[j + 1].gap if j + 1 < last else ";"
            if re.search(r"[,;:()]", edge):
                break
            j += step
    return False


def denies(text: Text, j: int) -> bool:
    """Whether a word denies: "not", "no" before a noun, "failed"."""
    low = text.tokens[j].low
    if low == "no":
        return j + 1 < len(text.tokens) and text.tokens[j + 1].gap == " "
    return low in NOT or low == "0" or lemma(low) in _NEAR_NOT


def part(source: Text, first: int, last: int, at: int) -> list[int]:
    """The content words about a place that no comma parts from it."""
    start = next((j for j in range(at, first, -1) if re.search(r"[,()]", source.tokens[j].gap)), first)
    end = next((j for j in range(at + 1, last) if re.search(r"[,()]", source.tokens[j].gap)), last)
    return [j for j in range(start, end) if content(source, j) or source.tokens[j].kind == "number"]
