"""What a candidate says of one side: subjects, their verbs and what follows, read sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.facts.joined import parts_together, possessions
from assistant.facts.lexicon import named
from assistant.facts.sources import Text, flat
from assistant.facts.text import lemma
from assistant.facts.whose import MINE, RELATIONS, Owner, content, is_subject

_PERIODS = named("owners-periods")
_TURNS = named("owners-turns")
MODALS = named("owners-modals")
_JOINING = named("owners-joining")
_SUBORDINATE = frozenset(("when", "while", "because", "although", "whereas"))
_COPULAS = named("deeds-copulas")
_FRONTS = named("whose-fronts")
_JOINT = flat(named("owners-joint"))
_TIES = flat(RELATIONS)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a candidate says of one side: the first content word after the subject, and those that follow it.

    `owned` are the words that a possessive gives to a side, and from `crossed` on the other side has a part in it.
    """

    owner: Owner
    subject: int
    head: int
    rest: tuple[int, ...]
    owned: dict[int, Owner]
    crossed: int
    held: bool = False
    verb: bool = True


def statements(text: Text) -> Iterator[Statement]:
    """Every statement of a text about one of the two sides."""
    last = 0
    while last < len(text.tokens):
        first = last
        _, last = text.sentence(first)
        lows = [_low(text, i) for i in range(first, last)]
        both = parts_together(text, first, last)
        if "?" in text.text[text.tokens[last - 1].end : text.tokens[last - 1].end + 2]:
            continue
        for i in range(first, last):
            if i in both:
                continue
            if text.tokens[i].low in ("i", "we", "you") and is_subject(text, first, i) and not _asked(text, first, i):
                yield from _statement(text, i, last)
            elif text.tokens[i].low in ("my", "your") and not MODALS & set(lows):
                yield from _holding(text, i, last)


def _asked(text: Text, first: int, i: int) -> bool:
    """Whether the subject stands in a request or a condition, where nothing is stated."""
    before = [_low(text, j) for j in range(first, i)]
    after = text.tokens[i + 1].low if i + 1 < len(text.tokens) else ""
    shortened = text.tokens[i].text.casefold().endswith(("'d", "'ll"))
    return shortened or after in MODALS or bool(MODALS & set(before)) or text.tokens[first].low in ("if", "please")


def _low(text: Text, i: int) -> str:
    """A folded word; the month of May is no "may"."""
    token = text.tokens[i]
    return "" if token.text == "May" and token.gap == " " else token.low


def _statement(text: Text, subject: int, last: int) -> Iterator[Statement]:
    relative = subject > 0 and text.tokens[subject - 1].low in ("where", "which", "whose", "that", "when")
    noun = subject > 0 and text.tokens[subject].gap == " " and content(text, subject - 1)
    first, _ = text.sentence(subject)
    opening = next((j for j in range(subject, first, -1) if ":" in text.tokens[j].gap), first)
    noun = noun and text.tokens[opening].low not in _FRONTS
    aside = r"[:,]" if relative or noun else ":"
    end = next(
        (
            j
            for j in range(subject + 1, last)
            if text.tokens[j].low in _TURNS
            or (text.tokens[j].low in _SUBORDINATE and text.tokens[j].gap == " ")
            or re.search(aside, text.tokens[j].gap)
            or (text.tokens[j].low in ("it", "that", "this") and text.tokens[j - 1].low in ("and", "but", "so"))
            or _opens_anew(text, j, last)
        ),
        last,
    )
    words = [j for j in range(subject + 1, end) if content(text, j) or text.tokens[j].kind == "number"]
    we = text.tokens[subject].low == "we"
    between = [text.tokens[j].low for j in range(subject + 1, end)]
    if we and ("together" in between or "other" in between):
        return
    if words and we and (lemma(text.tokens[words[0]].low) in _JOINT or text.tokens[subject + 1].low in ("were", "had")):
        return
    if (
        words
        and text.tokens[subject].low != "you"
        and text.tokens[words[0]].capital
        and any(text.tokens[j].low == "at" for j in range(subject, words[0]))
    ):
        return
    heads = [j for j in words if j == words[0] or (text.tokens[j - 1].low == "and" and content(text, j))]
    owned = possessions(text, subject, end)
    theirs = ("your", "you") if text.tokens[subject].low in ("i", "we") else ("my", "me", "us", "our")
    crossed = next((j for j in range(subject + 1, end) if text.tokens[j].low in theirs), end)
    owner: Owner = "other" if text.tokens[subject].low == "you" else "me"
    for head in heads:
        rest = tuple(j for j in words if head < j <= head + 9)[:6]
        verb = not any(text.tokens[j].low in _COPULAS for j in range(subject + 1, head))
        yield Statement(owner, subject, head, rest, owned, crossed, verb=verb)


def _opens_anew(text: Text, j: int, last: int) -> bool:
    """Whether ", and Piet says" begins what is told of somebody else."""
    joins = text.tokens[j].low in ("and", "but") and "," in text.tokens[j].gap
    named_ = any(text.tokens[k].capital for k in (j + 1, j + 2) if k < last)
    other = any(
        text.tokens[k].low in ("of", "from") and text.tokens[k + 1].low == "your"
        for k in range(j, min(j + 5, last - 1))
    )
    return joins and (named_ or other)


def _holding(text: Text, holder: int, last: int) -> Iterator[Statement]:
    """What is told of one side's thing: "Your audit accuracy was 97.4%"."""
    end = next((j for j in range(holder + 1, last) if text.tokens[j].low in _TURNS | MINE | {"your"}), last)
    words = [j for j in range(holder + 1, end) if content(text, j) or text.tokens[j].kind == "number"][:7]
    before = text.tokens[holder - 1] if holder else None
    inner = before is not None and text.tokens[holder].gap == " " and before.low not in {*_JOINING, *_PERIODS}
    if inner:
        return
    tied = any(lemma(text.tokens[j].low) in _TIES for j in (holder + 1, holder + 2) if j < last)
    if len(words) > 1 and words[0] == holder + 1 and not tied:
        owner: Owner = "me" if text.tokens[holder].low == "my" else "other"
        yield Statement(owner, holder, words[0], tuple(words[1:]), {}, end, held=True)
