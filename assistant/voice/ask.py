"""Turning what a note says was asked into the question itself: if he'd refer me → Would you refer me?"""

from __future__ import annotations

import re

from assistant.voice import grammar
from assistant.voice.clean import clean, close
from assistant.voice.person import name_forms, second_person
from assistant.voice.pieces import lookup

_ASKED = re.compile(
    r"^(?:.*?\b)?(?:i |we )?(?:asked|ask(?:ing)?|requested|wants? to (?:ask|know|hear)|"
    r"would like to (?:ask|know)|"
    r"wondering)\b"
    r"(?: (?:him|her|them|you|{names}))?(?: \([^)]*\))?"
    r"(?: (?:on )?(?:the )?\d{1,2}(?:st|nd|rd|th)? \w+| \w+ (?:days?|weeks?|months?) ago| last \w+)?[:,]?\s+",
)
_TO = re.compile(
    r"^(?:please |pls |would (?:he|she|you) |could (?:he|she|you) |can (?:he|she|you) |to )+", re.IGNORECASE
)
# What was asked for, up to the next detail.
_FOR = re.compile(r"for ((?:an?|one|the|my|some) [^,;(]+)")
_IF = re.compile(r"^(?:if|whether)\s+", re.IGNORECASE)
_SHORT = {"'d": "would", "'ll": "will", "'re": "are", "'ve": "have", "'s": "is", "'m": "am"}
_SUBJECT = re.compile(
    r"^(?P<who>I|you|we|they|it|there)(?:(?P<short>['’](?:d|ll|re|ve|m|s))|"
    r"\s+(?P<verb>\w+(?:n['’]t)?))\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_OPENS = re.compile(r"^(?:how|what|which|who|when|where|why)\b", re.IGNORECASE)
# What one asks for is done, not felt.
_WISHES = frozenset({"want", "need", "like", "hope", "wish", "know", "be", "have", "get", "let", "offer"})
_HELPS = (
    "is",
    "are",
    "was",
    "were",
    "has",
    "can",
    "could",
    "would",
    "should",
    "will",
    "may",
    "might",
    "do",
    "does",
    "did",
    "am",
    "have",
    "had",
)


def as_request(text: str, *, recipient: str = "", sender: str = "") -> str:
    """What was asked, as one question to the reader; "" where it is none, or cannot be turned surely.

    "asked her to look at my plan" → "Could you look at my plan?"; "whether the post is open" → "Is the post open?".
    """
    names = "|".join(re.escape(form) for form in name_forms(recipient)) or "him"
    told = re.sub(_ASKED.pattern.replace("{names}", names), "", clean(text), count=1, flags=re.IGNORECASE)
    turned = second_person(told, recipient, sender)
    if not turned:
        return ""
    turned = re.sub(r"[\s.?!]+$", "", turned)
    if rest := _IF.match(turned):
        made = _inverted(turned[rest.end() :])
    elif re.match(
        r"(?:could|would|can|will|do|did|are|is|should|may|have) (?:you|i|we|it|the|they)\b", turned, re.IGNORECASE
    ):
        made = turned
    elif re.match(r"you(?:['’]d| would| could) .* or ", turned, re.IGNORECASE):
        made = _inverted(turned)
    elif thing := _FOR.match(turned):
        made = f"could I have {thing.group(1)}"
    elif "?" in text or "," in turned or _OPENS.match(turned):
        made = ""
    else:
        made = _could(_TO.sub("", turned))
    return close(f"{made}?") if made else ""


def _inverted(clause: str) -> str:
    """The order of a question: "you'd refer me" → "would you refer me"."""
    if match := _SUBJECT.match(clause):
        who = "I" if match["who"].casefold() == "i" else match["who"].lower()
        verb = _SHORT[match["short"].replace("’", "'").lower()] if match["short"] else match["verb"].lower()
        if verb in _HELPS:
            return f"{verb} {who} {match['rest']}"
        return f"do {who} {verb} {match['rest']}" if grammar.is_base(verb) else ""
    words = clause.split()
    helps = [i for i, word in enumerate(words) if lookup(word) in _HELPS]
    named = words and lookup(words[0]) in grammar.DETERMINERS | {"somebody", "someone", "anybody", "anyone"}
    return " ".join([words[helps[0]], *words[: helps[0]], *words[helps[0] + 1 :]]) if named and len(helps) == 1 else ""


def _could(doing: str) -> str:
    """A bare verb with somebody to do it: "look at my plan" → "could you look at my plan"."""
    words = doing.split()
    if len(words) < 2 or not grammar.is_base(lookup(words[0])) or lookup(words[0]) in _WISHES:
        return ""
    if re.search(r"\b(?:is|are|was|were)\b", doing) and not re.search(r"\b(?:if|that|wh\w+|how)\b", doing):
        return ""
    after = lookup(words[1])
    sure = after in grammar.DETERMINERS | grammar.PRONOUNS | grammar.PREPOSITIONS or not grammar.noun_too(
        lookup(words[0])
    )
    return f"could you {words[0].lower()} {' '.join(words[1:])}" if sure else ""
