"""Who writes and who is written to, settled from every name that the draft and the notes hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.letter import Letter, name_cues
from assistant.names import FIRMS, TITLES
from assistant.reader_head import load_head
from assistant.records import Document, Excerpt, Slot
from assistant.segments import TOKEN, excerpt, sentences
from assistant.voice.grammar import is_role_noun

GREETINGS = frozenset(
    "hello hi hey hola moin bonjour bonsoir ciao salut servus salaam buenas subj subject dear".split()
)
# What people write before their own name: "Myself Anil Rao", "Sign Lupita".
_SIGNED = re.compile(
    r"(?:myself|sign(?:ed)?|from|me|name|im|i['’]m|i am|thx|thanks|cheers|regards|best)\b[\s:,]+(?=\S)", re.IGNORECASE
)
_SHORT = re.compile(
    r"[A-Z]{2,3}|(?:Univ|Dept|Inst|Hosp|Prof|Corp|Assoc|Intl|Tech|Eng|Mgr|Ref|Tel|Nr|Max|Min|Approx)\.?"
)
Cued = tuple[Excerpt, str]


def name_words(name: str) -> set[str]:
    """The words of a name that tell it apart: no titles, no initials, small letters."""
    found = {m.group().casefold() for m in TOKEN.finditer(name) if m.group()[0].isalpha()}
    return {w for w in found if len(w) > 1 and w not in TITLES}


def _no_name(found: Excerpt) -> bool:
    """Whether it is a greeting or a plain word with a capital of its place: "Hello!", "Fine, keep it", "Subj: …"."""
    said = name_words(found.text)
    return bool(said) and said <= (GREETINGS | load_head().common)


def _short_for(found: Excerpt) -> bool:
    """Whether a name is short for a thing: "CT", or "Univ" of "Univ. of Turku"."""
    return bool(_SHORT.fullmatch(found.text))


def akin(one: set[str], other: set[str]) -> bool:
    """Whether two names could be one person's: a word in common, or one word short for another ("Gabi", "Sal")."""
    if one & other:
        return True
    return any(
        len(short) >= 3 and full.startswith(short[:3])
        for a, b in ((one, other), (other, one))
        for short in a
        for full in b
    )


def _listed(documents: Iterable[Document]) -> list[Cued]:
    return [(excerpt(d, n.start, n.end), cue) for d in documents for n, cue in name_cues(d.text)]


def _alone(document: Document) -> list[Excerpt]:
    """Names that are a whole sentence, as people sign their notes ("… 15 min phone. Will Traynor.")."""
    text = document.text
    whole = {s.start: s.end for s in sentences(text)}
    return [
        excerpt(document, n.start, n.end)
        for n, _ in name_cues(text)
        if n.start in whole and not text[n.end : whole[n.start]].strip(" .!")
    ]


_AFTER_RECIPIENT = re.compile(
    r"\s*(?:[,=(:–—]|- |(?:is|was|at|from|who|leads|runs|has|had|said|wrote|works|teaches|knows)\b)"
)
_BEFORE_PLACE = re.compile(r"(?:\b(?:at|in|for|of|the|near|by|from|with|and)|@)\s*$", re.IGNORECASE)
_BEFORE_SIGNED = re.compile(r"\bname\s*(?:is|[:=-])?\s*$", re.IGNORECASE)
_I_AM = re.compile(r"[\W_]*(?:i['’]?m|i am|i|im)\b.*[(,]\s*$", re.IGNORECASE | re.DOTALL)


def _before(documents: Sequence[Document], name: Excerpt) -> str:
    """The line up to the name."""
    text = next(d.text for d in documents if d.name == name.source)
    return text[text.rfind("\n", 0, name.start) + 1 : name.start]


def _unsaid_sender(
    notes: Sequence[Document], cued: Sequence[Cued], others: Sequence[set[str]], kind: str
) -> Excerpt | None:
    """A sender with no plain cue: "name Pernille", a name that is a whole sentence, "I'm a clerk (Aled Prothero)"."""
    free = [(e, c) for e, c in cued if any(d.name == e.source for d in notes)]
    free = [(e, c) for e, c in free if not any(akin(name_words(e.text), other) for other in others)]
    for pattern in (_BEFORE_SIGNED, _I_AM):
        for one, _ in free:
            start = re.split(r"[.!?]\s", _before(notes, one))[-1]
            if pattern.search(start):
                return one
    places = {(e.source, e.start) for e, _ in free}
    ends = [e for d in notes for e in _alone(d) if (e.source, e.start) in places]
    if ends and (any(others) or ends[-1].end > 0.6 * next(len(d.text) for d in notes if d.name == ends[-1].source)):
        return ends[-1]
    # A note to be passed on begins with the person it is about.
    return next((e for e, c in free if c == "start"), None) if kind == "forwardable" else None


def _unsaid_recipient(notes: Sequence[Document], cued: Sequence[Cued]) -> Excerpt | None:
    """A recipient with no plain cue: the first name in the notes that something is said of, no place, no job."""
    common = load_head().common
    alone = {(e.source, e.start) for d in notes for e in _alone(d)}
    for one, cue in cued:
        document = next((d for d in notes if d.name == one.source), None)
        parts = name_words(one.text)
        if document is None or parts & common or (len(parts) < 2 and cue != "start"):
            continue
        said_of = _AFTER_RECIPIENT.match(document.text, one.end) or (one.source, one.start) in alone
        if said_of and not _BEFORE_PLACE.search(_before(notes, one)):
            return one
    return None


def _pick(found: Sequence[Excerpt], wanted: set[str], cued: Sequence[Cued], cue: str) -> Excerpt | None:
    """Of the names seen in a role: the one the draft uses, else one with the role's cue before it, else the first."""
    for one in found:
        if wanted and akin(name_words(one.text), wanted):
            return one
    places = {(e.source, e.start) for e, c in cued if c == cue}
    for one in found:
        if (one.source, one.start) in places:
            return one
    return found[0] if found else None


def _fuller(name: Excerpt | None, cued: Sequence[Cued]) -> Excerpt | None:
    """The longest form of that name anywhere."""
    if name is None:
        return None
    words = name_words(name.text)
    longer = [e for e, _ in cued if words and words < name_words(e.text)]
    return max(longer, key=lambda e: len(e.text), default=name)


def _introducer(recipient: Excerpt, cued: Sequence[Cued], notes: Sequence[Document]) -> Excerpt:
    """Who is asked for an introduction is the one who knows the other ("Grace Field knows Adewale Cole")."""
    texts = {d.name: d.text for d in notes}
    names = [e for e, _ in cued if e.source in texts]
    for one, other in pairwise(names):
        same = one.source == other.source and akin(name_words(other.text), name_words(recipient.text))
        between = texts[one.source][one.end : other.start]
        if same and re.fullmatch(r",? (?:who |also |she |he |really |actually )*knows? (?:\w+ ){0,2}", between):
            return one
    return recipient


_FIRM = re.compile(rf"\s*&\s*[A-Z][\w'’-]*|\s(?=[A-Z])(?i:{'|'.join(sorted(FIRMS))})\b")


def _bare(sender: Excerpt | None) -> Excerpt | None:
    """The sender's name alone."""
    said = _SIGNED.match(sender.text) if sender else None
    return (
        replace(sender, text=sender.text[said.end() :], start=sender.start + said.end()) if sender and said else sender
    )


def _firm_of(name: Excerpt | None, documents: Sequence[Document]) -> Excerpt | None:
    """The whole name of a firm whose first half was found: "Kettle & Rye" for "Kettle"; nobody is greeted by it."""
    if name is None or " " in name.text:
        return name
    document = next(d for d in documents if d.name == name.source)
    match = _FIRM.match(document.text, name.end)
    return excerpt(document, name.start, match.end()) if match else name


def settle(
    recipients: Sequence[Excerpt],
    senders: Sequence[Excerpt],
    letter: Letter,
    draft: Document,
    notes: Sequence[Document],
    kind: str,
) -> tuple[Excerpt | None, Excerpt | None]:
    """The recipient and the sender, from what the learned head saw, the letter's outside and the words around names."""
    signed = excerpt(draft, letter.signed.start, letter.signed.end) if letter.signed else None
    addressed = excerpt(draft, letter.addressed.start, letter.addressed.end) if letter.addressed else None
    addressed = None if addressed and _no_name(addressed) else addressed
    recipients = [e for e in recipients if not _no_name(e)]
    senders = [e for e in senders if not _short_for(e)]
    own = name_words(signed.text) if signed else set()
    theirs = name_words(addressed.text) if addressed else set()
    cued = [(e, c) for e, c in _listed((*notes, draft)) if not _short_for(e)]
    mine = [e for e in senders if not akin(name_words(e.text), theirs) or (own and name_words(e.text) & own)]
    sender = _pick(mine, own, cued, "self")
    if signed and (sender is None or not akin(name_words(sender.text), own)):
        by_cue = {(e.source, e.start) for e, c in cued if c == "self"}
        if sender is None or (sender.source, sender.start) not in by_cue:
            sender = signed
    if sender is None:
        sender = next((e for e, c in cued if c == "self" and not akin(name_words(e.text), theirs)), None)
    if sender is None and kind == "forwardable":
        begins = [e for e in recipients if e.start < 4 and e.source != draft.name]
        sender = begins[0] if begins else None
    if sender is None:
        others = [name_words(e.text) for e in recipients] or [theirs]
        sender = _unsaid_sender(notes, cued, others, kind)
    sender = _fuller(sender, cued)
    own = name_words(sender.text) if sender else set()
    apart = [e for e in recipients if not (name_words(e.text) & own)]
    recipient = _pick(apart, theirs, cued, "them")
    if theirs and (recipient is None or not akin(name_words(recipient.text), theirs)):
        same = [e for e, _ in cued if akin(name_words(e.text), theirs) and not name_words(e.text) & own]
        recipient = same[0] if same else recipient or addressed
    rest = [(e, c) for e, c in cued if not name_words(e.text) & own]
    if recipient and kind == "introduction":
        recipient = _introducer(recipient, rest, notes)
    if recipient is None:
        recipient = next((e for e, c in rest if c == "them"), None)
    if recipient is None and kind != "forwardable":
        recipient = _unsaid_recipient(notes, rest)
    return _firm_of(_fuller(recipient, rest), (*notes, draft)), _bare(sender)


def part_of_another(sender: Excerpt, found: Mapping[Slot, Sequence[Excerpt]]) -> bool:
    """Whether the name is a piece of what is wanted or of the reader's doings, as a firm's name is behind its role."""
    return any(
        one.source == sender.source
        and one.start < sender.start < one.end
        and not re.search(r"[\n.;:|]", one.text[: sender.start - one.start])
        for one in (*found["target"], *found["why_them"])
    )


def without_their_job(
    targets: list[Excerpt], recipient: Excerpt | None, documents: Sequence[Document]
) -> list[Excerpt]:
    """Of several roles the one that stands right behind the recipient's name ("Mr. Sato, head gardener") is theirs."""

    def role(one: Excerpt) -> bool:
        return any(is_role_noun(word.strip(".,;()")) for word in one.text.split())

    def theirs(one: Excerpt) -> bool:
        text = next(d.text for d in documents if d.name == one.source)
        same = recipient is not None and recipient.source == one.source and recipient.end <= one.start
        return same and recipient is not None and not text[recipient.end : one.start].strip(" ,(=:–—-")

    kept = [one for one in targets if not (role(one) and theirs(one))]
    return kept if any(role(one) for one in kept) else targets
