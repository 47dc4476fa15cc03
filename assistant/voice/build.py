"""Putting the pieces of a note together as sentences with a subject."""

from __future__ import annotations

import re

from assistant.voice import grammar
from assistant.voice.clean import FIGURES, arrows, close
from assistant.voice.pieces import is_time, lead_words, lookup, role_length, sort_piece
from assistant.voice.subject import WE, YOU, I, Subject

_SENTENCES = re.compile(
    r"(?<=[.!?])(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)(?<!\bSt\.)(?<!\bProf\.)(?<!\bFr\.)(?<!\b[A-Z]\.)(?<!\bno\.)"
    r"\s+(?=[A-Z\"“I0-9])|\s*;\s+"
)
_COMMAS = re.compile(r"(?:,\s+|\s+\|\s+)(?![^()]*\))|(?<!\d)\s+[-–—]\s+(?!\d|[A-Z][a-z]{2} \d)(?![^()]*\))")
_FIELDS = re.compile(
    r"(?:ing|ics|logy|masonry|joinery|carpentry|forestry|dentistry|chemistry|pottery|surgery|delivery|ance|ment|care"
    r"|sales|support|work|repair|design|security|data|finance|retail|it|hr|qa|law)$",
    re.IGNORECASE,
)
_MASS = grammar.words("mass")
_RESULTS = grammar.words("results")
_OPENER = re.compile(
    r"((?:(?:in|since|during) (?:(?:early|late|mid) )?"
    r"(?:\d{4}|(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec)\w*(?: \d{4})?)"
    r"|(?:last|this) (?:year|month|week|spring|summer|autumn|fall|winter|term|season))),? (?=\w)",
    re.IGNORECASE,
)

_PLACES = frozenset("shop farm studio stall garage bakery kitchen garden boat van office practice workshop".split())
_SPAN_AFTER = grammar.PREPOSITIONS | {"past", "last", "next", "first", "the", "another", "than", "almost", "nearly"}

_SPAN = re.compile(
    r"(?:for )?(?P<years>(?:(?:about|over|nearly|almost) )?(?:\d+|two|three|four|five|six|seven|eight|nine|ten) "
    r"(?:years|months|seasons|winters))(?: (?P<place>(?:at|in|with|on) [^,]+))?"
)
_TIMED = re.compile(r"\b(?:since|from|for \d+|now|ex|former|retired|trained|\d+ (?:years|months))\b")


def build(note: str, subject: Subject) -> str | None:
    """The note's sentences, each with a subject and a verb; None where one cannot be given either."""
    parts = [part for part in _SENTENCES.split(note) if part.strip()]
    built = [_sentence(part, subject) for part in parts]
    if not built or built[0] is None:
        return None
    spare = ["" if subject is YOU else part for part in parts]
    if subject is YOU:
        built = [
            _told_of_reader(made, part, before) for made, part, before in zip(built, parts, ["", *built], strict=False)
        ]
    whole = [made or left for made, left in zip(built, spare, strict=True)]
    return " ".join(close(arrows(part, False)) for part in whole if part)


def _told_of_reader(made: str | None, part: str, before: str | None) -> str | None:
    """After a sentence about something else, a verb without its subject is hardly the reader's."""
    bare = sort_piece(part)[0] == "verb"
    return None if bare and before != "" and not re.match(r"you\b(?!r)", before or "", re.IGNORECASE) else made


def _sentence(text: str, subject: Subject) -> str | None:
    pieces = [piece for piece in _COMMAS.split(text) if piece.strip()]
    if not pieces:
        return None
    if (opener := _OPENER.match(text)) and sort_piece(text[opener.end() :])[0] == "verb":
        told = _sentence(text[opener.end() :], subject)
        return told and f"{opener.group(1)}, {told}"
    if subject is I and (age := re.fullmatch(r"(?:aged? )?(1[5-9]|[2-6]\d)", pieces[0])) and len(pieces) > 1:
        told = _sentence(", ".join(pieces[1:]), subject)
        return f"I'm {age.group(1)}. {told}" if told else None
    head, *rest = pieces
    sort, _ = sort_piece(head)
    if sort == "preposition" and rest and sort_piece(rest[0])[0] == "verb":
        begun = arrows(f"{head}, {_with(rest[0], 'verb', subject)}", True)
        return _joined(begun, "verb", rest[1:], subject)
    if sort == "phrase" and FIGURES.search(head) and not head.startswith(tuple("0123456789")):
        return _joined(arrows(head, False), "clause", rest, subject)
    begun_with = _with(head, sort, subject)
    if begun_with is None:
        return None
    if sort == "role" and rest:
        begun_with, rest = _at_place(begun_with, rest)
        begun_with, rest = _for_years(begun_with, rest, subject)
    return _joined(arrows(begun_with, True), sort, rest, subject)


def _with(piece: str, sort: str, subject: Subject) -> str | None:
    """One piece with the subject that it lacks."""
    words = piece.split()
    lead = lead_words(words)
    before, words = [word.lower() for word in words[:lead]], words[lead:]
    after = " ".join(words[1:])
    if sort == "clause":
        return piece
    if sort == "verb":
        if since := _worked(before, words, subject):
            return since
        after = _for_time(words) if grammar.is_past(words[0].casefold()) else after
        return " ".join([subject.word, *before, subject.verb(words[0]), after]).strip()
    if sort == "passive":
        state = lookup(words[0]) in grammar.words("state")
        return " ".join(
            [subject.be if state else f"{subject.word} {subject.verb('was')}", *before, words[0].lower(), after]
        ).strip()
    if sort == "done":
        return " ".join([subject.have, *before, words[0].lower(), after]).strip()
    if sort == "going":
        long = re.search(r"\b(?:since|for \d+ \w+)\b", after)
        return " ".join([f"{subject.have} been" if long else subject.be, *before, words[0].lower(), after]).strip()
    if sort == "role":
        return _role(before, words, subject)
    if sort == "years":
        return _years(words, subject)
    if sort == "preposition":
        return _place(words, before, subject)
    return _field(words, subject)


def _for_time(words: list[str]) -> str:
    """What follows a past verb, with the "for" that a note leaves out: taught in Hanoi 2 years."""
    span, after = len(words) - 2, " ".join(words[1:])
    if span < 2 or not is_time(words, span) or lookup(words[-1]) not in grammar.words("spans"):
        return after
    placed = any(lookup(w) in {"in", "at", "on"} for w in words[1:span]) and lookup(words[span - 1]) not in _SPAN_AFTER
    return " ".join([*words[1:span], "for", *words[span:]]) if placed else after


def _worked(before: list[str], words: list[str], subject: Subject) -> str | None:
    """`work in claims 9 years` → "have worked in claims for 9 years"; None where no span of time ends the piece."""
    low = words[0].casefold()
    base = low if grammar.is_base(low) else grammar.base_of_third(low)
    span = len(words) - 2
    if base is None or span < 2 or not is_time(words, span) or lookup(words[-1]) not in grammar.words("spans"):
        return None
    link = [] if lookup(words[span - 1]) in {"for", "about", "over", "the", "past", "last"} else ["for"]
    return " ".join([subject.have, *before, grammar.participle_of(base), *words[1:span], *link, *words[span:]])


def _role(before: list[str], words: list[str], subject: Subject) -> str:
    length = role_length(words)
    role, rest = words[:length], words[length:]
    plain = [word for word in role if word[0].islower()]
    if role[0][0].isupper() and len(plain) == len(role) - 1 and _ordinary(role[0]):
        role[0] = role[0].lower()
    first = lookup(role[0])
    tail = " ".join(rest)
    unique = lookup(role[-1]) in grammar.UNIQUE_ROLES and (not rest or lookup(rest[0]) in {"of", "at", "for"})
    bare = unique or first in grammar.DETERMINERS or (first == "ex" and not grammar.is_role_noun(role[-1]))
    words_out = role if bare else [grammar.article(role[0]), *role]
    long = re.search(r"\b(?:since \d|for \d+ (?:years|months|seasons|winters|summers))", tail)
    start = f"{subject.have} been" if long else subject.be
    begun = " ".join([start, *before, *words_out]).rstrip()
    if rest and is_time(rest, 0):
        told, more = _for_years(begun, [tail], subject)
        return told if not more else f"{begun}, {tail}"
    return f"{begun} {tail}" if tail else begun


def _for_years(begun: str, rest: list[str], subject: Subject) -> tuple[str, list[str]]:
    """`I'm a nurse`, `6 years at Holm` → "I've been a nurse at Holm for 6 years"; "now" or an age stays as it is."""
    span = _SPAN.fullmatch(rest[0]) if rest else None
    if not span or subject is YOU or not begun.startswith(f"{subject.be} ") or _TIMED.search(begun):
        return begun, rest
    place = f" {span['place']}" if span["place"] else ""
    if re.search(r"\b(?:retired|until|till|left|stopped|ended|closed)\b", ", ".join(rest[1:])):
        return f"{subject.word} {subject.verb('was')}{begun.removeprefix(subject.be)}{place} for {span['years']}", rest[
            1:
        ]
    return f"{subject.have} been{begun.removeprefix(subject.be)}{place} for {span['years']}", rest[1:]


def _ordinary(word: str) -> bool:
    """Whether a first word has its capital from its place alone ("Stage manager", unlike "French teacher")."""
    low = word.casefold()
    return word[1:].islower() and (
        grammar.is_listed_role(low) or low in grammar.words("first") or grammar.noun_too(low)
    )


def _at_place(begun: str, rest: list[str]) -> tuple[str, list[str]]:
    """`a clerk, Lumi Laundry` → "a clerk at Lumi Laundry"; one bare name could be a town, and stays."""
    place = rest[0]
    named = re.fullmatch(r"(?:[A-Z][\w'’.-]*|&|of|the|and|for)(?: (?:[A-Z][\w'’.-]*|&|of|the|and|for))+", place)
    if named and not re.search(r"\b(?:at|in|of|for)\b", begun.split("'", 1)[-1]) and not re.search(r"\d", place):
        return f"{begun} at {place}", rest[1:]
    return begun, rest


def _years(words: list[str], subject: Subject) -> str | None:
    span, rest = " ".join(words[:2]), words[2:]
    if lookup(words[1]) not in grammar.words("spans"):
        return None
    if not rest:
        return f"{subject.have.replace(chr(39) + 've', ' have')} {span} of experience"
    have = subject.have.replace("'ve", " have")
    if lookup(rest[0]) in grammar.PREPOSITIONS or rest[0].startswith("("):
        return f"{have} {span} {' '.join(rest)}"
    if role_length(rest):
        a = "" if lookup(rest[0]) in grammar.DETERMINERS else f"{grammar.article(rest[0])} "
        return f"{have} {span} as {a}{' '.join(rest)}"
    if lookup(rest[0]).endswith("ing") and len(rest) > 1 and lookup(rest[1]) not in grammar.PREPOSITIONS:
        return re.sub(r"(?<!with) no (\w+)$", r" with no \1", f"{have} {span} {' '.join(rest)}")
    field = next(
        (i for i, word in enumerate(rest) if lookup(word) in grammar.PREPOSITIONS or word[0] == "("), len(rest)
    )
    return (
        f"{have} {span} in {' '.join(rest)}"
        if _FIELDS.search(lookup(rest[field - 1]))
        or (field < len(rest) - 1 and rest[0].islower() and lookup(rest[field - 1]) in _MASS)
        else None
    )


def _place(words: list[str], before: list[str], subject: Subject) -> str | None:
    """Where the person is or was: `at Baanpay`, `from Coimbatore`, `in logistics 3 years`."""
    first = lookup(words[0])
    if first not in {"at", "from", "with", "in", "on"} or len(words) < 2:
        return None
    for index in range(2, len(words)):
        if is_time(words, index) and lookup(words[index + 1]) in grammar.words("spans"):
            link = "" if lookup(words[index - 1]) == "for" else "for "
            return " ".join([subject.have, "been", *before, *words[:index], link + " ".join(words[index:])])
    if any(lookup(word) == "since" for word in words):
        return " ".join([subject.have, "been", *before, *words])
    if first in {"at", "from", "with"} and words[1][0].isupper() and len(words) <= 6:
        return " ".join([subject.be, *before, *words])
    return None


def _field(words: list[str], subject: Subject) -> str | None:
    """`composite repair 8 years` → "8 years in composite repair"."""
    for index in range(1, min(len(words) - 1, 4)):
        if (
            is_time(words, index)
            and lookup(words[index + 1]) in grammar.words("spans")
            and _FIELDS.search(words[index - 1])
        ):
            have = subject.have.replace("'ve", " have")
            rest = " ".join(words[index + 2 :])
            return " ".join([have, *words[index : index + 2], "in", *words[:index], rest]).strip()
    return None


def _lacks_person(piece: str) -> bool:
    """Whether a result ("took a day") rather than a person's act ("took it twice")."""
    return not re.match(r"\S+ (?:it|them|me|him|her|us|part|over)\b", piece)


def _of_the_thing(begun: str, verb: str) -> bool:
    """Whether the verb tells of what was made: after "I built the page", "runs every night" is the page's doing."""
    words = begun.split()
    made = len(words) > 1 and grammar.is_past(lookup(words[1]))
    return made and grammar.base_of_third(verb) is not None


def _joined(begun: str, sort: str, rest: list[str], subject: Subject) -> str | None:
    """The pieces after the head: further verbs of the same subject, further clauses, or words that simply follow."""
    mine = begun.casefold().startswith(tuple(w.casefold() for w in (subject.word + " ", subject.be, subject.have)))
    out, verbs = begun, 0
    for position, piece in enumerate(rest):
        kind, _ = sort_piece(piece)
        last = position == len(rest) - 1
        first = lookup(piece.split()[0])
        if first in grammar.words("follows") or (kind == "verb" and re.match(r"\w+ed (?:at|by|as)\b", piece)):
            out += f", {piece}"
        elif subject is YOU and kind == "verb" and grammar.base_of_third(first):
            out += "" if first == "says" else f", {piece}"
        elif kind == "verb" and mine and (first in _RESULTS or _of_the_thing(begun, first)) and _lacks_person(piece):
            out += f", and it {piece}"
        elif kind == "verb" and (len(piece.split()) == 1 or (subject is not YOU and first in {"was", "is", "has"})):
            out += f", {piece}"
        elif kind == "verb" and re.match(r"we(?:['’]\w+)? ", begun, re.IGNORECASE) and subject is not YOU:
            out += f", and {_with(piece, kind, WE)}"
        elif sort == "role" and subject is not YOU and first in _PLACES and len(piece.split()) > 1 and not position:
            out += f"{',' if re.search(r' for .*years?$', out) else ''} with {grammar.article(first)} {piece}"
        elif kind == "verb" and sort == "role" and grammar.noun_too(first) and grammar.is_base(first):
            out += f", {piece}"  # "design for shops" after a trade is a thing
        elif kind == "role" and sort == "preposition" and subject is not YOU and (told := _with(piece, kind, subject)):
            out += f". {told[0].upper()}{told[1:]}"
        elif kind == "verb" and mine:
            words = _with(piece, kind, subject) or piece
            verbs += 1
            out += f", and {words}" if verbs == 1 and last else f". {words[0].upper()}{words[1:]}"
        elif kind == "phrase" and FIGURES.search(piece) and not piece[0].isdigit():
            out += f", and {arrows(piece, False)}"
        elif (
            kind == "clause"
            and sort in {"verb", "role", "years", "clause", "preposition"}
            and not piece.lower().startswith(("and ", "but ", "which ", "so "))
        ):
            out += f", and {arrows(piece, True)}" if last else f". {close(arrows(piece, True)).rstrip('.')}"
        else:
            out += f", {arrows(piece, True)}"
    return out
