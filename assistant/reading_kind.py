"""Of what kind a message is, by its draft and notes, and what a message of its kind needs that they do not hold."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.names import first_name
from assistant.reader_features import text_features
from assistant.reader_head import load_head
from assistant.records import SLOTS, Brief, Document, Kind, Library, Missing, Need, Slot
from assistant.voice.grammar import is_role_noun

# No letter and no note is longer; what comes after is not read, so that any text is read in about a second.
READ_CHARS = 40_000
_SLOT_OF: dict[Need, tuple[Slot, ...]] = {
    "role": ("target",),
    "proof": ("proof",),
    "why_them": ("why_them", "history"),
    "ask": ("ask", "target", "offer"),
    "recipient": ("recipient",),
    "sender": ("sender",),
}
_TO_BE_ASKED = re.compile(r"\?|\b(?:whether|how|what|which|where|min(?:ute)?s?|call|chat|phone)\b", re.IGNORECASE)


def _kind_scores(draft: str, notes: str) -> dict[str, float]:
    """The learned score of each kind; with no notes the draft speaks for them too."""
    return load_head().kinds.scores(text_features(draft, notes if notes.strip() else draft))


def likely_kind(draft: str, notes: str) -> str:
    """The kind as the words alone have it, before anything is read."""
    scores = _kind_scores(draft, notes)
    return max(scores, key=scores.__getitem__)


def guess_kind(draft: Document, notes: Sequence[Document], brief: Brief, library: Library) -> str:
    """The most likely kind: the learned choice over the words of draft and notes, and each kind's own signals."""
    written = "\n".join(n.text for n in notes)[:READ_CHARS]
    scores = _kind_scores(draft.text, written)
    totals = {}
    for kind in library.kinds:
        signals = _signals(kind, draft.text[:READ_CHARS].casefold(), written.casefold())
        # A kind that was not learnt has only its signals to speak for it.
        totals[kind.id] = scores[kind.id] + 0.25 * signals if kind.id in scores else signals
    guess = max(totals, key=totals.__getitem__)
    # With a role and a proof at hand and nothing to be asked about, what is wanted is the role (D2).
    return "referral" if guess == "informational" and _wants_the_role(brief) else guess


def _wants_the_role(brief: Brief) -> bool:
    wanted = " ".join(e.text for e in (*brief.target, *brief.ask))
    role = any(is_role_noun(word.strip(".,;()")) for e in brief.target for word in e.text.split())
    return role and bool(brief.proof) and not _TO_BE_ASKED.search(wanted)


def _signals(kind: Kind, draft: str, notes: str) -> float:
    """The sum of the kind's signals; "draft: " or "notes: " before a pattern names the text it looks at."""
    total = 0.0
    for key, weight in kind.signals.items():
        where, split, pattern = key.partition(": ")
        text = {"draft": draft, "notes": notes}.get(where) if split else None
        found = re.search(pattern, text) if text is not None else re.search(key, f"{draft}\n{notes}")
        total += weight if found else 0.0
    return total


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
