"""Messages told by the tuned model: it words one or two excerpts of the brief at a time, and sees nothing else.

A model of this size mixes up who did what as soon as it sees two facts. Shown one excerpt it has nothing to mix up,
and what it says can be held against that excerpt alone: each word of it must stand there. The kind's recipe puts the
sentences together; where no telling of an excerpt holds, the safe edit's sentence stands in.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.engine import Engine, Guard, Task
from assistant.facts import keeps, strays, unsupported
from assistant.phrasing import Phrasing, names_role
from assistant.records import Brief, Candidate, Document, Draft, Excerpt, FollowUp, Kind, Library, Prompt, Request, Slot
from assistant.safe_edit import edit
from assistant.writer import QUESTION, SENTENCE, build_prompt

# Samples of a fact. Those that agree cost hardly more than one, and one that agrees with no other is given up.
SAMPLES = 8
TEMPERATURE = 0.5
# A sentence that the model writes only once in so many samples is a guess.
AGREED = 2
SENTENCE_TOKENS = 90
# A telling says this share of its excerpts' content (all of it, but for very long ones), in at most so many words.
TOLD, WORDS_FOR_ONE, MORE_WORDS = 0.95, 1.5, 10
# At least this share of the words that a telling takes over stands in the excerpts' order.
IN_ORDER = 0.65
# Longer excerpts are documents, not facts, and no sentence can tell them.
LONGEST = 60  # words
SENDERS: tuple[Slot, ...] = ("about", "proof", "offer")
READERS: tuple[Slot, ...] = ("why_them", "history")
# The slots whose excerpts a kind's recipe (safe_edit.py) tells one by one, as the sender and as somebody else would.
_LETTER: tuple[Slot, ...] = (*READERS, "about", "proof")
SAID: Mapping[str, tuple[Slot, ...]] = {
    **dict.fromkeys(("referral", "informational", "connection-note"), _LETTER),
    "pitch": (*_LETTER, "offer"),
    "introduction": READERS,
    "follow-up": (*READERS, "proof"),
    "reply": ("about", "proof"),
}
SAID_BY_OTHERS: Mapping[str, tuple[Slot, ...]] = dict.fromkeys(("forwardable", "introduction"), ("about", "proof"))

_ME = re.compile(r"\b(?:I|me|my|mine|we|us|our)\b|\bI['’]", re.IGNORECASE)
_YOU = re.compile(r"\b(?:you|your|yours|we|our|us|both)\b", re.IGNORECASE)
_READER_FIRST = re.compile(r"^(?:You|Your|You['’]\w+)\b")
_YOURS = re.compile(r"\b(?:you|your|yours|you['’]\w+)\b", re.IGNORECASE)
_SOMEBODY = re.compile(r"\b(?:he|she|they|him|her|his|their|them|you|your|u|ur|yr)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\?|\b(?:whether|wants? to (?:know|hear|ask))\b|^(?:how|what|which|who|when|where|why|if|is|are|do|does|did|can|"
    r"could|would|should|has|have|was|were)\b",
    re.IGNORECASE,
)
_I = re.compile(r"\b(?:I|me|my|mine)\b|\bI['’]", re.IGNORECASE)
_SUBJECT = re.compile(r"^(?:he|she|they)\b", re.IGNORECASE)
# A preposition joins two things of a note in a way that it did not say: "link (printers)" is no "link to printers".
_JOINS = frozenset(
    "to in for on from of by into about over after before through against under since until during".split()
)
_JOINED_SAFELY = re.compile(
    r"\bfor \w+ (?:years?|yrs|months?|weeks?)\b|\bin (?:\d{4}|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*)\b"
    r"|\bof experience\b|\bon (?:the )?\d",
)
_TITLES = set("Dr Mr Mrs Ms Miss Prof Professor Sister Father Sir Madam the of and de van von".split())
_TWICE = re.compile(r"\b(\w+ \w+ \w+)\b.*\b\1\b", re.IGNORECASE | re.DOTALL)
_END = re.compile(r"[.!?][\"”’)]?$")

Key = tuple[Slot, str, bool]
"""What was told: the slot, the excerpts' words, and whether by somebody else (in a note about the sender)."""
Told = Mapping[Key, Sequence[str]]


class Job(NamedTuple):
    """One sentence to be worded: of which excerpts, whether as a question, whether by somebody else (in a note)."""

    slot: Slot
    excerpts: tuple[Excerpt, ...]
    question: bool = False
    note: bool = False


class Teller:
    """Has the model word the excerpts of one brief, and keeps what holds. `guard` makes the Guard of some sources."""

    def __init__(
        self,
        engine: Engine,
        kind: Kind,
        brief: Brief,
        sources: Sequence[Document],
        seed: int,
        guard: Callable[[Sequence[Document]], Guard | None],
    ) -> None:
        self.engine = engine
        self.kind = kind
        self.brief = brief
        self.sources = tuple(sources)
        self.seed = seed
        self.guard = guard
        self.tokens = 0
        self.prompt_s = 0.0

    def jobs(self) -> list[Job]:
        """What has to be worded."""
        found: list[Job] = []
        for slot in (*READERS, *SENDERS):
            for excerpt in self.brief.get(slot):
                if any(excerpt.text in e.text for job in found for e in job.excerpts if job.slot != slot):
                    continue  # two slots can hold the same words, and a message says them once
                if slot in SAID.get(self.kind.id, ()):
                    found.append(Job(slot, (excerpt,)))
                if slot in SAID_BY_OTHERS.get(self.kind.id, ()):
                    found.append(Job(slot, (excerpt,), note=True))
        for slot in ("target", "ask"):
            if wanted := whole(self.brief, self.kind, slot):
                found.append(Job(slot, wanted, question=self.kind.id != "referral"))
        return [job for job in found if _tellable(job.excerpts)]

    def prompt(self, job: Job) -> Prompt:
        part = replace(Brief(recipient=self.brief.recipient, sender=self.brief.sender), **{job.slot: job.excerpts})
        kind = "forwardable" if job.note else self.kind.id
        return build_prompt(kind, part, QUESTION if job.question else SENTENCE)

    def prompts(self) -> tuple[Prompt, ...]:
        """What the model sees, one prompt a telling."""
        return tuple(self.prompt(job) for job in self.jobs())

    def tell(self, jobs: Sequence[Job]) -> Iterator[tuple[str, ...]]:
        """For each job the tellings that hold, the one most agreed on first."""
        tasks = [self._task(job) for job in jobs]
        for job, written in zip(jobs, self.engine.generate_all(tasks, temperature=TEMPERATURE), strict=True):
            self.tokens += sum(candidate.tokens for candidate in written)
            texts = Counter(" ".join(candidate.text.split()) for candidate in written if candidate.finished)
            told = self._told(job)
            agreed = [t for t, n in texts.items() if n >= AGREED and self._holds(t, job, told)]
            kept = {text: min(keeps(text, e) for e in job.excerpts) for text in agreed}
            yield tuple(sorted(agreed, key=lambda t: (-round(kept[t], 1), -texts[t], len(t))))
        self.prompt_s += self.engine.prompt_s

    def _told(self, job: Job) -> tuple[Document, ...]:
        """All that a telling may speak of."""
        return tuple(Document("notes", e.text) for e in (*job.excerpts, *self.brief.recipient, *self.brief.sender))

    def _task(self, job: Job) -> Task:
        seeds = tuple(range(self.seed, self.seed + SAMPLES))
        return Task(self.prompt(job), seeds, SENTENCE_TOKENS, self.guard(self._told(job)), AGREED)

    def _holds(self, text: str, job: Job, told: Sequence[Document]) -> bool:
        slot, excerpts, question, note = job
        words = sum(len(e.text.split()) for e in excerpts)
        return (
            bool(_END.search(text))
            and text.rstrip('"”’)').endswith("?") == question
            and len(text.split()) <= WORDS_FOR_ONE * words + MORE_WORDS
            and not _TWICE.search(text)
            and all(keeps(text, e) >= TOLD for e in excerpts)
            and not strays(text, told)
            and sides_right(text, slot, note=note)
            and (question or in_order(text, excerpts))
            and self._named_right(text, note=note)
            and (slot not in READERS or not _me_brought_in(text, excerpts))
            and (slot in ("target", "ask") or not joined_anew(text, excerpts))
            and (slot in ("target", "ask") or note or not self._reader_brought_in(text, excerpts))
            and not unsupported(text, self.sources, brief=self.brief)
        )

    def _named_right(self, text: str, *, note: bool) -> bool:
        """Whether nobody is called by name who is "you" or "I" here; in a note the sender must be."""
        said = set(re.findall(r"\w+", text))
        mine, theirs = (
            {w for e in es for w in re.findall(r"\w+", e.text)} for es in (self.brief.sender, self.brief.recipient)
        )
        if note:
            return bool(said & mine)
        return not said & (mine | theirs) - _TITLES

    def _reader_brought_in(self, text: str, excerpts: tuple[Excerpt, ...]) -> bool:
        """Whether the telling speaks of the reader where no excerpt does, as in "I asked you" for "I asked"."""
        names = {w.casefold() for e in self.brief.recipient for w in e.text.split()}
        return bool(_YOURS.search(text)) and not any(
            _SOMEBODY.search(e.text) or names & set(re.findall(r"\w+", e.text.casefold())) for e in excerpts
        )


def _tellable(excerpts: tuple[Excerpt, ...]) -> bool:
    """Neither a document nor a bare word that names no trade, of which nothing can be told."""
    words = sum(len(e.text.split()) for e in excerpts)
    return words <= LONGEST and (words > 1 or names_role(excerpts[0].text))


def _me_brought_in(text: str, excerpts: tuple[Excerpt, ...]) -> bool:
    """Whether the telling says "I" where the excerpt has another subject, as in "I worked" for "he worked"."""
    return bool(_I.search(text)) and any(_SUBJECT.search(e.text) and not _I.search(e.text) for e in excerpts)


def joined_anew(text: str, excerpts: tuple[Excerpt, ...]) -> bool:
    """Whether the telling joins two things by a preposition that the excerpts do not have."""
    said = Counter(w for w in re.findall(r"[a-z]+", _JOINED_SAFELY.sub("", text).casefold()) if w in _JOINS)
    noted = Counter(w for e in excerpts for w in re.findall(r"[a-z]+", e.text.casefold()))
    return any(said[word] > noted[word] for word in said)


def in_order(text: str, excerpts: tuple[Excerpt, ...]) -> bool:
    """Whether most of the excerpts' words come in their order: one stretch may move, but facts are not dealt anew."""
    noted = re.findall(r"\w+", " ".join(e.text for e in excerpts).casefold())
    places = [noted.index(w) for w in re.findall(r"\w+", text.casefold()) if noted.count(w) == 1]
    ends: list[int] = []  # ends[k]: the lowest end of a rising run of k + 1 places
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends) >= IN_ORDER * len(places)


def whole(brief: Brief, kind: Kind, slot: Slot) -> tuple[Excerpt, ...]:
    """The excerpts of a slot that one sentence tells together: the role and its place, the question, the ask."""
    excerpts = brief.get(slot)
    if slot == "target" and kind.id == "referral":
        return excerpts[:2]
    if (slot == "target" and kind.id == "informational") or (slot == "ask" and kind.id in ("pitch", "follow-up")):
        return tuple(e for e in excerpts if _ASKS.search(e.text))[:1]
    return ()


def sides_right(text: str, slot: Slot, *, note: bool) -> bool:
    """Whether a telling has the sides right by its pronouns: a fact of mine tells of me, one of yours of you."""
    if note:
        return not _ME.search(text)
    if slot in SENDERS:
        return bool(_ME.search(text)) and not _READER_FIRST.search(text)
    return slot != "why_them" or bool(_YOU.search(text))


class Telling(Phrasing):
    """The sentences of one message, the model's where it has told an excerpt; `pick` chooses among the tellings."""

    def __init__(
        self,
        draft: Draft,
        brief: Brief,
        kind: Kind,
        library: Library,
        sources: Sequence[Document],
        follow_up: FollowUp | None,
        told: Told,
        pick: random.Random | None,
    ) -> None:
        super().__init__(draft, brief, kind, library, sources, follow_up)
        self.tellings = told
        self.pick = pick
        self.used = 0

    def _one(self, slot: Slot, excerpts: Sequence[Excerpt], *, note: bool = False) -> str:
        options = [t for t in self.tellings.get(key(slot, excerpts, note=note), ()) if self._clean(t)]
        if not options:
            return ""
        self.used += 1
        return self.pick.choice(options) if self.pick else options[0]

    def told(self, slot: Slot, index: int, *, note: bool = False) -> str:
        return self._one(slot, (self.brief.get(slot)[index],), note=note)

    def own(self, slot: Slot) -> str:
        return self._one(slot, whole(self.brief, self.kind, slot))


def key(slot: Slot, excerpts: Sequence[Excerpt], *, note: bool) -> Key:
    return slot, "\n".join(e.text for e in excerpts), note


def tell_all(teller: Teller, progress: Callable[[str], None]) -> dict[Key, tuple[str, ...]]:
    """Every excerpt's tellings; an excerpt without one is not in it."""
    told: dict[Key, tuple[str, ...]] = {}
    jobs = teller.jobs()
    if jobs:
        progress(f"wording {len(jobs)} {'fact' if len(jobs) == 1 else 'facts'}")
    for job, found in zip(jobs, teller.tell(jobs), strict=True):
        if found:
            told[key(job.slot, job.excerpts, note=job.note)] = found
    return told


def messages(
    told: Told, request: Request, draft: Draft, brief: Brief, kind: Kind, library: Library, sources: Sequence[Document]
) -> Iterator[Candidate]:
    """Up to `request.n` different messages, the first from the best telling of each fact; none if nothing was told."""
    limit = request.max_chars if request.max_chars is not None else kind.max_chars
    seen: set[str] = set()
    for number in range(request.n):
        pick = random.Random(request.seed + number) if number else None
        words = Telling(draft, brief, kind, library, sources, request.follow_up, told, pick)
        text = edit(words, limit)
        if words.used and text not in seen:
            seen.add(text)
            yield Candidate(text, "model", seed=request.seed + number, finished=True)
