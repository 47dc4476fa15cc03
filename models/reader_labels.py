"""What the reader is taught: where each slot's words stand in a case's draft and notes."""

from __future__ import annotations

import re

from assistant.segments import TOKEN, Stretch, clauses, words
from models.cases import Case

SLOTS = ("history", "why_them", "target", "proof", "ask", "offer", "exit", "leave_out", "about")
NAMES = ("recipient", "sender")
STOP = words(
    "a an the and or of to in on at for with by from is are was were be been i i'm me my you your he she they his her "
    "him their it its that this as so if not no we our us do did does have has had would could can will just also "
    "there then"
)


def stem(word: str) -> str:
    return re.sub(r"(?:ing|ed|es|s|'s|’s)$", "", word) if len(word) > 4 else word


def content(text: str) -> list[str]:
    return [
        stem(w.group().casefold())
        for w in TOKEN.finditer(text)
        if w.group()[0].isalnum() and w.group().casefold() not in STOP
    ]


def places(case: Case, slot: str) -> list[tuple[str, int, int]]:
    """Where each of the slot's strings stands: in the notes if it can, else in the draft."""
    found = []
    for value in case["slots"].get(slot, []):
        for source, text in (("N", case["context"]), ("D", case["draft"])):
            at = text.find(value)
            while at >= 0 and (text[at - 1 : at].isalnum() or text[at + len(value) : at + len(value) + 1].isalnum()):
                at = text.find(value, at + 1)
            if at >= 0:
                found.append((source, at, at + len(value)))
                break
    return found


def about_places(case: Case) -> list[tuple[str, int, int]]:
    """Who the sender is: what the plain rewrite shares with the notes, near the sender, and holds no other slot."""
    taken = {s: [p[1:] for slot in (*SLOTS[:8], "recipient") for p in places(case, slot) if p[0] == s] for s in "ND"}
    held = {w for slot in SLOTS[:8] for v in case["slots"][slot] for w in content(v)}
    plain = set(content(case.get("plain", "")))
    senders = {w for v in case["slots"]["sender"] for w in content(v)}
    recipients = {w for v in case["slots"]["recipient"] for w in content(v)}
    found = []
    for source, text in (("N", case["context"]), ("D", case["draft"])):
        near = False
        for part in clauses(text):
            said = text[part.start : part.end]
            others = [w for w in content(said) if w not in senders]
            named = any(w in senders for w in content(said))
            first = bool(re.search(r"\b(?:i|i'm|i’m|im|me|my|we|our)\b", said.casefold()))
            if any(w in recipients for w in content(said)):
                near = False
            free = not any(part.start < end and start < part.end for start, end in taken[source])
            shared = [w for w in others if w in plain]
            if (
                free
                and (near or named or first)
                and others
                and len(shared) >= 0.6 * len(others)
                and not set(shared) <= held
            ):
                start = part.start
                if named:
                    last = [
                        m for m in TOKEN.finditer(text, part.start, part.end) if stem(m.group().casefold()) in senders
                    ][-1]
                    start = last.end()
                lead = re.match(r"\W*(?:me|i'm|i’m|im|i am|my name is)?\W*", text[start : part.end], re.IGNORECASE)
                start += lead.end() if lead else 0
                if content(text[start : part.end]):
                    found.append((source, start, part.end))
            near = named or (near and (free and bool(shared)))
    return found


def stretches(case: Case, slot: str) -> list[tuple[str, int, int]]:
    """The slot's places as (source, start, end), source "N" or "D"; `about` is derived where nobody marked it."""
    return about_places(case) if slot == "about" and "about" not in case["slots"] else places(case, slot)


def label(case: Case, source: str, tokens: list[Stretch], slots: tuple[str, ...]) -> list[str]:
    """One label a token, B-x, I-x or O: no token has two."""
    found = [(s, *p[1:]) for s in slots for p in stretches(case, s) if p[0] == source]
    result = ["O"] * len(tokens)
    # The longest first, so that a stretch inside another does not cut it in two.
    for slot, start, end in sorted(found, key=lambda x: x[1] - x[2]):
        inside = [i for i, t in enumerate(tokens) if t.start >= start and t.end <= end]
        if inside and all(result[i] == "O" for i in inside):
            for n, i in enumerate(inside):
                result[i] = ("B-" if n == 0 else "I-") + slot
    return result
