"""What a model leaves in its reply that is no part of a message: placeholders, preambles, tokens, broken ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

_SLOT = r"(?:name|first name|last name|full name|company|company name|role|job title|position|title|date|email|phone|sender|recipient|signature|contact information|organi[sz]ation|city|link|address)"
_MARKS: tuple[tuple[str, str], ...] = (
    ("a placeholder is left in", r"\{\{.*?\}\}|\{%|\{[a-z_ ]{2,30}\}|\[[^\]\n]{1,60}\]|<[A-Za-z][\w' -]{1,30}>"),
    (
        "a placeholder is left in",
        r"\bX{3,}\b|_{3,}|\bTBD\b|\bTBC\b|\blorem ipsum\b|\binsert \w+ here\b|%[A-Z_]{2,}%|\$\{?[A-Z_]{3,}",
    ),
    (
        "a placeholder is left in",
        rf"(?im)^(?:dear |hi |hello )?(?:\W*)(?:your|the|recipient(?:'s)?|sender(?:'s)?|my)?\s*{_SLOT}[,.!]?\s*$",
    ),
    (
        "a placeholder is left in",
        r"(?i)\b(?:my name is|i'm|i am|dear|hi|hello)\s+(?:your name|recipient|sender|name)\b|\b(?:company|recipient|sender|job) name\b",
    ),
    ("the model's thinking is left in", r"(?i)</?(?:think|thinking|reasoning|reflection)>"),
    (
        "a control token is left in",
        r"<\|[^|>\n]{1,40}\|?>|\[/?INST\]|<</?SYS>>|</?s>|<(?:start|end)_of_turn>|<(?:bos|eos|pad|unk)>",
    ),
    (
        "a control token is left in",
        r"(?im)^\s*#{2,}\s*(?:instruction|response|input|system)|^\s*(?:assistant|user|system|human|ai)\s*:",
    ),
    ("markdown is left in", r"(?m)```|~~~|\*\*[^*\n]+\*\*|^#{1,6}\s"),
    (
        "it speaks of the task",
        r"(?i)\bas an ai\b|\blanguage model\b|\bi(?:'m| am) an ai\b|\bhere(?:'s| is| are) (?:a|an|the|my|your|some)\b[^.\n]{0,60}:\s*$",
    ),
    (
        "it speaks of the task",
        r"(?i)\b(?:rewritten|revised|improved|polished|final|updated) (?:message|version|draft|email|text|note)\b",
    ),
    (
        "it speaks of the task",
        r"(?i)\bi(?:'ve| have)? (?:rewrote|rewritten|revised|rephrased|edited) (?:(?:the|your|this) (?:message|email|draft|text|note|letter)|it\b)|\bthe user(?:'s)?\b|\bthe (?:sender|recipient)(?:'s|\b)",
    ),
    (
        "it speaks of the task",
        r"(?im)^\s*(?:notes?|draft|message|rewrite|explanation|changes(?: made)?|output|answer|reply|word count|kind|facts|context)\s*:",
    ),
    (
        "it speaks of the task",
        r"(?i)\bi (?:can't|cannot|can not|am unable to|'m unable to) (?:assist|help with|fulfil|fulfill|comply|provide)\b|\bthe (?:draft|notes) (?:says?|mentions?|and notes)\b|\b(?:previous|above|these) instructions\b",
    ),
    ("characters are damaged", "\N{REPLACEMENT CHARACTER}|Ã.|â€"),
)
_PREAMBLE = re.compile(
    r"(?i)\A\W*(?:(?:sure|certainly|of course|absolutely|okay|ok|great)[,!.]?\s+(?:here|i|below|let)|"
    r"here(?:'s| is| are)\b[^\n]{0,80}:|below is|the following is|this is (?:a|the) (?:rewritten|revised|message))"
)
_CLOSINGS = re.compile(
    r"(?i)^(?:(?:many |with )?thanks?(?: you)?|(?:with )?(?:all )?(?:kind|best|warm|kindest|warmest|good)?\s*(?:regards|wishes)|"
    r"best|cheers|sincerely|respectfully|yours(?: \w+)?|peace|ciao|cordially|all the best|take care|gratefully|love)[^\n]{0,30}$"
)
_END = re.compile(r"[.!?…][\"')\]]*")
_PARTICLES = {
    "van",
    "von",
    "der",
    "den",
    "de",
    "del",
    "della",
    "di",
    "da",
    "dos",
    "do",
    "la",
    "le",
    "el",
    "al",
    "bin",
    "ibn",
    "ten",
    "ter",
    "zu",
    "af",
    "y",
    "e",
    "and",
    "&",
}


def leftovers(text: str) -> tuple[str, ...]:
    """Reasons why a text is no finished message, each once; empty where there are none."""
    return tuple(dict.fromkeys(_reasons(text.replace("’", "'"))))


def _reasons(text: str) -> Iterator[str]:
    if not re.search(r"\w", text):
        yield "it is empty"
        return
    if _PREAMBLE.search(text):
        yield "it begins with a preamble"
    body = re.sub(r"(?im)^\s*forwardable note:\s*$", "", text)
    for reason, pattern in _MARKS:
        if re.search(pattern, body):
            yield reason
    if any(map(_repeats, re.split(r"(?im)^\s*forwardable note:\s*$", text))):
        yield "it repeats itself"
    if _cut_off(body):
        yield "it breaks off in mid-sentence"


def _repeats(text: str) -> bool:
    sentences = [s.strip().casefold() for s in re.split(r"(?<=[.!?])\s+|\n", text)]
    if any(count > 1 for s, count in Counter(s for s in sentences if len(s.split()) >= 6).items()):
        return True
    words = re.findall(r"\w+", text.casefold())
    runs = Counter(tuple(words[i : i + 6]) for i in range(len(words) - 5))
    return any(count > 2 for count in runs.values())


def _cut_off(text: str) -> bool:
    last = text.strip().splitlines()[-1].strip()
    ends = [m.end() for m in _END.finditer(last)]
    tail = last[ends[-1] :].strip() if ends else last
    words = [w for w in re.split(r"[\s|/·–—]+", tail.split(",")[0]) if re.search(r"\w", w)]
    if not words or _CLOSINGS.match(tail):
        return False
    if re.search(r"https?://\S+$|www\.\S+$|@[\w.]+$|\d{5,}$", last) or (len(words) == 1 and last == tail):
        return False
    named = all(w[0].isupper() or w in _PARTICLES or not w[0].isalpha() for w in words)
    return tail[-1] in ",;:-(" or len(tail.split()) > 6 or not (named or (len(words) <= 2 and len(last.split()) <= 2))
