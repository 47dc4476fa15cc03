"""The outside of a letter: subject line, greeting, sign-off, and the names of both people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.names import TITLES, is_role, looks_like_name, name_at
from assistant.segments import TOKEN, Stretch, lines, sentences, trimmed

_SUBJECT = re.compile(r"\s*(?:subject|subj|betreff|re)[ \t]*:[ \t]*([^\n]*)\n?", re.IGNORECASE)
_HAIL = re.compile(
    r"(?:dear(?:est)?|hello+|hi+(?: there)?|hey+(?: there)?|hiya|howdy|yo|sup|greetings|alright|ciao|hola|bonjour|"
    r"hallo|salut|namaste|salaam|assalamu alaikum|shalom|to whom it may concern|good (?:morning|afternoon|evening|day)|"
    r"respected|attention|attn)\b",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"[ \t]*(?:(?:the|hiring|recruitment|hr)[ \t]+)*(?:[A-Za-z]+[ \t]+)?"
    r"(?:sirs?(?:[ /]*(?:or|and|/)?[ ]*madam)?|madam|ma'?am|team|managers?|all|every(?:one|body)|folks|guys|friend|"
    r"there|recruiter|committee|colleagues?|professor|prof|doctor|coach|chef|concerned)\b",
    re.IGNORECASE,
)
_CLOSE = re.compile(
    r"(?:(?:with |my )?(?:best|kind|kindest|warm|warmest|many)? ?(?:regards|wishes|respect)|best|all the best|cheers|"
    r"ta|thanks?(?: you)?(?: (?:so|very) much| so so much| a lot| again| in advance| kindly| from|"
    r" for your (?:time|consideration)(?: and \w+)?| ?(?:&|and) (?:best |kind |warm )?regards)*|many thanks|thx|tnx|ty|"
    r"(?:big )?hugs|thanking you|blessings|cordially|humbly|faithfully|obediently|"
    r"yours(?: (?:very )?(?:sincerely|faithfully|truly|respectfully|obediently|ever|cordially))?|sincerely(?: yours)?|"
    r"respectfully(?: yours)?|mit freundlichen gr(?:ü|ue)(?:ß|ss)en|(?:viele |liebe )?gr(?:ü|ue)(?:ß|ss)e|mfg|lg|"
    r"cordialement|merci|(?:un )?saludos?|gracias|saluti|grazie|abraços?|obrigad[oa]|"
    r"(?:with |lots of )?love|xx+|warmly|fondly|your (?:biggest )?fan|in hope|[-–—]|take care|"
    r"looking forward|god bless|with gratitude|gratefully|br|rgds|signed)"
    r"(?![\w'’])[ \t]*[,.!:\n-]*[ \t]*",
    re.IGNORECASE,
)
_NOTE = re.compile(r"^[ \t]*forwardable note[ \t]*:", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Letter:
    """Where the parts of a letter stand; `body` are its sentences between greeting and sign-off, and any note after."""

    subject: str | None
    greeting: Stretch | None
    addressed: Stretch | None
    signoff: Stretch | None
    signed: Stretch | None
    body: tuple[Stretch, ...]


def _greeting(text: str, start: int) -> tuple[Stretch | None, Stretch | None]:
    """The greeting and, in it, the name greeted."""
    while start < len(text) and text[start].isspace():
        start += 1
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    hail = _HAIL.match(text, start, end)
    at = hail.end() if hail else start
    while at < end and text[at] in " \t,":
        at += 1
    name = name_at(text, at, end)
    if name and text[name.start : name.end].endswith(("'s", "’s")):
        name = None
    if hail and name is None:
        gap = _OFFICE.match(text, at, end)
        at = gap.end() if gap and not text[hail.end() : at].strip() else hail.end()
        while at < end and text[at] in " \t":
            at += 1
        # A name in small letters is one only where the greeting plainly ends after it.
        lower = name_at(text, at, end, any_case=True) if not gap else None
        if lower:
            words = [*TOKEN.finditer(text, lower.start, lower.end)]
            if len(words) > 1 and words[0].group() in TITLES:
                name = Stretch(lower.start, next(w.end() for w in words[1:] if w.group() != "."))
            elif len(words) <= 3 and text[lower.end : lower.end + 1] in {",", "!", "\n"}:
                name = lower
    # Without a hail, a name greets only where a comma or the end of its line follows it.
    alone = name and (text[name.end : name.end + 1] == "," or (name.end == end and "\n" in text[end:]))
    if hail is None and not alone:
        return None, None
    finish = name.end if name else at
    if not name:
        finish = max(finish, hail.end() if hail else start)
    while finish < end and text[finish] in ",.!:;?-— \t":
        finish += 1
    stretch = trimmed(text, start, finish)
    return stretch, name


def _signed_name(text: str, start: int, end: int) -> Stretch | None:
    """A name that is all there is at `start:end`, apart from one added line or phrase after it."""
    stretch = trimmed(text, start, end)
    if not stretch:
        return None
    name = name_at(text, stretch.start, stretch.end)
    if name is None and re.fullmatch(r"[A-Z]\.?", text[stretch.start : stretch.end]):
        return Stretch(stretch.start, stretch.start + 1)
    if name is None:
        single = re.fullmatch(r"[^\W\d_]{2,14}(?: [^\W\d_]{2,14})?", text[stretch.start : stretch.end])
        return stretch if single and stretch.start and "\n" in text[:start] else None
    rest = text[name.end : stretch.end].strip(" .!,")
    if not rest or rest[0] in "\n(|/–—-" or text[name.end] in ",\n":
        return name
    return None


def _signoff(text: str, start: int, end: int) -> tuple[Stretch | None, Stretch | None]:
    """The sign-off and, in it, the name signed: a closing phrase, a name alone on the last line, or both."""
    best: tuple[Stretch | None, Stretch | None] = (None, None)
    for match in _CLOSE.finditer(text, start, end):
        before = text[: match.start()].rstrip(" \t")
        at_start = not before or before[-1] in ".!?,\n)…" or not before[-1].isalnum()
        tail = text[match.end() : end].strip()
        if not at_start or len(tail) > 90 or len(tail.splitlines()) > 4:
            continue
        name = _signed_name(text, match.end(), end)
        if name or not tail.strip(".!,- ") or all(not c.isalnum() for c in tail):
            return trimmed(text, match.start(), end), name
        if tail and re.fullmatch(r"[^\w]*", tail):
            best = trimmed(text, match.start(), end), None
    if best[0]:
        return best
    last = text.rfind("\n", start, end)
    if last > start:
        name = _signed_name(text, last + 1, end)
        if name and len(text[last + 1 : end].split()) <= 6:
            return trimmed(text, last + 1, end), name
    # "…this week. Rosco": a name alone after the last full stop.
    final = re.search(r"[.!?]\s+([^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,2})[ .]*$", text[start:end])
    if final and not re.search(r"\b(?:" + "|".join(("Thanks", "Please")) + r")\b", final.group(1)):
        words = final.group(1).split()
        if all(looks_like_name(w.strip(".")) or (len(w.strip(".")) == 1 and w.isupper()) for w in words):
            at = start + final.start(1)
            return Stretch(at, end), Stretch(at, at + len(final.group(1).rstrip(".")))
    return None, None


@lru_cache(maxsize=64)
def read_letter(text: str) -> Letter:
    """Takes a draft or a message apart; a text that is no letter has a body and nothing else."""
    at, subject = 0, None
    head = _SUBJECT.match(text)
    if head and head.end() < len(text.rstrip()):
        at, subject = head.end(), head.group(1).strip() or None
    greeting, addressed = _greeting(text, at)
    start = greeting.end if greeting else at
    note = _NOTE.search(text, start)
    end = note.start() if note else len(text)
    while end > start and text[end - 1].isspace():
        end -= 1
    signoff, signed = _signoff(text, start, end)
    stop = signoff.start if signoff else end
    body = [s for part in ((start, stop), (note.end() if note else end, len(text))) for s in _within(text, *part)]
    return Letter(subject, greeting, addressed, signoff, signed, tuple(body))


def _within(text: str, start: int, end: int) -> list[Stretch]:
    if start >= end:
        return []
    return [Stretch(s.start + start, s.end + start) for s in sentences(text[start:end])]


# --- whose name is whose, by the words around it ------------------------------------------------------------------

_SELF = re.compile(
    r"(?<![\w'’])(?:i['’ ]?a?m|my name(?: is|['’]s)|this is|it['’]s|myself|i,|i:|i \(|i -|name of me|sender|"
    r"sign(?:ed)?(?: as)?|from me|me|mine|from|signature)[ \t]*(?:[:=|,(]|->|→|-+|–|—)?[ \t]*(?:is[ \t]+)?(?=\S)",
    re.IGNORECASE,
)
_THEM = re.compile(
    r"(?<![\w'’])(?:to|recipient(?: is)?|whom?|for|contact|person|target|her|him|them|s?he|writing to|wr[io]te(?: to)?|"
    r"wrote to|emailed|messaged|mailed|texted|dm'?d|sent|ask(?:ed|ing)|met|recruiter|forwarder(?: is)?|mentor|"
    r"the person|addressee|attn|reader|answering|ask goes to)[ \t]*(?:[:=|]|->|→|-+|–|—)?[ \t]*(?=\S)",
    re.IGNORECASE,
)


def name_cues(text: str) -> list[tuple[Stretch, str]]:
    """Every stretch that looks like a name, with the cue before it: "self", "them", "start" (of a line) or ""."""
    found: list[tuple[Stretch, str]] = []
    starts = {s.start for s in lines(text)}
    sentence_starts = {s.start for s in sentences(text)}
    cues = {m.end(): "them" for m in _THEM.finditer(text)} | {m.end(): "self" for m in _SELF.finditer(text)}
    taken = 0
    for match in TOKEN.finditer(text):
        if match.start() < taken:
            continue
        cue = cues.get(match.start(), "")
        folded = match.group().casefold()
        if not (looks_like_name(match.group()) or folded in TITLES or cue):
            continue
        name = name_at(
            text,
            match.start(),
            len(text),
            any_case=cue == "self" and text[max(0, match.start() - 3) : match.start()].rstrip()[-1:] in {":", "="},
        )
        if name is None or is_role(text[name.start : name.end]):
            continue
        if not cue and re.match(r"\s+here\b", text[name.end : name.end + 8]):
            cue = "self"
        if not cue:
            cue = "start" if name.start in starts else ("sentence" if name.start in sentence_starts else "")
        found.append((name, cue))
        taken = name.end
    return found
