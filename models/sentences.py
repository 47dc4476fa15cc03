"""Training pairs of the writer's smaller task: one or two excerpts of a brief, and the sentence that tells them.

A message of this corpus is taken apart: each sentence goes with the excerpts that its words come from. Where it says
more than they do, or tells a fact of one side as the other's, it is left out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from assistant.writer import LABELS, QUESTION, SENTENCE, build_prompt
from models.cases import Case
from models.pairs import SENTENCE as SENTENCE_END
from models.pairs import (
    Pair,
    Slots,
    as_brief,
    brief_of,
    mended,
    names_of,
    stems,
    swap,
)

NOTE_HEADING = "Forwardable note:"
# So much of an excerpt's own words a sentence must tell to be the telling of that excerpt.
TOLD = 0.7
MOST_EXCERPTS = 2
ME, YOU = (
    re.compile(r"\b(?:I|me|my|mine|we|us|our)\b", re.IGNORECASE),
    re.compile(r"\b(?:you|your|we|our|us)\b", re.IGNORECASE),
)
MINE, THEIRS = ("about", "proof", "offer"), ("why_them",)
FUNCTION = stems(
    "i you he she they we it me him her them us my your our his their its a an the of to in on at for with from by and "
    "or but as is are was were be been being am do did does have has had will would could can should may might if not "
    "no that this which who what when where how so just there here also too any some i'm i've i'd i'll you're you've "
    "it's"
)
GREETING = re.compile(r"\A(?:hi|hello|dear|hey|good \w+)\b[^,.!?\n]{0,40},\s+", re.IGNORECASE)
Line = tuple[str, str]


def told(slots: Slots, reply: str, free: set[str]) -> Iterator[tuple[list[Line], str, bool]]:
    """Each stretch of sentences with the excerpts it tells, and whether it stands in a note about the sender."""
    common = free | FUNCTION
    excerpts = [(slot, text) for _, slot in LABELS for text in slots[slot] if slot not in ("recipient", "sender")]
    words = [stems(text) - common for _, text in excerpts]
    names = stems(" ".join((*slots["recipient"], *slots["sender"])))
    in_note = False
    groups: list[tuple[tuple[int, ...], str, bool]] = []
    for paragraph in reply.split("\n"):
        if paragraph.strip() == NOTE_HEADING:
            in_note = True
            continue
        for sentence in SENTENCE_END.split(paragraph):
            sentence = GREETING.sub("", sentence)
            sentence = sentence[:1].upper() + sentence[1:]
            content = stems(sentence) - common - names
            chosen = _covering(content, words)
            if not chosen:
                continue
            if groups and groups[-1][0] == chosen and groups[-1][2] == in_note:
                groups[-1] = (chosen, f"{groups[-1][1]} {sentence}", in_note)
            else:
                groups.append((chosen, sentence, in_note))
    for chosen, text, note in groups:
        said = stems(text)
        if all(len(words[i] & said) >= TOLD * len(words[i]) for i in chosen):
            yield [excerpts[i] for i in chosen], text, note


def _covering(content: set[str], words: list[set[str]]) -> tuple[int, ...]:
    """The fewest excerpts that hold all the words; none where they do not."""
    chosen: list[int] = []
    left = set(content)
    while left and len(chosen) < MOST_EXCERPTS:
        best = max(range(len(words)), key=lambda i: len(words[i] & left), default=None)
        if best is None or not words[best] & left:
            return ()
        chosen.append(best)
        left -= words[best]
    return tuple(sorted(chosen)) if content and not left else ()


def owned(lines: list[Line], text: str, *, note: bool) -> bool:
    """Whether a telling has the sides right by its pronouns: a fact of mine tells of me, one of yours of you."""
    slots = {slot for slot, _ in lines}
    if note:
        return not ME.search(re.sub(r"\bMay I\b", "", text))
    if slots & set(MINE) and not ME.search(text):
        return False
    return not (slots & set(THEIRS) and not YOU.search(text))


def sentence_pairs(cases: list[Case], free: set[str], *, copy: int = 0, seed: int = 0) -> list[Pair]:
    """One pair a telling: with its people and numbers as they are (`copy` 0), or with others."""
    rng = random.Random(f"sentences/{seed}/{copy}")
    people = names_of(cases)
    result = []
    for case in cases:
        slots = brief_of(case, free)
        reply = mended(case["plain"], slots, free)
        if copy:
            slots, reply = swap(slots, reply, people, rng)
        for lines, text, in_note in told(slots, reply, free):
            note = in_note or case["kind"] == "forwardable"
            if not owned(lines, text, note=note) or len(text.split()) < 3:
                continue
            chosen: Slots = {slot: [t for s, t in lines if s == slot] for slot in slots}
            chosen |= {"recipient": slots["recipient"], "sender": slots["sender"]}
            kind = "forwardable" if note else case["kind"]
            prompt = build_prompt(kind, as_brief(chosen), QUESTION if text.rstrip().endswith("?") else SENTENCE)
            result.append(Pair(f"{case['id']}/{copy}", kind, prompt, text))
    return result
