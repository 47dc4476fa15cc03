"""Training pairs for the writer: a brief as it will be read, and the plain rewrite that says nothing more than it.

A target that says more than its input teaches invention. So what a plain rewrite takes from the notes beyond the
slots goes into the brief (as `about`), and a pair that still says more is mended sentence by sentence or dropped.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.facts import unsupported
from assistant.records import SLOTS, Brief, Document, Excerpt, Prompt
from assistant.writer import LABELS, MESSAGE, build_prompt
from models import cases
from models.cases import Case

Slots = dict[str, list[str]]
WORD = re.compile(r"[^\W_]+(?:['’.&/-][^\W_]+)*", re.UNICODE)
CLAUSE = re.compile(r"(?<=[.!?;])\s+|\n+|(?<=,)\s+|\s+-\s+|[()]")
MARKS = " \t-*•,;:."
SENTENCE = re.compile(r"(?<=[.!?])\s+")
TITLES = {"Dr", "Mr", "Mrs", "Ms", "Prof", "Professor"}
# A word that this many different cases use without support is an ordinary word of such messages, not a fact.
FREE_FROM = 4
# So many words beyond the brief and the ordinary ones a sentence, and a reply, may hold.
LOOSE_IN_SENTENCE, LOOSE_IN_REPLY = 1, 2
# A mended reply that has lost more than this share of its words is no message any more.
LEAST_LEFT = 0.7
# What happens to a copy of a pair, and how often: see `widened`.
DROP, RELABEL, WIDEN = 0.3, 0.12, 0.15
DROPPABLE = ("about", "history", "why_them", "proof", "offer", "exit", "target")
ALIKE = (("why_them", "history"), ("about", "proof"), ("offer", "ask"))


@dataclass(frozen=True, slots=True)
class Pair:
    """One example: the prompt, and the reply to learn."""

    id: str
    kind: str
    prompt: Prompt
    reply: str


def load(split: str) -> list[Case]:
    """The cases with a plain message of `train` or `validation`; the first has those written for it added."""
    return [*cases.train(), *cases.written()] if split == "train" else cases.validation()


def stem(word: str) -> str:
    word = word.casefold().replace("’", "'")
    for ending in ("'s", "'ve", "'d", "'m"):
        word = word.removesuffix(ending)
    for ending in ("ing", "ied", "ies", "ed", "es", "s", "e", "d"):
        if len(word) - len(ending) >= 3 and word.endswith(ending):
            return word.removesuffix(ending)
    return word


def stems(text: str) -> set[str]:
    return {stem(w) for w in WORD.findall(text)}


def held_by(slots: Slots) -> set[str]:
    return stems(" ".join(text for slot, texts in slots.items() if slot != "leave_out" for text in texts))


def free_words(some: Iterable[Case]) -> set[str]:
    """Stems that plain rewrites of several cases use without any support in their sources."""
    seen: Counter[str] = Counter()
    for case in some:
        seen.update(
            w for w in stems(case["plain"]) - stems(case["draft"] + " " + case["context"]) if not w[0].isdigit()
        )
    return {word for word, count in seen.items() if count >= FREE_FROM}


def brief_of(case: Case, free: set[str]) -> Slots:
    """The case's slots, with `about` holding the clauses of the sources that its plain rewrite uses beyond them."""
    slots = {slot: list(case["slots"].get(slot, ())) for slot in SLOTS}
    wanted = stems(case["plain"]) - held_by(slots) - free
    taken = [text for texts in slots.values() for text in texts]
    for source in (case["context"], case["draft"]):
        spans: list[tuple[int, int]] = []
        for start, end in _clauses(source):
            clause = source[start:end]
            share = stems(clause) & wanted
            if any(clause in text or text in clause for text in taken) or len(share) < 0.4 * len(stems(clause) - free):
                continue
            if not share or end - start > 200:
                continue
            wanted -= share
            if spans and not source[spans[-1][1] : start].strip(" ,"):
                start = spans.pop()[0]
            spans.append((start, end))
        slots["about"] += [source[start:end] for start, end in spans]
    return slots


def _clauses(source: str) -> Iterator[tuple[int, int]]:
    """Where each clause of the source starts and ends, without the marks around it."""
    bounds = [0, *(edge for found in CLAUSE.finditer(source) for edge in found.span()), len(source)]
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        clause = source[start:end].strip(MARKS)
        if clause:
            start = source.index(clause, start)
            yield start, start + len(clause)


def mended(plain: str, slots: Slots, free: set[str]) -> str:
    """The plain rewrite without the sentences that say more than the brief."""
    held = held_by(slots)
    paragraphs = [
        " ".join(s for s in SENTENCE.split(paragraph) if _says_no_more(s, held, free))
        for paragraph in plain.split("\n")
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(paragraphs)).strip()


def _says_no_more(sentence: str, held: set[str], free: set[str]) -> bool:
    extra = stems(sentence) - held - free
    hard = any(c.isdigit() for w in extra for c in w)
    names = any(w[0].isupper() and stem(w) in extra for w in WORD.findall(sentence)[1:])
    return not hard and not names and len(extra) <= LOOSE_IN_SENTENCE


def _whole(reply: str, plain: str, slots: Slots, free: set[str], least: float) -> bool:
    loose = len(stems(reply) - held_by(slots) - free)
    return loose <= LOOSE_IN_REPLY and len(reply.split()) >= least * len(plain.split())


def widened(case: Case, slots: Slots, reply: str, free: set[str], rng: random.Random) -> tuple[Slots, str]:
    """A copy of the pair as other notes would have made it: a fact less, a label off, a clause more."""
    slots = {slot: list(texts) for slot, texts in slots.items()}
    filled = [slot for slot in DROPPABLE if slots[slot]]
    if filled and rng.random() < DROP:
        fewer = {**slots, rng.choice(filled): []}
        shorter = mended(reply, fewer, free)
        if _whole(shorter, reply, fewer, free, 0.5):
            slots, reply = fewer, shorter
    for one, other in ALIKE:
        if rng.random() < RELABEL and slots[one]:
            slots[other].append(slots[one].pop(rng.randrange(len(slots[one]))))
    for slot in ("proof", "why_them", "history", "target"):
        if slots[slot] and rng.random() < WIDEN:
            slots[slot] = [_clause_around(text, case) for text in slots[slot]]
    for texts in slots.values():
        rng.shuffle(texts)
    return slots, reply


def _clause_around(text: str, case: Case) -> str:
    for source in (case["context"], case["draft"]):
        for line in re.split(r"(?<=[.!?])\s+|\n+", source):
            if text in line and len(line.split()) <= len(text.split()) + 6:
                return line.strip(MARKS)
    return text


def swap(slots: Slots, reply: str, people: list[tuple[str, str]], rng: random.Random) -> tuple[Slots, str]:
    """The same pair about other people and other numbers, changed alike in brief and reply."""
    change: dict[str, str] = {}
    for slot in ("recipient", "sender"):
        for name in slots[slot][:1]:
            parts = [p for p in name.split() if p[:1].isupper() and p.rstrip(".") not in TITLES]
            if 0 < len(parts) <= 2:
                new = rng.choice(people)
                change |= dict(zip(parts, new if len(parts) == 2 else (new[1 if "." in name else 0],), strict=False))
    held = " ".join(text for texts in slots.values() for text in texts)
    for number in sorted(set(re.findall(r"(?<![\w.,/])\d{2,3}(?![\w,/]|\.\d)", held))):
        if rng.random() < 0.6 and int(number) not in (15, 20, 30):
            change[number] = str(rng.randint(10 ** (len(number) - 1), 10 ** len(number) - 1))
    if not change:
        return slots, reply
    words = "|".join(re.escape(k) for k in sorted(change, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w.,/])({words})(?![^\W_]|,\d|\.\d|/)")

    def put(text: str) -> str:
        return pattern.sub(lambda m: change[m.group(1)], text)

    return {slot: [put(t) for t in texts] for slot, texts in slots.items()}, put(reply)


def passes_gate(case: Case) -> bool:
    """Whether the gate that ships would let this case's plain rewrite through.

    The cases written for training were checked word by word against their slots when they were written.
    """
    if "facts" not in case:
        return True
    sources = (Document("draft", case["draft"]), Document("notes", case["context"]))
    return not unsupported(case["plain"], sources)


def as_brief(slots: Slots) -> Brief:
    return Brief(**{slot: tuple(Excerpt(t, "notes", 0, len(t), 1) for t in slots[slot]) for _, slot in LABELS})


def names_of(some: Iterable[Case]) -> list[tuple[str, str]]:
    """First and last names of the people in the cases, to give to others."""
    names = [n.split() for c in some for s in ("recipient", "sender") for n in c["slots"].get(s, ())[:1]]
    return [(n[0], n[1]) for n in names if len(n) == 2 and "." not in n[0] and n[0][0].isupper()]


def pairs(some: list[Case], free: set[str], *, copy: int = 0, seed: int = 0) -> list[Pair]:
    """One pair a case: as it is (`copy` 0), or its `copy`-th widened form."""
    rng = random.Random(f"{seed}/{copy}")
    people = names_of(some)
    result = []
    for case in some:
        slots = brief_of(case, free)
        reply = mended(case["plain"], slots, free)
        if not _whole(reply, case["plain"], slots, free, LEAST_LEFT):
            continue
        if copy:
            slots, reply = swap(*widened(case, slots, reply, free, rng), people, rng)
        prompt = build_prompt(case["kind"], as_brief(slots), MESSAGE, case["max_chars"])
        result.append(Pair(f"{case['id']}/{copy}", case["kind"], prompt, reply))
    return result
