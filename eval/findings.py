"""Findings against a careful reader's labels: `messages.jsonl`, written and labelled before the linter saw them.

    python -m eval.findings [--split dev] [--heads] [--show]

A finding is right when a label of the same principle overlaps it by at least half of the shorter of the two. What is
absent from a message has no place in it: it stands for the whole message, on either side.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.check import examine
from assistant.embed import MiniLM
from assistant.library import load_library
from assistant.models import bundled_embedder
from assistant.reading import read_brief
from assistant.records import Brief, Document, Finding, Library
from assistant.score_heads import Heads

MESSAGES = Path(__file__).resolve().parent / "messages.jsonl"
OVERLAP = 0.5


@dataclass(frozen=True, slots=True)
class Label:
    """One fault as a person marked it: `end` is 0 where the fault is something absent."""

    principle: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Message:
    """One purpose-written message; `good` marks a complete draft that should come back unchanged."""

    id: str
    kind: str
    split: str
    text: str
    notes: str
    good: bool
    labels: tuple[Label, ...]

    @property
    def known(self) -> Brief | None:
        """What draft and notes say together; None where the message has no notes."""
        return read_brief(Document("draft", self.text), [Document("notes", self.notes)]) if self.notes else None


def read_messages(split: str) -> tuple[Message, ...]:
    """The messages of one split, "dev" or "test"."""
    rows = [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()]
    return tuple(
        Message(
            row["id"],
            row["kind"],
            row["split"],
            row["text"],
            row.get("notes", ""),
            row.get("good", False),
            tuple(_label(row["text"], f["principle"], f["quote"]) for f in row["findings"]),
        )
        for row in rows
        if row["split"] == split
    )


def found_in(message: Message, library: Library, heads: Heads | None = None) -> tuple[Finding, ...]:
    """What is found in a message, with its notes where it has any, by patterns and (given) the embedding heads."""
    kind = library.kind(message.kind)
    found = examine(message.text, kind, library, known=message.known)
    return heads.add(message.text, kind, library, found) if heads else found


def right(found: Sequence[Finding], labels: Sequence[Label]) -> tuple[list[bool], list[bool]]:
    """For each finding whether a label agrees, and for each label whether a finding does."""
    return (
        [any(_agree(f, label) for label in labels) for f in found],
        [any(_agree(f, label) for f in found) for label in labels],
    )


def _label(text: str, principle: str, quote: str) -> Label:
    start = text.index(quote)
    return Label(principle, start, start + len(quote))


def _agree(finding: Finding, label: Label) -> bool:
    if finding.principle != label.principle:
        return False
    if not finding.end or not label.end:
        return True
    shared = min(finding.end, label.end) - max(finding.start, label.start)
    return shared >= OVERLAP * min(finding.end - finding.start, label.end - label.start)


def main(split: str, *, with_heads: bool, show: bool) -> None:
    library = load_library()
    heads = Heads(MiniLM(bundled_embedder())) if with_heads else None
    agreed: list[bool] = []
    seen: list[bool] = []
    clean: list[bool] = []
    for message in read_messages(split):
        found = found_in(message, library, heads)
        good, met = right(found, message.labels)
        agreed += good
        seen += met
        if not message.labels:
            clean.append(any(f.severity != "info" for f in found))
        if show and not (all(good) and all(met)):
            print(f"\n{message.id}\n{message.text}")
            print(
                *(f"  wrong   {f.principle}: {f.quote}" for f, ok in zip(found, good, strict=True) if not ok), sep="\n"
            )
            lost = (label for label, ok in zip(message.labels, met, strict=True) if not ok)
            print(
                *(f"  missed  {label.principle}: {message.text[label.start : label.end]}" for label in lost), sep="\n"
            )
    print(
        f"precision {sum(agreed) / len(agreed):.3f} of {len(agreed)}; recall {sum(seen) / len(seen):.3f} of {len(seen)}"
    )
    print(f"clean messages flagged: {sum(clean)} of {len(clean)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Precision and recall of findings on purpose-written messages.")
    parser.add_argument("--split", choices=("dev", "test"), default="test")
    parser.add_argument("--heads", action="store_true", help="also run the embedding heads")
    parser.add_argument("--show", action="store_true", help="print where finding and label differ")
    arguments = parser.parse_args()
    main(arguments.split, with_heads=arguments.heads, show=arguments.show)
