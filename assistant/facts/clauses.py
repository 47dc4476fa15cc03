"""Whose a word is: the sources' sentences with a subject for every position, read from pronouns, labels and slots."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.facts.lexicon import named
from assistant.facts.sources import Index, Text, index, lemmas_of, synonyms
from assistant.facts.text import fold, lemma, root
from assistant.records import Brief, Document, Excerpt, Slot

Owner = Literal["me", "other"]
ME = named("clauses-me")
MINE = named("clauses-mine")
THEIRS = named("clauses-theirs")
_TOGETHER = named("clauses-together")
_MY_LABELS = named("clauses-my-labels")
_THEIR_LABELS = named("clauses-their-labels")
_LABEL = re.compile(r"\s*[:=]|\s+[-|]\s")
_TITLES = named("clauses-titles")
_SLOT_OWNERS: tuple[tuple[Slot, Owner], ...] = (
    ("proof", "me"), ("about", "me"), ("sender", "me"), ("why_them", "other"), ("recipient", "other"),
)  # fmt: skip


@dataclass(slots=True)
class People:
    """The words of both sides' names; `last_is_me` follows who was named last, so that "he" may be the sender."""

    mine: frozenset[str]
    theirs: frozenset[str]
    told_by_another: bool
    last_is_me: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a source.

    `keys` maps each content lemma and root to its positions; `said` is the owner that a pronoun or a label gives a
    position, `hinted` the one that the brief's slot gives it.
    """

    text: int
    first: int
    last: int
    keys: dict[str, tuple[int, ...]]
    said: dict[int, Owner | None]
    hinted: dict[int, Owner | None]
    telling: bool
    possessed: dict[int, Owner]
    together: bool


def content(text: Text, i: int) -> bool:
    """Whether a token is a word that carries meaning, so that two sentences sharing it may speak of one thing."""
    token = text.tokens[i]
    if token.kind != "word" or i in text.covered or len(token.low) < 2:
        return False
    return lemma(token.low) not in lemmas_of("function")


@lru_cache(maxsize=20_000)
def keys_of(low: str) -> frozenset[str]:
    """What a word is matched by: its lemma, its root and its synonyms."""
    return frozenset((lemma(low), root(low), *synonyms(low)))


@dataclass(frozen=True, slots=True)
class Told:
    """The sources' sentences, and the index that their positions point into."""

    index: Index
    sentences: tuple[Sentence, ...]


@lru_cache(maxsize=16)
def told(sources: tuple[Document, ...], brief: Brief | None) -> Told:
    """Every sentence of the sources, with whose each word is."""
    known = index(sources)
    return Told(known, tuple(s for n in range(len(known.texts)) for s in _split(known, n, sources[n].name, brief)))


def names(excerpts: Sequence[Excerpt]) -> frozenset[str]:
    """The folded words of some people's names, titles left out."""
    return frozenset(fold(w) for e in excerpts for w in re.findall(r"[^\W\d_]{2,}", e.text)) - _TITLES


def _split(known: Index, number: int, name: str, brief: Brief | None) -> Iterator[Sentence]:
    text = known.texts[number]
    mine, theirs = (names(brief.sender), names(brief.recipient)) if brief else (frozenset(), frozenset())
    told_by_another = name != "draft" and not any(t.low in ("i", "me", "my") for t in text.tokens)
    people = People(mine - theirs, theirs - mine, told_by_another)
    quoted = quotations(text.text)
    carried: Owner | None = None
    theirs_named = False
    last = 0
    while last < len(text.tokens):
        first = last
        _, last = text.sentence(first)
        keys: dict[str, list[int]] = defaultdict(list)
        for i in range(first, last):
            if content(text, i):
                for key in {lemma(text.tokens[i].low), root(text.tokens[i].low)}:
                    keys[key].append(i)
            elif text.tokens[i].kind == "number":
                keys[text.tokens[i].low].append(i)
        if first == 0 or "\n" in text.tokens[first].gap:
            carried, theirs_named = None, False
        said = _said(text, first, last, name == "draft", quoted, people)
        bare = name != "draft" and not any(said.values()) and not _labels(text, first)
        carried = _carried(text, first, people, carried) if bare else None
        telling = bare and carried is None and not theirs_named and not people.told_by_another and _verb(text, first)
        me = any(text.tokens[i].low == "me" and not _labels(text, i) for i in range(first, last))
        aimed = {i for i in range(first, last) if _in_slot(text, i, name, brief, "target") and not said[i]}
        hints: dict[int, Owner | None] = {}
        for i in range(first, last):
            hint = _agreed(_slot(text, i, name, brief), carried) or ("me" if telling else None)
            hints[i] = None if i in aimed or (me and hint == "me") else hint
        yield Sentence(
            number,
            first,
            last,
            {k: tuple(v) for k, v in keys.items()},
            said,
            hints,
            telling,
            _possessions(text, first, last, quoted, people, name == "draft"),
            together(text, first, last),
        )
        lows = {text.tokens[i].low for i in range(first, last)}
        theirs_named = bool(lows & people.theirs) and not lows & people.mine
        carried = said[last - 1] or carried


def _carried(text: Text, first: int, people: People, before: Owner | None) -> Owner | None:
    """Whom a sentence without a pronoun speaks of: whom it begins with, or else whom its line speaks of."""
    opening = text.tokens[first]
    if opening.low in people.mine or opening.low in people.theirs:
        return None if opening.text.endswith("s") else "me" if opening.low in people.mine else "other"
    return before if before == "me" else None


def _verb(text: Text, i: int) -> bool:
    """Whether a sentence opens with a verb in the past: in notes its subject is the writer, or left open."""
    low = text.tokens[i].low
    past = lemma(low) != low.rstrip("e") and low.endswith(("ed", "t", "n", "e", "d", "k"))
    return past and content(text, i) and not text.tokens[i].text.isupper()


def _agreed(slot: Owner | None, carried: Owner | None) -> Owner | None:
    return None if slot and carried and slot != carried else slot or carried


def together(text: Text, first: int, last: int) -> bool:
    """Whether a sentence tells of both sides at once."""
    lows = [text.tokens[i].low for i in range(first, last)]
    like = any(a == "like" and b in ("me", "you", "us") for a, b in itertools.pairwise(lows))
    return like or bool(_TOGETHER & set(lows))


def _possessions(
    text: Text, first: int, last: int, quoted: Sequence[tuple[int, int]], people: People, draft: bool
) -> dict[int, Owner]:
    if people.told_by_another or (not draft and _hearsay(text, first, last)):
        return {}
    return possessions(text, first, last, quoted)


def _hearsay(text: Text, first: int, last: int) -> bool:
    return any(text.tokens[i].low in ("you", "your") for i in range(first, last))


def quotations(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in re.finditer(r"\"[^\"\n]{3,400}\"|(?<!\w)'[^'\n]{3,}(?:'\w[^'\n]*)*'(?!\w)", text)]


def _said(
    text: Text, first: int, last: int, draft: bool, quoted: Sequence[tuple[int, int]], people: People
) -> dict[int, Owner | None]:
    current: Owner | None = None
    owners: dict[int, Owner | None] = {}
    for i in range(first, last):
        token = text.tokens[i]
        inside = any(a < token.start < b for a, b in quoted)
        if _labels(text, i):
            whose = text.tokens[i - 1].low if i > first else ""
            mine = token.low in _MY_LABELS or whose in MINE
            current = "me" if mine else "other" if token.low in _THEIR_LABELS or whose in THEIRS else None
        elif token.low in people.mine or token.low in people.theirs:
            people.last_is_me = token.low in people.mine
            verb = i + 1 < last and content(text, i + 1) and text.tokens[i + 1].gap == " "
            does = verb and not text.tokens[i + 1].capital
            current = current if not does else "me" if people.last_is_me else "other"
        elif token.low in ME:
            current = None if inside else "me"
        elif token.low in ("he", "she"):
            current = None if people.last_is_me or people.told_by_another else "other"
        elif token.low in ("they", "you"):
            current = "other" if draft and token.low == "you" and not inside else None
        owners[i] = None if inside else current
    return owners


def _labels(text: Text, i: int) -> bool:
    """Whether a word heads an entry of notes: "me: ...", "her = ...", "Role - ..."."""
    token = text.tokens[i]
    opens = i == 0 or token.gap.strip(" ") != "" or text.tokens[i - 1].low in MINE | THEIRS
    if opens and token.low == "me" and (i == 0 or token.gap.strip(" ") != ""):
        return True
    return opens and token.kind == "word" and _LABEL.match(text.text, token.end) is not None


def _slot(text: Text, i: int, name: str, brief: Brief | None) -> Owner | None:
    if _in_slot(text, i, name, brief, "target"):
        return None
    return next((owner for slot, owner in _SLOT_OWNERS if _in_slot(text, i, name, brief, slot)), None)


def _in_slot(text: Text, i: int, name: str, brief: Brief | None, slot: Slot) -> bool:
    start = text.tokens[i].start
    return brief is not None and any(e.source == name and e.start <= start < e.end for e in brief.get(slot))


def possessions(text: Text, first: int, last: int, quoted: Sequence[tuple[int, int]] = ()) -> dict[int, Owner]:
    """The positions that a possessive governs, up to the next grammar word or comma."""
    owned: dict[int, Owner] = {}
    for i in range(first, last):
        low = text.tokens[i].low
        if low not in MINE | THEIRS or any(a < text.tokens[i].start < b for a, b in quoted):
            continue
        for j in range(i + 1, min(i + 5, last)):
            if text.tokens[j].gap not in (" ", "-") or (text.tokens[j].kind == "word" and not content(text, j)):
                break
            if low != "our":
                owned[j] = "me" if low in MINE else "other"
    return owned


def where(low: str, sentence: Sentence) -> tuple[int, ...]:
    """The positions at which a sentence holds a word."""
    return tuple(sorted({p for key in keys_of(low) for p in sentence.keys.get(key, ())}))
