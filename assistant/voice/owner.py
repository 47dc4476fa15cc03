"""Whose a bare note is: the sender's, the reader's, both's, or nobody's that can be told."""

from __future__ import annotations

import re

from assistant.voice import grammar
from assistant.voice.person import name_forms
from assistant.voice.pieces import lookup, role_length, sort_piece
from assistant.voice.subject import I

_THINGS_DO = grammar.words("things_do")


def of_a_thing(note: str) -> bool:
    """Whether a bare "saves 3 hours" is about a thing that the note does not name."""
    base = grammar.base_of_third(lookup(note.split()[0])) if note else None
    return base in _THINGS_DO and sort_piece(note)[0] == "verb"


def about_the_sender(note: str) -> bool:
    """False where the note speaks of a he or she before it speaks of the sender: who that is cannot be told."""
    if note and sort_piece(note)[0] == "verb" and grammar.is_past(lookup(note.split()[0])):
        return lookup(note.split()[1]) not in {"me", "us"} if len(note.split()) > 1 else True
    other = re.search(r"\b(?:he|she|his|her|hers|him|he's|she's)\b", note, re.IGNORECASE)
    return not other or bool(re.search(r"\b(?:I|I'm|I've|me|my|we|us|our)\b", note[: other.start()]))


def own_name(note: str, sender: str) -> str:
    """The note without the sender's own name at its head, or with "I" in its place before a verb."""
    for form in name_forms(sender):
        note = re.sub(rf"^{re.escape(form)}\b\s*[,:=|–-]\s*(?=\S)", "", note, count=1)
        note = re.sub(rf"(?<=\w), {re.escape(form)}$", "", note)
        if note.startswith(f"{form} ") and role_length(note.removeprefix(form).split()):
            note = note.removeprefix(form).strip()
        for match in reversed(list(re.finditer(rf"(?<!\w)(?<![A-Z]\w )(?<!am ){re.escape(form)} (?=[a-z])", note))):
            before, verb, rest = note[: match.start()], *([*note[match.end() :].split(" ", 1), ""])[:2]
            if (
                not re.search(r"(?:'m|is|called|named|me|\b[A-Z]\w*) $", before)
                and sort_piece(f"{verb} {rest}")[0] == "verb"
            ):
                note = f"{before}I {I.verb(verb)} {rest}".rstrip()
    return note


def without_label(note: str, recipient: str) -> str:
    for form in name_forms(recipient):
        note = re.sub(rf"^{re.escape(form)}\s*[,:=|–-]\s*", "", note, count=1)
    return note


def without_title(note: str, recipient: str) -> str:
    """The reader knows their own job: "spoke to Mia Lund (curator)" → "spoke to Mia Lund"."""
    for form in name_forms(recipient):
        note = re.sub(rf"({re.escape(form)}) \([^)]*\)", r"\1", note)
        aside = re.search(rf"{re.escape(form)}(, ([^,]+),) (?=\w)", note)
        if aside and role_length(aside.group(2).split()):
            note = note[: aside.start(1)] + note[aside.end(1) :]
    return note


def with_subject(note: str, recipient: str) -> str:
    """A bare verb gets the person it needs: whose act it was shows in its object, and is left out where it does not."""
    words = note.split()
    if not words or sort_piece(note)[0] != "verb":
        return note
    first = lookup(words[0])
    if note.startswith("used to "):
        return note
    if first == "was" and re.match(r"was (?:his|her)\b", note, re.IGNORECASE):
        return f"I {note[0].lower()}{note[1:]}"
    when = re.match(
        r"\S+ (?:(?:on|in|back|the) )*(?:\d|(?:two|three|four|five|six|ten|last)\b|\w+day\b|yesterday"
        r"|a (?:week|month|while|few|day|year))",
        note,
    )
    if first in grammar.words("mine") and when:
        return "they"
    if grammar.is_base(first) and not grammar.is_past(first):
        return "they"
    rest = {lookup(word) for word in words[1:]}
    names = "|".join(re.escape(form) for form in name_forms(recipient)) or "him"
    to_reader = bool(
        re.match(rf"\S+ (?:to |with |for |at |from |by )?(?:him|{names})\b(?! [A-Z])", note)
        or re.match(r"\S+ (?:(?:to|with|for|at|from) )?her(?: (?:at|in|on|to|about|for|last|a|the)\b|[,.]|$)", note)
        or re.search(r"\b(?:to|with|for|by|from) (?:him|her)(?:[,.]|$)", note)
    )
    if first == "met":
        place = note[3:].lstrip(" :,")
        if to_reader:
            return f"I {note}"
        return f"We met {place}" if lookup(place.split()[0]) in grammar.PREPOSITIONS else f"We met: {place}"
    mine = grammar.words("mine")
    if to_reader and first not in mine:
        return "they"
    if first in {"saw", "heard", "read"} or to_reader:
        return f"I {note[0].lower()}{note[1:]}"
    if first in mine and first not in grammar.words("theirs"):
        return note if rest & {"me", "my", "us"} and "with" not in rest else "they"
    return note
