"""Past contact and attachments: what a message may only claim where the notes tell of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.facts.clauses import Sentence, Told
from assistant.facts.denials import denied
from assistant.facts.lexicon import lines, named
from assistant.facts.sources import Text
from assistant.facts.whose import tells
from assistant.records import Brief, Unsupported

_PAPERS = (
    r"(?:cv|resume|résumé|portfolio|transcripts?|cover letter|certificates?|references?|deck|"
    r"files?|documents?|samples?)"
)
_ATTACHED = re.compile(
    r"\bi(?:'ve| have|'m| am)? (?:also )?attach(?:ed|ing)?\b|\b(?:is|are|find|see)\b[^.?!\n]{0,40}\battached\b"
    r"|\battached (?:is|are|you|please|my|below)\b|\bi(?:'ve| have)? enclosed?\b|\benclosed\b|\bin the attachment\b"
    rf"|\bmy {_PAPERS} (?:is |are )?(?:below|included|enclosed|linked)\b|\binclud(?:ing|ed) my {_PAPERS}\b",
    re.IGNORECASE,
)
_WISHED = re.compile(
    r"(?i)\b(?:would|'d|could|can|may|might|will|'ll|shall|want to|like to|hope to|if|let|whether|to|how|did|do|"
    r"don't|never|not|n't)\b"
)


_MEET = named("relations-meet")
_SEEN = named("relations-seen")
_TALK = named("relations-talk")
_SAY = named("relations-say")
_ANSWER = named("relations-answer")
_WROTE = named("relations-wrote")
_BEHELD = frozenset(("saw", "visited", "tried"))
_OCCASIONS = named("relations-occasions")
_PLACED = frozenset(("at", "in", "on", "during", "same", "our", "my", "her", "his", "your", "after"))
_HOPED_FOR = frozenset(("reply", "response", "answer", "respond", "hear", "heard"))
_HOPING = named("relations-hoping")
_ASKED_FOR = frozenset(("advice", "pass", "request", "connected", "thanks"))
_TOLD = _TALK | named("relations-told")
_CONTACT = (_MEET - {"class", "course", "tried"}) | _TALK | named("relations-contact")
_SUPPORT = {
    "meet": _MEET, "seen": _SEEN, "talk": _TALK, "say": _SAY, "answer": _ANSWER, "wrote": _WROTE, "told": _TOLD,
    "contact": _CONTACT, "promise": named("relations-promise"),
    "promised": named("relations-promised"),
}  # fmt: skip
_CLAIMS = tuple(
    (re.compile(pattern, re.IGNORECASE), _SUPPORT[kind], kind not in ("say", "wrote"))
    for kind, pattern in (line.split(" :: ") for line in lines("contact"))
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
    for pattern, support, mutual in _CLAIMS:
        for match in pattern.finditer(folded):
            start = max(folded.rfind(c, 0, match.start()) for c in ".?!\n") + 1
            if _WISHED.search(folded[start : match.start()][-25:]) or _told_of(told, support, brief, mutual):
                continue
            said = text.text[match.start() : match.end()].strip()
            yield Unsupported(said, f"Neither draft nor notes tell of this contact: “{said}”.", "meeting")


def _attached(told: Told) -> bool:
    tokens = (token for source in told.index.texts for token in source.tokens)
    return any(token.low == "pfa" or token.low.startswith(("attach", "enclos")) for token in tokens)


def _told_of(told: Told, support: frozenset[str], brief: Brief | None, mutual: bool) -> bool:
    for sentence in told.sentences:
        source = told.index.texts[sentence.text]
        spots = [
            p
            for p in range(sentence.first, sentence.last)
            if source.tokens[p].low in support and _supports(source, p, told, drafted=sentence.text == 0)
        ]
        if not spots or (mutual and not _between_both(told, sentence, brief)):
            continue
        if any(not denied(source, sentence.first, p + 1, p, 4) for p in spots):
            return True
    return False


def _supports(source: Text, p: int, told: Told, *, drafted: bool) -> bool:
    """Whether a word tells of contact where it stands: "saw her", "at the fair", "said no"; not "saw the post"."""
    low = source.tokens[p].low
    before = source.tokens[p - 1].low if p else ""
    if low in _BEHELD:
        after = [token.low for token in source.tokens[p + 1 : p + 4]]
        return bool({"her", "him", "you", "me", "them", "us", "each"} & set(after[:1])) or bool(
            told.theirs & set(after)
        )
    if drafted and low in _HOPED_FOR:
        first, last = source.sentence(p)
        return not {token.low for token in source.tokens[first:last]} & _HOPING
    if low == "both":  # "both sites" is no contact
        after = [token.low for token in source.tokens[p + 1 : p + 3]]
        return before in ("we", "us") or after == ["of", "us"]
    if low in _OCCASIONS and source.tokens[p].gap == "-":
        return False
    if low in _OCCASIONS:
        ahead = {token.low for token in source.tokens[max(0, p - 6) : p]}
        return bool(ahead & _PLACED) or {"from", "the"} <= ahead
    if low == "no":
        return before in ("said", "says", "a", "the", "her", "his", "your", "got", "as", "wrote")
    return not (drafted and low in _ASKED_FOR)


def _between_both(told: Told, sentence: Sentence, brief: Brief | None) -> bool:
    """Whether a sentence has both sides in it, or leaves out who: "we met", "I wrote to her", "sent it on 3 May"."""
    source = told.index.texts[sentence.text]
    lows = {t.low for t in source.tokens[sentence.first : sentence.last]}
    start, end = source.tokens[sentence.first].start, source.tokens[sentence.last - 1].end
    past = brief.history if brief else ()
    if any(e.start < end and start < e.end and (e.source == "draft") == (sentence.text == 0) for e in past):
        return True
    ours = bool(lows & {"we", "us", "our"}) or bool(sentence.together)
    mine = bool(lows & {"i", "me", "my"} or lows & told.mine)
    theirs = bool(lows & {"he", "she", "him", "her", "his", "you", "your", "they", "them"} or lows & told.theirs)
    bare = not lows & {"i", "he", "she", "they", "you"} and tells(source, sentence.first)
    left_out = bool(lows & {"him", "her", "them"}) and not mine
    addressed = sentence.text == 0 and bool(lows & {"you", "your"})
    return ours or (mine and theirs) or bare or left_out or addressed or (theirs and not brief)
