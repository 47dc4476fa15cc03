"""What a reply can thank for: "she did send me the link" → "the link"."""

from __future__ import annotations

import re

from assistant.voice import grammar
from assistant.voice.clean import clean
from assistant.voice.person import name_forms, second_person
from assistant.voice.pieces import lookup

_FOR = (
    r"\bthank(?:s|ful| you)?,? (?:(?:him|her|them|you|u) )?(?:so much |again )?for "
    r"(?:(?:the|that|this|your|sending|giving|sharing)(?: me)? )*"
)
_GAVE = (
    r"\b(?:she|he|they|you|{names}|and)(?: also| did| even| kindly| has| have)* "
    r"(?:sent|send|gave|give|shared|share|attached|lent|forwarded|passed on) (?:me |us |my \w+ )?(?:the |a |an |some )?"
)
_WHAT = r"(?P<what>(?:\b(?:Mrs?|Ms|Dr|Prof|St)\.|[^.:;,!?()\n])+)"
# Nothing to be thankful for by itself: the answer, the time that it took, or the offer that is declined.
_EMPTY = re.compile(
    r"^(?:nothing|(?:(?:my|your|his|her|their) )?(?:time|reply|replying|answer|answering|e?-?mail|message|offer|"
    r"response|"
    r"reading(?! (?:list|group|room|material))|letting|telling|getting|coming|everything|all|understanding|"
    r"consideration|it|that|this|no|a no|cv|details)\b)",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"\s+(?:and|but|because|so|though|although|when|if|which|who|while|as|they|he|she|we|you|I)\b.*$", re.IGNORECASE
)


def thanked_for(text: str, *, recipient: str = "", sender: str = "") -> str:
    """What the reader gave, sent or showed, as words after "Thank you for"; "" where draft or note names nothing."""
    note = clean(text)
    names = "|".join(re.escape(form) for form in name_forms(recipient)) or "she"
    for pattern in (_FOR, _GAVE.replace("{names}", names)):
        for match in re.finditer(pattern + _WHAT, note, re.IGNORECASE):
            what = _NEXT.sub("", match["what"]).strip()
            turned = second_person(what, recipient, sender) or ""
            if (
                turned
                and not _EMPTY.match(turned)
                and len(turned.split()) <= 9
                and not re.search(r"\b(?:me|I)\b", turned)
            ):
                first = lookup(turned.split()[0])
                after = lookup(turned.split()[1]) if " " in turned else ""
                deed = first.endswith("ing") and after in grammar.DETERMINERS | grammar.PRONOUNS
                bare = first not in grammar.DETERMINERS and not turned[0].isupper() and not deed
                return f"the {turned}" if bare or first in {"a", "an"} else turned
    return ""
