"""Keeps a model to the user's facts while it writes: the Guard that engines ask.

Two things are seen early. A number, a capitalised name or a link that neither draft nor notes hold is not begun, so
that the model takes its next best word. And a text that the gate already refuses is given up: no end can save it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence, Set
from functools import lru_cache

from assistant.facts.lexicon import words
from assistant.facts.sources import index
from assistant.facts.text import fold, lemma, tokenize
from assistant.records import Document

_SPACED = re.compile(r"\S+")
_NUMBER = r"(?<![^\W_])\d[\d.,:]*"
_PART = re.compile(rf"(?P<number>{_NUMBER})[^\W_]*|[^\W\d_][^\W_]*(?:['’][^\W\d_]+)*")
_LINK = re.compile(r"https?:|www\.|@\w|\w@|\.\w+/", re.IGNORECASE)
_AROUND = ".,;:!?()<>\"'“”"
_OPENS = (".", "!", "?", ":", "…", "•", "|")
_QUOTES = " \t\"'“”‘’()[]*_-–—"
# After these a full stop ends no sentence, and a name follows.
_SHORT = ("dr.", "mr.", "ms.", "mrs.", "prof.", "st.")
# "Kind regards," is a sign-off; what a capital begins below it is a name.
_SIGNOFF_WORDS = 3
_CALENDAR = (
    *("january february march april may june july august september october november december".split()),
    *("monday tuesday wednesday thursday friday saturday sunday".split()),
)


class Grounding:
    """What a reply may hold, from draft and notes (`sources`) and the kind's own `phrases`.

    `refused` says whether a reply that begins with these whole sentences is out, however it goes on; if any is.
    """

    def __init__(
        self, sources: Sequence[Document], phrases: Sequence[str], refused: Callable[[str], bool] | None = None
    ) -> None:
        self._refused = refused
        told = repr(([d.text for d in sources], list(phrases)))
        self.key = None if refused else hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
        known = index(tuple(sources))
        texts = [*(d.text for d in sources), *phrases]
        dated = {name for name in _CALENDAR if any(low.startswith(name[:3]) for low in known.lows)}
        self._known = (_Words({*known.lows, *known.meanings, *known.initials, *dated}), _always(tuple(phrases)))
        self._lemmas = known.lemmas
        numbers = {_bare(m[0]) for text in texts for m in re.finditer(_NUMBER, text)}
        numbers |= {part for number in numbers for part in re.split(r"[.:]", number)}
        numbers |= {f"{float(q.value):g}" for q in known.quantities} | {str(int(q.value)) for q in known.quantities}
        self._numbers = numbers
        self._number_starts = {number[:end] for number in numbers for end in range(1, len(number) + 1)}
        self._spaced = tuple({m[0].casefold().strip(_AROUND) for text in texts for m in _SPACED.finditer(text)})

    def allows(self, text: str, start: int) -> bool:
        """Whether a reply may go on with what stands from `start` on; its last word may still be growing."""
        at = max(text.rfind(" ", 0, start), text.rfind("\n", 0, start)) + 1
        return all(self._word_allowed(text, at + m.start(), at + m.end()) for m in _SPACED.finditer(text[at:]))

    def hopeless(self, text: str) -> bool:
        """Whether a reply that begins with these whole sentences is out, however it goes on."""
        return self._refused is not None and self._refused(text)

    def _word_allowed(self, text: str, start: int, end: int) -> bool:
        said = text[start:end]
        if said.islower() and said.isalpha():
            return True
        if _LINK.search(said):
            link = said.casefold().strip(_AROUND)
            return link in self._spaced or (end == len(text) and any(w.startswith(link) for w in self._spaced))
        return all(
            self._part_allowed(m["number"] or m[0], text, start + m.start(), grows=start + m.end() == len(text))
            for m in _PART.finditer(said)
        )

    def _part_allowed(self, part: str, text: str, start: int, *, grows: bool) -> bool:
        if not part[0].isalpha():
            number = _bare(part)
            return number in self._number_starts if grows else number in self._numbers
        if not part[0].isupper() or _starts_sentence(text[:start]):
            return True
        low = fold(part.replace("’", "'")).partition("'")[0]
        if any(low in (known.starts if grows else known.words) for known in self._known):
            return True
        base = lemma(low)
        return base in self._lemmas or any(base in known.lemmas for known in self._known)


class _Words:
    """Words, their base forms, and all that they begin with."""

    def __init__(self, words: Set[str]) -> None:
        self.words = words
        self.lemmas = {lemma(word) for word in words}
        self.starts = {word[:end] for word in words for end in range(1, len(word) + 1)}


@lru_cache(maxsize=32)
def _always(phrases: tuple[str, ...]) -> _Words:
    """What a kind's own phrases say, and what anybody may: the same for every message."""
    said = {token.low for phrase in phrases for token in tokenize(phrase)}
    return _Words({*said, *words("function"), *words("free")})


def _bare(number: str) -> str:
    """A number as it is compared: "2,500." → "2500"."""
    return number.rstrip(".,:").replace(",", "")


def _starts_sentence(head: str) -> bool:
    """Whether a word after `head` has its capital from its place: any word may stand there."""
    plain = head.rstrip(_QUOTES)
    if not plain:
        return True
    if plain[-1] == "\n":
        lines = plain.rstrip().split("\n")
        return not (len(lines) > 1 and lines[-1].endswith(",") and len(lines[-1].split()) <= _SIGNOFF_WORDS)
    return plain.endswith(_OPENS) and not plain.casefold().endswith(_SHORT)
