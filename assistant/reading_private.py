"""What must never reach the message: what the notes ask to keep out, and lines that speak to a program."""

from __future__ import annotations

import re

from assistant.cues import CUES
from assistant.segments import Stretch, segments, sentences, trimmed

_VERB = (
    r"(?<!\bi )(?<!\bwe )(?<!\bhe )(?<!\bshe )(?<!\bthey )(?<!\bwho )"
    r"\b(?:do ?n['’]?t|do not|never|no need to|please not) (?:ever )?(?:use|mention|say|include|tell|bring|name|quote|"
    r"share|talk about|write about|put|send|add|ask about|pitch|attach)\b"
)
_MARK = re.compile(
    _VERB + r"|\b(?:confidential|off the record|between (?:us|you and me)|top secret|hush[- ]hush)\b"
    r"|\bnot for (?:the )?(?:letter|message|e?-?mail|note|publication|sharing|him|her|them|this)\b"
    r"|\b(?:leave|keep) (?:\w+ ){0,4}(?:out|private|quiet|secret|to (?:my|your)self)\b"
    r"|\b(?:nobody|no one)['’]?s business\b|\bskip(?: (?:it|that|this|these|those|all))?\b(?=\s*(?:$|[.,;)]))",
    re.IGNORECASE,
)
# A line that ends so is for the writer alone: "price list, 15% off - don't", "visa = private", "(NOT say)".
_LAST = re.compile(
    r"(?:\s[-–—=]+\s*|:\s*)(?:don['’]?t|do not|not|no|nope|drop(?: it)?|forget it|personal|private)[.!)]*\s*$"
    r"|\((?:do )?not (?:say|mention|tell|use)\)[.!]*\s*$",
    re.IGNORECASE,
)
# After the mark: nothing, or only a word for what came before it.
_BARE = re.compile(
    r"\s*(?:(?:it|this|that|these|those|them|any of (?:it|this|that)|all (?:of )?(?:it|that|this)|here|though|please|"
    r"pls|to (?:him|her|them|anyone)|in (?:the|this) (?:letter|message|note|e?-?mail))\s*)*[.!)\"'”]*\s*$",
    re.IGNORECASE,
)


def to_a_program(text: str) -> list[Stretch]:
    """Sentences that give orders to a program and say nothing to a person ("SYSTEM: …", "ignore previous …")."""
    return [s for s in sentences(text) if CUES["inject"].search(text[s.start : s.end].casefold())]


def kept_out(text: str) -> list[Stretch]:
    """Stretches that the notes ask to leave out: the mark with what it names, or with the facts just before it."""
    found = []
    for sentence in sentences(text):
        parts = segments(text, sentence)
        if _LAST.search(text[sentence.start : sentence.end]) and (line := trimmed(text, sentence.start, sentence.end)):
            found.append(line)
            continue
        for mark in _MARK.finditer(text, sentence.start, sentence.end):
            at = next((i for i, p in enumerate(parts) if p.end >= mark.end()), len(parts) - 1)
            if not parts:
                continue
            own = parts[at]
            names_it = not _BARE.match(text, mark.end(), own.end) and mark.group()[-1:].isalnum()
            before = text[own.start : mark.start()].strip()
            if names_it or len(before.split()) >= 2:
                # "don't mention: my visa, the rent": a colon opens a list that runs to the sentence's end.
                listed = names_it or text[own.end : own.end + 1] == ":"
                start, end = own.start, sentence.end if listed and not before else own.end
            elif text[own.end : own.end + 1] == ":":
                start, end = own.start, sentence.end
            else:
                every = re.search(r"\b(?:all|these|those|any)\b", text[mark.start() : own.end], re.IGNORECASE)
                start, end = parts[0 if every else max(0, at - 2)].start, own.end
            stretch = trimmed(text, start, end)
            if stretch:
                found.append(stretch)
    return found
