"""What a model leaves in its reply that is no part of a message: placeholders, preambles, tokens, broken ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from assistant.facts.lexicon import lines, named

_MARKS = tuple((reason, re.compile(pattern)) for reason, pattern in (line.split(" :: ") for line in lines("leftovers")))
_PREAMBLE = re.compile(
    r"(?i)\A\W*(?:(?:sure|certainly|of course|absolutely|okay|ok|great)[,!.]?\s+(?:here|i|below|let)|"
    r"here(?:'s| is| are)\b[^\n]{0,80}:|below is|the following is|this is (?:a|the) (?:rewritten|revised|message))"
)
_CLOSINGS = re.compile(
    r"(?i)^(?:(?:many |with )?thanks?(?: you)?|"
    r"(?:with )?(?:all )?(?:kind|best|warm|kindest|warmest|good)?\s*(?:regards|wishes)|best|"
    r"cheers|sincerely|respectfully|yours(?: \w+)?|peace|ciao|cordially|all the best|take care|gratefully|love)"
    r"[^\n]{0,30}$"
)
_END = re.compile(r"[.!?…][\"')\]]*")
_PARTICLES = named("particles")


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
        if pattern.search(body):
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
    if not words or _CLOSINGS.match(tail) or _signed(text):
        return False
    if re.search(r"https?://\S+$|www\.\S+$|@[\w.]+$|\d{5,}$", last) or (len(words) == 1 and last == tail):
        return False
    named = all(w[0].isupper() or w in _PARTICLES or not w[0].isalpha() for w in words)
    return tail[-1] in ",;:-(" or len(tail.split()) > 6 or not (named or (len(words) <= 2 and len(last.split()) <= 2))


def _signed(text: str) -> bool:
    """Whether the last line tells who the name above it is: "Ana Ruiz", then "Year 5 teacher"."""
    above, _, last = text.strip().rpartition("\n")
    name = above.rpartition("\n")[2].strip().split()
    named = 0 < len(name) <= 4 and all(w[0].isupper() or w.casefold() in _PARTICLES for w in name)
    short = len(last.split()) <= 6 and last[:1].isupper() and not re.search(r"[,;:\-(]$", last)
    return named and short and not re.search(r"[.!?,:]$", " ".join(name))
