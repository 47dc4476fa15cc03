"""Excerpts cut to size: no bullets, keys or loose punctuation, neighbours joined, doubles dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.reader_features import Tagged
from assistant.records import Excerpt, Slot
from assistant.segments import Stretch, trimmed

_LEAD = re.compile(
    r"(?:[\s\-*•·>|=:,;.–—/→]|(?:me|mine|proof|why|ask|offer|target|history|role|job|want|q|question|exit|about)"
    r"[ \t]*(?::|=|->|-(?=\s))|(?:and|but|also|plus)[ \t]+(?=\S))+",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:role|job|post|position|vacancy|opening|ad|req|q|question|ask)[ \t]+(?=[A-Z\"“'‘])|ask[ \t]+(?=\d)"
)
_SELF = re.compile(r"(?:i['’]?m|i am|im|myself|me)[ \t,:]+(?=\S)", re.IGNORECASE)
_TAIL = re.compile(r"[\s,;:\-–—|/=(.]+$")
_SHORT = re.compile(r"(?:\b[A-Z]|\b[ap]\.m|\betc|\bUniv|\bInc|\bLtd|\bCo)\.$")
_CLOSING = {'"': '"', "(": ")", "“": "”", "‘": "’", "[": "]"}


def trim(text: str, start: int, end: int, slot: Slot) -> Stretch | None:
    """The stretch without bullets, keys ("me:", "proof -") and loose punctuation at its ends, its brackets closed."""
    for pattern in (_LEAD, _LABEL if slot in {"target", "ask"} else _SELF if slot == "about" else None):
        match = pattern.match(text, start, end) if pattern else None
        if match and match.end() < end:
            start = match.end()
    tail = _TAIL.search(text[start:end])
    if tail and not _SHORT.search(text[start:end]):
        end = start + tail.start()
    said = text[start:end]
    for opening, closing in _CLOSING.items():
        odd = said.count(opening) % 2 if opening == closing else said.count(opening) > said.count(closing)
        if odd and text[end : end + 1] == closing:
            end += 1
        elif odd and said.startswith(opening):
            start += 1
    if said.endswith(")") and said.count(")") > said.count("("):
        end -= 1
    return trimmed(text, start, end)


def merged(text: str, tags: Iterable[Tagged]) -> list[Tagged]:
    """Neighbours of the same slot with nothing but a comma or the like between them are one excerpt."""
    found: list[Tagged] = []
    for tag in sorted(tags, key=lambda t: t.start):
        if found and found[-1].label == tag.label and re.fullmatch(r"[ \t,&+]*", text[found[-1].end : tag.start]):
            found[-1] = Tagged(tag.label, found[-1].start, tag.end)
        else:
            found.append(tag)
    return found


def unique(excerpts: Sequence[Excerpt]) -> tuple[Excerpt, ...]:
    """Without those whose words another one already says; the first of equals stays."""
    kept: list[Excerpt] = []
    for one in excerpts:
        folded = one.text.casefold()
        if any(folded in other.text.casefold() for other in kept):
            continue
        kept = [k for k in kept if k.text.casefold() not in folded]
        kept.append(one)
    return tuple(kept)


def outside(text: str, stretch: Stretch, banned: Sequence[Stretch]) -> Stretch | None:
    """What comes before the first banned part, if that is more than a word or two."""
    start, end = stretch.start, stretch.end
    for part in banned:
        if start < part.end and part.start < end:
            end = min(end, part.start)
            if len(text[start:end].split()) < 3:
                return None
    return trim(text, start, end, "proof")
