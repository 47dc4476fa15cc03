"""Turning a user's note into a sentence of a message: it gets a subject, a verb and a full stop; never a fact.

A note about the sender nearly always has a true form (`My background: …`). A note about the reader that could be about
somebody else comes back as "", so that the caller leaves it out rather than give it a wrong owner.
"""

from __future__ import annotations

import re

from assistant.voice import grammar
from assistant.voice.build import YOU, I, Subject, build
from assistant.voice.clean import clean, close
from assistant.voice.person import name_as, name_forms, second_person
from assistant.voice.pieces import finite, lookup, sort_piece

__all__ = ["as_recipient", "as_sender", "as_third_person", "as_topic"]

_THINGS_DO = grammar.words("things_do")
_WORKS = re.compile(
    r"your (?:[\w'’.-]+ ){0,5}?(?:posts?|talks?|questions?|articles?|papers?|books?|blog|videos?|threads?|comments?|"
    r"podcast|gist|guide|"
    r"letter|review|piece|thesis|exhibition|note|newsletter|report|tweet|stand|demo|project|advert|ad|poster|column|workshop|"
    r"map|table|essay|chapter|study|interview|webinar|lecture|series|film|show|album|story|repo|library|tool)\b",
    re.IGNORECASE,
)
_NOTE_MARKS = re.compile(r" = | → (?!\d)|\?\?|\.\.\. ")


def as_sender(text: str, *, sender: str = "", recipient: str = "") -> str:
    """A note about the sender as sentences in the first person ("cut waste by 3%" → "I cut waste by 3%.").

    "" where the note speaks of somebody who is neither named in it nor surely the reader.
    """
    note = _own_name(clean(text), sender)
    if not re.search(r"\w", note) or _of_a_thing(note) or not _about_me_first(note):
        return ""
    turned = second_person(note, recipient, sender)
    if not turned:
        return ""
    if built := build(turned, I):
        return built
    if re.search(r"\b(?:I|we)\b|^(?:my|our)\b", turned, re.IGNORECASE):
        best = re.match(r"(?:biggest|best|last|latest|first|main|only|hardest) ", turned, re.IGNORECASE)
        return close(("The " + turned[0].lower() + turned[1:]) if best else _plain(turned))
    if re.match(r"(?:around |about |over |nearly |~|[£$€])*\d", turned):
        return close(f"In figures: {_plain(turned)}")
    return close(f"My background: {_plain(turned)}")


def as_offer(text: str, *, sender: str = "", recipient: str = "") -> str:
    """What the sender offers, as a sentence: a bare verb is what they can do ("lend 2 tents" → "I can lend 2 tents.")."""
    note = clean(text)
    first = lookup(note.split()[0]) if note.split() else ""
    if grammar.is_base(first) and sort_piece(note)[0] == "verb" and not grammar.same_in_past(first):
        note = f"I can {note[0].lower()}{note[1:]}"
    made = as_sender(note, sender=sender, recipient=recipient)
    return "" if made.startswith(("My background", "In figures")) else made


def as_recipient(text: str, *, recipient: str = "", sender: str = "") -> str:
    """A note about the reader as sentences to the reader ("she runs the ward" → "You run the ward.").

    "" where the note could be about somebody else, or where it has no verb and is no role.
    """
    note = _without_title(_without_label(clean(text), recipient), recipient)
    if not re.search(r"\w", note) or _NOTE_MARKS.search(note) or (sender and name_as(note, sender, "", "") != note):
        return ""
    turned = second_person(_with_subject(note, recipient), recipient, sender)
    if turned is None or note.endswith("?") or re.match(r"(?:that|this|it|there)\b", note, re.IGNORECASE):
        return ""
    if re.match(r"(?:both |(?:the )?same )", turned, re.IGNORECASE):
        verb = finite(turned.split(",")[0].split())
        return "" if verb else close(f"We have this in common: {turned[0].lower()}{turned[1:]}")
    built = build(turned, YOU)
    if (
        built
        and re.search(r"^You(?:'\w+)? [^.]*?\b(?:you|yourself)(?: \w+)?[.,]", built)
        and "you" not in note.casefold().split()
    ):
        return "" if re.search(r"\b(?:with|to|for|by|from|friend|at) you\b|(?:^|\W)\w+ you\.$", built) else built
    if built:
        return built
    return close(f"I'm writing because of {turned[0].lower()}{turned[1:]}") if _WORKS.match(turned) else ""


def as_third_person(text: str, *, name: str) -> str:
    """A note about the sender as sentences about them by first name, for a note that others forward.

    "" where the note says "we" or "our": who that is cannot be told in the third person.
    """
    note = _own_name(clean(text), name)
    first = next((form for form in reversed(name_forms(name)) if " " not in form), name.strip())
    if (
        not first
        or not re.search(r"\w", note)
        or re.search(r"\b(?:we|us|our|ours|he|she|his|her|him)\b", note, re.IGNORECASE)
    ):
        return ""
    built = build(note, Subject(first, f"{first} is", f"{first} has", third=True))
    return _not_mine(built, first) if built else ""


def as_topic(text: str, *, recipient: str = "", sender: str = "") -> str:
    """A target or question as the words of a message: a question with its mark, or a phrase without a full stop.

    "" where a pronoun could be somebody else's.
    """
    turned = second_person(clean(text), recipient, sender)
    if not turned:
        return ""
    turned = re.sub(r"\s*\.+$", "", turned)
    return close(turned.rstrip("?") + "?") if turned.endswith("?") or _asks(turned) else turned


def _of_a_thing(note: str) -> bool:
    """Whether a bare "saves 3 hours" is about a thing that the note does not name."""
    base = grammar.base_of_third(lookup(note.split()[0])) if note else None
    return base in _THINGS_DO and sort_piece(note)[0] == "verb"


def _about_me_first(note: str) -> bool:
    """False where the note speaks of a he or she before it speaks of the sender: who that is cannot be told."""
    other = re.search(r"\b(?:he|she|his|her|hers|him|he's|she's)\b", note, re.IGNORECASE)
    return not other or bool(re.search(r"\b(?:I|I'm|I've|me|my|we|us|our)\b", note[: other.start()]))


def _asks(text: str) -> bool:
    """Whether the words stand in a question's order ("how did you …", "is it …")."""
    words = [lookup(word) for word in text.split()]
    helpers = {
        "do",
        "does",
        "did",
        "is",
        "are",
        "was",
        "were",
        "have",
        "has",
        "had",
        *grammar.MODALS,
        "don't",
        "didn't",
    }
    subjects = {
        "i",
        "you",
        "we",
        "they",
        "it",
        "he",
        "she",
        "the",
        "there",
        "a",
        "an",
        "my",
        "your",
        "our",
        "this",
        "that",
    }
    for index, word in enumerate(words[:-1]):
        if word in helpers and words[index + 1] in subjects:
            opens = words[0] in {
                "how",
                "what",
                "which",
                "who",
                "where",
                "when",
                "why",
                "whose",
                "on",
                "in",
                "at",
                "for",
                "from",
            }
            return index == 0 or (opens and words[0] != "that")
        if word in {"if", "whether", "that"}:
            return False
    return False


def _own_name(note: str, sender: str) -> str:
    """The note without the sender's own name at its head, or with "I" in its place before a verb."""
    for form in name_forms(sender):
        note = re.sub(rf"^{re.escape(form)}\b\s*[,:=|–-]\s*(?=\S)", "", note, count=1)
        if (match := re.match(rf"{re.escape(form)} (?=\S)", note)) and sort_piece(note[match.end() :])[0] == "verb":
            verb, *rest = note[match.end() :].split(" ", 1)
            return " ".join(["I", I.verb(verb), *rest])
    return note


def _without_label(note: str, recipient: str) -> str:
    for form in name_forms(recipient):
        note = re.sub(rf"^{re.escape(form)}\s*[,:=|–-]\s*", "", note, count=1)
    return note


def _without_title(note: str, recipient: str) -> str:
    """The reader knows their own job: "spoke to Mia Lund (curator)" → "spoke to Mia Lund"."""
    for form in name_forms(recipient):
        note = re.sub(rf"({re.escape(form)}) \([^)]*\)", r"\1", note)
    return note


def _with_subject(note: str, recipient: str) -> str:
    """A bare verb gets the person it needs: whose act it was shows in its object, and is left out where it does not."""
    words = note.split()
    if not words or sort_piece(note)[0] != "verb":
        return note
    first = lookup(words[0])
    if grammar.is_base(first) and not grammar.is_past(first):
        return "they"
    rest = {lookup(word) for word in words[1:]}
    names = "|".join(re.escape(form) for form in name_forms(recipient)) or "him"
    to_reader = bool(
        re.match(rf"\S+ (?:to |with |for |at |from |by )?(?:him|{names})\b", note)
        or re.match(r"\S+ (?:(?:to|with|for|at|from) )?her(?: (?:at|in|on|to|about|for|last|a|the)\b|[,.]|$)", note)
        or re.search(r"\b(?:to|with|for|by|from) (?:him|her)(?:[,.]|$)", note)
    )
    if first == "met":
        place = note[3:].lstrip(" :,")
        if to_reader:
            return f"I {note}"
        return f"We met {place}" if lookup(place.split()[0]) in grammar.PREPOSITIONS else f"We met: {place}"
    mine = grammar.words("mine")
    if first in {"saw", "heard", "read"} or (to_reader and first in mine):
        return f"I {note[0].lower()}{note[1:]}"
    if first in mine and first not in grammar.words("theirs"):
        return note if rest & {"me", "my", "us"} and "with" not in rest else "they"
    return note


def _plain(text: str) -> str:
    return re.sub(r"\s*[|]\s*", ", ", text.replace(" → ", " to "))


def _not_mine(text: str, first: str) -> str:
    text = re.sub(r"\bI'm\b", f"{first} is", re.sub(r"\bI've\b", f"{first} has", text))
    words = re.split(r"(\s+)", text)
    subject = Subject(first, f"{first} is", f"{first} has", third=True)
    for index, word in enumerate(words):
        if word == "I":
            words[index] = first
            if index + 2 < len(words):
                words[index + 2] = subject.verb(words[index + 2]) if words[index + 2].isalpha() else words[index + 2]
    text = "".join(words)
    text = re.sub(r"\b[Mm]y\b", f"{first}'s", text)
    return "" if re.search(r"\b(?:I|me|myself|mine)\b", text) else text
