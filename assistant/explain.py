"""Why the message reads as it does: from principles, findings and the exact words of draft, notes and message.

No word here comes from a model, and no principle's sentence stands here: `why` is always the principle's own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from assistant import paths
from assistant.diff import pair_sentences
from assistant.diff import word_diff as word_diff
from assistant.facts import keeps
from assistant.letter import read_letter
from assistant.lint import lint_notes
from assistant.records import (
    SEVERITIES,
    SLOTS,
    Brief,
    Change,
    Document,
    Draft,
    Excerpt,
    Explanation,
    Finding,
    Kind,
    Library,
    Neighbour,
    Principle,
    Question,
    Slot,
    Source,
)

# From this share of its content words on, an excerpt counts as used; what was to be left out counts as said only when
# nearly all of it is there, since single words of it also belong to facts that were meant to stay.
_USED = 0.6
_SAID_AFTER_ALL = 0.85

VERDICTS: dict[Source, str] = {
    "model": "Rewritten: the model wrote this message, and it passed every check.",
    "draft": "Your draft is already good: send it.",
    "safe-edit": "No candidate of the model passed: this is a safe edit, made of your own words.",
}


def explain(
    draft: Draft,
    message: str,
    source: Source,
    kind: Kind,
    library: Library,
    brief: Brief,
    draft_findings: Sequence[Finding],
    message_findings: Sequence[Finding],
    good: Neighbour | None,
    bad: Neighbour | None,
    *,
    said_draft: Brief,
    said_message: Brief,
    notes: Sequence[Document] = (),
) -> Explanation:
    """What changed and why, the five questions before and after, what was used, and what to think of before sending.

    `said_draft` and `said_message` are what each text says alone. `notes` are searched for reasons not to send at all.
    """
    case = _Case(
        draft.text, message, kind, library, tuple(draft_findings), tuple(message_findings), said_draft, said_message
    )
    changes = case.changes() if source != "draft" else ()
    used, left_out = _sorted_excerpts(brief, message, draft_findings)
    return Explanation(
        verdict=VERDICTS[source],
        changes=changes,
        questions=case.questions(),
        used=used,
        left_out=left_out,
        good=good,
        bad=bad,
        warnings=tuple(dict.fromkeys(_warnings(case, notes))),
        disagreements=tuple(dict.fromkeys(_disagreements(case, changes))),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """One of the five questions, as `prompts/questions.toml` gives it."""

    text: str
    otherwise: str
    traits: tuple[str, ...]
    slots: tuple[Slot, ...]
    all: tuple[tuple[Slot, ...], ...]
    spoilt_by: frozenset[str]
    max_words: int


@cache
def _asked() -> tuple[tuple[_Asked, ...], dict[str, Slot]]:
    """The five questions, and for each principle named under `[place]` the slot whose words take the fault's place."""
    data = tomllib.loads((paths.PROMPTS / "questions.toml").read_text("utf-8"))
    questions = tuple(
        _Asked(
            entry["text"],
            entry.get("otherwise", ""),
            tuple(entry.get("traits", ())),
            tuple(entry.get("slots", ())),
            tuple(tuple(group) for group in entry.get("all", ())),
            frozenset(entry["spoilt_by"]),
            entry.get("max_words", 0),
        )
        for entry in data["question"]
    )
    return questions, {principle: slot for slot, named in data["place"].items() for principle in named}


@dataclass(frozen=True, slots=True)
class _Case:
    """One draft and the message that came of it."""

    draft: str
    message: str
    kind: Kind
    library: Library
    before: tuple[Finding, ...]
    after: tuple[Finding, ...]
    said_draft: Brief
    said_message: Brief

    # --- changes --------------------------------------------------------------------------------------------

    def changes(self) -> tuple[Change, ...]:
        """Faults of the draft that are gone, where they stood; then what was absent and is there; the worst first."""
        principles = {p.id: p for p in self.library.principles}
        gone = [f for f in self.before if f.principle in principles and not self._remains(f)]
        gone.sort(key=lambda f: (not f.quote, -SEVERITIES.index(f.severity), f.start))
        found = [self._change(f, principles[f.principle]) for f in gone]
        found += self._additions({f.principle for f in self.before})
        return tuple(_once(change for change in found if change.before or change.after))

    def _remains(self, finding: Finding) -> bool:
        if finding.quote:
            return _flat(finding.quote) in _flat(self.message)
        return any(f.principle == finding.principle for f in self.after)

    def _change(self, finding: Finding, principle: Principle) -> Change:
        if finding.quote:
            return Change(finding.quote, self._instead(finding, principle), principle.id, principle.why)
        if any(check.type == "length" for check in principle.checks):
            return Change(_words(self.draft), _words(self.message), principle.id, principle.why)
        return Change("", self._words_for(principle), principle.id, principle.why)

    def _instead(self, finding: Finding, principle: Principle) -> str:
        """The sentence that the flagged one became, else the words that now do what it failed to do."""
        spans = read_letter(self.draft).body
        here = next((i for i, s in enumerate(spans) if s.start <= finding.start < s.end), -1)
        new = [self.message[s.start : s.end] for s in read_letter(self.message).body]
        became = pair_sentences([self.draft[s.start : s.end] for s in spans], new).get(here)
        return new[became] if became is not None else self._words_for(principle)

    def _words_for(self, principle: Principle) -> str:
        """The message's sentence for the slot that the principle looks at; "" where the draft already had it."""
        slot = _slot_of(principle)
        excerpts = self.said_message.get(slot) if slot else ()
        if not excerpts:
            return ""
        sentence = _sentence_of(self.message, excerpts[0])
        return "" if _flat(sentence) in _flat(self.draft) else sentence

    def _additions(self, known: set[str]) -> Iterator[Change]:
        """What the draft did not say and the message does, where a principle asks for exactly that."""
        for principle in self.library.for_kind(self.kind):
            slot = _checked_slot(principle)
            if slot is None or principle.id in known or self.said_draft.get(slot) or not self.said_message.get(slot):
                continue
            if words := self._words_for(principle):
                yield Change("", words, principle.id, principle.why)

    # --- questions ------------------------------------------------------------------------------------------

    def questions(self) -> tuple[Question, ...]:
        """The five questions, with the exact words that answer each; none for a kind that only answers."""
        if "answers" in self.kind.traits:
            return ()
        return tuple(
            Question(
                asked.text if not asked.traits or set(asked.traits) & set(self.kind.traits) else asked.otherwise,
                _answer(asked, self.said_draft, self.before),
                _answer(asked, self.said_message, self.after),
            )
            for asked in _asked()[0]
        )


def _answer(asked: _Asked, said: Brief, findings: Sequence[Finding]) -> str | None:
    spoilt = [f for f in findings if f.principle in asked.spoilt_by and f.quote]
    if not asked.all:
        return _first(asked.slots, said, spoilt)
    parts = [_first(group, said, spoilt) for group in asked.all]
    if None in parts or any(f.principle in asked.spoilt_by and not f.quote for f in findings):
        return None
    told = "; ".join(dict.fromkeys(part for part in parts if part))
    told = re.sub(r"(?<=[.!?]);", "", told)
    return told if len(told.split()) <= asked.max_words else None


def _first(slots: Sequence[Slot], said: Brief, spoilt: Sequence[Finding]) -> str | None:
    for slot in slots:
        for excerpt in said.get(slot):
            if not any(f.start < excerpt.end and excerpt.start < f.end for f in spoilt):
                return excerpt.text
    return None


# --- where the words stand --------------------------------------------------------------------------------------


def _checked_slot(principle: Principle) -> Slot | None:
    return next((check.slot for check in principle.checks if check.type == "slot" and check.slot), None)


def _slot_of(principle: Principle) -> Slot | None:
    return _checked_slot(principle) or _asked()[1].get(principle.id)


def _sentence_of(text: str, excerpt: Excerpt) -> str:
    for stretch in read_letter(text).body:
        if stretch.start <= excerpt.start < stretch.end:
            return text[stretch.start : stretch.end]
    return excerpt.text


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("’", "'")).strip().casefold()


def _words(text: str) -> str:
    count = len(text.split())
    return f"{count} word" if count == 1 else f"{count} words"


def _once(changes: Iterable[Change]) -> Iterator[Change]:
    """Each change once; a sentence that took the place of several faults of one principle stands with the first."""
    seen: set[tuple[str, str]] = set()
    for change in changes:
        if (change.before, change.principle) in seen:
            continue
        repeated = (change.after, f"after {change.principle}") in seen
        seen |= {(change.before, change.principle), (change.after, f"after {change.principle}")}
        if change.before or not repeated:
            yield Change(change.before, "" if repeated else change.after, change.principle, change.why)


# --- notes, and what to think of before sending -----------------------------------------------------------------


def _sorted_excerpts(
    brief: Brief, message: str, findings: Sequence[Finding]
) -> tuple[tuple[Excerpt, ...], tuple[Excerpt, ...]]:
    """The brief's excerpts that the message holds, and those that it does not: what was to be left out first.

    Words of the draft that were found at fault are gone, even where the message happens to share one with them.
    """

    def faulty(excerpt: Excerpt) -> bool:
        return excerpt.source == "draft" and any(f.start < excerpt.end and excerpt.start < f.end for f in findings)

    rest = [e for slot in SLOTS if slot != "leave_out" for e in brief.get(slot)]
    used = [e for e in rest if not faulty(e) and _is_used(message, e, name=e in brief.recipient or e in brief.sender)]
    used += [e for e in brief.leave_out if keeps(message, e) >= _SAID_AFTER_ALL]
    left_out = [e for e in (*brief.leave_out, *rest) if e not in used]
    return tuple(dict.fromkeys(used)), tuple(dict.fromkeys(left_out))


def _is_used(message: str, excerpt: Excerpt, *, name: bool) -> bool:
    """A person counts as named by their first name alone."""
    share = keeps(message, excerpt)
    return share > 0 if name else share >= _USED


def _warnings(case: _Case, notes: Sequence[Document]) -> Iterator[str]:
    for document in notes:
        for finding in lint_notes(document, case.kind, case.library):
            yield finding.message


def _disagreements(case: _Case, changes: Sequence[Change]) -> Iterator[str]:
    """Where the sources behind a rule that played a part do not agree."""
    changed, remaining = {change.principle for change in changes}, {f.principle for f in case.after}
    for principle in case.library.principles:
        # A length that came right needs no debate; what is still too long or too short does.
        measured = any(check.type == "length" for check in principle.checks)
        if principle.disagreement and principle.id in (remaining if measured else changed | remaining):
            yield principle.disagreement
