"""What the recipes share: a sentence with its place, the way out, and how a note names its person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant import voice
from assistant.phrasing import FIRST_PERSON, Phrasing
from assistant.phrasing_checks import THIRD_PERSON, capital, well_said

SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)(?<!\bSt\.)(?<!\bProf\.)\s+")
# A sentence that has this share of its words in another one says nothing new.
ALIKE = 0.75
# Words that tell nothing of their own: two sentences are not alike because they share these.
EMPTY = frozenset(
    "i m ve am is are was were be been have has had a an the and or of in on at to for with my me we our it you your "
    "s".split()
)
# What lets the reader off; the price, or that the message should be short, does not, nor what is said of "her".
LEAVES = re.compile(
    r"^(?!I want|I['’]d like|The |My |.*\b(?:he|she|him|her)\b)"
    r"(?=.*(?:n['’]t\b|\b(?:no|not|cannot|never|fine|ok|okay|alright|all right|"
    r"understand|ignore|skip|decline|otherwise|worry|worries|problem|pressure|easy|free to|same to|instead|either|"
    r"hurry|rush|honest\w*)\b))",
    re.IGNORECASE,
)
NOUN = re.compile(r"(?:an?|one|\d+|the|my|our|some|two|three)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One sentence: `paragraph` groups it; the highest `drop` goes first when all is too long (0: it stays)."""

    text: str
    paragraph: int
    drop: int = 0


def why(words: Phrasing) -> str:
    """Why this reader: told to them, or what of theirs the notes name."""
    works = (voice.as_work(t, recipient=words.recipient, sender=words.sender) for t in words.texts("why_them"))
    seen = words.texts("why_them") if words.kind.id == "pitch" else ()
    facts = [f"{capital(t)}." for t in seen if not THIRD_PERSON.search(t) and not FIRST_PERSON.search(t)]
    facts = [t for t in facts if well_said(f"{t.split(', ')[0].rstrip('.')}.")]
    noticed = (voice.seen(t, recipient=words.recipient, sender=words.sender) for t in seen)
    facts += [words.phrase("why_seen", why_them=n) for n in noticed]
    plain = (words.phrase("why_plain", why_them=w) for w in works)
    return words.about_reader("why_them") or words.first(*plain, *facts)


def way_out(words: Phrasing, key: str = "exit") -> str:
    """The user's own way out where a model has worded it, or one of the kind's under this key."""
    told = words.worded("exit", question=False)
    return (
        (told if LEAVES.search(told) and " and you " not in told else "") or words.phrase(key) or words.phrase("exit")
    )


def sign_off(words: Phrasing, paragraph: int, said: Sequence[Part] = ()) -> list[Part]:
    """The closing line with the name; not where the message thanks already, nor in every one."""
    thanked = any("thank" in p.text.casefold() for p in said)
    closing = "" if thanked or words.turn("sign-off", 2) else words.phrase("closing")
    return [Part(f"{closing}\n" if closing and words.sender else "", paragraph, drop=7), Part(words.sender, paragraph)]


def thanks(words: Phrasing, paragraph: int, said: Sequence[Part]) -> list[Part]:
    """Thanks and the name: thanks in a sentence or in the closing line, and once."""
    ending = sign_off(words, paragraph + 1, said)
    thanked = any("thank" in p.text.casefold() for p in said) or ending[0].text
    return [Part("" if thanked else words.phrase("thanks"), paragraph, drop=6), *ending]


def called_in_turn(words: Phrasing, parts: list[Part]) -> list[Part]:
    """The person of a note in full where first named, and by first name after that."""
    full, short = words.sender, words.short_name()
    if not full or not short:
        return parts
    forms = sorted({full, short, words.text("sender"), *voice.name_forms(full)}, key=len, reverse=True)
    name = re.compile(rf"(?:(?<=^)|(?<=[.!?] ))(?:{'|'.join(map(re.escape, forms))})(?=['’]s |['’] | )")
    called, named = [], False
    for part in parts:
        text = name.sub(short, part.text)
        if not named and name.search(part.text):
            text, named = text.replace(short, full, 1), True
        named = named or full in text
        called.append(replace(part, text=text))
    return called


def own_words(text: str) -> set[str]:
    """The words of a text that tell something."""
    return set(re.findall(r"\w+", text.casefold())) - EMPTY


def alike(text: str, other: str) -> bool:
    """Whether one of two texts tells hardly more than the other."""
    one, two = own_words(text), own_words(other)
    return len(one & two) >= ALIKE * max(1, min(len(one), len(two)))
