"""The cases of the test split, and a fixed choice among them."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from assistant.errors import DataError, UsageError
from assistant.records import SLOTS, Brief, Document, Excerpt, Request

CASES = Path(__file__).resolve().parent / "cases.jsonl"


@dataclass(frozen=True, slots=True)
class Case:
    """One draft with its notes, and what a person marked in them.

    `facts` are stretches of a careful person's rewrite, `slots` verbatim stretches of draft and notes, and
    `reference` is the plain rewrite; `max_chars` is the channel's limit in code points.
    """

    id: str
    kind: str
    domain: str
    draft: Document
    notes: Document
    facts: tuple[str, ...]
    slots: Mapping[str, tuple[str, ...]]
    reference: str
    max_chars: int | None = None

    @property
    def sources(self) -> tuple[Document, Document]:
        return self.draft, self.notes

    def request(self, *, n: int, seed: int) -> Request:
        """What a user with this draft, these notes and this kind would ask for."""
        return Request(self.draft, (self.notes,), self.kind, n=n, max_chars=self.max_chars, seed=seed)

    def brief(self) -> Brief:
        """The marked slots as a Brief, so that a text can be judged without trusting the product's own reading."""
        found = {slot: tuple(e for text in self.slots.get(slot, ()) if (e := self._excerpt(text))) for slot in SLOTS}
        return Brief(**found)

    def _excerpt(self, text: str) -> Excerpt | None:
        for document in self.sources:
            start = document.text.find(text)
            if start >= 0:
                line = document.text.count("\n", 0, start) + 1
                return Excerpt(text, document.name, start, start + len(text), line)
        return None


def read_cases(path: Path = CASES) -> tuple[Case, ...]:
    """Every case of a JSON-lines file, in its order; raises DataError naming each bad line."""
    cases: list[Case] = []
    faults: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            cases.append(_case(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            faults.append(f"line {number}: {type(error).__name__}: {error}")
    if faults:
        hint = "Each line is one JSON object as eval/README.md describes it."
        raise DataError(f"{len(faults)} unreadable: {faults[0]}", hint, file=path, faults=tuple(faults))
    return tuple(cases)


def choose(cases: Sequence[Case], *, limit: int | None = None, kinds: Sequence[str] = ()) -> tuple[Case, ...]:
    """The cases of `kinds` (all where empty), taken in turn from each kind, the first `limit` of them.

    The order within a kind follows a hash of the id, so that a few cases still come from several domains. It depends
    on nothing else: a smaller limit always gives a part of a larger one. Raises UsageError.
    """
    known = sorted({case.kind for case in cases})
    unknown = [kind for kind in kinds if kind not in known]
    if unknown:
        raise UsageError(f"There are no cases of the kind “{unknown[0]}”.", f"The kinds are: {', '.join(known)}.")
    if limit is not None and limit < 1:
        raise UsageError(f"The limit is {limit}; an evaluation needs at least one case.", "Leave it out to run all.")
    columns = [
        sorted((c for c in cases if c.kind == kind), key=lambda c: _rank(c.id))
        for kind in known
        if not kinds or kind in kinds
    ]
    turns = (case for row in zip_longest(*columns) for case in row if case is not None)
    return tuple(turns)[:limit]


def _rank(id: str) -> str:
    return hashlib.sha256(id.encode()).hexdigest()


def _case(raw: Mapping[str, Any]) -> Case:
    slots = {slot: tuple(_clean(text) for text in texts) for slot, texts in raw["slots"].items()}
    return Case(
        id=raw["id"],
        kind=raw["kind"],
        domain=raw["domain"],
        draft=Document("draft", _clean(raw["draft"])),
        notes=Document("notes", _clean(raw["context"])),
        facts=tuple(_clean(fact) for fact in raw["facts"]),
        slots=slots,
        reference=_clean(raw["plain"]),
        max_chars=raw["max_chars"],
    )


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
