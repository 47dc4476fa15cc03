"""Any text into lines, sentences, segments and tokens, each with its exact place in code points.

Nothing is rewritten here: a span always points at the text as it was given, so that an excerpt is verbatim.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from assistant.records import Document, Excerpt

# Vowel signs of Indic and South-East Asian scripts are no word characters to `re`, yet names are written with them.
_MARKS = "\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u0a3c-\u0a4d\u0b3c-\u0b4d\u0bbe-\u0bcd"
_MARKS += (
    "\u0c3e-\u0c4d\u0cbc-\u0ccd\u0d3e-\u0d4d\u0dca-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u102b-\u103e\u17b4-\u17d3"
)
_LETTER = f"(?:[^\\W_]|[{_MARKS}])"
TOKEN = re.compile(rf"\d+(?:[.,:/]\d+)*{_LETTER}*|{_LETTER}+(?:['’\-]{_LETTER}+)*|\S")
WORD = re.compile(rf"{_LETTER}+(?:['’\-.]{_LETTER}+)*")


def words(text: str) -> frozenset[str]:
    """A word list, written as one string so that it can be read."""
    return frozenset(text.split())


# Never end a sentence; a title or a reference always has something after it.
_OPEN = words(
    "dr mr mrs ms mx prof rev fr sr br hon capt col sgt lt mme mlle e.g eg i.e viz cf approx ca req ref nr fig "
    "ch pp p vs esp incl excl ext tel mob dept univ mt st ste gen gov asst assoc"
)
# End a sentence only before a word that often begins one; measures, before any capital.
_EITHER = words("inc ltd co corp llc gmbh jr phd p.m a.m u.s u.k")
_MEASURES = words("etc no nos vol ed min max hrs yrs yr wk wks mths")
_STARTERS = words(
    "i i'm i’m i've i’ve i'd im she she's he he's they we we're we've you your it it's its this that these those "
    "the a an my our his her their there here at in on from for to with and but so if when what who how why "
    "which would could can do did is are was has have met wants want ask also no not please just saw me q limit"
)
_PRONOUNS = words("i i'm i’m i've she he they we she's he's")
_CLOSERS = "\"'”’)]»›*_"
_BULLET = re.compile(r"[ \t]*(?:[-*•·–—▪◦●○‣>+]+|\(?\d{1,2}[.)]|\(?[a-z]\))[ \t]+|[ \t]+|#{1,6}[ \t]*")
_KEY = re.compile(r"[^\W\d_][\w '’/()&.-]{0,28}?[ \t]*(?::|=|->|→|\|)(?=\s|$)")
_END = re.compile(r"[.!?…。！？।]+")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A half-open stretch `start:end` of a text, in code points."""

    start: int
    end: int


@lru_cache(maxsize=64)
def _line_starts(text: str) -> tuple[int, ...]:
    return (0, *(m.end() for m in re.finditer(r"\n", text)))


def line_of(text: str, offset: int) -> int:
    """The line of an offset, counted from 1."""
    return bisect_right(_line_starts(text), offset)


def excerpt(document: Document, start: int, end: int) -> Excerpt:
    """The words at `start:end`, verbatim, with the document's name and their line."""
    return Excerpt(document.text[start:end], document.name, start, end, line_of(document.text, start))


def trimmed(text: str, start: int, end: int) -> Stretch | None:
    """The stretch without white space at its ends, or None when nothing else is there."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Stretch(start, end) if start < end else None


def lines(text: str) -> list[Stretch]:
    """Every line that holds something, without white space, and without its bullet or number."""
    found = []
    for match in re.finditer(r"[^\n\r\u2028\u2029]+", text):
        bullet = _BULLET.match(text, match.start(), match.end())
        stretch = trimmed(text, bullet.end() if bullet else match.start(), match.end())
        if stretch:
            found.append(stretch)
    return found


# A line that begins so is a new note, whatever the length of the one before.
_NEW_NOTE = _PRONOUNS | words(
    "do don't don’t dont skip ask asks not no never my me her his limit max q want wants keep leave"
)


def _wraps(text: str, before: Stretch, after: Stretch, longest: int) -> bool:
    """Whether a line only goes on in the next one, as in mail wrapped at a width."""
    gap = text[before.end : after.start]
    if gap.count("\n") != 1 or gap.strip() or text[before.end - 1] in ".!?:;…":
        return False
    line = text[text.rfind("\n", 0, before.end) + 1 : before.end]
    word = re.match(r"\S*", text[after.start : after.end])
    first = word.group().casefold().strip(",.") if word else ""
    # A short line was ended on purpose: notes are written so. A wrapped one had no room for the next word.
    full = len(line) >= 56 and len(line) + len(first) + 1 > longest - 4 and longest <= 110
    return (
        full and text[after.start].islower() and first not in _NEW_NOTE and not _KEY.match(text, after.start, after.end)
    )


def _paragraphs(text: str) -> list[Stretch]:
    found: list[Stretch] = []
    longest = max((len(line) for line in text.splitlines()), default=0)
    for line in lines(text):
        if found and _wraps(text, found[-1], line, longest):
            found[-1] = Stretch(found[-1].start, line.end)
        else:
            found.append(line)
    return found


def _ends_here(text: str, mark: re.Match[str], start: int, end: int) -> bool:
    """Whether the punctuation at `mark` ends a sentence of the paragraph `start:end`."""
    after = mark.end()
    while after < end and text[after] in _CLOSERS:
        after += 1
    if after >= end:
        return True
    if mark.group()[0] in "。！？।":
        return True
    if not text[after].isspace():
        glued = text[after : after + 2].istitle() and text[mark.start() - 1].islower() and after == mark.end()
        return glued or (mark.group()[-1] in "!?" and text[after].isalpha() and after == mark.end())
    rest = text[after : min(end, after + 80)].lstrip()
    following = WORD.match(rest)
    word = following.group().casefold() if following else ""
    if mark.group() not in {".", "…"} and "." not in mark.group():
        return True
    if mark.group() != ".":
        return not rest[:1].islower()
    before = re.search(r"[^\s(\[\"'“‘]+$", text[max(start, mark.start() - 40) : mark.start()])
    last = before.group().casefold() if before else ""
    if last in _OPEN:
        return False
    if last in _EITHER or last in _MEASURES:
        fresh = word in _STARTERS and (not rest[:1].islower() or word in _PRONOUNS)
        return fresh or (last in _MEASURES and rest[:1].isupper())
    if len(last) == 1 and last.isalpha() and before and before.group().isupper() and last != "i":
        return word in _STARTERS or not rest[:1].isupper()
    return True


def sentences(text: str) -> list[Stretch]:
    """The sentences: a line break ends one too, unless the line was only wrapped."""
    return list(_sentences(text))


# Every part of the reader asks for the sentences of the same few texts.
@lru_cache(maxsize=64)
def _sentences(text: str) -> tuple[Stretch, ...]:
    found = []
    for paragraph in _paragraphs(text):
        start = paragraph.start
        for mark in _END.finditer(text, paragraph.start, paragraph.end):
            if mark.start() < start or not _ends_here(text, mark, start, paragraph.end):
                continue
            end = mark.end()
            while end < paragraph.end and text[end] in _CLOSERS:
                end += 1
            stretch = trimmed(text, start, end)
            if stretch:
                found.append(stretch)
            start = end
        stretch = trimmed(text, start, paragraph.end)
        if stretch:
            found.append(stretch)
    return tuple(found)


_BREAK = re.compile(
    r"[;|•]+|,(?=\s)|:(?=\s)|(?<=\s)(?:-+>?|–|—|=|//+|/|→|=>|\+)(?=\s)|—|–(?=\s)|\s\(|\((?=\w)|\)(?=[\s,.;:]|$)"
)


def segments(text: str, sentence: Stretch) -> list[Stretch]:
    """A sentence's smallest parts: what stands between commas, semicolons, dashes, bars, brackets and colons."""
    found, start = [], sentence.start
    for mark in _BREAK.finditer(text, sentence.start, sentence.end):
        stretch = trimmed(text, start, mark.start())
        if stretch:
            found.append(stretch)
        start = mark.end()
    stretch = trimmed(text, start, sentence.end)
    if stretch:
        found.append(stretch)
    return found


def clauses(text: str) -> list[Stretch]:
    """Every segment of every sentence, in order."""
    return [segment for sentence in sentences(text) for segment in segments(text, sentence)]
