"""One fault planted in a good message: pairs that differ in one sentence, for the closeness score to tell apart.

The faulty sentences are written ones (`sentences.jsonl`), split into train, validation and test, so that
no sentence that a score was fitted on measures it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.lint_parts import parts
from assistant.patterns import compile_unless
from assistant.records import Kind, Library

BANK = Path(__file__).resolve().parent / "sentences.jsonl"
SEED = 20261122
# Where a sentence with the fault would stand: in place of the request, or as the message opens; others before the end.
ASKS = ("vague-ask", "oversized-ask", "dead-end-advice", "no-agenda", "pushes-evaluation")
OPENINGS = ("generic-opener", "flattery", "mass-mailing", "chosen-for-employer")


@dataclass(frozen=True, slots=True)
class Planted:
    """A good message and the same with one fault; `fault` is the principle's id."""

    fault: str
    good: str
    bad: str


@lru_cache(maxsize=4)
def bank(split: str) -> Mapping[str, tuple[str, ...]]:
    """The written sentences of one split by the principle they offend; "" holds the near misses."""
    found: dict[str, list[str]] = {}
    for row in map(json.loads, BANK.read_text(encoding="utf-8").splitlines()):
        if row["split"] == split:
            found.setdefault(row["principle"], []).append(row["text"])
    return {id: tuple(texts) for id, texts in found.items()}


def plant(text: str, kind: Kind, library: Library, *, split: str, key: str, n: int = 2) -> list[Planted]:
    """Up to `n` faulty versions of a good message, drawn by a seed and `key` alone."""
    draw = random.Random(f"{SEED}:{key}")
    sentences = bank(split)
    faults = [p.id for p in library.for_kind(kind) if p.id in sentences]
    chosen = draw.sample(faults, min(n, len(faults)))
    made = [Planted(f, text, put(text, f, draw.choice(sentences[f]))) for f in chosen]
    bare = without_exit(text, kind, library)
    if bare and draw.random() < 1 / (len(faults) or 1):
        made.append(Planted("no-graceful-exit", text, bare))
    return [p for p in made if p.bad != text]


def put(text: str, fault: str, sentence: str) -> str:
    """The message with the sentence where one with this fault would stand."""
    split = parts(text)
    spans = split.sentences
    if len(spans) < 2:
        return f"{text} {sentence}"
    asks = [s for s in spans if split.text[slice(*s)].rstrip().endswith("?")]
    if fault in ASKS and asks:
        start, end = asks[-1]
        return _joined(text[:start], sentence, text[end:])
    if fault in OPENINGS:
        start = spans[1][0] if spans[0][0] == 0 else 0
        return _joined(text[:start], sentence, text[start:])
    at = (asks or spans[1:2])[-1][1]
    return _joined(text[:at], sentence, text[at:])


def shuffled(draft: str, good: str, kind: Kind, *, split: str, key: str) -> str | None:
    """A bad message on the same topic whose length says nothing: it is drawn anew from the kind's own range.

    The draft's sentences, then facts of the good message and faulty sentences in turn, until it is as long as drawn;
    None where that cannot be made.
    """
    draw = random.Random(f"{SEED}:{key}:length")
    words = draw.randint(kind.min_words, kind.max_words)
    flat = parts(good)
    facts = [good[a:b].strip() for a, b in flat.sentences[1:] if not flat.text[a:b].rstrip().endswith("?")]
    sentences = bank(split)
    faulty = [text for id in (*OPENINGS, *ASKS, "guilt-trip") for text in sentences.get(id, ())]
    draw.shuffle(facts)
    more = [text for pair in zip(facts, draw.sample(faulty, len(faulty)), strict=False) for text in pair]
    text = ""
    for piece in (*(draft[a:b].strip() for a, b in parts(draft).sentences), *more):
        if len(text.split()) + len(piece.split()) / 2 > words:
            break
        text = f"{text} {piece}".strip()
    return text if abs(len(text.split()) - words) <= 0.2 * words else None


def without_exit(text: str, kind: Kind, library: Library) -> str | None:
    """The message without the sentences that make a no easy, or None where it has none that can go."""
    principle = library.principle("no-graceful-exit")
    if principle not in library.for_kind(kind):
        return None
    pattern = next(p for check in principle.checks if (p := compile_unless(check)))
    split = parts(text)
    out = [
        s for s in split.sentences if pattern.search(split.text, *s) and not split.text[slice(*s)].strip().endswith("?")
    ]
    if not out or any(text[slice(*s)].count("\n\n") > 1 for s in out):
        return None
    left = text
    for start, end in reversed(out):
        left = left[:start] + left[end:]
    return left if len(left.split()) > len(text.split()) / 2 else None


def pairs(
    rows: Sequence[tuple[str, str, str]], library: Library, *, split: str, n: int = 2
) -> list[tuple[str, Planted]]:
    """The planted pairs of (key, kind's id, good text) rows, each with its kind's id."""
    return [
        (kind, planted)
        for key, kind, text in rows
        for planted in plant(text, library.kind(kind), library, split=split, key=key, n=n)
    ]


def _joined(before: str, sentence: str, after: str) -> str:
    if before and not before[-1].isspace():
        before += " "
    if after and not after[0].isspace():
        after = " " + after
    return f"{before}{sentence}{after}"
