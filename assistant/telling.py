"""Messages told by the tuned model: it words one or two excerpts of the brief at a time, and sees nothing else.

A model of this size mixes up who did what as soon as it sees two facts. Shown one excerpt it has nothing to mix up,
and what it says can be held against that excerpt alone: each word of it must stand there. The kind's recipe puts the
sentences together; where no telling of an excerpt holds, the safe edit's sentence stands in.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.engine import Engine, Guard, Task
from assistant.facts import keeps, strays, unsupported
from assistant.phrasing import Phrasing, names_role
from assistant.records import Brief, Candidate, Document, Draft, Excerpt, FollowUp, Kind, Library, Prompt, Request, Slot
from assistant.safe_edit import edit
from assistant.telling_checks import (
    ADDED,
    READERS,
    SENDERS,
    done_by_mine,
    had_anew,
    half_turned,
    in_order,
    joined_anew,
    me_brought_in,
    mine_lost,
    named_right,
    ours_anew,
    persons_anew,
    reader_brought_in,
    sense_changed,
    sides_right,
    turned_to_reader,
)
from assistant.writer import QUESTION, SENTENCE, build_prompt

# Samples of a fact. Those that agree cost hardly more than one, and one that agrees with no other is given up.
SAMPLES = 8
TEMPERATURE = 0.5
# A sentence that the model writes only once in so many samples is a guess, as is one written half as often as another.
AGREED = 2
SENTENCE_TOKENS = 90
# A telling says this share of its excerpts' content (all of it, but for very long ones), in at most so many words.
TOLD, WORDS_FOR_ONE, MORE_WORDS = 0.95, 1.5, 10
# Asks are put in other words: "please recommend me sir", "asked if somebody could".
ASKS_TOLD = 0.5
# Longer excerpts are documents, not facts, and no sentence can tell them.
LONGEST = 60  # words
WANTED: tuple[Slot, ...] = ("target", "ask")
# What is told to the reader or of the reader may say "you" though the excerpt names nobody ("runs the lab").
ADDRESSED: tuple[Slot, ...] = (*WANTED, "exit", "why_them", "offer")
# The slots whose excerpts a kind's recipe (safe_edit.py) tells one by one, as the sender would and as somebody else,
# and those that it asks. A role and its place are told together: see `whole`.
_LETTER: tuple[Slot, ...] = (*READERS, "about", "proof", "exit")
SAID: Mapping[str, tuple[Slot, ...]] = {
    **dict.fromkeys(("referral", "informational", "connection-note"), _LETTER),
    "pitch": (*_LETTER, "offer"),
    "introduction": (*READERS, "target", "exit"),
    "follow-up": (*READERS, "proof", "offer", "exit"),
    "reply": ("about", "proof", "offer"),
}
SAID_BY_OTHERS: Mapping[str, tuple[Slot, ...]] = {
    "forwardable": ("about", "proof", "target"),
    "introduction": ("about", "proof"),
}
ASKED: Mapping[str, tuple[Slot, ...]] = {
    **dict.fromkeys(("referral", "connection-note", "pitch", "follow-up"), ("ask",)),
    "informational": ("target", "ask"),
}
ASKED_BY_OTHERS: Mapping[str, tuple[Slot, ...]] = {"introduction": ("ask",)}
# Each with whether it is a question, and whether somebody else tells it.
_TABLES = ((SAID, False, False), (SAID_BY_OTHERS, False, True), (ASKED, True, False), (ASKED_BY_OTHERS, True, True))

_ASKS = re.compile(
    r"\?|\b(?:whether|wants? to (?:know|hear|ask))\b|^(?:how|what|which|who|when|where|why|if|is|are|do|does|did|can|"
    r"could|would|should|has|have|was|were)\b",
    re.IGNORECASE,
)
_TWICE = re.compile(r"\b(\w+ \w+ \w+)\b.*\b\1\b", re.IGNORECASE | re.DOTALL)
# What "it" or "that" means stands in another fact.
_POINTS = re.compile(r"(?:It|They|This|That|These|Those)\b(?! (?:week|month|year|time)\b)")
# An excerpt that was cut too short is told as half a sentence: "I asked if the council.", "Which data did you?"
_CUT_OFF = re.compile(
    r"\b(?:if|whether) (?:the |my |your )?(?!not\b|so\b|possible\b|needed\b)\w+\.$|\bI['’]m \d[.,;]"
    r"|\b(?:about|on|to ask|know|tell (?:me|you)) (?:how|what|which|why|whether|if|when|where)[.?]$"
    r"|\b(?:did|do|does|is|are|was|were|can|could|would) (?:you|I|she|he|they|we)\?$"
)
_STUB = re.compile(r"\b(?:to|of|with|and|or|but|the|a|an|if|that|which|from|for|by|as)\W*$", re.IGNORECASE)
_WAS = re.compile(r"\b(?:was|were|used to)\b")
_LABEL = re.compile(r"(?:the )?(?:vacancy|role|job|post|position|opening)", re.IGNORECASE)
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
        self.tokens, self.prompt_s = 0, 0.0

    def jobs(self) -> list[Job]:
        """What has to be worded."""
        found: list[Job] = []
        for slot in (*READERS, *SENDERS, "target", "ask", "exit"):
            for excerpt in self.brief.get(slot):
                if slot in SENDERS + READERS and _within(excerpt, slot, found):
                    continue
                for table, question, note in _TABLES:
                    if slot in table.get(self.kind.id, ()):
                        found.append(Job(slot, (excerpt,), question, note))
        if wanted := whole(self.brief, self.kind, "target"):
            found.append(Job("target", wanted))
        return [job for job in found if _tellable(job)]

    def prompt(self, job: Job) -> Prompt:
        part = replace(Brief(recipient=self.brief.recipient, sender=self.brief.sender), **{job.slot: job.excerpts})
        kind = "forwardable" if job.note else self.kind.id
        return build_prompt(kind, part, QUESTION if job.question else SENTENCE)

    def prompts(self) -> tuple[Prompt, ...]:
        return tuple(self.prompt(job) for job in self.jobs())

    def tell(self, jobs: Sequence[Job]) -> Iterator[tuple[str, ...]]:
        """For each job the tellings that hold, the one most agreed on first."""
        tasks = [self.task(job, SAMPLES, AGREED) for job in jobs]
        for job, written in zip(jobs, self.engine.generate_all(tasks, temperature=TEMPERATURE), strict=True):
            self.tokens += sum(candidate.tokens for candidate in written)
            texts = Counter(" ".join(candidate.text.split()) for candidate in written if candidate.finished)
            told = self.told_of(job)
            agreed = [t for t, n in texts.items() if n >= AGREED and self.holds(t, job, told)]
            most = max((texts[t] for t in agreed), default=0)
            agreed = [t for t in agreed if texts[t] >= most / 2]
            kept = {text: min(self._keeps(text, e) for e in job.excerpts) for text in agreed}
            yield tuple(sorted(agreed, key=lambda t: (-round(kept[t], 1), -texts[t], len(t))))
        self.prompt_s += self.engine.prompt_s

    def told_of(self, job: Job) -> tuple[Document, ...]:
        """All that a telling may speak of."""
        return tuple(Document("notes", e.text) for e in (*job.excerpts, *self.brief.recipient, *self.brief.sender))

    def task(self, job: Job, samples: int, agreeing: int) -> Task:
        """What the engine is asked; a sample that fewer than `agreeing` begin alike may be given up."""
        seeds = tuple(range(self.seed, self.seed + samples))
        return Task(self.prompt(job), seeds, SENTENCE_TOKENS, self.guard(self.told_of(job)), agreeing)

    def holds(self, text: str, job: Job, told: Sequence[Document]) -> bool:
        """Whether the text tells this job's excerpts and nothing beside them; `told` is what `told_of` gives."""
        slot, excerpts, question, note = job
        words = sum(len(e.text.split()) for e in excerpts)
        least = ASKS_TOLD if slot == "ask" else TOLD
        return (
            bool(_END.search(text))
            and text.endswith("?") == question
            and len(text.split()) <= WORDS_FOR_ONE * words + MORE_WORDS
            and not _TWICE.search(text)
            and not _CUT_OFF.search(text)
            and not (slot in SENDERS + READERS and _POINTS.match(text))
            and all(self._keeps(text, e) >= least for e in excerpts)
            and not strays(text, told, ADDED[slot].split())
            and sides_right(text, slot, note=note)
            and (question or in_order(text, excerpts))
            and named_right(text, self.brief, note=note)
            and not persons_anew(text, excerpts)
            and not had_anew(text, excerpts)
            and not sense_changed(text, excerpts)
            and not done_by_mine(text, excerpts)
            and (slot not in SENDERS or not ours_anew(text, self.sources))
            and (slot not in READERS or self._reader_right(text, excerpts, told))
            and (slot in WANTED or not (turned_to_reader(text, excerpts) or joined_anew(text, excerpts, slot)))
            and (slot in ADDRESSED or note or not reader_brought_in(text, excerpts, self.brief, slot))
            and not unsupported(text, self.sources, brief=self.brief)
        )

    def _keeps(self, text: str, excerpt: Excerpt) -> float:
        """How much of the excerpt is kept; "you" stands for the reader's name, and "was" for "ex"."""
        said_so = [part for e in self.brief.recipient for part in (e.text, *e.text.split())]
        said_so += ["ex", "former"] if _WAS.search(text) else []
        words = "|".join(re.escape(part) for part in sorted(said_so, key=len, reverse=True))
        bare = re.sub(rf"(?<!\w)(?:{words})(?!\w)", "", excerpt.text) if words else excerpt.text
        return keeps(text, replace(excerpt, text=bare))

    def _reader_right(self, text: str, excerpts: tuple[Excerpt, ...], told: Sequence[Document]) -> bool:
        """Whether a fact of the reader's, or of both, is still theirs."""
        wrong = (me_brought_in, half_turned, mine_lost)
        return not (any(check(text, excerpts) for check in wrong) or ours_anew(text, told))


def _within(excerpt: Excerpt, slot: Slot, jobs: Sequence[Job]) -> bool:
    """Whether another slot holds the same words: a message says them once."""
    return any(excerpt.text in e.text for job in jobs for e in job.excerpts if job.slot != slot)


def _tellable(job: Job) -> bool:
    """Neither a document nor a stub nor a bare word that names no trade; questions where they are asked."""
    text = job.excerpts[0].text
    if _STUB.search(job.excerpts[-1].text):
        return False
    words = sum(len(e.text.split()) for e in job.excerpts)
    asks = job.slot != "target" or not job.question or bool(_ASKS.search(text))
    return asks and words <= LONGEST and (words > 1 or names_role(text))


def whole(brief: Brief, kind: Kind, slot: Slot) -> tuple[Excerpt, ...]:
    """The excerpts of a slot that one sentence tells together: the role and its place."""
    named = [e for e in brief.get(slot) if not _LABEL.fullmatch(e.text)]
    return tuple(named[:2]) if slot == "target" and kind.id == "referral" else ()


class Telling(Phrasing):
    """The sentences of a message, the model's where it has told an excerpt (`used` counts them); `pick` chooses."""

    def __init__(
        self,
        draft: Draft,
        brief: Brief,
        kind: Kind,
        library: Library,
        sources: Sequence[Document],
        follow_up: FollowUp | None,
        told: Told,
    ) -> None:
        super().__init__(draft, brief, kind, library, sources, follow_up)
        self.tellings = told
        self.pick: random.Random | None = None
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
    """Up to `request.n` different messages, the first from the best telling of each fact; none if nothing was told.

    `request.max_chars` is the limit, whatever the kind's.
    """
    seen: set[str] = set()
    words = Telling(draft, brief, kind, library, sources, request.follow_up, told)
    for number in range(request.n):
        words.pick, words.used = random.Random(request.seed + number) if number else None, 0
        text = edit(words, request.max_chars)
        if words.used and text not in seen:
            seen.add(text)
            yield Candidate(text, "model", seed=request.seed + number, finished=True)
