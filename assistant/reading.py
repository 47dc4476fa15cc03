"""Draft and notes of any form become sentences with spans and a Brief: the exact words used, and whose they are.

Patterns find the letter's outside, names by the words around them and what must be left out; a learned head says what
each stretch is for: assistant/reader_head.py at once and without a model, assistant/reader_tuned.py with one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from assistant import reader_features as look
from assistant.cues import KEY, cues_of
from assistant.letter import name_cues, read_letter
from assistant.people import part_of_another, settle, without_their_job
from assistant.reader_head import load_head
from assistant.reader_tuned import NEEDED, TunedReader
from assistant.reading_absent import said_absent
from assistant.reading_kind import READ_CHARS, likely_kind
from assistant.reading_private import kept_out, to_a_program
from assistant.reading_spans import merged, outside, trim, unique
from assistant.records import SLOTS, Brief, Document, Draft, Excerpt, Slot
from assistant.segments import excerpt, sentences

# What is asked of the reader is nothing that the sender is or did.
_OWN: tuple[Slot, ...] = ("about", "proof")
_ASKING = re.compile(
    r"(?:let me know|please|kindly|(?:could|can|would|will) you|thank(?:s| you)|looking forward)\b", re.IGNORECASE
)
_LOOSE = {"flattery", "filler", "pressure", "boast", "oversized"}
_KEYED: dict[str, Slot] = {
    "role": "target",
    "job": "target",
    "post": "target",
    "position": "target",
    "vacancy": "target",
    "opening": "target",
    "target": "target",
    "applying for": "target",
    "q": "target",
    "question": "target",
    "my question": "target",
    "want to know": "target",
    "proof": "proof",
    "my proof": "proof",
    "why": "why_them",
    "why them": "why_them",
    "link": "why_them",
    "our link": "why_them",
    "reason": "why_them",
    "ask": "ask",
    "offer": "offer",
    "exit": "exit",
    "history": "history",
    "leave out": "leave_out",
    "don't use": "leave_out",
    "not": "leave_out",
}


def _opening(document: Document) -> Document:
    """The part that is read, cut at a line's end; its spans hold for the whole text too."""
    if len(document.text) <= READ_CHARS:
        return document
    cut = document.text.rfind("\n", 0, READ_CHARS)
    return Document(document.name, document.text[: cut if cut > READ_CHARS // 2 else READ_CHARS])


def read_draft(document: Document) -> Draft:
    """The draft taken apart: subject line, greeting, sign-off, and the sentences between them."""
    letter = read_letter(_opening(document).text)
    return Draft(
        document,
        tuple(excerpt(document, s.start, s.end) for s in letter.body),
        letter.subject,
        excerpt(document, letter.greeting.start, letter.greeting.end) if letter.greeting else None,
        excerpt(document, letter.signoff.start, letter.signoff.end) if letter.signoff else None,
    )


Texts = Sequence[tuple[str, bool]]
# What the labels of a needed slot gain at the second look, where the first found nothing for it; and what those of a
# slot lose that the notes call unknown.
_EAGER = 0.6
_DOUBT = 1.2


def _tag(texts: Texts, names: dict[str, str], kind: str, tuned: TunedReader | None) -> list[list[look.Tagged]]:
    """Every labelled stretch of each text; the texts come with whether they are read as a draft."""
    said = said_absent("\n".join(text for text, draft in texts if not draft))
    if tuned is not None:
        return tuned.read(texts, names, kind, said)
    return _by_patterns(texts, names, kind, said)


def _by_patterns(texts: Texts, names: dict[str, str], kind: str, said: frozenset[str]) -> list[list[look.Tagged]]:
    learned = load_head()
    found, scored = [], []
    for text, draft in texts:
        pg = look.page(text, "D" if draft else "N", learned.common, names)
        named = [learned.names.scores(row) for row in look.name_rows(pg)]
        roles = learned.names.best(named)
        meant = [learned.slots.scores(row) for row in look.slot_rows(pg, roles, kind)]
        scored.append((pg, ((learned.names, named), (learned.slots, meant))))
        found.append([tag for one, scores in scored[-1][1] for tag in look.spans(pg, one.best(scores, said, -_DOUBT))])
    seen = {tag.label for tags in found for tag in tags}
    absent = frozenset(slot for need in NEEDED if not (seen | said) & set(need) for slot in need)
    for tags, (pg, both) in zip(found, scored, strict=True):
        for one, scores in both if absent else ():
            tags += [tag for tag in look.spans(pg, one.best(scores, absent, _EAGER)) if tag.label in absent]
    return found


def read_brief(draft: Document, notes: Sequence[Document], tuned: TunedReader | None = None) -> Brief:
    """What a message can be built from: every excerpt is verbatim, notes first, each slot in reading order.

    The patterns' head reads, at once and without a model; with `tuned`, the tuned reader does, and better.
    """
    draft, notes = _opening(draft), [_opening(n) for n in notes]
    letter = read_letter(draft.text)
    names = look.known_names(draft.text)
    kind = likely_kind(draft.text, "\n".join(n.text for n in notes))
    found: dict[Slot, list[Excerpt]] = {slot: [] for slot in SLOTS}
    texts = [(draft.text, True), *((n.text, False) for n in notes)]
    tags, *noted = _tag(texts, names, kind, tuned)
    for document, stretches in zip(notes, noted, strict=True):
        _collect(found, document, stretches)
    if not any(n.text.strip() for n in notes):
        # With no notes the draft holds the facts, and is read for them as notes are.
        facts = [t for t in _tag([(draft.text, False)], names, kind, tuned)[0] if t.label != "leave_out"]
        loose = [t for t in tags if t.label == "leave_out" and cues_of(draft.text[t.start : t.end]) & _LOOSE]
        tags = facts + [t for t in loose if not any(t.start < f.end and f.start < t.end for f in facts)]
    _collect(found, draft, tags)
    for document in notes:
        _keyed(found, document)
    for slot in _OWN:
        found[slot] = [e for e in found[slot] if not _ASKING.match(e.text)]
    _rescue(found)
    recipient, sender = settle(found["recipient"], found["sender"], letter, draft, notes, kind)
    if sender and not letter.signed and part_of_another(sender, found):
        sender = None
    found["target"] = without_their_job(found["target"], recipient, (*notes, draft))
    found["recipient"] = [recipient] if recipient else []
    found["sender"] = [sender] if sender else []
    return Brief(**{slot: unique(found[slot]) for slot in SLOTS})


def _rescue(found: dict[Slot, list[Excerpt]]) -> None:
    """A reason that the head left out, perhaps for the line after it, is used where there is no other."""
    if found["why_them"] or found["history"]:
        return
    for one in found["leave_out"]:
        cues = cues_of(one.text)
        shared = "both" in cues or ("they" in cues and cues & {"public", "known"})
        if one.source != "draft" and shared and not cues & {"dont", "secret", "inject", "trivia"}:
            found["leave_out"].remove(one)
            found["why_them"].append(one)
            return


def _keyed(found: dict[Slot, list[Excerpt]], document: Document) -> None:
    """What stands after a plain key ("role: …") fills a slot that is still empty."""
    text = document.text
    for sentence in sentences(text):
        match = KEY.match(text, sentence.start, sentence.end)
        slot = _KEYED.get(match.group(1).casefold()) if match else None
        stretch = trim(text, match.end(), sentence.end, slot) if match and slot else None
        if slot and stretch and not found[slot]:
            taken = [e for kept in found.values() for e in kept if e.source == document.name]
            if not any(stretch.start < e.end and e.start < stretch.end for e in taken):
                found[slot].append(excerpt(document, stretch.start, stretch.end))


_VAGUE = re.compile(
    r"(?:please |pls )?(?:let me know|help\b|any help|thank|looking forward|i hope|get back to me)", re.IGNORECASE
)
_OF_SOMEBODY = frozenset({"why_them", "history", "proof", "about"})
_SUBJECT = re.compile(r"(?:^|[\n.;:,•(])\s*((?:[\w'’]+ ){1,4}?(?:are|is|were|was) )(?=$)")


def _collect(found: dict[Slot, list[Excerpt]], document: Document, tags: list[look.Tagged]) -> None:
    """Adds one text's excerpts; what must be left out is so, whatever the head says."""
    text = document.text
    programs = to_a_program(text)
    secrets = kept_out(text) if document.name != "draft" else []
    for tag in merged(text, tags):
        slot = cast(Slot, tag.label)
        stretch = trim(text, tag.start, tag.end, slot)
        if stretch and slot not in {"recipient", "sender", "leave_out"}:
            stretch = outside(text, stretch, secrets)
        if stretch is None or any(stretch.start < b.end and b.start < stretch.end for b in programs):
            continue
        if slot == "target" and _VAGUE.match(text, stretch.start, stretch.end):
            continue
        if any(c.isalnum() for c in text[stretch.start : stretch.end]):
            # "both in her class" without its "our kids are" would be told of somebody else
            subject = _SUBJECT.search(text, max(0, stretch.start - 60), stretch.start) if slot in _OF_SOMEBODY else None
            found[slot].append(excerpt(document, subject.start(1) if subject else stretch.start, stretch.end))
    found["leave_out"] += [excerpt(document, b.start, b.end) for b in (*programs, *secrets)]


# --- a message alone ----------------------------------------------------------------------------------------------

# The least chance at which a sentence counts as saying it, set on held-out training cases: nine in ten plain rewrites
# say what they are built from, and few vague drafts do. Below one half, because each sentence is judged by itself.
_FLOOR: dict[str, float] = {"target": 0.25, "proof": 0.25, "why_them": 0.2, "history": 0.2, "about": 0.2, "offer": 0.2}


@lru_cache(maxsize=16)
def say(text: str) -> Brief:
    """What a message says by itself, sentence by sentence; the source of every excerpt is "message"."""
    document = _opening(Document("message", text))
    text = document.text
    letter = read_letter(text)
    learned = load_head().message
    found: dict[Slot, list[Excerpt]] = {slot: [] for slot in SLOTS}
    if letter.addressed:
        found["recipient"].append(excerpt(document, letter.addressed.start, letter.addressed.end))
    if letter.signed:
        found["sender"].append(excerpt(document, letter.signed.start, letter.signed.end))
    else:
        selves = [n for n, cue in name_cues(text) if cue == "self"]
        found["sender"] += [excerpt(document, n.start, n.end) for n in selves[:1]]
    body = letter.body[:200]
    for place, sentence in enumerate(body):
        said = text[sentence.start : sentence.end]
        chances = learned.chances(look.sentence_features(said, place, len(body)))
        for slot, chance in chances.items():
            if slot != "sender" and chance >= _FLOOR.get(slot, 0.5):
                found[cast(Slot, slot)].append(excerpt(document, sentence.start, sentence.end))
    return Brief(**{slot: tuple(found[slot]) for slot in SLOTS})
