"""Whose each word of a source is: read from pronouns, labels and names, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.facts.lexicon import named
from assistant.facts.sources import Text, flat, lemmas_of
from assistant.facts.text import lemma

Owner = Literal["me", "other", "third"]
ME = named("clauses-me")
MINE = named("clauses-mine")
THEIRS = named("clauses-theirs")
RELATIONS = named("whose-relations")
_MY_LABELS = named("clauses-my-labels")
_THEIR_LABELS = named("clauses-their-labels")
_WISHING_LABELS = named("whose-wishing-labels")
_WISHES = named("whose-wishes")
_CLAUSE_STARTS = named("whose-clause-starts")
_CLAUSE_ENDS = named("whose-clause-ends")
_FRONTS = named("whose-fronts")
_LABEL = re.compile(r"\s*[:=→]|\s+[-|]\s|\s*\([^()\n]{2,40}\)\s*[:=]")
_AFTER_A_NAME = re.compile(r" ?[,(:=/|]| [-@]| ?\)")
_AUXILIARIES = named("owners-auxiliaries")
_VERBS = _AUXILIARIES | {"is", "has", "does"}
_TO_SOMEONE = flat(named("owners-to-someone"))
_SEEN = flat(named("owners-seen"))
_BELIEVING = flat(named("whose-believing"))
_PLACES = named("owners-places")
_JOINING = named("owners-joining")
_MODALS = named("owners-modals")


@dataclass(slots=True)
class People:
    """The words of both sides' names; to an onlooker who tells it, "he" is `topic`, whom a sentence began with."""

    mine: frozenset[str]
    theirs: frozenset[str]
    told_by_another: bool
    topic: Owner | None = None

    def side(self, low: str) -> Owner | None:
        """Whose name a word is."""
        return "me" if low in self.mine else "other" if low in self.theirs else None


def content(text: Text, i: int) -> bool:
    """Whether a token is a word that carries meaning, so that two sentences sharing it may speak of one thing."""
    token = text.tokens[i]
    if token.kind != "word" or i in text.covered or len(token.low) < 2:
        return False
    return lemma(token.low) not in lemmas_of("function")


def sentences(text: Text) -> Iterator[tuple[int, int]]:
    """The first and the last-but-one position of every sentence."""
    last = 0
    while last < len(text.tokens):
        first = last
        _, last = text.sentence(first)
        yield first, last


def subjects(
    text: Text, first: int, last: int, draft: bool, quoted: Sequence[tuple[int, int]], people: People
) -> tuple[dict[int, Owner | None], dict[int, Owner | None]]:
    """Whom each position of a sentence speaks of: by a pronoun, label or verb; and by a name that heads an entry."""
    current: Owner | None = None
    heading: Owner | None = None
    said: dict[int, Owner | None] = {}
    headed: dict[int, Owner | None] = {}
    aside: list[Owner | None] = []
    for i in range(first, last):
        token = text.tokens[i]
        inside = any(a < token.start < b for a, b in quoted)
        aside += [current] * ("(" in token.gap)
        current = aside.pop() if aside and ")" in token.gap else current
        side = people.side(token.low)
        if ";" in token.gap and tells(text, i) and current == "other":
            current = None
        if ":" in token.gap and i > first and text.tokens[i - 1].low == "me" and tells(text, i):
            current = "me"
        if ":" in token.gap and i > first and people.side(text.tokens[i - 1].low) is None:
            heading = None
        if labels(text, i):
            whose = text.tokens[i - 1].low if i > first else ""
            mine = token.low in _MY_LABELS or whose in MINE or _names_me(text, i, last, people)
            current = "me" if mine else "other" if token.low in _THEIR_LABELS or whose in THEIRS else None
            heading = None
        elif side is not None:
            people.topic = side if i == first or people.topic is None else people.topic
            if _acts(text, i, last):
                current = side
            elif not draft and _heads(text, i, last):
                current = None if current != side else current
                heading = heading if tells(text, first) else side
        elif _relative(text, first, i, current):
            heading = None if i == first + 1 else heading
            current = current if heading == "other" and _apposition(text, i, last) else "third"
        elif token.low in ME or (token.low == "myself" and token.gap != " "):
            current = None if inside else "me"
        elif token.low in ("he", "she"):
            current = None if people.told_by_another else "other"
            heading = people.topic if people.told_by_another else heading
        elif (
            current == "me"
            and token.gap != " "
            and i + 1 < last
            and text.tokens[i + 1].low == "me"
            and content(text, i)
        ):
            current = None if people.told_by_another else "other"
        elif token.low == "they":
            current = None
        elif token.low == "him" and heading == "other":
            heading = headed[i - 1] = None
        elif token.low == "who" and i > first and text.tokens[i - 1].low in ("her", "him", "she", "he"):
            current = None if people.told_by_another else "other"
        elif _addressed(text, i, last) and is_subject(text, first, i):
            current, heading = "other" if draft and not inside else None, None
        elif i == first and token.low in MINE | (THEIRS - {"your", "yours"}) and not draft:
            related = any(t.low in RELATIONS for t in text.tokens[i + 1 : min(i + 3, last)])
            heading = None if related else "me" if token.low in MINE else None if people.told_by_another else "other"
        said[i] = None if inside else current
        headed[i] = None if inside else heading
    by = next(
        (i for i in range(first + 1, last) if text.tokens[i - 1].low == "by" and people.side(text.tokens[i].low)), None
    )
    if by is not None and not draft:
        headed.update({i: headed[i] or people.side(text.tokens[by].low) for i in range(first, by)})
    for i in _fronted(text, said, first, last):
        headed[i] = headed[i] or next(owner for owner in said.values() if owner)
    return said, headed


def _names_me(text: Text, i: int, last: int, people: People) -> bool:
    """Whether a label names the sender: "secretary = Roy Dack"."""
    return any(people.side(text.tokens[j].low) == "me" for j in range(i + 1, min(i + 3, last)))


def _addressed(text: Text, i: int, last: int) -> bool:
    """Whether a word is "you", or "your" typed for "you're": "your the deputy"."""
    low = text.tokens[i].low
    return low in ("you", "u") or (
        low == "your" and i + 1 < last and text.tokens[i + 1].low in ("the", "a", "an", "not")
    )


def _fronted(text: Text, said: dict[int, Owner | None], first: int, last: int) -> range:
    """The positions before a sentence's first subject, which speak of it: "In Lagos I ran …"."""
    if text.tokens[first].low not in _FRONTS:
        return range(0)
    start = next((i for i in range(first, last) if said[i]), first)
    return range(first, start)


def _acts(text: Text, i: int, last: int) -> bool:
    """Whether a verb follows a name: "Ana wrote"."""
    if i + 1 >= last or text.tokens[i].text.endswith("'s") or text.tokens[i + 1].gap != " ":
        return False
    after = text.tokens[i + 1]
    return (content(text, i + 1) and not after.capital) or after.low in _VERBS


def _heads(text: Text, i: int, last: int) -> bool:
    """Whether a name heads a description: "Ana Ruiz, matron", "Ana Ruiz (matron)", "Ana Ruiz: matron"."""
    if i + 1 >= last:
        return False
    return _AFTER_A_NAME.match(text.tokens[i + 1].gap) is not None and not text.tokens[i].text.endswith("'s")


def _relative(text: Text, first: int, i: int, before: Owner | None) -> bool:
    """Whether a clause begins with someone of one side's: "my wife", "her student"; or tells on of one: "wife said"."""
    token = text.tokens[i]
    after = text.tokens[i + 1].low if i + 1 < len(text.tokens) else ""
    if token.low not in RELATIONS and not (token.low == "co" and after in RELATIONS | {"founder", "worker"}):
        return False
    if i == first or text.tokens[i - 1].low not in MINE | THEIRS:
        return before == "third" and token.gap != " "
    opener = text.tokens[i - 2].low if i - 1 > first else ""
    return i - 1 == first or text.tokens[i - 1].gap != " " or opener in _CLAUSE_STARTS


def _apposition(text: Text, i: int, last: int) -> bool:
    """Whether "my flatmate" tells who the name before it is: "Theo, my flatmate at uni", not "Theo, my boss says"."""
    after = text.tokens[i + 1] if i + 1 < last else None
    return "," in text.tokens[i - 1].gap and (after is None or after.gap != " " or not content(text, i + 1))


def tells(text: Text, i: int) -> bool:
    """Whether a sentence opens with a verb in the past: in notes its subject is the writer, or left open."""
    low = text.tokens[i].low
    past = (
        lemma(low) != low.rstrip("e")
        and low.endswith(("ed", "t", "n", "e", "d", "k", "g", "w", "m"))
        and not low.endswith("ing")
    )
    return past and content(text, i) and not text.tokens[i].text.isupper()


def is_subject(text: Text, first: int, i: int) -> bool:
    """Whether "I" or "you" does something here; "I drove you" and "with you" are no subjects."""
    token = text.tokens[i]
    if token.low not in ("you", "u", "your"):
        return token.low in ("i", "we")
    before = text.tokens[i - 1]
    if i == first or token.gap != " " or before.low in _JOINING:
        return True
    after = text.tokens[i + 1] if i + 1 < len(text.tokens) else None
    does = after is not None and (content(text, i + 1) or after.low in _AUXILIARIES | _MODALS)
    does = does or (i + 2 < len(text.tokens) and text.tokens[i + 2].gap == "-" and content(text, i + 2))
    knows = lemma(before.low) in _SEEN
    if lemma(before.low) not in _SEEN | _BELIEVING and text.tokens[i - 2].low in ("i", "we") and i - 2 >= first:
        return False
    if before.low in ("wish", "wished") and after is not None and after.low not in _AUXILIARIES | _MODALS:
        return False
    return does and before.low not in _PLACES and (knows or lemma(before.low) not in _TO_SOMEONE)


def labels(text: Text, i: int) -> bool:
    """Whether a word heads an entry of notes: "me: ...", "her = ...", "Role - ..."."""
    token = text.tokens[i]
    opens = i == 0 or token.gap.strip(" ") != "" or text.tokens[i - 1].low in MINE | THEIRS
    if opens and token.low == "me" and (i == 0 or token.gap.strip(" ") != ""):
        return True
    opens = opens or (token.low == "me" and text.tokens[i - 1].low in ("about", "on"))
    return opens and token.kind == "word" and _LABEL.match(text.text, token.end) is not None


def wished(text: Text, first: int, last: int) -> frozenset[int]:
    """The positions that a sentence only wants, hopes or asks for: after "want", "hoping to", "role:"."""
    found: set[int] = set()
    current = False
    for i in range(first, last):
        low = text.tokens[i].low
        if wishes(text, i) or (low in _WISHING_LABELS and labels(text, i)):
            current = True
        elif current and _turns(text, first, i):
            current = False
        if current:
            found.add(i)
    return frozenset(found)


def wishes(text: Text, i: int) -> bool:
    """Whether a word says that what follows is wanted or planned, not done."""
    low = text.tokens[i].low
    after = text.tokens[i + 1].low if i + 1 < len(text.tokens) else ""
    if low == "like":
        before = text.tokens[i - 1] if i else None
        return before is not None and (before.low == "would" or before.text.casefold().endswith("'d"))
    if low in ("looking", "look"):
        return after in ("for", "to")
    if low in ("thinking", "think"):
        return after in ("of", "about")
    if low == "going":
        return after in ("for", "to")
    return low in _WISHES


def _turns(text: Text, first: int, i: int) -> bool:
    """Whether a new statement begins, which the wish before does not reach."""
    token = text.tokens[i]
    if i > first and (re.search(r"[,()]", token.gap) or token.low in _CLAUSE_ENDS):
        return True
    new = token.low in ME or token.low in ("he", "she", "you", "they", "it") or token.low in MINE
    return new and i > first and (token.gap != " " or text.tokens[i - 1].low in ("and", "but", "so", "because"))
