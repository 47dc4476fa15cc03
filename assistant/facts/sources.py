"""Draft and notes made ready to be compared with: their words, numbers, dates, links and clauses."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise

from assistant.facts.lexicon import groups, lines, meanings, words
from assistant.facts.moments import Moment, moments
from assistant.facts.numbers import Quantity, quantities
from assistant.facts.text import Token, lemma, plain, root, tokenize, umlaut_spelling
from assistant.records import Document

_BREAK = re.compile(r"[.!?;\n|•]|\s[-*/]\s|//")
_STUDENT_YEAR = re.compile(r"\b(?:\d(?:st|nd|rd|th)|first|second|third|final|last)[- ]?(?:yr|year)\b", re.IGNORECASE)
_ONLY_IN_CAPITALS = {"it", "ot", "ta", "pt", "ma", "ba", "ai", "no", "st", "ad", "cs", "pm", "r", "u"}


@dataclass(frozen=True, slots=True)
class Text:
    """A text split once: tokens, quantities and moments; `covered` are the tokens that belong to a quantity, `bounds`
    the first and the last-but-one position of each token's sentence.
    """

    text: str
    tokens: tuple[Token, ...]
    quantities: tuple[Quantity, ...]
    moments: tuple[Moment, ...]
    covered: frozenset[int]
    bounds: tuple[tuple[int, int], ...]

    def sentence(self, i: int) -> tuple[int, int]:
        """The first and the last-but-one position of the sentence around token `i`."""
        return self.bounds[i]

    def starts_sentence(self, i: int) -> bool:
        return i == 0 or ends_sentence(self.tokens[i].gap) or self.tokens[i].gap.rstrip().endswith((":", '"', "("))


def ends_sentence(gap: str) -> bool:
    """Whether the text between two tokens ends a sentence, a line or a table cell."""
    return _BREAK.search(gap) is not None


def read(text: str, *, source: bool = False) -> Text:
    """Splits one text; in a source, short month and weekday names count wherever they stand."""
    text = plain(text)
    tokens = tuple(tokenize(text))
    found = tuple(quantities(text, tokens))
    covered = frozenset(i for q in found for i in range(q.first, q.last + 1))
    return Text(text, tokens, found, tuple(moments(text, tokens, generous=source)), covered, _bounds(tokens))


def _bounds(tokens: Sequence[Token]) -> tuple[tuple[int, int], ...]:
    starts = [i for i, token in enumerate(tokens) if i == 0 or ends_sentence(token.gap)]
    return tuple((first, last) for first, last in pairwise((*starts, len(tokens))) for _ in range(first, last))


@dataclass(slots=True)
class Index:
    """What the sources hold, each under the key it is looked up by."""

    texts: tuple[Text, ...]
    lows: set[str] = field(default_factory=set)
    lemmas: set[str] = field(default_factory=set)
    roots: set[str] = field(default_factory=set)
    meanings: set[str] = field(default_factory=set)
    initials: set[str] = field(default_factory=set)
    capitals: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    places: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def quantities(self) -> Iterator[Quantity]:
        return (q for text in self.texts for q in text.quantities)

    @property
    def moments(self) -> Iterator[Moment]:
        return (m for text in self.texts for m in text.moments)

    def has(self, token: Token) -> bool:
        """Whether the sources hold this word itself, in any number or tense, or a form that stands for it."""
        key = lemma(token.low)
        return (
            token.low in self.lows
            or key in self.lemmas
            or key in self.meanings
            or any(lemma(word) in self.lemmas for word in meanings("abbreviations").get(token.low, ()))
            or (token.text.isupper() and len(token.low) > 1 and token.low in self.initials)
        )

    def means(self, token: Token) -> bool:
        """Whether the sources hold a word of the same root, a synonym, or a compound or a misspelling of it."""
        return (
            self.has(token)
            or root(token.low) in self.roots
            or any(k in self.lemmas for k in synonyms(token.low))
            or any(_akin(token.low, low) for low in self.lows)
        )


def implied(token: Token, known: Index) -> bool:
    """Whether the sources hold what lets a word be said: a tutor teaches, who takes orders sells."""
    return not known.lemmas.isdisjoint(_implied("implied").get(lemma(token.low), ()))


def tied(token: Token, known: Index) -> bool:
    """Whether the sources name the other end of a tie: who has a tutor is a student, whose mum it is a daughter."""
    return not known.lemmas.isdisjoint(_implied("ties").get(lemma(token.low), ()))


def _akin(word: str, other: str) -> bool:
    """Compounds ("shop" in "bookshop") and words alike for most of their length ("inspection", "inspector")."""
    short, long = (word, other) if len(word) <= len(other) else (other, word)
    if len(short) < 4:
        return False
    if len(long) - len(short) > 2 and (long.endswith(short) or (len(short) > 4 and long.startswith(short))):
        return True
    if short[:5] != long[:5]:
        return False
    common = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return common >= max(5, 0.65 * len(long))


@cache
def _synonym_table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = defaultdict(set)
    for group in groups("synonyms"):
        keys = {lemma(word) for word in group}
        for key in keys:
            table[key] |= keys
    return {key: frozenset(value) for key, value in table.items()}


def synonyms(low: str) -> frozenset[str]:
    """The lemmas that may stand for this word."""
    return _synonym_table().get(lemma(low), frozenset())


@cache
def _implied(name: str) -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = defaultdict(set)
    for line in lines(name):
        words_, causes = line.split(" :: ")
        for word in words_.split():
            table[lemma(word)].update(lemma(cause) for cause in causes.split())
    return {key: frozenset(causes) for key, causes in table.items()}


@lru_cache(maxsize=16)
def index(sources: tuple[Document, ...]) -> Index:
    """Reads all sources; kept, since every candidate of a request is held against the same ones."""
    made = Index(tuple(read(source.text, source=True) for source in sources))
    for number, text in enumerate(made.texts):
        for i, token in enumerate(text.tokens):
            _add(made, text, i, token)
            made.places[lemma(token.low)].append((number, i))
        if _STUDENT_YEAR.search(text.text):
            made.lemmas.add("student")
    return made


def _add(made: Index, text: Text, i: int, token: Token) -> None:
    if token.kind == "link":
        made.links.add(token.low)
        for part in re.split(r"[^a-z0-9]+", token.low):
            made.lows.add(part)
        return
    made.lows.add(token.low)
    made.lemmas.add(lemma(token.low))
    made.roots.add(root(token.low))
    if spelled := umlaut_spelling(token.text):
        made.lows.add(spelled)
    if token.low not in _ONLY_IN_CAPITALS or token.text.isupper():
        table = meanings("abbreviations")
        short = token.low if token.low in table else token.low.removesuffix("s")
        made.meanings.update(lemma(word) for word in table.get(short, ()))
    if token.text.isupper() and 1 < len(token.text) <= 6:
        made.capitals.add(token.low)
    run = token.low[:1]
    for j in range(i + 1, min(i + 6, len(text.tokens))):
        after = text.tokens[j]
        if ends_sentence(after.gap) or "," in after.gap:
            break
        if j == i + 1 and after.gap in (" ", "-", "&", " & "):
            made.lows.add(token.low + after.low)
        if after.low in ("of", "and", "for", "the", "in"):
            continue
        run += after.low[:1]
        if len(run) > 1:
            made.initials.add(run)


def flat(values: Iterable[str]) -> frozenset[str]:
    """The lemmas of some words."""
    return frozenset(lemma(value) for value in values)


@cache
def lemmas_of(name: str) -> frozenset[str]:
    """The lemmas of a word list."""
    return frozenset(lemma(word) for word in words(name))
