"""The sources' sentences, with a subject for every position: whom each word is told of."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from assistant.facts.joined import parts_together, possessions, quotations
from assistant.facts.lexicon import named
from assistant.facts.sources import Index, Text, flat, index, synonyms
from assistant.facts.text import fold, lemma, root
from assistant.facts.whose import Owner, People, content, labels, subjects, tells, wished
from assistant.records import Brief, Document, Excerpt, Slot

T = TypeVar("T")
_TITLES = named("clauses-titles")
_WRITING = flat(named("owners-writing"))
_SLOT_OWNERS: tuple[tuple[Slot, Owner], ...] = (
    ("proof", "me"), ("about", "me"), ("sender", "me"), ("why_them", "other"), ("recipient", "other"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a source.

    `keys` maps each content lemma and root to its positions; `said` is the owner that a pronoun or a label gives a
    position, `hinted` the one that the brief's slot, or a name that heads the entry, gives it. `wished` are the
    positions that are only wanted or planned, `aims` those of the brief's target.
    """

    text: int
    first: int
    last: int
    keys: dict[str, tuple[int, ...]]
    said: dict[int, Owner | None]
    hinted: dict[int, Owner | None]
    telling: bool
    possessed: dict[int, Owner]
    together: frozenset[int]
    wished: frozenset[int]
    aims: frozenset[int]


@lru_cache(maxsize=20_000)
def keys_of(low: str) -> frozenset[str]:
    """What a word is matched by: its lemma, its root and its synonyms."""
    return frozenset((lemma(low), root(low), *synonyms(low)))


@dataclass(frozen=True, slots=True)
class Told:
    """The sources' sentences, the index that their positions point into, and the words of both sides' names.

    `places` are the sentences and positions of every key, `parts` tells the positions between two commas apart, `lines`
    is the line of each sentence, `names` are the capitalised runs; `found` keeps what was looked up.
    """

    index: Index
    sentences: tuple[Sentence, ...]
    mine: frozenset[str]
    theirs: frozenset[str]
    places: dict[str, list[tuple[int, int]]]
    parts: dict[tuple[int, int], int]
    lines: tuple[int, ...]
    capitals: frozenset[str]
    names: dict[frozenset[str], list[tuple[int, int]]]
    found: dict[str, dict[int, tuple[int, ...]]]
    kept: dict[str, Any]

    def denying(self, find: Callable[[Text, int, int], list[T]]) -> dict[int, list[T]]:
        """What `find` sees in each sentence of the sources, by number, looked for once."""
        known = self.kept.get("denying")
        if known is None:
            found = {n: find(self.index.texts[s.text], s.first, s.last) for n, s in enumerate(self.sentences)}
            known = self.kept["denying"] = {n: seen for n, seen in found.items() if seen}
        return known

    def spot(self, text: int, position: int) -> tuple[int, int]:
        """A position of one of the texts, with the number of its sentence."""
        for number, sentence in enumerate(self.sentences):
            if sentence.text == text and sentence.first <= position < sentence.last:
                return number, position
        raise ValueError(f"no sentence of text {text} holds position {position}")

    def where(self, low: str) -> dict[int, tuple[int, ...]]:
        """The sentences that hold a word, its lemma, root or synonym, by number, with its positions in each."""
        known = self.found.get(low)
        if known is None:
            spots: dict[int, set[int]] = defaultdict(set)
            for key in keys_of(low):
                for number, position in self.places.get(key, ()):
                    spots[number].add(position)
            known = self.found[low] = {number: tuple(sorted(held)) for number, held in sorted(spots.items())}
        return known


@lru_cache(maxsize=16)
def told(sources: tuple[Document, ...], brief: Brief | None) -> Told:
    """Every sentence of the sources, with whose each word is."""
    known = index(sources)
    mine, theirs = (names(brief.sender), names(brief.recipient)) if brief else (frozenset(), frozenset())
    mine, theirs = mine - theirs, theirs - mine
    split = [_split(known, n, sources[n].name, brief, mine, theirs) for n in range(len(known.texts))]
    sentences = tuple(itertools.chain.from_iterable(split))
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, sentence in enumerate(sentences):
        for key, spots in sentence.keys.items():
            places[key].extend((number, spot) for spot in spots)
    parts, lines = _parts(known, sentences)
    runs = _runs(known, sentences)
    capitals = frozenset(word for key in runs for word in key)
    return Told(known, sentences, mine, theirs, dict(places), parts, lines, capitals, runs, {}, {})


def _parts(known: Index, sentences: Sequence[Sentence]) -> tuple[dict[tuple[int, int], int], tuple[int, ...]]:
    parts: dict[tuple[int, int], int] = {}
    lines: list[int] = []
    part = line = 0
    for number, sentence in enumerate(sentences):
        text = known.texts[sentence.text]
        line += sentence.first == 0 or "\n" in text.tokens[sentence.first].gap
        lines.append(line)
        for p in range(sentence.first, sentence.last):
            parted = re.search(r"[,()]", text.tokens[p].gap) is not None and _says(text, p, sentence.last)
            part += p == sentence.first or parted
            parts[number, p] = part
    return parts, tuple(lines)


def _says(text: Text, start: int, last: int) -> bool:
    """Whether what follows a comma says more than a number: "clerk at a bank, 4 yrs" is one part."""
    end = next((j for j in range(start + 1, last) if re.search(r"[,()]", text.tokens[j].gap)), last)
    return any(content(text, j) for j in range(start, end))


def _runs(known: Index, sentences: Sequence[Sentence]) -> dict[frozenset[str], list[tuple[int, int]]]:
    found: dict[frozenset[str], list[tuple[int, int]]] = defaultdict(list)
    for number, sentence in enumerate(sentences):
        text = known.texts[sentence.text]
        run: list[int] = []
        for p in range(sentence.first, sentence.last + 1):
            token = text.tokens[p] if p < sentence.last else None
            if token and token.capital and content(text, p) and (not run or token.gap in (" ", "-", " & ")):
                run.append(p)
                continue
            if run and (len(run) > 1 or run[0] > sentence.first):
                found[frozenset(lemma(text.tokens[j].low) for j in run)] += [(number, j) for j in run]
            run = [p] if token and token.capital and content(text, p) else []
    return dict(found)


def names(excerpts: Sequence[Excerpt]) -> frozenset[str]:
    """The folded words of some people's names, titles left out."""
    return frozenset(fold(w) for e in excerpts for w in re.findall(r"[^\W\d_]{2,}", e.text)) - _TITLES


def _split(
    known: Index, number: int, name: str, brief: Brief | None, mine: frozenset[str], theirs: frozenset[str]
) -> Iterator[Sentence]:
    text = known.texts[number]
    draft = name == "draft"
    told_by_another = not draft and not any(_first_person(text, i) for i in range(len(text.tokens)))
    people = People(mine, theirs, told_by_another)
    quoted = quotations(text.text)
    carried: Owner | None = None
    last = 0
    while last < len(text.tokens):
        first = last
        _, last = text.sentence(first)
        fresh = first == 0 or "\n" in text.tokens[first].gap
        said, headed = subjects(text, first, last, draft, quoted, people)
        bare = not draft and not any(said.values()) and not labels(text, first)
        before = None if fresh else carried
        carried = _carried(text, first, people, before) if bare else None
        wishing = wished(text, first, last)
        aims = {i for i in range(first, last) if _in_slot(text, i, name, brief, "target")}
        aims = {i for i in aims if not said[i] or any(w < i for w in wishing)}
        telling = (bare or draft) and not any((*said.values(), *headed.values())) and carried is None
        telling = telling and before != "other" and not told_by_another
        telling = telling and (tells(text, first) or (first in wishing and not draft))
        teller: Owner = "other" if _said_to_me(text, first, last) else "me"
        me = any(text.tokens[i].low == "me" and not labels(text, i) for i in range(first, last))
        me = me and "me" not in said.values()
        front = None if bare or draft or labels(text, first) else _carried(text, first, people, before)
        start = next((i for i in range(first, last) if said[i]), first)
        hints: dict[int, Owner | None] = {}
        for i in range(first, last):
            led = front if i < start and said[start] == front else None
            hint = _agreed(_slot(text, i, name, brief), headed[i] or carried or led) or (teller if telling else None)
            if i < start and teller == "other" and not (draft or told_by_another):
                hints[i] = "other"
                continue
            if i == first and _to_them(text, first, last, mine, theirs) and not draft and not told_by_another:
                hints[i] = hint or "me"
                continue
            hints[i] = None if hint == "me" and (me or (i in aims and not said[i])) else hint
        yield Sentence(
            number,
            first,
            last,
            _keys(text, first, last),
            said,
            hints,
            telling,
            _possessions(text, first, last, quoted, people, draft),
            parts_together(text, first, last),
            wishing,
            frozenset(aims),
        )
        carried = said[last - 1] or headed[last - 1] or hints[last - 1] or carried


def _to_them(text: Text, first: int, last: int, mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether a sentence opens with what was done to the reader: "asked Ana if", "wrote her on Monday"."""
    after = text.tokens[first + 1].low if first + 1 < last else ""
    return tells(text, first) and (after in theirs - mine or after in ("him", "her", "them"))


def _said_to_me(text: Text, first: int, last: int) -> bool:
    """Whether a sentence without a subject tells what came from the reader: "said to ring", "asked me for 3 sets"."""
    after = text.tokens[first + 1].low if first + 1 < last else ""
    return text.tokens[first].low == "said" or (tells(text, first) and after in ("me", "us"))


def _first_person(text: Text, i: int) -> bool:
    """Whether the writer of notes speaks; in "written by my sister" another does."""
    low = text.tokens[i].low
    return low in ("i", "me") or (low == "my" and (i == 0 or text.tokens[i - 1].low != "by"))


def _keys(text: Text, first: int, last: int) -> dict[str, tuple[int, ...]]:
    keys: dict[str, list[int]] = defaultdict(list)
    for i in range(first, last):
        if content(text, i):
            for key in {lemma(text.tokens[i].low), root(text.tokens[i].low)}:
                keys[key].append(i)
        elif text.tokens[i].kind == "number":
            keys[text.tokens[i].low].append(i)
    return {key: tuple(places) for key, places in keys.items()}


def _carried(text: Text, first: int, people: People, before: Owner | None) -> Owner | None:
    """Whom a sentence without a pronoun speaks of: whom it begins with, or whom its line speaks of."""
    opening = text.tokens[first]
    if side := people.side(opening.low):
        return None if opening.text.endswith("s") else side
    dashed = re.search(r"\s[-/*]\s|//|[|;]", opening.gap) is not None
    dashed = dashed and not (tells(text, first) and lemma(opening.low) in _WRITING)
    return before if before == "me" or (dashed and before == "other") else None


def _agreed(slot: Owner | None, carried: Owner | None) -> Owner | None:
    return None if slot and carried and slot != carried else slot or carried


def _possessions(
    text: Text, first: int, last: int, quoted: Sequence[tuple[int, int]], people: People, draft: bool
) -> dict[int, Owner]:
    hearsay = any(text.tokens[i].low in ("you", "your") for i in range(first, last))
    return {} if people.told_by_another or (hearsay and not draft) else possessions(text, first, last, quoted, people)


def _slot(text: Text, i: int, name: str, brief: Brief | None) -> Owner | None:
    return next((owner for slot, owner in _SLOT_OWNERS if _in_slot(text, i, name, brief, slot)), None)


def _in_slot(text: Text, i: int, name: str, brief: Brief | None, slot: Slot) -> bool:
    start = text.tokens[i].start
    return brief is not None and any(e.source == name and e.start <= start < e.end for e in brief.get(slot))


def where(low: str, sentence: Sentence) -> tuple[int, ...]:
    """The positions at which a sentence holds a word."""
    return tuple(sorted({p for key in keys_of(low) for p in sentence.keys.get(key, ())}))
