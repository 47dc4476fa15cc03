"""Every record that passes between the rooms: frozen, slotted, tuples only. Standard library only.

Offsets are code points into the text that the record names. Scores are in 0..1, higher is better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Slot = Literal[
    "recipient",
    "sender",
    "about",
    "target",
    "proof",
    "why_them",
    "history",
    "ask",
    "offer",
    "exit",
    "leave_out",
]
SLOTS: tuple[Slot, ...] = (
    "recipient",
    "sender",
    "about",
    "target",
    "proof",
    "why_them",
    "history",
    "ask",
    "offer",
    "exit",
    "leave_out",
)
Need = Literal["role", "proof", "why_them", "ask", "recipient", "sender"]
NEEDS: tuple[Need, ...] = ("role", "proof", "why_them", "ask", "recipient", "sender")
Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")
Source = Literal["model", "draft", "safe-edit"]


# --- what the user gave -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Document:
    """One text of the user's: `name` is "draft" or the notes' file name; `text` is NFC with LF line ends."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A verbatim stretch of one document: `document.text[start:end] == text`; `line` counts from 1."""

    text: str
    source: str
    start: int
    end: int
    line: int

    @property
    def origin(self) -> str:
        """Where the words came from, as `source:line`."""
        return f"{self.source}:{self.line}"


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft as read. `greeting` and `signoff` are its first and last lines where they are such."""

    document: Document
    sentences: tuple[Excerpt, ...]
    subject: str | None = None
    greeting: Excerpt | None = None
    signoff: Excerpt | None = None

    @property
    def text(self) -> str:
        return self.document.text


@dataclass(frozen=True, slots=True)
class Brief:
    """The exact words of draft and notes that a message is built from, one tuple of excerpts a slot."""

    recipient: tuple[Excerpt, ...] = ()
    sender: tuple[Excerpt, ...] = ()
    about: tuple[Excerpt, ...] = ()
    target: tuple[Excerpt, ...] = ()
    proof: tuple[Excerpt, ...] = ()
    why_them: tuple[Excerpt, ...] = ()
    history: tuple[Excerpt, ...] = ()
    ask: tuple[Excerpt, ...] = ()
    offer: tuple[Excerpt, ...] = ()
    exit: tuple[Excerpt, ...] = ()
    leave_out: tuple[Excerpt, ...] = ()

    def get(self, slot: Slot) -> tuple[Excerpt, ...]:
        """The excerpts of one slot, empty where draft and notes hold nothing for it."""
        return tuple(getattr(self, slot))


@dataclass(frozen=True, slots=True)
class Missing:
    """A need that draft and notes do not fill, and the one question that would fill it."""

    slot: Need
    question: str


# --- what the product teaches -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Check:
    """How a fault is seen. Which fields count depends on `type`; see prompts/README.md.

    phrase     any of `any` (whole words, case folded), unless the sentence matches one of `unless`
    pattern    any regular expression of `any`, unless the sentence matches one of `unless`
    count      each match of `any` after the first `max`; or, with `min`, fewer matches than that (an absence)
    length     fewer than `min` or more than `max` words; or, with `side`, outside the kind's own range on that side
    slot       what the text says holds nothing for `slot`, unless the text matches one of `unless`; or, with `hidden`,
               the notes hold it and the text does not
    together   every principle named in `any` has a finding in the text
    embedding  no pattern sees it: judged by closeness to the bad examples, and taught
    none       nothing sees it: it is taught, and shown to the model

    `where` is the part of the text that is looked at: "opening" (the first two sentences after the greeting),
    "closing" (the last two), "body" (all before a note to be passed on), or "notes" (the sender's notes instead).
    """

    type: Literal["phrase", "pattern", "count", "length", "slot", "together", "embedding", "none"]
    any: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    where: Literal["anywhere", "opening", "closing", "body", "notes"] = "anywhere"
    min: int | None = None
    max: int | None = None
    side: Literal["over", "under"] | None = None
    slot: Slot | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class BadExample:
    """A text with the fault: `quotes` are exactly what is flagged, `fixed` is the same text without it."""

    text: str
    quotes: tuple[str, ...]
    fixed: str


@dataclass(frozen=True, slots=True)
class GoodExample:
    """A text without the fault; `near_miss` marks one that a careless check would flag."""

    text: str
    near_miss: bool = False


@dataclass(frozen=True, slots=True)
class Principle:
    """One fault and its rule. Prompt, linter, explanation, catalogue and tests all come from it."""

    id: str
    title: str
    rule: str
    why: str
    source: tuple[str, ...]
    severity: Severity
    traits: tuple[str, ...]
    checks: tuple[Check, ...]
    bad: tuple[BadExample, ...]
    good: tuple[GoodExample, ...]
    disagreement: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A bundled example of a kind: a good message, or a bad draft. `pair` names its other half, if any."""

    id: str
    kind: str
    label: Literal["good", "bad"]
    text: str
    notes: str = ""
    pair: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message: its traits choose its principles; `phrases` are the safe edit's fixed words."""

    id: str
    title: str
    summary: str
    shape: str
    traits: tuple[str, ...]
    min_words: int
    max_words: int
    max_chars: int | None
    needs: tuple[Need, ...]
    questions: Mapping[str, str]
    signals: Mapping[str, float]
    phrases: Mapping[str, tuple[str, ...]]
    template: str
    examples: tuple[Example, ...]

    @property
    def fixed(self) -> list[str]:
        """All phrases: words that are nobody's claim."""
        return [phrase for group in self.phrases.values() for phrase in group]


@dataclass(frozen=True, slots=True)
class Library:
    """All principles and kinds, in the order of their ids."""

    principles: tuple[Principle, ...]
    kinds: tuple[Kind, ...]

    def principle(self, id: str) -> Principle:
        """Raises KeyError for an unknown id."""
        return {p.id: p for p in self.principles}[id]

    def kind(self, id: str) -> Kind:
        """Raises KeyError for an unknown id."""
        return {k.id: k for k in self.kinds}[id]

    def for_kind(self, kind: Kind) -> tuple[Principle, ...]:
        """The principles that share a trait with the kind ("all" matches every kind)."""
        traits = {*kind.traits, "all", kind.id}
        return tuple(p for p in self.principles if traits & set(p.traits))


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault found in a text: `quote` is `text[start:end]`; an absence has an empty quote at 0..0."""

    principle: str
    severity: Severity
    start: int
    end: int
    quote: str
    message: str


# --- writing ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """One chat turn. Its content is always data: the engine never reads control tokens in it."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """The chat turns for a model; `prefix` is text the reply begins with (the greeting), part of the reply."""

    messages: tuple[Message, ...]
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model wrote: its id, the sha256 of its file, and the adapter's id if one was applied."""

    id: str
    sha256: str
    adapter: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One message that could be sent. `tokens` is 0 and `seed` None where no model wrote it."""

    text: str
    source: Source
    seed: int | None = None
    tokens: int = 0
    finished: bool = True
    wave: int = 1
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Words of a candidate that draft and notes do not support; `sort` is the gate's rule that saw it."""

    text: str
    why: str
    sort: str


@dataclass(frozen=True, slots=True)
class Score:
    """How a text was judged. `total` is what the choice compares; the rest are its visible components.

    closeness  calibrated closeness to the good examples, 0..1
    faults     the weight of its findings, 0 and up (lower is better)
    kept       share of the brief's needed excerpts that the text keeps, 0..1
    told       share of all that the brief holds to be said that the text says, 0..1
    agreement  how much of what the other candidates say of draft and notes it says too, 0..1; 0 where there are too few
    """

    closeness: float
    faults: float
    kept: float
    total: float
    told: float = 0.0
    agreement: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """A candidate judged: out if `unsupported` or `reasons` is not empty."""

    candidate: Candidate
    accepted: bool
    reasons: tuple[str, ...]
    unsupported: tuple[Unsupported, ...]
    findings: tuple[Finding, ...]
    score: Score


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The nearest bundled example; `similarity` is the cosine, -1..1."""

    example: Example
    similarity: float


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds spent, and the tokens written."""

    load_s: float = 0.0
    prompt_s: float = 0.0
    generate_s: float = 0.0
    embed_s: float = 0.0
    total_s: float = 0.0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A bump of a message already sent: when it went out, and which bump this is (1, or 2, the last)."""

    sent: date | None = None
    number: int = 1


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for. `kind` None means auto; with `follow_up`, `draft` is the earlier message."""

    draft: Document
    notes: tuple[Document, ...] = ()
    kind: str | None = None
    n: int = 8
    max_chars: int | None = None
    seed: int = 0
    follow_up: FollowUp | None = None


# --- the answer -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One change from draft to message, with the principle behind it and the reason in its words."""

    before: str
    after: str
    principle: str
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """One of the five questions, with the words of draft and message that answer it (None: nothing does)."""

    question: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the message reads as it does; every word comes from principles and evidence, none from the model."""

    verdict: str
    changes: tuple[Change, ...]
    questions: tuple[Question, ...]
    used: tuple[Excerpt, ...]
    left_out: tuple[Excerpt, ...]
    good: Neighbour | None
    bad: Neighbour | None
    warnings: tuple[str, ...] = ()
    disagreements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The whole answer. `accepted` is False only where even the safe edit carries a known fault, said in `warnings`."""

    message: str
    subject: str | None
    kind: str
    source: Source
    accepted: bool
    draft: Draft
    brief: Brief
    draft_verdict: Verdict
    verdict: Verdict
    verdicts: tuple[Verdict, ...]
    missing: tuple[Missing, ...]
    explanation: Explanation
    model: ModelInfo | None
    seed: int
    timing: Timing = field(default_factory=Timing)
