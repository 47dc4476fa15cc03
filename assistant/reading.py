"""Draft and notes of any form become sentences with spans and a Brief: the exact words used, and whose they are.

Patterns find the letter's outside, names by the words around them and what must be left out; the learned head
(assistant/reader_look.py) says what each stretch is for. Both are instant and load no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant import reader_features as look
from assistant.cues import CUES
from assistant.letter import Letter, name_cues, read_letter
from assistant.names import first_name, salutation
from assistant.reader_head import load_head
from assistant.records import SLOTS, Brief, Document, Draft, Excerpt, Kind, Library, Missing, Need, Slot
from assistant.segments import Stretch, excerpt, sentences, trimmed

__all__ = ["first_name", "guess_kind", "missing", "read_brief", "read_draft", "salutation", "say"]

_SLOT_OF: dict[Need, tuple[Slot, ...]] = {
    "role": ("target",),
    "proof": ("proof",),
    "why_them": ("why_them",),
    "ask": ("ask", "target"),
    "recipient": ("recipient",),
    "sender": ("sender",),
}
_LEAD = re.compile(
    r"(?:[\s\-*•·>|=:,;.–—/→\"'“‘(]|(?:me|mine|proof|why|ask|offer|target|history|role|job|want|q|question|exit|about)"
    r"[ \t]*(?::|=|->|-(?=\s))|(?:and|but|also|plus|i['’]m|i am)[ \t]+(?=\S))+",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[\s,;:\-–—|/=(\"“.]+$")


def read_draft(document: Document) -> Draft:
    """The draft taken apart: subject line, greeting, sign-off, and the sentences between them."""
    letter = read_letter(document.text)
    return Draft(
        document,
        tuple(excerpt(document, s.start, s.end) for s in letter.body),
        letter.subject,
        excerpt(document, letter.greeting.start, letter.greeting.end) if letter.greeting else None,
        excerpt(document, letter.signoff.start, letter.signoff.end) if letter.signoff else None,
    )


def _trim(text: str, start: int, end: int, *, lead: bool = True) -> Stretch | None:
    """The stretch without bullets, keys ("me:", "proof -") and loose punctuation at its ends."""
    match = _LEAD.match(text, start, end) if lead else None
    if match and match.end() < end:
        start = match.end()
    tail = _TAIL.search(text[start:end])
    # A full stop after an initial or a short form belongs to it.
    if tail and not re.search(r"(?:\b[A-Z]|\b[ap]\.m|\betc|\bUniv)\.$", text[start:end]):
        end = start + tail.start()
    if text[start:end].count(")") > text[start:end].count("("):
        end -= len(text[start:end]) - len(text[start:end].rstrip(")"))
    elif text[start:end].count("(") > text[start:end].count(")") and text[end : end + 1] == ")":
        end += 1
    return trimmed(text, start, end)


def _tag(document: Document, source: str, names: dict[str, str], kind: str) -> list[look.Tagged]:
    """Every labelled stretch of one text, as the learned head sees it."""
    learned = load_head()
    pg = look.page(document.text, source, learned.common, names)
    roles = learned.names.best(look.name_rows(pg))
    labels = learned.slots.best(look.slot_rows(pg, roles, kind))
    return look.spans(pg, roles) + look.spans(pg, labels)


def _likely_kind(draft: str, notes: str) -> str:
    scores = load_head().kinds.scores(look.text_features(draft, notes))
    return max(scores, key=scores.__getitem__)


def _merged(text: str, tags: Iterable[look.Tagged]) -> list[look.Tagged]:
    """Neighbours of the same slot with nothing but a comma or the like between them are one excerpt."""
    found: list[look.Tagged] = []
    for tag in sorted(tags, key=lambda t: t.start):
        if found and found[-1].label == tag.label and re.fullmatch(r"[ \t,&+]*", text[found[-1].end : tag.start]):
            found[-1] = look.Tagged(tag.label, found[-1].start, tag.end)
        else:
            found.append(tag)
    return found


def _unique(excerpts: Sequence[Excerpt]) -> tuple[Excerpt, ...]:
    """Without those whose words another one already says; the first of equals stays."""
    kept: list[Excerpt] = []
    for one in excerpts:
        folded = one.text.casefold()
        if any(folded in other.text.casefold() for other in kept):
            continue
        kept = [k for k in kept if k.text.casefold() not in folded]
        kept.append(one)
    return tuple(kept)


def _injections(document: Document) -> list[Stretch]:
    """Sentences that speak to a program and not to a person: they are never used."""
    text = document.text
    return [s for s in sentences(text) if CUES["inject"].search(text[s.start : s.end].casefold())]


def _fallback_names(
    found: dict[Slot, list[Excerpt]], draft: Document, notes: Sequence[Document], letter: Letter
) -> None:
    """Names by the words around them, where the learned head saw none."""
    if letter.signed and not found["sender"]:
        found["sender"].append(excerpt(draft, letter.signed.start, letter.signed.end))
    wanted_by: tuple[tuple[str, Slot], ...] = (("self", "sender"), ("them", "recipient"))
    for wanted, slot in wanted_by:
        if found[slot]:
            continue
        for document in notes:
            cued = [n for n, cue in name_cues(document.text) if cue == wanted]
            taken = {e.start for e in (*found["sender"], *found["recipient"]) if e.source == document.name}
            fresh = [n for n in cued if n.start not in taken]
            if fresh:
                found[slot].append(excerpt(document, fresh[0].start, fresh[0].end))
                break
    if letter.addressed and not found["recipient"]:
        found["recipient"].append(excerpt(draft, letter.addressed.start, letter.addressed.end))


def read_brief(draft: Document, notes: Sequence[Document]) -> Brief:
    """What a message can be built from: every excerpt is verbatim, notes first, each slot in reading order."""
    letter = read_letter(draft.text)
    names = look.known_names(draft.text)
    kind = _likely_kind(draft.text, "\n".join(n.text for n in notes))
    found: dict[Slot, list[Excerpt]] = {slot: [] for slot in SLOTS}
    for document, source in (*((n, "N") for n in notes), (draft, "D")):
        _collect(found, document, _tag(document, source, names, kind), kind)
    _fallback_names(found, draft, notes, letter)
    return Brief(**{slot: _unique(found[slot]) for slot in SLOTS})


def _collect(found: dict[Slot, list[Excerpt]], document: Document, tags: list[look.Tagged], kind: str) -> None:
    """Adds one text's excerpts; what speaks to a program is left out whatever the head says."""
    text = document.text
    banned = _injections(document)
    for tag in _merged(text, tags):
        is_name = tag.label in {"recipient", "sender"}
        stretch = _trim(text, tag.start, tag.end, lead=not is_name)
        if stretch is None or any(stretch.start < b.end and b.start < stretch.end for b in banned):
            continue
        if not any(c.isalnum() for c in text[stretch.start : stretch.end]):
            continue
        found[tag.label].append(excerpt(document, stretch.start, stretch.end))  # type: ignore[index]
    found["leave_out"] += [excerpt(document, b.start, b.end) for b in banned]


# --- a message alone ----------------------------------------------------------------------------------------------

_FLOOR: dict[str, float] = {}


def say(text: str) -> Brief:
    """What a message says by itself, sentence by sentence; the source of every excerpt is "message"."""
    document = Document("message", text)
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
    for place, part in enumerate(body):
        said = text[part.start : part.end]
        chances = learned.chances(look.sentence_features(said, place, len(body)))
        for slot, chance in chances.items():
            if slot != "sender" and chance >= _FLOOR.get(slot, 0.5):
                found[slot].append(excerpt(document, part.start, part.end))  # type: ignore[index]
    return Brief(**{slot: tuple(found[slot]) for slot in SLOTS})


# --- kind and what is missing -------------------------------------------------------------------------------------


def guess_kind(draft: Document, notes: Sequence[Document], brief: Brief, library: Library) -> str:
    """The most likely kind: the learned choice over the words of draft and notes, and each kind's own signals."""
    written = "\n".join(n.text for n in notes)
    scores = load_head().kinds.scores(look.text_features(draft.text, written))
    lowered = f"{draft.text}\n{written}".casefold()
    known = {k.id for k in library.kinds}
    totals = {kind: score for kind, score in scores.items() if kind in known}
    for kind in library.kinds:
        extra = sum(weight for pattern, weight in kind.signals.items() if re.search(pattern, lowered))
        totals[kind.id] = totals.get(kind.id, -5.0) + extra
    return max(totals, key=totals.__getitem__)


def _filled(template: str, brief: Brief) -> str:
    """The first wording whose blanks are all known ("… {recipient} … | … without …"), filled in."""
    known: dict[str, str] = {slot: brief.get(slot)[0].text for slot in SLOTS if brief.get(slot)}
    if "recipient" in known:
        known["recipient"] = first_name(known["recipient"]) or known["recipient"]
    for wording in template.split("|"):
        blanks = re.findall(r"\{(\w+)\}", wording)
        if all(blank in known for blank in blanks):
            return re.sub(r"\{(\w+)\}", lambda m: known[m.group(1)], wording).strip()
    return re.sub(r"\s*\{\w+\}", "", template.split("|")[-1]).strip()


def missing(brief: Brief, kind: Kind) -> tuple[Missing, ...]:
    """The kind's needs that the brief does not fill, in the kind's order, each with its one question."""
    found = []
    for need in kind.needs:
        slots = _SLOT_OF[need]
        if need == "proof" and "offers_value" in kind.traits:
            slots = ("proof", "offer")
        if not any(brief.get(slot) for slot in slots) and need in kind.questions:
            found.append(Missing(need, _filled(kind.questions[need], brief)))
    return tuple(found)
