"""What each comma-separated piece of a note is: a clause, a verb without its subject, a role, years or a phrase."""

from __future__ import annotations

import re
from typing import Literal

from assistant.voice import grammar

Sort = Literal["clause", "verb", "going", "passive", "done", "role", "years", "preposition", "phrase"]
_PERSONAL = grammar.words("personal")
_STATE = grammar.words("state")
_PASSIVE = grammar.words("passive")
_STRONG = grammar.words("strong")
_FIELDS = grammar.words("fields")
_ADJECTIVE = frozenset([*_STATE, "advanced", "experienced", "skilled", "articled", "associated", "signed", "automated"])


def lookup(word: str) -> str:
    return word.strip('.,;:!?()"“”').casefold().replace("’", "'")


def role_length(words: list[str]) -> int:
    """How many leading words name what a person is ("final year ECE student" of "… from Coimbatore"), or 0."""
    stops = grammar.PREPOSITIONS | {"and", "who", "for", "but", "then", "ex", "since", "–", "-", "/"}
    end = 0
    for index, word in enumerate(words):
        low = lookup(word)
        if low in stops and low != "ex" and index:
            break
        if word.startswith("(") or (grammar.is_number(low) and not re.match(r"\d+(?:st|nd|rd|th)|[CF]\d", low)):
            break
        owned = low.endswith("'s")
        if index and not owned and (low in grammar.DETERMINERS or low in grammar.PRONOUNS or "'" in low):
            break
        end = index + 1
        if word[-1] in ",;:)":
            break
    while end and (
        lookup(words[end - 1]) in {"year", "level", "grade", "class", "band"} or words[end - 1][0].isdigit()
    ):
        end -= 1
    if not 0 < end <= 7:
        return 0
    head = words[end - 1].strip(",;:.()")
    first = lookup(words[0])
    if not head or first in grammar.PREPOSITIONS or first in grammar.words("counting"):
        return 0
    if first in {"ex", "former"} and end > 1:
        return end
    proper = end > 1 and head[0].isupper() and not head.isupper() and words[0][0].islower()
    grade = end > 1 and head.casefold() in {"senior", "junior"}
    if not (grade or grammar.is_role_noun(head)) or proper or "/" in head:
        return 0
    if grammar.is_past(first) and first not in _ADJECTIVE and end > 1:
        return 0
    third = grammar.base_of_third(first)
    if third is not None and end > 1 and (not grammar.noun_too(third) or third in _PERSONAL):
        return 0
    after = lookup(words[end]) if end < len(words) else ""
    if after in grammar.PRONOUNS:
        return 0
    verb_like = (
        end == 1
        and grammar.is_base(first)
        and (after in grammar.DETERMINERS or (grammar.is_number(after) and not is_time(words, end)))
    )
    return 0 if verb_like else end


def is_time(words: list[str], index: int) -> bool:
    return (
        index + 1 < len(words)
        and grammar.is_number(lookup(words[index]))
        and not re.match(r"\d+(?:st|nd|rd|th)$", lookup(words[index]))
        and lookup(words[index + 1]) in grammar.TIME_UNITS
    )


def finite(words: list[str], start: int = 1) -> int:
    """The index of the first verb that can carry a sentence on its own, or 0; what is quoted does not count."""
    quoted = next((i for i, word in enumerate(words) if word.endswith(":") or word[0] in '"“'), len(words))
    for index in range(start, min(quoted + 1, len(words))):
        before = lookup(words[index - 1])
        if before == "that" and index > 1 and lookup(words[index - 2]) in grammar.PREPOSITIONS:
            continue
        if before in grammar.words("subordinate") or (before == "to" and grammar.is_base(lookup(words[index]))):
            return 0
        if before in grammar.DETERMINERS or before == "to":
            continue
        if _carries(words, index):
            return index
    return 0


def _carries(words: list[str], index: int) -> bool:
    low, before = lookup(words[index]), lookup(words[index - 1])
    if low in grammar.MODALS and words[index][0].isupper():
        return False
    following = words[index + 1] if index + 1 < len(words) else ""
    after = lookup(following)
    if low in grammar.BE_HAVE_DO or low in grammar.MODALS or low in grammar.words("auxiliaries") or low in _STRONG:
        return True
    if low == "got" and before not in grammar.BE_HAVE_DO:
        return True
    past = grammar.is_past(low) and not grammar.same_in_past(low)
    if past and not grammar.is_participle(low):
        return True
    year = re.fullmatch(r"(?:19|20)\d\d", after)
    object_follows = after in grammar.DETERMINERS | grammar.PRONOUNS or (grammar.is_number(after) and not year)
    if past and low in grammar.CHANGE_VERBS:
        alone = low.endswith("ed") and low not in {"used", "asked", "saved"}
        return object_follows or (after not in grammar.PREPOSITIONS - {"from", "to", "by"} if after else alone)
    if past:
        return object_follows or (following[:1].isupper() and low != "dated")
    if grammar.base_of_third(low):
        return object_follows and not grammar.is_number(before)
    plural = before.endswith("s") and grammar.is_base(low) and index > 1
    return plural and (after in grammar.DETERMINERS | grammar.PRONOUNS or not grammar.noun_too(low))


def _verb_first(words: list[str], index: int) -> Sort | None:
    """What a verb at `index` makes of the piece, or None where it is as likely a noun."""
    low = lookup(words[index])
    after = lookup(words[index + 1]) if index + 1 < len(words) else ""
    if low.endswith("ed") and len(words) == index + 2 and not after.endswith("s") and after not in grammar.PRONOUNS:
        return None
    ready = (
        after in grammar.DETERMINERS | grammar.PRONOUNS | grammar.PREPOSITIONS | grammar.ADVERBS
        or (grammar.is_number(after) and not is_time(words, index + 1))
        or not after
        or after.endswith("'s")
    )
    if (low, after) in {("laid", "off"), ("let", "go"), ("made", "redundant")}:
        return "passive"
    if low in _PASSIVE:
        return "passive" if after in grammar.PREPOSITIONS or not after or after.isdigit() else None
    if low in _STATE:
        if after in grammar.PREPOSITIONS and low != "trained":
            return "passive"
        return "verb" if low == "trained" and ready else None
    if low in {"done", "been", "seen", "written", "given", "taken", "driven", "spoken", "known"}:
        return "done"
    if (low in grammar.MODALS or low in grammar.words("helpers")) and after in grammar.PRONOUNS:
        return None
    if low in grammar.MODALS or low in {"had", "have", "has", "am", "was", "did", "used"}:
        return "verb"
    if grammar.is_past(low) and not ready and " → " in " ".join(words):
        return None
    if grammar.is_past(low) and not grammar.same_in_past(low):
        return None if not ready and _leads_noun(words, index) else "verb"
    if low in _ADJECTIVE and not ready and low != "trained":
        return None
    if grammar.is_base(low) and grammar.noun_too(low) and after in {"down", "up"} and not grammar.is_past(low):
        return None
    if grammar.is_base(low) and grammar.noun_too(low) and grammar.is_number(after):
        return "verb" if grammar.same_in_past(low) else None
    if grammar.same_in_past(low) and not ready and len(words) > index + 3 and after not in {"design", "up"}:
        return None if finite(words, index + 1) else "verb"
    if after == "of" and grammar.is_base(low) and grammar.noun_too(low):
        return None  # "design of two gardens"
    base = low if grammar.is_base(low) else grammar.base_of_third(low)
    if base is not None and (_verbal(low, base, after) if low != base else ready or not grammar.noun_too(base)):
        return "verb"
    going = low.endswith("ing") and len(low) > 5 and after
    if going and (ready or (grammar.is_base(low[:-3]) and low not in _FIELDS and not finite(words, index + 1))):
        return "going"
    return None


def _verbal(third: str, base: str, after: str) -> bool:
    """Whether a leading form in -s is a verb ("runs trauma trials") rather than a plural ("talks at meetups")."""
    if after in {"who", "that", "which"}:
        return False
    if not grammar.noun_too(base):
        return True
    if after in grammar.PREPOSITIONS or not after:
        return base in _PERSONAL
    return after not in grammar.BE_HAVE_DO and not grammar.is_past(after)


def _leads_noun(words: list[str], index: int) -> bool:
    """Whether a past form only describes the noun before the real verb ("rejected loads fell from 4 to 1")."""
    end = finite(words, index + 2)
    between = words[index:end]
    joining = {"that", "and", "which", "who", "so", "then", "where", "when", "how"}
    return bool(end) and not joining & {lookup(word) for word in between} and not any(w.endswith(",") for w in between)


def lead_words(words: list[str]) -> int:
    """How many leading adverbs ("still", "now", "not") stand before what decides."""
    index = 0
    while index < len(words) - 1 and (
        lookup(words[index]) in grammar.ADVERBS | {"not"} or lookup(words[index]).endswith("ally")
    ):
        index += 1
    return index


def sort_piece(piece: str) -> tuple[Sort, int]:
    """What a piece of a note is, and where its deciding word stands."""
    words = piece.split()
    lead = lead_words(words)
    low = lookup(words[lead])
    subject = re.sub(r"'\w+$", "", low)
    if subject in {"i", "we", "he", "she", "they", "you", "it", "there", "that's", "this", "that"} and (
        len(words) > lead + 1
    ):
        return "clause", lead
    if role_length(words[lead:]):
        return "role", lead
    if grammar.is_number(low) and is_time(words, lead):
        return "years", lead
    if found := _verb_first(words, lead):
        return found, lead
    if low in grammar.PREPOSITIONS:
        stated = len(words) > 3 and finite(words, 3)
        if stated and lookup(words[stated - 1]) not in grammar.PREPOSITIONS and words[0] != words[0].lower():
            return "clause", lead
        inside = any(re.sub(r"'\w+$", "", lookup(word)) in {"i", "we", "she", "he", "you"} for word in words[1:])
        return ("clause" if inside else "preposition"), lead
    if any(re.sub(r"'\w+$", "", lookup(word)) in {"i", "we"} for word in words[1:4]) and low not in {"and", "but"}:
        return ("clause" if finite(words) else "phrase"), lead
    return ("clause" if finite(words, lead + 1) else "phrase"), lead
