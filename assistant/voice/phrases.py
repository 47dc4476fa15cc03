"""Notes that are no sentence but a thing: words that can stand after "I can point to" or "I'm writing because of"."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.voice import grammar
from assistant.voice.clean import clean
from assistant.voice.person import second_person
from assistant.voice.pieces import finite, lookup, sort_piece

# Longer than this, a thing without a verb is a list.
_LONGEST = 14  # words
_YEARS_OF = re.compile(r"^(\d+ (?:years|months)) (?=[a-z]+ [a-z]|[a-z]+s\b)(?!(?:of|in|at|as|with|on)\b)")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)\b")
# Nothing that comes in pieces: it takes no "a".
_STUFF = frozenset("water mould mold dust paint rust smoke music traffic damp light noise rubbish ice snow mud".split())
_COUNT = re.compile(
    r"(?:around |about |over |nearly |~|[£$€])*\d(?!D\b)|(?:an?|one|two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"(?:the |an? )?(?P<work>(?:[\w'’-]+ ){0,2}?(?:post|talk|article|paper|book|blog|blog post|video|thread|"
    r"podcast|guide|thesis|"
    r"exhibition|newsletter|column|workshop|essay|study|interview|webinar|lecture|series|film|album|session|report)) "
    r"(?=(?:on|about|of|at|in|for|from|with)\b)",
    re.IGNORECASE,
)
# Words that keep their place in the middle of a sentence in small letters.
_COMMON_START = re.compile(
    r"^(?:the|a|an|we|my|our|one|two|three|their|her|his|its|there|you|your|you['’]\w+|both|same|some|at|in|on|"
    r"since|after)\b",
    re.IGNORECASE,
)


def lower(text: str) -> str:
    """The first letter small where the first word is no name."""
    return text[:1].lower() + text[1:] if _COMMON_START.match(text) else text


def as_counted(text: str) -> str:
    """A counted thing as it can be pointed at ("16 rooms each day"); "" for a clause, a deed or a long list."""
    note = clean(text).rstrip(".")
    words = note.split()
    if not 3 <= len(words) <= _LONGEST or not _COUNT.match(note) or _ORDINAL.match(note) or re.search(r"[:?=→;]", note):
        return ""
    note = _YEARS_OF.sub(r"\1 of ", note)
    if re.search(r"\b(?:I|we|my|our|he|she|they|his|her|their|you|your)\b", note, re.IGNORECASE):
        return ""
    # "31 schools pay" is a clause that the lists of verbs leave open.
    low = [lookup(word) for word in words]
    if any(before.endswith("s") and grammar.is_base(word) for before, word in pairwise(low)):
        return ""
    stated = finite(words) or any(sort_piece(piece)[0] == "clause" for piece in note.split(", "))
    return "" if stated or any(sort_piece(piece)[0] == "verb" for piece in note.split(", ")) else note


def as_work(text: str, *, recipient: str = "", sender: str = "") -> str:
    """What the reader made, from a note without an owner ("talk on ice roads" → "your talk on ice roads"), or ""."""
    note = clean(text).rstrip(".")
    match = _WORK.match(note)
    if not match or finite(note.split()) or any(grammar.is_past(w) or w == "used" for w in map(lookup, note.split())):
        return ""
    work = re.sub(r"^(\w+) of (?:his|hers|theirs)\b", r"\1", note[match.start("work") :])
    return second_person(f"your {work}", recipient, sender) or ""


def as_found(text: str, *, recipient: str = "", sender: str = "") -> str:
    """How the sender came upon the reader ("found via her talk" → "I found you via your talk."), or ""."""
    match = re.match(r"(?:i )?found (?:him |her |them )?((?:via|through|by|in|from) .+)", clean(text), re.IGNORECASE)
    turned = second_person(match.group(1), recipient, sender) if match else ""
    return f"I found you {turned.rstrip('.')}." if turned else ""


_THEY = re.compile(r"\b(?:they|them|their)\b", re.IGNORECASE)
_YOUR = {"they": "you", "them": "you", "their": "your"}
_MANY = frozenset("people men women children staff folk police".split())


def as_indirect(text: str, *, recipient: str = "", sender: str = "") -> str:
    """A question in the order of a statement, after "I'd like to know" ("what it costs to run a kiln"), or ""."""
    note = clean(text).rstrip(".?")
    later = [lookup(word) for word in note.split()[2:]]
    stated = any(
        w in grammar.BE_HAVE_DO or grammar.is_base(w) or grammar.base_of_third(w) or grammar.is_past(w) for w in later
    )
    asked = len(note.split()) > 1 and lookup(note.split()[1]) in grammar.words("helpers") | grammar.MODALS
    if not stated or asked or not re.match(r"(?:how|what|which|who|when|where|why|whether|if)\b", note, re.IGNORECASE):
        return ""
    turned = second_person(_to_firm(note), recipient, sender) or ""
    return turned[:1].lower() + turned[1:]


def _to_firm(question: str) -> str:
    """They who were not named before are the reader's people: "which emitter they use" → "which emitter you use"."""
    they = _THEY.search(question)
    named = they and any(w.endswith("s") or w in _MANY for w in map(lookup, question[: they.start()].split()))
    return question if named else _THEY.sub(lambda m: _YOUR[m.group().casefold()], question)


def with_article(text: str) -> str:
    """A named thing with the article that it needs: "Harbour Walk exhibition" → "the Harbour Walk exhibition"."""
    words = text.split()
    head = next((i for i, word in enumerate(words) if lookup(word) in grammar.PREPOSITIONS), len(words)) - 1
    bare = head > 0 and words[0][0].isalpha() and lookup(words[0]) not in grammar.DETERMINERS | grammar.PRONOUNS
    one = bare and words[head].islower() and not words[head].endswith("s") and not lookup(words[0]).endswith("ing")
    return f"the {text}" if one else text


def seen(text: str, *, recipient: str = "", sender: str = "") -> str:
    """What was noticed, as words after "I noticed" ("gap under door 3, rats use it" → "a gap under door 3"), or ""."""
    thing = as_thing(text, recipient=recipient, sender=sender)
    words = thing.split()
    if len(words) < 4 or lookup(words[0]) in {"my", "our"} or "not" in words:
        return ""
    single = lookup(words[1]) in grammar.PREPOSITIONS and not words[0].endswith("s") and words[0] not in _STUFF
    return f"{grammar.article(words[0])} {thing}" if single else thing


def as_thing(text: str, *, recipient: str = "", sender: str = "") -> str:
    """What is offered as a thing with its article ("free slip test" → "a free slip test"); "" for a deed or clause."""
    free = re.match(r"[^,;(]*, (?:no charge|free|for free)\b", clean(text), re.IGNORECASE)
    ends = r"[,;(:]| - | so (?:that )?(?:s?he|they|you|we|I)\b"
    note = free.group() if free else re.split(ends, clean(text))[0].strip(" .")
    note = re.sub(r"^(?:an? |the )?((?:\w+ ){1,3}?)(?:is )?(?:for )?free(?: of charge)?$", r"free \1", note).strip()
    words = note.split()
    if not words or len(words) > _LONGEST or re.search(r"\b(?:I|we)\b", note) or sort_piece(note)[0] != "phrase":
        return ""
    turned = second_person(note, recipient, sender) or ""
    first = lookup(words[0])
    if first == "free" and len(words) > 1 and lookup(words[1]) in grammar.PREPOSITIONS:
        return ""  # "free for 30 days" is no thing
    if not turned or first in grammar.DETERMINERS or first[:1].isdigit() or words[0][0].isupper():
        return turned
    head = next((i for i, word in enumerate(words) if lookup(word) in grammar.PREPOSITIONS), len(words)) - 1
    many = lookup(words[head]).endswith("s") and not lookup(words[head]).endswith("ss")
    return turned if many or head < 1 else f"{grammar.article(words[0])} {turned}"
