"""Training pairs written as such: an excerpt as a reader cuts it from notes, and the sentence that tells it, or "-"."""

from __future__ import annotations

import random

from assistant.records import SLOTS
from assistant.writer import QUESTION, SENTENCE, build_prompt
from models import cases
from models.cases import Case
from models.pairs import Pair, as_brief, names_of, swap
from models.sentences import sentence_pairs

NOTE = "note:"
# One case in so many is kept out of the training.
HELD_OUT = 15
# So many pairs taken from whole messages go with each that was written as a pair: they hold tellings of two excerpts.
TAKEN = 0.2


def load(split: str) -> list[Case]:
    """The cases that are told sentence by sentence, of `train` or of the few kept out of it."""
    some = [*cases.told(), *(c for c in cases.noted() if "tell" in c)]
    return [c for at, c in enumerate(some) if (at % HELD_OUT == 0) == (split == "validation")]


def told_pairs(some: list[Case], *, copy: int, seed: int) -> list[Pair]:
    """One pair a telling: with its people and numbers as they are (`copy` 0), or with others."""
    rng = random.Random(f"told/{seed}/{copy}")
    people = names_of(some)
    return [
        pair(case, f"{case['id']}/{number}/{copy}", *telling, people=people if copy else [], rng=rng)
        for case in some
        for number, telling in enumerate(case["tell"])
    ]


def pair(
    case: Case, name: str, slot: str, excerpt: str, reply: str, *, people: list[tuple[str, str]], rng: random.Random
) -> Pair:
    kind = "forwardable" if slot.startswith(NOTE) else case["kind"]
    slots = {s: case["slots"][s] if s in ("recipient", "sender") else [] for s in SLOTS}
    slots[slot.removeprefix(NOTE)] = [excerpt]
    if people:
        slots, reply = swap(slots, reply, people, rng)
    task = QUESTION if asked(kind, slot, reply) else SENTENCE
    return Pair(name, kind, build_prompt(kind, as_brief(slots), task), reply)


def asked(kind: str, slot: str, reply: str) -> bool:
    """Whether the telling is wanted as a question; for one that cannot be told, whether it would have been."""
    if reply == "-":
        return (slot == "target" and kind == "informational") or slot == "ask"
    return reply.endswith("?")


def tellings(some: list[Case], free: set[str], *, copy: int = 0, seed: int = 0) -> list[Pair]:
    """The told cases' pairs, and beside them a share of those that the whole messages of the other cases give."""
    made = told_pairs([c for c in some if "tell" in c], copy=copy, seed=seed)
    taken = sentence_pairs([c for c in some if "tell" not in c], free, copy=copy, seed=seed)
    rng = random.Random(f"tellings/{seed}/{copy}")
    return made + rng.sample(taken, min(len(taken), round(TAKEN * len(made))))
