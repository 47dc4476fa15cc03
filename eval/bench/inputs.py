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


def changed(number: int) -> tuple[str, str]:
    """Draft and notes of the example with one note changed, each number in another way."""
    notes = NOTES.read_text(encoding="utf-8")
    figure = "from 31 to 7"
    if figure not in notes:
        raise ValueError(f"{NOTES} does not hold “{figure}”")
    return DRAFT.read_text(encoding="utf-8"), notes.replace(figure, f"from {40 + number} to 7")


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
    """Draft and notes of about so many words together, at least 50; no line is like the one before."""
    draft = "Hi Karen, I saw your page. Can you refer me to something at Marlowe Lifts? I work hard. Ruth"
    lines = [
        "- Karen Aldous, lift service manager at Marlowe Lifts",
        "- the job: Lift Service Engineer, early shift",
        "- me: Ruth Okafor, electrician, 6 years",
        "- last year I rewired the controls of 9 goods lifts",
    ]
    week = 0
    while len(f"{draft} {' '.join(lines)}".split()) < words:
        week += 1
        lines.append(f"- in week {week} I checked the {_THINGS[week % 8]} at the {_TOWNS[week * 3 % 8]} works")
    return Request(Document("draft", draft), (Document("notes.md", "\n".join(lines)),), None, n=1)
