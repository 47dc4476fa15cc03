"""Words as the gate compares them: folded, split with their offsets, and reduced to what inflection leaves alone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.facts.lexicon import named, pairs

_LETTER_FOLDS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_PUNCTUATION = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "´": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‑": "-", "−": "-"}
)
_TLD = "(?:" + "|".join(sorted(named("tld"), key=len, reverse=True)) + ")"
_TOKEN = re.compile(
    rf"""
    (?P<link>https?://[^\s<>"')\]]+ | www\.[^\s<>"')\]]+
      | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
      | (?<![\w@])@\w[\w.]*
      | (?<![\w.@])(?:[\w-]+\.)+{_TLD}\b(?:/[^\s<>"')\]]*)?(?![\w.]*\w@))
  | (?P<number>(?<!\w)(?:[£$€¥₹₦]\ ?)?(?>\d+(?:[.,:]\d+)*)(?![^\W_]))
  | (?P<word>\bw/(?:out|o)?(?![\w/])|\bw/(?=[^\W\d_]) | (?:[^\W_]|[£$€¥₹₦](?=\d))+(?:[.,]\d+[^\W_]*)*(?:'[^\W\d_]+)*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CONTRACTIONS = {
    "won't": ("will", "not"),
    "can't": ("can", "not"),
    "shan't": ("shall", "not"),
    "cannot": ("can", "not"),
}
_SHORTENED = named("text-shortened")
_BARE = {
    **{f"{w}nt": (w, "not") for w in named("text-auxiliaries")},
    "cant": ("can", "not"), "wont": ("will", "not"), "w/o": ("without",), "w/out": ("without",), "w/": ("with",),
}  # fmt: skip
_TAILS = {"m": "am", "re": "are", "ve": "have", "ll": "will"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or link. `low` is folded for comparing; `gap` is the text between it and the token before."""

    text: str
    low: str
    start: int
    end: int
    kind: Literal["word", "number", "link"]
    gap: str
    capital: bool


def plain(text: str) -> str:
    """The text with typographic quotes and dashes made plain, every character still at its offset."""
    return text.translate(_PUNCTUATION)


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Case, diacritics and compatibility forms removed ("Żaneta" → "zaneta")."""
    flat = unicodedata.normalize("NFKD", word.casefold()).translate(_LETTER_FOLDS)
    return "".join(c for c in flat if not unicodedata.combining(c))


def umlaut_spelling(word: str) -> str | None:
    """How a German name is typed without umlauts ("Müller" → "mueller"), or None when it has none."""
    low = word.casefold()
    spelled = low.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return fold(spelled) if spelled != low else None


def tokenize(text: str) -> list[Token]:
    """Splits a text; contractions give two tokens at one place ("don't" → do, not), possessives lose their 's."""
    text = plain(text)
    tokens: list[Token] = []
    last = 0
    for match in _TOKEN.finditer(text):
        raw, start, end = match.group(), match.start(), match.end()
        gap, kind = text[last:start], match.lastgroup
        if gap.startswith(".") and tokens and tokens[-1].low in _SHORTENED and "\n" not in gap:
            gap = gap[1:]
        if kind == "link":
            trimmed = raw.rstrip(".,;:!?'")
            end = start + len(trimmed)
            tokens.append(Token(trimmed, _link(trimmed), start, end, "link", gap, False))
        elif kind == "number" or raw[0] in "£$€¥₹₦" or raw[0].isdigit():
            tokens.append(Token(raw, fold(raw), start, end, "number", gap, False))
        else:
            for position, low in enumerate(_parts(raw)):
                tokens.append(Token(raw, low, start, end, "word", "" if position else gap, raw[0].isupper()))
        last = end
    return tokens


def _parts(raw: str) -> tuple[str, ...]:
    low = fold(raw)
    if low in _CONTRACTIONS or low in _BARE:
        return _CONTRACTIONS.get(low) or _BARE[low]
    if low.endswith("n't") and len(low) > 3:
        return low[:-3], "not"
    head, _, tail = low.partition("'")
    if not tail:
        return (low,)
    if tail in _TAILS:
        return head, _TAILS[tail]
    return (head,) if tail in ("s", "d") else (low.replace("'", ""),)


def _link(raw: str) -> str:
    low = re.sub(r"^(?:https?://)?(?:www\.)?", "", raw, flags=re.IGNORECASE)
    host, slash, path = low.partition("/")
    return host.casefold() + (slash + path).rstrip("/")


@lru_cache(maxsize=20_000)
def lemma(low: str) -> str:
    """What number and tense leave alone; a final e is always dropped, so the result is a key and not a word."""
    low = pairs("irregular").get(low, low)
    n = len(low)
    if n > 4 and low.endswith("ies"):
        low = low[:-3] + "y"
    elif n > 4 and low.endswith(("sses", "shes", "ches", "xes", "zes")):
        low = low[:-2]
    elif n > 3 and low.endswith("s") and not low.endswith(("ss", "us", "is")):
        low = low[:-1]
    for ending in ("ing", "ied", "ed"):
        stem = low[: -len(ending)]
        if low.endswith(ending) and len(stem) >= 3 - (ending == "ied") and re.search(r"[aeiouy]", stem):
            low = stem + "y" if ending == "ied" else _undouble(stem)
            break
    if len(low) > 3 and low.endswith("e"):
        low = low[:-1]
    return low[:-1] + "i" if len(low) > 2 and low.endswith("y") else low


def _undouble(stem: str) -> str:
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "aeiouls":
        return stem[:-1]
    return stem


_DERIVED = (
    *("isation", "ization", "ational", "fulness", "iveness", "ations"),
    *("ation", "ition", "ement", "ments", "ability", "ingly", "edly", "ously", "ically"),
    *(
        "ment",
        "ness",
        "tion",
        "sion",
        "able",
        "ible",
        "ship",
        "ance",
        "ence",
        "ances",
        "ences",
        "ally",
        "ical",
        "ious",
        "less",
        "ings",
    ),
    *("ion", "ing", "ity", "ive", "ful", "ist", "ant", "ent", "ous", "ial", "ise", "ize", "iz", "is", "est"),
    *("er", "or", "al", "ic", "li", "at", "ti", "i"),
)


@lru_cache(maxsize=20_000)
def root(low: str) -> str:
    """The lemma without its derivational ending ("application", "applying" → one root)."""
    key = lemma(low)
    for _ in range(2):
        for ending in _DERIVED:
            if key.endswith(ending) and len(key) - len(ending) >= 4:
                key = key[: -len(ending)]
                break
    return key
