"""How well the reader finds the slots: precision, recall and F1 a slot, exact and soft, and what follows from them.

    python -m eval.slots models/corpus/validation.jsonl              # the tuned reader
    python -m eval.slots models/corpus/validation.jsonl --patterns   # the one without a model
    python -m eval.slots models/corpus/validation.jsonl --second models/corpus/second.jsonl   # a second reader

The last measures how far two careful readers agree: sixty of the cases were marked once more by somebody who had seen
forty other marked cases and not the marks of these.

A predicted excerpt is right when it is a slot string of the case (exact), or shares its content words with one: token
F1 of at least 0.6 (soft). `about` has no gold. Also measured: the guessed kind, what is said to be missing, and the
reading of finished messages.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from assistant.encoder import Encoder
from assistant.library import load_library
from assistant.models import bundled_embedder
from assistant.reader_tuned import TunedReader
from assistant.reading import read_brief, say
from assistant.reading_kind import guess_kind, missing
from assistant.records import NEEDS, SLOTS, Brief, Document, Excerpt

SOFT = 0.6
_STOP = frozenset(["a", "an", "the", "and", "of", "to", "in", "at", "for", "is", "i", "my", "i'm", "me"])
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
Case = dict[str, Any]


def overlap(one: str, other: str) -> float:
    """Token F1 of two strings' content words, 0..1."""
    a, b = (Counter(w for w in _WORD.findall(t.casefold()) if w not in _STOP) for t in (one, other))
    shared = sum((a & b).values())
    return 2 * shared / (sum(a.values()) + sum(b.values())) if shared else 0.0


def same(one: str, other: str) -> bool:
    return one.strip(" .,;:!\"'") == other.strip(" .,;:!\"'")


def match(predicted: list[str], gold: list[str], *, exact: bool) -> tuple[int, int]:
    """How many of each side have a partner on the other."""
    fits = same if exact else (lambda a, b: same(a, b) or overlap(a, b) >= SOFT)
    return sum(any(fits(p, g) for g in gold) for p in predicted), sum(any(fits(p, g) for p in predicted) for g in gold)


def read(case: Case, tuned: TunedReader | None) -> tuple[Document, tuple[Document, ...], Brief]:
    draft, notes = Document("draft", case["draft"]), (Document("notes", case["context"]),)
    return draft, notes, read_brief(draft, notes, tuned)


def marked(case: Case, marks: Case) -> tuple[Document, tuple[Document, ...], Brief]:
    """The case as somebody else marked it."""
    found = {s: tuple(Excerpt(t, "notes", 0, len(t), 1) for t in texts) for s, texts in marks["slots"].items()}
    return Document("draft", case["draft"]), (Document("notes", case["context"]),), Brief(**found)


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score_slots(cases: list[Case], briefs: list[Brief]) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 by slot, soft and exact."""
    table: dict[str, dict[str, float]] = {}
    for slot in SLOTS:
        if slot == "about":
            continue
        tally: Counter[str] = Counter()
        for case, brief in zip(cases, briefs, strict=True):
            predicted, gold = [e.text for e in brief.get(slot)], case["slots"][slot]
            tally["predicted"] += len(predicted)
            tally["gold"] += len(gold)
            for name, exact in (("soft", False), ("exact", True)):
                hit, found = match(predicted, gold, exact=exact)
                tally[f"{name} hit"] += hit
                tally[f"{name} found"] += found
        row = {name: float(count) for name, count in tally.items()}
        for name in ("soft", "exact"):
            row[f"{name} p"] = tally[f"{name} hit"] / max(tally["predicted"], 1)
            row[f"{name} r"] = tally[f"{name} found"] / max(tally["gold"], 1)
            row[f"{name} f1"] = f1(row[f"{name} p"], row[f"{name} r"])
        table[slot] = row
    return table


def over_all(table: dict[str, dict[str, float]], name: str) -> float:
    """F1 over the excerpts of all slots together."""
    total: Counter[str] = Counter()
    for row in table.values():
        total.update(row)
    return f1(total[f"{name} hit"] / max(total["predicted"], 1), total[f"{name} found"] / max(total["gold"], 1))


def score_missing(cases: list[Case], briefs: list[Brief]) -> dict[str, Counter[str]]:
    """By need: how often it was rightly named, wrongly named, and overlooked, among the needs of the case's kind."""
    library, table = load_library(), defaultdict[str, Counter[str]](Counter)
    for case, brief in zip(cases, briefs, strict=True):
        kind = library.kind(case["kind"])
        named = {m.slot for m in missing(brief, kind)}
        for need in kind.needs:
            gold = need in case["missing"]
            table[need][
                "right" if gold and need in named else "overlooked" if gold else "wrong" if need in named else "-"
            ] += 1
    return table


def score_say(cases: list[Case]) -> dict[str, dict[str, float]]:
    """Share of plain rewrites and of drafts that say each thing, beside the share whose case holds it."""
    table: dict[str, dict[str, float]] = {}
    for slot in ("recipient", "sender", "target", "proof", "why_them", "history", "ask", "exit"):
        kinds = {"forwardable", "reply"} if slot in {"ask", "exit", "recipient"} else set()
        chosen = [c for c in cases if c["kind"] not in kinds and (slot in {"ask", "exit"} or c["slots"][slot])]
        if slot in {"ask", "exit"}:
            chosen = [c for c in chosen if c["kind"] != "connection-note"]
        empty = [c for c in cases if not c["slots"][slot] and slot not in {"ask", "exit"}]
        row = {"plain says": sum(bool(say(c["plain"]).get(slot)) for c in chosen) / max(len(chosen), 1)}
        row["plain of empty"] = sum(bool(say(c["plain"]).get(slot)) for c in empty) / max(len(empty), 1)
        row["draft says"] = sum(bool(say(c["draft"]).get(slot)) for c in cases) / len(cases)
        table[slot] = row
    return table


def _lines(path: Path) -> list[Case]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def main(path: Path, *, patterns: bool, second: Path | None) -> None:
    cases = _lines(path)
    if second:
        marks = {m["id"]: m for m in _lines(second)}
        cases = [c for c in cases if c["id"] in marks]
        read_all = [marked(case, marks[case["id"]]) for case in cases]
    else:
        tuned = None if patterns else TunedReader(Encoder(bundled_embedder()))
        read_all = [read(case, tuned) for case in cases]
    briefs = [brief for _, _, brief in read_all]
    print(f"{len(cases)} cases\n\nslot        gold pred |  soft: P    R    F1 | exact: P    R    F1")
    table = score_slots(cases, briefs)
    for slot, row in table.items():
        soft = "  ".join(f"{row[f'soft {k}']:.2f}" for k in ("p", "r", "f1"))
        exact = "  ".join(f"{row[f'exact {k}']:.2f}" for k in ("p", "r", "f1"))
        print(f"{slot:10s} {row['gold']:5.0f} {row['predicted']:4.0f} |     {soft} |      {exact}")
    for name in ("soft", "exact"):
        mean = sum(r[f"{name} f1"] for r in table.values()) / len(table)
        print(f"F1 {name}: {over_all(table, name):.3f} over all excerpts, {mean:.3f} the mean of the slots")
    library = load_library()
    guesses = [guess_kind(*parts, library) for parts in read_all]
    wrong = Counter((c["kind"], g) for c, g in zip(cases, guesses, strict=True) if g != c["kind"])
    print(f"\nkind: {1 - sum(wrong.values()) / len(cases):.3f}", dict(wrong))
    print("\nmissing")
    rows = score_missing(cases, briefs)
    for need in NEEDS:
        print(f"{need:10s}", dict(rows[need]))
    whole = sum(rows.values(), Counter[str]())
    named, gold = whole["right"] + whole["wrong"], whole["right"] + whole["overlooked"]
    print(f"precision {whole['right'] / max(named, 1):.2f}, recall {whole['right'] / max(gold, 1):.2f} of {gold}")
    answered = [c for c in cases if "plain" in c]
    print("\nmessages: share that say it" if answered else "")
    for slot, said in score_say(answered).items() if answered else ():
        print(f"{slot:10s}", {k: round(v, 2) for k, v in said.items()})


if __name__ == "__main__":
    asked = sys.argv[1:]
    by = Path(asked[asked.index("--second") + 1]) if "--second" in asked else None
    main(Path(asked[0]), patterns="--patterns" in asked, second=by)
