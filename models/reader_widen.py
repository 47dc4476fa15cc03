"""More cases from each case: other names and numbers, the notes in another order and form, facts added and removed.

Every change is made to draft, notes and slots alike, so that each slot's words still stand there word for word.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.segments import WORD, sentences
from models.cases import Case
from models.reader_labels import places

FIRST = (
    "Amara Wei Priya Rajesh Jürgen Anneliese Chukwuemeka Folake Ngozi Tunde Xiaoming Lihua Mei Hiroshi Yuki "
    "Svetlana Dmitri Oleksandr Zofia Piotr Ahmed Fatima Yusuf Leila Omar Aisha Carlos Lucía Mateo Inês João "
    "Thandiwe Sipho Kwame Akosua Minh Linh Thuy Arjun Deepa Sunita Vikram Harpreet Gurpreet Siobhán Declan Ewan "
    "Fiona Rhys Bethan Chloe Hannah Jake Tyler Brooke Grant Will Mark Rose Grace Hope Bill May June Dawn Joy Dean "
    "Chase Summer Lee Kim Jin Soo Björn Astrid Elif Mehmet Giulia Marco Noor Tariq Ravi Anita Bogdan Ioana "
    "Katarzyna Milan Jelena Eszter Tamás Pekka Aino Rasa Jonas"
).split()
LAST = (
    "Okafor Adeyemi Nwosu Balogun Chen Zhang Li Wang Huang Müller Schröder Weiß Becker Hoffmann Iyer Krishnan "
    "Patel Sharma Venkataraman Singh Kaur Khan Hussain Nguyen Tran Tanaka Sato Kim Park Petrov Ivanova Kowalska "
    "Nowak Horvat Marković Popescu García Hernández Silva Ferreira Costa Rossi Bianchi Dubois Lefèvre Jansen "
    "Bakker Nielsen Lindqvist Virtanen Mensah Dlamini Abebe Haile Haddad Nasser Yılmaz Demir Murphy O'Brien "
    "McAllister Baker Cook Field Stone Woods Hill Brown Young King Price Banks Fisher Marsh Rivers Day Lane West "
    "Short Sharp"
).split()
_TITLES = frozenset("Dr Mr Mrs Ms Prof Professor Miss Sir Madam Rev Fr Sr Capt Chef Coach Uncle Aunt Sister".split())
_KEYS = {
    "target": ("role", "job", "position", "want", "target"),
    "proof": ("proof", "my proof", "did", "background"),
    "why_them": ("why", "why them", "link", "reason"),
    "ask": ("ask", "want", "need"),
    "history": ("history", "we", "contact"),
    "offer": ("offer", "can give"),
    "recipient": ("to", "recipient", "person", "contact", "who"),
    "sender": ("me", "from", "name", "sender"),
    "exit": ("exit", "if no"),
}
_REMOVABLE = {
    "role": ("target",),
    "proof": ("proof",),
    "why_them": ("why_them", "history"),
    "recipient": ("recipient",),
    "sender": ("sender",),
}
_STYLES = ("lines", "bullets", "stars", "prose", "prose", "semicolons", "numbers", "keys", "keys", "dashes")


@dataclass(slots=True)
class Unit:
    """One sentence of the notes, or several that a slot's words join, with the slots whose words it holds."""

    text: str
    slots: set[str]


class Widener:
    """Makes variants of the cases it is given, from their own words and the name lists above."""

    def __init__(self, cases: Sequence[Case], common: frozenset[str], seed: int) -> None:
        self._random = random.Random(seed)
        self._common = common
        capitals = {w for c in cases for w in re.findall(r"\b[A-Z][a-z]{3,}\b", c["context"])}
        self._proper = sorted(w for w in capitals if w.casefold() not in common)
        aside = [v for c in cases for v in c["slots"]["leave_out"] if v in c["context"]]
        self._aside = [v for v in aside if len(v.split()) > 3]

    def variant(self, case: Case) -> Case:
        """One more case. Its id begins with that of the case."""
        rng = self._random
        case = {**self._renamed(case), "id": f"{case['id']}/{rng.randrange(10**6)}"}
        removed = rng.choice(sorted(_REMOVABLE)) if rng.random() < 0.35 else None
        if removed or rng.random() < 0.8:
            made = (self._without(case, removed) if removed else None) or self._reformed(case)
            case = made if _holds(made) else case
        if rng.random() < 0.12:
            low = _mapped(case, str.lower)
            case = low if _holds(low) else case
        notes_only = all(v in case["context"] for s, vs in case["slots"].items() for v in vs if s != "leave_out")
        if notes_only and rng.random() < 0.06:
            kept = [v for v in case["slots"]["leave_out"] if v in case["context"]]
            case = {**case, "draft": "", "slots": {**case["slots"], "leave_out": kept}}
        return case

    def _renamed(self, case: Case) -> Case:
        """Other people, other rare words with a capital (companies, places) and other numbers."""
        rng, change = self._random, dict[str, str]()
        persons = set()
        for name in (n for slot in ("recipient", "sender") for n in case["slots"][slot][:2]):
            parts = [
                p for p in re.findall(r"[^\W\d_][\w'’.-]*", name) if p[0].isupper() and p.rstrip(".") not in _TITLES
            ]
            persons |= set(parts)
            if len(parts) <= 3 and rng.random() < 0.8:
                formal = len(parts) == 1 and re.match(r"(?:Dr|Mr|Mrs|Ms|Prof)", name)
                new = [rng.choice(LAST if formal else FIRST), rng.choice(LAST), rng.choice(LAST)]
                for old, fresh in zip(parts, new, strict=False):
                    if len(old.strip(".")) > 1:
                        change.setdefault(old, fresh)
        text = f"{case['draft']} {case['context']}"
        found = {w.group() for w in WORD.finditer(text) if w.group()[0].isupper() and w.group().isalpha()}
        rare = {w for w in found if len(w) > 3 and not w.isupper() and w.casefold() not in self._common}
        for word in sorted(rare - persons):
            if rng.random() < 0.5:
                change.setdefault(word, rng.choice(self._proper))
        for number in sorted(set(re.findall(r"(?<![\w.,/])\d{1,4}(?![\w,/]|\.\d)", text))):
            if rng.random() < 0.5 and not 1900 <= int(number) <= 2100:
                change[number] = str(rng.randint(10 ** (len(number) - 1), 10 ** len(number) - 1))
        if not change:
            return case
        either = "|".join(re.escape(k) for k in sorted(change, key=len, reverse=True))
        pattern = re.compile(rf"(?<![\w.,/])({either})(?![^\W_]|,\d|\.\d|/)")
        return _mapped(case, lambda text: pattern.sub(lambda m: change[m.group(1)], text))

    def _without(self, case: Case, need: str) -> Case | None:
        """The case with nothing left that fills the need; None where that would take other things with it."""
        slots = _REMOVABLE[need]
        gone = [v for s in slots for v in case["slots"][s]]
        if not gone or any(source == "D" for s in slots for source, *_ in places(case, s)):
            return None
        units, kept = _units(case), list[Unit]()
        for unit in units:
            if not unit.slots & set(slots):
                kept.append(unit)
            elif need in ("recipient", "sender"):
                text = unit.text
                for name in gone:
                    text = text.replace(name, "he" if need == "recipient" and self._random.random() < 0.4 else "")
                text = re.sub(r"\b(?:i'm|I'm|I am|my name is|name:)\s*(?=[,.]|$)|^\s*[-,;:—–]+\s*", "", text).strip()
                kept += [Unit(text, unit.slots - set(slots))] if text else []
            elif unit.slots - set(slots) - {"leave_out"}:
                return None
        words = {w for v in gone for w in re.findall(r"[^\W\d_]{2,}", v)} if need in ("recipient", "sender") else set()
        left = case["draft"] + " ".join(u.text for u in kept)
        if any(re.search(rf"\b{re.escape(w)}\b", left) for w in words):
            return None
        empty = {s: [] if s in slots else vs for s, vs in case["slots"].items()}
        made = self._written({**case, "slots": empty, "missing": sorted({*case["missing"], need})}, kept)
        return made if _holds(made) else None

    def _reformed(self, case: Case) -> Case:
        return self._written(case, _units(case))

    def _written(self, case: Case, units: list[Unit]) -> Case:
        """The notes made of these units, in another order and form, with lines that do not belong."""
        rng = self._random
        aside = list(case["slots"]["leave_out"])
        if self._aside and rng.random() < 0.6:
            for text in rng.sample(self._aside, rng.choice((1, 1, 2))):
                units.insert(rng.randrange(len(units) + 1), Unit(text, {"leave_out"}))
                aside.append(text)
        drawn = rng.random()
        if drawn < 0.35:
            rng.shuffle(units)
        elif drawn < 0.6 and len(units) > 2:
            cut = rng.randrange(1, len(units))
            units = units[cut:] + units[:cut]
        slots = {**case["slots"], "leave_out": aside}
        return {**case, "slots": slots, "context": self._styled([self._keyed(u, slots) for u in units], units)}

    def _keyed(self, unit: Unit, slots: dict[str, list[str]]) -> str:
        first = next((s for s in sorted(unit.slots) if s in _KEYS and any(map(unit.text.startswith, slots[s]))), None)
        if first is None or self._random.random() < 0.3:
            return unit.text
        return f"{self._random.choice(_KEYS[first])}{self._random.choice((': ', ' - ', ' = ', ':'))}{unit.text}"

    def _styled(self, keyed: list[str], units: list[Unit]) -> str:
        rng, style = self._random, self._random.choice(_STYLES)
        plain = [u.text for u in units]
        if style == "prose":
            return " ".join(t if t[-1:] in ".!?:;," else f"{t}." for t in plain)
        if style in ("semicolons", "dashes"):
            return (" - " if style == "dashes" else "; ").join(plain)
        marks = {
            "keys": [""] * len(keyed),
            "bullets": ["- "] * len(plain),
            "stars": [rng.choice(("* ", "• "))] * len(plain),
            "numbers": [f"{n}. " for n in range(1, len(plain) + 1)],
        }.get(style, [""] * len(plain))
        return "\n".join(m + t for m, t in zip(marks, keyed if style == "keys" else plain, strict=True))


def _units(case: Case) -> list[Unit]:
    text = case["context"]
    marked = [(s, a, b) for s in case["slots"] for source, a, b in places(case, s) if source == "N"]
    joined: list[tuple[int, int]] = []
    for sentence in sentences(text):
        crosses = joined and any(a < joined[-1][1] and b > sentence.start for _, a, b in marked)
        if crosses:
            joined[-1] = (joined[-1][0], sentence.end)
        else:
            joined.append((sentence.start, sentence.end))
    return [Unit(text[a:b].strip(), {s for s, c, d in marked if a <= c and d <= b}) for a, b in joined]


def _mapped(case: Case, change: Callable[[str], str]) -> Case:
    texts = {key: change(case[key]) for key in ("draft", "context", "plain") if key in case}
    return {**case, **texts, "slots": {s: [change(v) for v in vs] for s, vs in case["slots"].items()}}


def _holds(case: Case) -> bool:
    """Whether every slot's words still stand in draft or notes."""
    return all(v in case["context"] or v in case["draft"] for vs in case["slots"].values() for v in vs)
