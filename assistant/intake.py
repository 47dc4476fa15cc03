"""What a request says: its draft taken apart, the brief, the kind of message, and what that kind still needs."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant import answers, reading, reading_kind
from assistant import brief as brief_text
from assistant.errors import UsageError
from assistant.intake_clauses import whole_clauses
from assistant.reader_tuned import TunedReader
from assistant.records import Brief, Document, Draft, FollowUp, Kind, Library, Missing, Request
from assistant.rules import without_comments

# D1: one follow-up, and a second is the last.
FOLLOW_UPS = 2

# The two limits that such notes have.
_NOTED = re.compile(
    r"\b([23]00)[\s-]*(?:char\w*|signs?|letters|max\w*|limit)\b"
    r"|\b(?:max\w*|limit|under|below|up to|at most|within)\W{0,3}([23]00)\b",
    re.IGNORECASE,
)


def read(
    request: Request, library: Library, tuned: TunedReader | None
) -> tuple[Draft, Brief, Kind, tuple[Missing, ...]]:
    """What draft and notes say; `tuned` reads them better than patterns alone.

    Raises UsageError for an empty draft or an unknown kind.
    """
    request = replace(request, draft=without_comments(request.draft))
    if not request.draft.text.strip():
        raise UsageError("The draft is empty.", "Write a line or two of what you would send, however rough.")
    _check_number(request.follow_up, library)
    draft = reading.read_draft(request.draft)
    brief = _brief(request, tuned)
    name = "follow-up" if request.follow_up else request.kind
    name = name or reading_kind.guess_kind(request.draft, _without_brief(request) or request.notes, brief, library)
    try:
        kind = library.kind(name)
    except KeyError:
        known = ", ".join(k.id for k in library.kinds)
        raise UsageError(f"There is no kind “{name}”.", f"The kinds are: {known}.") from None
    return draft, brief, kind, reading_kind.missing(brief, kind)


def _without_brief(request: Request) -> tuple[Document, ...]:
    return tuple(n for n in request.notes if n.name != brief_text.NAME)


def _brief(request: Request, tuned: TunedReader | None) -> Brief:
    """What a person corrected, or what is read; and each answer in the slot that was asked about."""
    plain = [n for n in _without_brief(request) if n.name != answers.NAME]
    corrected = next((n for n in request.notes if n.name == brief_text.NAME), None)
    if corrected is None:
        brief = whole_clauses(reading.read_brief(request.draft, plain, tuned), (request.draft, *plain))
    else:
        brief = brief_text.filled(corrected, (*plain, request.draft))
    for document in request.notes:
        if document.name == answers.NAME:
            brief = answers.filled(brief, document)
    return brief


def _check_number(follow_up: FollowUp | None, library: Library) -> None:
    if follow_up and follow_up.number > FOLLOW_UPS:
        principle = library.principle("too-many")
        raise UsageError(f"{principle.title}: {principle.rule}", principle.why)


def limit(request: Request, kind: Kind) -> int | None:
    """The most characters the message may have: as asked, as the notes say ("300 chars"), or as the kind has it."""
    if request.max_chars is not None or kind.max_chars is None:
        return request.max_chars
    noted = (_NOTED.search(n.text) for n in request.notes)
    return next((int(next(filter(None, m.groups()))) for m in noted if m), kind.max_chars)


def sources(request: Request) -> tuple[Document, ...]:
    """Everything the user told: a date given with the command supports the words "on 3 November"."""
    sent = request.follow_up.sent if request.follow_up else None
    told = (Document("--sent", f"Sent on {sent.day} {sent:%B %Y}."),) if sent else ()
    return (request.draft, *request.notes, *told)
