"""What is measured with: the example of the repository, other requests of its kind, and texts of any length."""

from __future__ import annotations

from pathlib import Path

from assistant.records import Document, Request

ROOT = Path(__file__).resolve().parents[2]
DRAFT, NOTES = ROOT / "examples" / "draft.txt", ROOT / "examples" / "notes.md"
_TOWNS = ("Wells", "Frome", "Truro", "Poole", "Derby", "Leeds", "Crewe", "Ripon")
_THINGS = ("pump", "boiler", "hoist", "valve", "heater", "switchboard", "conveyor", "chiller")


def example(n: int = 8, seed: int = 0) -> Request:
    draft, notes = (Document(p.name, p.read_text(encoding="utf-8")) for p in (DRAFT, NOTES))
    return Request(Document("draft", draft.text), (notes,), None, n=n, seed=seed)


def other(number: int, n: int = 1) -> Request:
    """A request like the example, each number with other words."""
    town, thing = _TOWNS[number % 8], _THINGS[number // 8 % 8]
    notes = (
        f"- to: Nora Lindqvist, site engineer in {town}\n- me: Ada Obi, fitter, {3 + number % 9} years\n"
        f"- role: Maintenance Technician, {town}\n- I rebuilt {11 + number} {thing}s last year\n"
        f"- she wrote the {thing} checklist that I use\n- ask: would she refer me? no is fine\n"
    )
    draft = f"Hi Nora, any jobs going in {town}? I work hard. Ada"
    return Request(Document("draft", draft), (Document("notes.md", notes),), "referral", n=n, seed=number)


def long(words: int) -> Request:
    """The example with notes of about so many words together with the draft, none of them like the line before."""
    base = example(n=1)
    lines = [base.notes[0].text]
    count = len(f"{base.draft.text} {lines[0]}".split())
    day = 0
    while count < words:
        day += 1
        line = f"- in week {day} I checked the {_THINGS[day % 8]} at the {_TOWNS[day * 3 % 8]} works and wrote it up"
        lines.append(line)
        count += len(line.split())
    if words < count and day == 0:
        short = "- Karen Aldous, lift service manager at Marlowe Lifts\n- job: Lift Service Engineer\n- me: Ruth Okafor"
        return Request(Document("draft", "Hi Karen, can you refer me? Ruth"), (Document("notes.md", short),), None, n=1)
    return Request(base.draft, (Document("notes.md", "\n".join(lines)),), None, n=1)
