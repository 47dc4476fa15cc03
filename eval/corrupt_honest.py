"""Honest variants: the same facts in another form, which the gate has to pass."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from eval.corrupt_text import MONTHS, SHORT, Case, Change, insert, sources_text

_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()


def _each(pattern: str, new: Callable[[re.Match[str]], str]) -> Change:
    def change(case: Case, text: str, rng: random.Random) -> str | None:
        made = re.sub(pattern, new, text)
        return made if made != text else None

    return change


def _moved(case: Case, text: str, rng: random.Random) -> str | None:
    paragraphs = text.split("\n\n")
    for i in rng.sample(range(len(paragraphs)), len(paragraphs)):
        sentences = re.findall(r"(?:[^.?!]|[.?!](?=[\w\"]))+[.?!]+\s*", paragraphs[i])
        if len(sentences) > 2 and "".join(sentences) == paragraphs[i]:
            turned = [s.strip() for s in (*sentences[1:], sentences[0])]
            return "\n\n".join([*paragraphs[:i], " ".join(turned), *paragraphs[i + 1 :]])
    return None


def _first_name(case: Case, text: str, rng: random.Random) -> str | None:
    for full in (*case["slots"]["recipient"], *case["slots"]["sender"]):
        words = full.split()
        if len(words) == 2 and full in text:
            return text.replace(full, words[0])
    return None


def _initials(case: Case, text: str, rng: random.Random) -> str | None:
    known = sources_text(case)
    for m in re.finditer(r"\b(?:[A-Z][a-z]+ ){2,3}[A-Z][a-z]+\b", text):
        if m.group() in known:
            return text.replace(m.group(), "".join(w[0] for w in m.group().split()))
    return None


def _date_turned(case: Case, text: str, rng: random.Random) -> str | None:
    made = re.sub(rf"\b(\d{{1,2}}) ({'|'.join((*MONTHS, *SHORT))})\b", r"\2 \1", text)
    return made if made != text else None


def _possessive(old: str, new: str) -> Change:
    """The one of "my" and "our" for the other, before a word that the sources hold behind one of the two."""

    def change(case: Case, text: str, rng: random.Random) -> str | None:
        own = set(re.findall(r"(?i)\b(?:my|our) ([a-z]+)", sources_text(case)))
        for m in re.finditer(rf"\b{old} ([a-z]+)", text):
            if m[1] in own:
                return f"{text[: m.start()]}{new} {text[m.start(1) :]}"
        return None

    return change


VARIANTS: dict[str, Change] = {
    "percent": _each(r"(?<=\d)%", lambda m: " percent"),
    "percent sign": _each(r"(?<=\d) (?:percent|per cent)\b", lambda m: "%"),
    "digits": _each(rf"(?<![-\w])({'|'.join(_WORDS[2:])})(?= [a-z]{{3,}}s\b)", lambda m: str(_WORDS.index(m[1]))),
    "thousands spelled out": _each(r"\b(\d+)\.(\d)k\b", lambda m: f"{m[1]},{m[2]}00"),
    "our for my": _possessive("my", "our"),
    "my for our": _possessive("our", "my"),
    "simple past": _each(r"\bI've ([a-z]{3,}ed)\b", lambda m: f"I {m[1]}"),
    "number words": _each(
        r"(?<![\w.,:/£$€-])\b([2-9]|1[0-2])\b(?![\w:/%.,-]| [A-Z]| [a-z]\b|\d)", lambda m: _WORDS[int(m[1])]
    ),
    "thousands": _each(r"\b(\d{1,3}),(\d)00\b(?!,)", lambda m: f"{m[1]}.{m[2]}k"),
    "no separator": _each(r"\b(\d{1,3}),(\d{3})\b(?!,)", lambda m: m[1] + m[2]),
    "long units": _each(
        r"\b(yrs|mins|min|hrs|wks)\b",
        lambda m: {"yr": "years", "mi": "minutes", "hr": "hours", "wk": "weeks"}[m[1][:2]],
    ),
    "date turned": _date_turned,
    "word order": _moved,
    "first name": _first_name,
    "initials": _initials,
    "long forms": _each(r"\bI've\b", lambda m: "I have"),
    "past tense": _each(
        r"\bI run\b|\bI work\b|\bI've worked\b|\bI manage\b",
        lambda m: {"run": "I ran", "work": "I worked", "worked": "I worked", "manage": "I managed"}[
            m.group().split()[-1]
        ],
    ),
    "typographic": _each(r"'", lambda m: "’"),
    "thanks": lambda case, text, rng: insert(text, "Thank you for your time.", rng),
}
