"""The words a message is made of: excerpts of the brief, the kind's fixed phrases, and what a model has told.

A sentence goes in only if it reads as one and the gate supports it on its own, so nothing in the message is anybody's
but the user's, or a phrase from `prompts/kinds/<kind>/kind.toml`. What cannot be said well is left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from assistant.facts import unsupported
from assistant.lint import lint
from assistant.phrasing_checks import fields_of, mended, one_end_mark, well_said
from assistant.phrasing_names import addressee, is_formal, signature
from assistant.records import Brief, Document, Draft, FollowUp, Kind, Library, Slot

QUESTION = re.compile(
    r"^(?:(?:could|would|can|will|may|shall|do|did|are|is|have) (?:you|i|we)\b|"
    r"(?:what|which|who|when|where|how|why) (?:do|does|did|is|are|was|were|can|could|would|should|will)\b)",
    re.IGNORECASE,
)
QUESTION_END = re.compile(r"\.$")
# How many sentences of a slot a message tells at most; of others one.
MOST: Mapping[Slot, int] = {"about": 2, "proof": 2, "why_them": 2}


class Words:
    """The words of one message; which variant of a phrase is used depends on draft and notes alone."""

    def __init__(
        self,
        draft: Draft,
        brief: Brief,
        kind: Kind,
        library: Library,
        sources: Sequence[Document],
        follow_up: FollowUp | None,
    ) -> None:
        self.draft = draft
        self.brief = brief
        self.kind = kind
        self.library = library
        self.sources = sources
        self.follow_up = follow_up
        self.recipient = addressee(self.text("recipient"), draft.greeting.text if draft.greeting else "")
        self.sender = signature(self.text("sender"))
        if self.sender == self.recipient:
            self.sender = ""  # nobody writes to themselves
        if kind.id == "forwardable" and not self.sender and brief.recipient:
            # Such a note is about one person; with one side named only, that is who it is about.
            self.sender = self.text("recipient", -1)
        self.formal = is_formal(self.recipient, draft.text)
        self.allowed = kind.fixed
        self._seed = "\n".join([draft.text, *(d.text for d in sources)])
        # Gate and checks cost more than all else here, and every message asks for the same sentences again.
        self._known: dict[str, bool] = {}
        self._held: dict[str, bool] = {}

    # --- words --------------------------------------------------------------------------------------------------

    def text(self, slot: Slot, index: int = 0) -> str:
        """The words of one excerpt; "" where the brief holds none."""
        excerpts = self.brief.get(slot)
        return re.sub(r"\s+", " ", excerpts[index].text).strip("-*•;, ") if len(excerpts) > index else ""

    def texts(self, slot: Slot) -> tuple[str, ...]:
        """The words of every excerpt of a slot."""
        return tuple(self.text(slot, i) for i in range(len(self.brief.get(slot))))

    def phrase(self, key: str, **fields: str) -> str:
        """One of the kind's phrases for `key`, its fields filled; "" where a field is empty or the kind has none."""
        if not all(fields.values()):
            return ""
        formal = self.kind.phrases.get(f"{key}_formal") if self.formal else None
        fitting = [v for v in formal or self.kind.phrases.get(key, ()) if fields_of(v) == set(fields)]
        if not fitting:
            return ""
        text = fitting[self.turn(key, len(fitting))]
        for name, value in fields.items():
            text = text.replace("{" + name + "}", value.rstrip(".;, "))
        return one_end_mark(text)

    def turn(self, what: str, count: int) -> int:
        """Which of `count` variants of something this message takes: messages differ, and each is always the same."""
        return int.from_bytes(hashlib.sha256(f"{what}\n{self._seed}".encode()).digest()[:4]) % count

    def first(self, *options: str) -> str:
        """The first option that says anything, reads as a sentence, and that the gate supports; "" where none does."""
        told = (QUESTION_END.sub("?", o) if QUESTION.match(o) else o for o in map(mended, filter(None, options)))
        return next((o for o in told if self._clean(o) and self._supported(o)), "")

    def some(self, slot: Slot, options: Iterable[str]) -> str:
        """The first options that hold, as many as a message tells of that slot."""
        held = (self.first(o) for o in dict.fromkeys(options))
        return " ".join(list(islice((h for h in held if h), MOST.get(slot, 1))))

    def _supported(self, text: str) -> bool:
        if text not in self._held:
            self._held[text] = not unsupported(text, self.sources, brief=self.brief, allowed=self.allowed)
        return self._held[text]

    def _clean(self, text: str) -> bool:
        if text not in self._known:
            self._known[text] = self._is_clean(text)
        return self._known[text]

    def _is_clean(self, text: str) -> bool:
        named = " " in self.recipient and self.recipient in text  # told to themselves by name
        # A word with a capital inside that nobody wrote is a slip: "designCrit".
        slips = [w for w in re.findall(r"\b[a-z]+[A-Z]\w*", text) if not any(w in d.text for d in self.sources)]
        if named or slips or not well_said(text):
            return False
        findings = lint(text, self.kind, self.library, said=Brief())
        # "Should I train before I look for a job?" asks about a job and asks for none.
        ignored = {"no-role"} if text.endswith("?") else set()
        return not any(f.end > f.start and f.principle not in ignored for f in findings)

    # --- what a model has told: nothing here, and the rules stand in for it ------------------------------------------

    def own(self, slot: Slot) -> str:
        """A slot told as a whole, where a model has done it."""
        return ""

    def told(self, slot: Slot, index: int, *, note: bool = False) -> str:
        """One excerpt as a model has told it, in a `note` by somebody else; "" where none has."""
        return ""

    def worded(self, slot: Slot, *, note: bool = False, question: bool | None = None) -> str:
        """A slot as a model has told it, whole or the first of its excerpts; only questions, or only none, if asked."""
        whole = [] if note else [self.own(slot)]
        told = [*whole, *(self.told(slot, i, note=note) for i in range(len(self.brief.get(slot))))]
        return self.first(*(t for t in told if question is None or t.endswith("?") == question))
