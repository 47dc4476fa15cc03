"""Past contact and attachments: what a message may only claim where the notes tell of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.facts.clauses import Told
from assistant.facts.polarity import denied
from assistant.facts.sources import Text
from assistant.records import Brief, Unsupported

_PAPERS = r"(?:cv|resume|résumé|portfolio|transcripts?|cover letter|certificates?|references?|deck|files?|documents?|samples?)"
_ATTACHED = re.compile(
    r"\bi(?:'ve| have|'m| am)? (?:also )?attach(?:ed|ing)?\b|\b(?:is|are|find|see)\b[^.?!\n]{0,40}\battached\b"
    r"|\battached (?:is|are|you|please|my|below)\b|\bi(?:'ve| have)? enclosed?\b|\benclosed\b|\bin the attachment\b"
    rf"|\bmy {_PAPERS} (?:is |are )?(?:below|included|enclosed|linked)\b|\binclud(?:ing|ed) my {_PAPERS}\b",
    re.IGNORECASE,
)
_WISHED = re.compile(
    r"(?i)\b(?:would|'d|could|can|may|might|will|'ll|shall|want to|like to|hope to|if|let|whether|to|how|did|do)\b"
)


def _group(forms: str) -> frozenset[str]:
    return frozenset(forms.split())


_MEET = frozenset(
    "met meeting introduced saw visited interviewed sat shared bumped hosted attended tried fair expo conference event "
    "evening workshop meetup wedding party course class seminar panel webinar summit congress training together both "
    "colleague colleagues".split()
)
_SEEN = frozenset("met introduced saw visited interviewed spoke talked chatted".split())
_TALK = frozenset("spoke spoken talked chatted discussed told said asked answered interviewed met exchanged".split())
_SAY = _group(
    "tell told say said says mention mentioned suggest suggested ask asked encourage invite invited advise advised advice "
    "promise promised offer offered agree agreed reply replied answer answered write wrote post posted recommend told "
    "talk talked speak spoke comment commented explain explained argue thread article quote interview podcast writes "
    "message email emailed line profile page ad want wants think thinks know admitted warned gave shared showed described "
    "bio called complained review reviewed published report tweet tweeted confirmed noted pointed thanked"
)
_ANSWER = _group(
    "reply replied responded response answer answered said told wrote emailed declined turned accepted offered agreed "
    "helped advice sent gave thanks rejected passed connected messaged sends suggested no pass"
)
_WROTE = _group(
    "write wrote written email emailed mail message messaged send sent ask asked note first follow following followed chase "
    "chasing bump bumping circle circling checking update reminder nudge apply applied call called phone last previous "
    "earlier proposal pitch invited invite ago contacted heard hear reply answer left dm request requested posted submitted"
)
_TOLD = _TALK | _group(
    "suggested invited encouraged offered advised mentioned replied wrote promised agreed requested emailed messaged says"
)
_CONTACT = (
    (_MEET - {"class", "course", "tried"})
    | _TALK
    | _group(
        "taught worked helped wrote emailed sent messaged answered remember remembers class supervised judged supervisor boss"
    )
)
_CLAIMS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), support)
    for pattern, support in (
        (
            r"\b(?:great|nice|good|lovely|pleasure|wonderful|glad|enjoyed)\b[^.?!\n]{0,20}\b(?:to meet|meeting|seeing) you\b",
            _SEEN,
        ),
        (
            r"\b(?:we|i|we've|we have|i've)(?: \w+ed)?(?: briefly| first| both| last| once| already| also)? met\b|\bmet you\b",
            _MEET,
        ),
        (
            r"\bas (?:we )?(?:discussed|spoke|talked)\b|\bwe(?:'ve| have)? (?:\w+ly )?(?:spoke|talked|chatted|discussed|spoken)\b",
            _TALK,
        ),
        (r"\bour (?:\w+ ){0,2}(?:conversation|chat|call|discussion|meeting|exchange|interview)\b", _TALK),
        (r"\b(?:speaking|talking|chatting) (?:with|to) (?:you|me)\b|\b(?:spoke|talked) (?:with|to) you\b", _TALK),
        (
            r"\byou (?:kindly )?(?:told|asked|encouraged|invited|suggested|mentioned|said|advised|promised|offered|agreed) ",
            _SAY,
        ),
        (r"\byou (?:kindly )?(?:told|asked|encouraged|invited|advised) me\b", _TOLD),
        (
            r"\bas (?:promised|agreed|requested|you (?:asked|suggested|requested|mentioned))\b|\bper (?:our|your)\b",
            _TOLD,
        ),
        (
            r"\bthank(?:s| you) for (?:your|the|getting|taking the time to|accepting|connecting) ?(?:\w+ )?"
            r"(?:reply|response|message|email|note|answer|advice|feedback|back|speak|talk|meet|me)\b",
            _ANSWER,
        ),
        (r"\b(?:hope|may|might) (?:that )?you (?:\w+ )?remember\b|\bremember me\b", _CONTACT),
        (r"\bi(?:'ve| have)? (?:wrote|emailed|messaged|contacted|reached out|followed up|sent you|written) ", _WROTE),
    )
)


def relations(text: Text, told: Told, brief: Brief | None) -> Iterator[Unsupported]:
    """Meetings, talks and messages that no source tells of, and attachments that none mentions."""
    folded = text.text.casefold()
    for match in _ATTACHED.finditer(folded):
        denies = re.search(
            r"\b(?:nothing|not|no|without)\b[^.?!\n]*$", folded[max(0, match.start() - 20) : match.end()]
        )
        if not denies and not _attached(told):
            said = text.text[match.start() : match.end()]
            yield Unsupported(said, f"Neither draft nor notes mention an attachment: “{said}”.", "attachment")
    for pattern, support in _CLAIMS:
        for match in pattern.finditer(folded):
            start = max(folded.rfind(c, 0, match.start()) for c in ".?!\n") + 1
            if _WISHED.search(folded[start : match.start()][-25:]) or _told_of(told, support):
                continue
            said = text.text[match.start() : match.end()].strip()
            yield Unsupported(said, f"Neither draft nor notes tell of this contact: “{said}”.", "meeting")


def _attached(told: Told) -> bool:
    tokens = (token for source in told.index.texts for token in source.tokens)
    return any(token.low.startswith(("attach", "enclos", "pfa")) for token in tokens)


def _told_of(told: Told, support: frozenset[str]) -> bool:
    for sentence in told.sentences:
        source = told.index.texts[sentence.text]
        for p in range(sentence.first, sentence.last):
            if source.tokens[p].low in support and not denied(source, sentence.first, sentence.last, p, 4):
                return True
    return False
