"""Turning a user's note into a sentence of a message: it gets a subject, a verb and a full stop; never a fact.

What is no sentence and cannot be made one comes back as "", and so does a note about the reader that could be about
somebody else: the caller leaves it out rather than put a label before it or give it a wrong owner.
"""

from __future__ import annotations

import re

from assistant.voice import grammar
from assistant.voice.ask import as_request
from assistant.voice.build import build
from assistant.voice.clean import clean, close
from assistant.voice.owner import about_the_sender, of_a_thing, own_name, with_subject, without_label, without_title
from assistant.voice.person import name_as, name_forms, second_person
from assistant.voice.phrases import as_counted, as_found, as_indirect, as_thing, as_work, lower, seen, with_article
from assistant.voice.pieces import finite, lookup, role_length, sort_piece
from assistant.voice.subject import YOU, I, Subject
from assistant.voice.thanks import thanked_for

__all__ = [
    "as_counted",
    "as_found",
    "as_indirect",
    "as_offer",
    "as_recipient",
    "as_request",
    "as_sender",
    "as_thing",
    "as_third_person",
    "as_topic",
    "as_work",
    "lower",
    "name_forms",
    "seen",
    "thanked_for",
    "with_article",
]

_WORKS = re.compile(
    r"your (?:[\w'’.-]+ ){0,5}?(?:posts?|talks?|questions?|articles?|papers?|books?|blog|videos?|threads?|comments?|"
    r"podcast|gist|guide|letter|review|piece|thesis|exhibition|note|newsletter|report|tweet|stand|demo|project|"
    r"advert|ad|"
    r"poster|column|workshop|map|table|essay|chapter|study|interview|webinar|lecture|series|film|show|album|story|repo|"
    r"library|tool)\b",
    re.IGNORECASE,
)
# Openings whose subject the note leaves out: "that was 15 days ago", "a week back asked for a referral".
_HANGING = re.compile(
    r"(?:that|this|it|there)\b|(?:a|\d+|two|three|four) (?:day|week|month)s? (?:ago|back),? (?!i\b|we\b|s?he\b|you\b)",
    re.IGNORECASE,
)
# In characters: a longer stretch is a document, not a note, and no one sentence can be made of it.
_LONGEST = 1000
# What others did with it is no deed of the sender's: "trialled by 30 growers".
_DONE_BY = re.compile(
    r"(?:trial+ed|tried|tested|used|bought|worn|installed|read|played|stocked|adopted|ordered|printed|approved) by "
    r"(?!\w+ing\b|hand\b|me\b|us\b)\w",
    re.IGNORECASE,
)
# Verbs that move a figure have a doer: "cut waste 9% → 4%" is no waste that is cut.
_MOVED = re.compile(
    r"^(?:cut|reduced|brought|took|raised|grew|moved|closed|lowered|increased|shortened|improved|got) "
    r"(?=\D*\d\S*(?: \w+)? →)",
    re.IGNORECASE,
)
_FINISHES = re.compile(
    r"(?P<before>^|, )(?P<verb>graduat(?:e|ing)|finish(?:ing)?) (?:in )?"
    r"(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\b",
    re.IGNORECASE,
)
_NOTE_MARKS = re.compile(r" = | → (?!\d)|\?\?|\.\.\. ")


def as_sender(text: str, *, sender: str = "", recipient: str = "") -> str:
    """A note about the sender as sentences in the first person ("cut waste by 3%" → "I cut waste by 3%.").

    "" where the note speaks of somebody who is neither named in it nor surely the reader.
    """
    note = own_name(_note(text), sender)
    note = _MOVED.sub(lambda m: f"I {m.group().lower()}", note)
    note = _FINISHES.sub(_finishes, note)
    if not re.search(r"\w", note) or of_a_thing(note) or not about_the_sender(note):
        return ""
    if _of_another(note, recipient, sender):
        return ""
    turned = second_person(_at_firm(without_title(note, recipient)), recipient, sender)
    if not turned:
        return ""
    if _DONE_BY.match(turned):
        return close(f"It {'is' if turned.lower().startswith('used') else 'was'} {turned[0].lower()}{turned[1:]}")
    # "I am architect in Lviv, 9 years" is a trade with its years, as the bare words would be.
    named = re.sub(r"^(?:I['’]m|I am) (?:now |an? )?(?=\w)", "", turned)
    turned = named if named != turned and role_length(named.split()) else turned
    if built := build(turned, I):
        return built
    if re.search(r"\b(?:I|we|our)\b|^my\b", turned, re.IGNORECASE):
        best = re.match(r"(?:biggest|best|last|latest|first|main|only|hardest) ", turned, re.IGNORECASE)
        return close(("The " + turned[0].lower() + turned[1:]) if best else _plain(turned))
    stated = any(sort_piece(piece)[0] == "clause" for piece in turned.split(", ") if piece.strip())
    return close(_plain(turned)) if stated or re.search(r": | = ", turned) else ""


def _finishes(match: re.Match[str]) -> str:
    who = "I'm" if match["verb"].endswith("g") else "I"
    return f"{match['before']}{who} {match['verb'].lower()} in {match['month'].capitalize()}"


def _of_another(note: str, recipient: str, sender: str) -> bool:
    """Whether "his" may be a third person's, named before it: "a farmer, Berg, sold 40 jars at his own price"."""
    other = re.search(r"\b(?:his|her|him)\b", note)
    if not other or re.search(r"\b(?:I|we|my|our)\b", before := note[: other.start()]):
        return False
    ours = {word for name in (recipient, sender) for form in name_forms(name) for word in form.split()}
    names = re.findall(r"(?<=[a-z,] )[A-Z][a-z]+(?= (?:[a-z]+ed|sold|made|had|got|ran|won|took|sent|wrote)\b)", before)
    return any(name not in ours for name in names)


def _at_firm(note: str) -> str:
    """A result under the name of a firm: "Dale Cider: lost labels from 9 to 1" → "At Dale Cider lost labels went …"."""
    match = re.fullmatch(
        r"((?:The )?[A-Z][\w'’&.-]*(?: [A-Z&][\w'’.-]*){0,4}): ([a-z][\w -]*?) (from \S*\d.* to \S*\d.*)", note
    )
    return f"At {match[1]} {match[2]} went {match[3]}" if match else note


def as_offer(text: str, *, sender: str = "", recipient: str = "") -> str:
    """What the sender offers, as a sentence ("lend 2 tents" → "I can lend 2 tents."); "" for a bare phrase."""
    note = _note(text)
    first = lookup(note.split()[0]) if note.split() else ""
    if re.match(r"free (?:for|on|until|till|with) ", note):
        return close(f"It's {note}")
    if grammar.is_past(first) and not grammar.is_base(first):
        return ""  # what was done is a proof
    if grammar.is_base(first) and sort_piece(note)[0] == "verb" and not grammar.same_in_past(first):
        note = f"I can {note[0].lower()}{note[1:]}"
    elif first in {"can", "could", "will", "would"}:
        note = f"I {note[0].lower()}{note[1:]}"
    elif first in grammar.words("state"):
        note = f"I'm {note[0].lower()}{note[1:]}"
    return as_sender(note, sender=sender, recipient=recipient)


def as_recipient(text: str, *, recipient: str = "", sender: str = "") -> str:
    """A note about the reader as sentences to the reader ("she runs the ward" → "You run the ward.").

    "" where the note could be about somebody else, or where it has no verb and is no role.
    """
    note = without_title(without_label(_note(text), recipient), recipient)
    note = re.sub(r"^their (?=\w)", "Your ", note, count=1, flags=re.IGNORECASE)
    note = re.sub(
        r"^((?:at|in|on|from|during) )their (?=[^,;]*\bs?he\b)", r"\1your ", note, count=1, flags=re.IGNORECASE
    )
    if not re.search(r"\w", note) or _NOTE_MARKS.search(note) or (sender and name_as(note, sender, "", "") != note):
        return ""
    turned = second_person(with_subject(note, recipient), recipient, sender)
    # "Brandl Brot" is a firm, though the reader is a Brandl.
    alone = re.sub(r"\b[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)+", "", turned or "").casefold().split()
    unread = recipient and any(form.casefold() in alone for form in name_forms(recipient))
    if turned is None or unread or note.endswith("?") or _HANGING.match(note):
        return ""
    if re.match(r"(?:both |(?:the )?same )", turned, re.IGNORECASE):
        verb = finite(turned.split(",")[0].split())
        return "" if verb else close(f"We have this in common: {turned[0].lower()}{turned[1:]}")
    if built := build(turned, YOU):
        return "" if _to_themselves(built) and "you" not in note.casefold().split() else built
    return close(f"I'm writing because of {turned[0].lower()}{turned[1:]}") if _WORKS.match(turned) else ""


def as_third_person(text: str, *, name: str) -> str:
    """A note about the sender as sentences about them by first name, for a note that others forward.

    "" where the note says "we" or "our": who that is cannot be told in the third person.
    """
    note = own_name(_note(text), name)
    first = next((form for form in reversed(name_forms(name)) if " " not in form), name.strip())
    note = re.sub(r"^our ", f"{first}'s ", note, flags=re.IGNORECASE) if first else note
    others = re.search(r"\b(?:we|us|our|ours|he|she|his|her|him)\b", note, re.IGNORECASE)
    if not first or not re.search(r"\w", note) or others:
        return ""
    built = build(note, Subject(first, f"{first} is", f"{first} has", third=True))
    return _not_mine(built, first) if built else ""


def as_topic(text: str, *, recipient: str = "", sender: str = "") -> str:
    """A target or question as the words of a message: a question with its mark, or a phrase without a full stop.

    "" where a pronoun could be somebody else's.
    """
    note = _note(text)
    asked = note.endswith("?") or _asks(note)
    # Who "they" are in a question, the reader knows better than we: what did they ask about?
    note = re.sub(r"\b(they|them|their)\b", r"\1_", note) if asked else note
    turned = second_person(note, recipient, sender)
    if not turned:
        return ""
    turned = re.sub(r"\s*\.+$", "", re.sub(r"\b(they|them|their)_", r"\1", turned))
    return close(turned.rstrip("?") + "?") if turned.endswith("?") or _asks(turned) else turned


def _note(text: str) -> str:
    return clean(text) if len(text) <= _LONGEST else ""


def _to_themselves(built: str) -> bool:
    """Whether the reader would do something to the reader: the note's subject was somebody else."""
    one = re.match(r"You(?:'\w+)? [^.]*?[.,]", built)
    return bool(one and re.search(r"\b(?:with|to|for|by|from|friend|at) you\b|\w you\.$", one.group()[3:]))


def _asks(text: str) -> bool:
    """Whether the words stand in a question's order ("how did you …", "is it …")."""
    words = [lookup(word) for word in text.split()]
    helpers, subjects = grammar.words("helpers") | grammar.MODALS, grammar.words("asked_about")
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


def _plain(text: str) -> str:
    text = re.sub(r", ([a-z][\w -]*?) (\S*\d\S*) → (?=\S*\d)", r", and \1 went from \2 to ", text)
    return re.sub(r"\s*[|]\s*", ", ", text.replace(" → ", " to ").replace(" = ", ": "))


def _not_mine(text: str, first: str) -> str:
    text = re.sub(r"\bI['’]d\b(?= like| love| want)", f"{first} would", re.sub(r"\bI['’]ll\b", f"{first} will", text))
    text = re.sub(r"\bI'm\b", f"{first} is", re.sub(r"\bI've\b", f"{first} has", text))
    words = re.split(r"(\s+)", text)
    subject = Subject(first, f"{first} is", f"{first} has", third=True)
    for index, word in enumerate(words):
        if word == "I":
            words[index] = first
            if index + 2 < len(words):
                words[index + 2] = subject.verb(words[index + 2]) if words[index + 2].isalpha() else words[index + 2]
    text = "".join(words)
    text = re.sub(rf"(?<=\b{re.escape(first)} )(\w+) my\b", r"\1 their", text)
    text = re.sub(r"\b[Mm]y\b", f"{first}'s", text)
    return "" if re.search(r"\b(?:I|me|myself|mine)\b", text) else text
