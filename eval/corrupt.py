"""Measures the gate: corrupted rewrites it must catch, honest variants it must pass.

    python -m eval.corrupt models/corpus/validation.jsonl [--show SORT]

Every corruption is drawn by a fixed seed from hand-written rewrites that the gate passes as they are, so that what is
caught is caught for the corruption. A sort is counted only where a case has something to corrupt.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.facts import leftovers, unsupported
from assistant.records import SLOTS, Brief, Document, Excerpt

Case = dict[str, Any]
SEED = 20261122


@dataclass(frozen=True, slots=True)
class Sample:
    """One text held against its case's sources: `sort` is the corruption or the honest variant made of it."""

    case: Case
    sort: str
    text: str


Change = Callable[[Case, str, random.Random], str | None]


def documents(case: Case) -> tuple[Document, Document]:
    """Draft and notes as the product reads them."""
    return Document("draft", case["draft"]), Document("notes", case["context"])


def brief(case: Case) -> Brief:
    """The brief of a case's marked slots, each string found in the notes or else in the draft."""
    filled: dict[str, tuple[Excerpt, ...]] = {}
    for slot in SLOTS:
        found = []
        for text in case["slots"].get(slot, ()):
            for name, whole in (("notes", case["context"]), ("draft", case["draft"])):
                if (start := whole.find(text)) >= 0:
                    line = whole.count("\n", 0, start) + 1
                    found.append(Excerpt(text, name, start, start + len(text), line))
                    break
        filled[slot] = tuple(found)
    return Brief(**filled)


def _sources(case: Case) -> str:
    return f"{case['draft']}\n{case['context']}"


def _swap(text: str, span: tuple[int, int], new: str) -> str:
    return text[: span[0]] + new + text[span[1] :]


def _sentences(text: str) -> list[re.Match[str]]:
    return [m for m in re.finditer(r"(?:[^.?!\n]|[.?!](?=[\w\"]))+[.?!]?", text) if len(m.group().split()) > 2]


_WAY_OUT = re.compile(
    r"(?i)^\W*(?:if|or if|no |say|please|feel free|could|would|can|may|do you|thanks|thank|and if|let me|tell|a no|it's fine)"
)


def _facts(text: str) -> list[re.Match[str]]:
    """The sentences that state something: no question, no request, no way out."""
    return [m for m in _sentences(text) if not m.group().endswith("?") and not _WAY_OUT.match(m.group())]


def _insert(text: str, sentence: str, rng: random.Random) -> str | None:
    ends = [m.end() for m in _facts(text)]
    return _swap(text, (at := rng.choice(ends), at), f" {sentence}") if ends else None


# --- corruptions ------------------------------------------------------------------------------------------------

_DIGITS = re.compile(r"(?<![\w.,:/-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w:/]|[.,]\d)")


def number(case: Case, text: str, rng: random.Random) -> str | None:
    spans = [m for m in _DIGITS.finditer(text) if not re.match(r"(?:19|20)\d\d$", m.group())]
    spans = [m for m in spans if not re.match(r"\s*(?:am|pm)\b", text[m.end() :])]
    if not spans:
        return None
    span = rng.choice(spans)
    raw = span.group()
    plain = raw.replace(",", "")
    options = [str(int(float(plain)) + rng.choice((1, 2, 3, 10))), plain[::-1]]
    if "." not in plain:
        options.append(plain + "0" if plain.strip("0") else "7")
    if len(plain) == 1:
        options[1] = "1" + plain
    known = set(re.findall(r"\d+", _sources(case).replace(",", "")))
    options = [o for o in options if o not in known and not o.startswith("0") and float(o) != float(plain)]
    return _swap(text, span.span(), rng.choice(options)) if options else None


_UNITS = [
    ("minutes", "hours"), ("minute", "hour"), ("min", "hours"), ("hours", "minutes"), ("hour", "day"), ("days", "weeks"),
    ("weeks", "months"), ("week", "month"), ("months", "years"), ("years", "months"), ("yrs", "months"), ("year", "month"),
    ("%", " points"), ("%", "k"), ("km", "miles"), ("kg", "g"), ("£", "$"), ("$", "€"), ("€", "£"),
]  # fmt: skip


def unit(case: Case, text: str, rng: random.Random) -> str | None:
    options = []
    for old, new in _UNITS:
        pattern = rf"(?<=\d){re.escape(old)}" if old in "%" else rf"(?<=\d )\b{old}\b"
        if old in "£$€":
            pattern = rf"{re.escape(old)}(?=\d)"
        options += [_swap(text, m.span(), new) for m in re.finditer(pattern, text)]
    return rng.choice(options) if options else None


_STRANGERS = (
    "Priscilla Tobias Oduya Marchetti Kowalczyk Svensson Bramwell Delacroix Nakagawa Farouk Lindqvist Yusuf".split()
)
_FIRMS = ["Northwind Systems", "Brightwater", "Acme Corp", "Kestrel & Finch", "Halden Group", "BlueRiver"]


def name(case: Case, text: str, rng: random.Random) -> str | None:
    known = _sources(case).casefold()
    spans = [
        m
        for m in re.finditer(r"(?<=[a-z,] )[A-Z][\w'-]+", text)
        if re.search(rf"\b{re.escape(m.group().casefold())}\b", known) and len(m.group()) > 2
    ]
    spans = [m for m in spans if m.group().casefold() not in _CALENDAR]
    strangers = [s for s in _STRANGERS if s.casefold() not in known]
    return _swap(text, rng.choice(spans).span(), rng.choice(strangers)) if spans else None


def company(case: Case, text: str, rng: random.Random) -> str | None:
    spans = list(re.finditer(r"(?<=\b(?:at|of|in|to) )(?:the )?(?:[A-Z][\w'-]+(?: & | ))*[A-Z][\w'-]+", text))
    spans = [m for m in spans if m.group().casefold() not in _CALENDAR]
    return _swap(text, rng.choice(spans).span(), rng.choice(_FIRMS)) if spans else None


_ROLES = (
    r"(?i)\b(?:nurse|engineer|developer|analyst|designer|manager|teacher|technician|assistant|officer|coordinator|"
    r"supervisor|librarian|editor|accountant|planner|buyer|researcher|consultant|architect|electrician|writer|operator)\b"
)


def role(case: Case, text: str, rng: random.Random) -> str | None:
    spans = [m for s in _facts(text) for m in re.finditer(_ROLES, text[s.start() : s.end()])]
    offsets = [s.start() for s in _facts(text) for _ in re.finditer(_ROLES, text[s.start() : s.end()])]
    if not spans:
        return None
    i = rng.randrange(len(spans))
    start, end = spans[i].start() + offsets[i], spans[i].end() + offsets[i]
    known = _sources(case).casefold()
    raised = [w for w in ("senior", "lead", "principal", "chief", "head") if w not in known]
    after = [w for w in ("manager", "director", "lead") if w not in known]
    choices = [_swap(text, (start, start), w + " ") for w in raised] + [_swap(text, (end, end), " " + w) for w in after]
    if "phd" not in known:
        choices.append(_swap(text, (end, end), " with a PhD"))
    return rng.choice(choices) if choices else None


_MONTHS = "January February March April May June July August September October November December".split()
_SHORT = [m[:3] for m in _MONTHS]
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_CALENDAR = {w.casefold() for w in (*_MONTHS, *_SHORT, "sept", *_DAYS)}


def date(case: Case, text: str, rng: random.Random) -> str | None:
    known = _sources(case).casefold()
    options = []
    for names in (_MONTHS, _SHORT, _DAYS):
        for m in re.finditer(rf"\b(?:{'|'.join(names)})\b(?!-)", text):
            if m.group() in ("May", "Mar") and not re.search(
                r"(?:\d|in|since|by|of|until|early|late) $", text[: m.start()]
            ):
                continue
            others = [n for n in names if n[:3].casefold() not in known]
            options += [_swap(text, m.span(), rng.choice(others))] if others else []
    for m in re.finditer(r"\b((?:19|20)\d\d)\b", text):
        options += [
            _swap(text, m.span(), str(int(m[1]) + step)) for step in (-1, 1) if str(int(m[1]) + step) not in known
        ]
    for m in re.finditer(rf"\b(\d{{1,2}}) (?={'|'.join(_SHORT)})", text):
        day = str(int(m[1]) % 28 + 1)
        options += [] if re.search(rf"\b{day}\b", known) else [_swap(text, m.span(1), day)]
    return rng.choice(options) if options else None


def negation_dropped(case: Case, text: str, rng: random.Random) -> str | None:
    options = []
    for s in _facts(text):
        for m in re.finditer(r"\b(?:not|never) |n't\b|(?<=with )no |(?<=have )no |\bnone\b|\bwithout\b", s.group()):
            if re.search(
                r"(?i)n't (?:worry|mind|hesitate|need)|no (?:problem|reply|need)|not asking|not (?:selling|after)",
                s.group(),
            ):
                continue
            start, end = s.start() + m.start(), s.start() + m.end()
            if m.group() == "n't":
                kept = text[:start] + "n" if text[:start].endswith(" ca") else text[:start]
                options += [] if text[:start].endswith(" wo") else [kept + text[end:]]
            elif m.group() == "none" or s.group()[m.start() - 1 : m.start()] == '"':
                continue
            elif not re.search(r"(?:or|whether or|why|of) $", text[:start]):
                options.append(_swap(text, (start, end), "with" if m.group() == "without" else ""))
    return rng.choice(options) if options else None


def negation_added(case: Case, text: str, rng: random.Random) -> str | None:
    changes = (
        (r"\bI've (?=\w+ed\b|been|worked|run|done|built)", "I haven't "), (r"\bI was\b", "I was not"), (r"\bI'm (?=an? )", "I'm not "),
        (r"\bI (?=\w+ed\b|built|ran|made|led|wrote)", "I never "), (r"\b[Yy]ou (?=\w+ed\b|said|wrote|ran|built|spoke|gave)", "you never "),
        (r"\bwere\b", "were not"), (r"\b(?<=\w )is\b", "is not"), (r"\bYou're (?=the |an? |on )", "You're not "),
    )  # fmt: skip
    options = []
    for s in _facts(text):
        if re.search(r"n't\b|\bnot\b|\bnever\b|\bno\b", s.group()):
            continue
        for pattern, new in changes:
            options += [
                _swap(text, (s.start() + m.start(), s.start() + m.end()), new) for m in re.finditer(pattern, s.group())
            ]
    return rng.choice(options) if options else None


_HEDGES = r"\b(?:only|almost|nearly|about|around|roughly|at least|up to|mostly|so far|partly|probably|under|over)\b ?"


def hedge_lost(case: Case, text: str, rng: random.Random) -> str | None:
    known = _sources(case).casefold()
    options = []
    for s in _facts(text):
        for m in re.finditer(_HEDGES, s.group()):
            word = m.group().strip().casefold()
            near = re.match(r"\d|[a-z]+\b", s.group()[m.end() :])
            if word in ("about", "around", "under", "over", "up to", "at least") and not (
                near and near.group().isdigit()
            ):
                continue
            if re.search(rf"\b{word}\b|~|approx", known):
                options.append(_swap(text, (s.start() + m.start(), s.start() + m.end()), ""))
    return rng.choice(options) if options else None


def condition_lost(case: Case, text: str, rng: random.Random) -> str | None:
    options = []
    for s in _facts(text):
        for m in re.finditer(r"(?<=\w) (?:if|unless|until) ", s.group()):
            if re.search(
                r"(?:ask|asked|tell|told|know|see|check|out|say|said|whether|wonder\w*|decide\w*|me|mind)$",
                s.group()[: m.start()],
            ):
                continue
            if " if " in case["context"] or "unless" in case["context"] or "until" in case["context"]:
                options.append(_swap(text, (s.start() + m.start(), s.end()), "."))
    return rng.choice(options) if options else None


_TURN = {
    "i": "you", "i'm": "you're", "i've": "you've", "my": "your", "me": "you", "mine": "yours", "we": "you", "our": "your",
    "you": "I", "you're": "I'm", "you've": "I've", "your": "my", "yours": "mine",
}  # fmt: skip


def _turn(sentence: str) -> str:
    def other(m: re.Match[str]) -> str:
        new = _TURN[m.group().casefold()]
        return (
            new[0].upper() + new[1:]
            if m.group()[0].isupper() and not m.group().startswith("I") or m.start() == 0
            else new
        )

    lead = len(sentence) - len(sentence.lstrip())
    pattern = r"\b(?:I'm|I've|I|my|me|mine|we|our|you're|you've|yours|your|you)\b(?!')"
    body = re.sub(pattern, other, sentence[lead:], flags=re.IGNORECASE)
    objects = r"\b(to|with|for|of|at|sent|found|messaged|emailed|asked|drove|gave|told|showed|met|from|like) I\b(?!')"
    body = re.sub(objects, r"\1 me", body)
    return sentence[:lead] + body.replace("I are", "I am").replace("I were", "I was").replace(
        "you was", "you were"
    ).replace("you am", "you are").replace("You am", "You are")


def owner(case: Case, text: str, rng: random.Random) -> str | None:
    together = re.compile(r"(?i)\b(?:we|both|together|us|met|same)\b")
    options = [
        _swap(text, s.span(), _turn(s.group()))
        for s in _facts(text)
        if re.match(r"\s*(?:I|I've|My|You|You've|Your|At|In|On|Last)\b", s.group())
        and re.search(r"(?i)\b(?:I|I've|my|you|your|you've)\b", s.group())
        and re.search(r"\d|\b[A-Z][a-z]+", s.group().strip()[2:])
        and not together.search(s.group())
        and not re.match(
            r"\s*(?:I'd|I want|I hope|I would|I saw|I read|I heard|I understand|I know|I wrote|I asked|I'm writing|I'm apply)",
            s.group(),
        )
        and _turn(s.group()) != s.group()
    ]
    options = [o for o in options if o.split("\n")[-1] == text.split("\n")[-1]]
    return rng.choice(options) if options else None


_PROOFS = (
    "I'm a pharmacy student.", "I bring ten years of experience in the field.", "I won an award for this work last year.",
    "I led a team of twelve engineers.", "I increased sales by 40%.", "i have a degree in economics and a strong track record.",
    "I recently published a paper on it.", "My work saved the company over a million dollars.", "I speak fluent Mandarin.",
    "I founded a startup in this space.", "I am certified in first aid.", "I volunteer at an animal shelter on weekends.",
    "I graduated top of my class.", "I have extensive experience with machine learning.", "I trained over fifty new staff.",
    "I'm currently working as a marketing intern.", "with my background in logistics, I can hit the ground running.",
)  # fmt: skip


def proof(case: Case, text: str, rng: random.Random) -> str | None:
    known = _sources(case).casefold()
    own = [p for p in _PROOFS if not any(w in known for w in re.findall(r"[a-z]{6,}", p.casefold()))]
    return _insert(text, rng.choice(own), rng) if own else None


def link(case: Case, text: str, rng: random.Random) -> str | None:
    found = list(re.finditer(r"\S+@\S+\.\w+|(?:https?://|www\.)\S+\w|\b[\w-]+\.(?:com|org|net|io|co\.uk)\b\S*", text))
    if found:
        m = rng.choice(found)
        raw = m.group()
        at = rng.randrange(len(raw) - 5)
        altered = raw[:at] + ("x" if raw[at] != "x" else "y") + raw[at + 1 :]
        return _swap(text, m.span(), altered)
    made = (
        "You can see my work at www.my-portfolio.com.", "My email is jsmith@gmail.com.", "I'm on linkedin.com/in/jane-doe-4411.",
        "See https://bit.ly/3xYz for more.", "You can find me as @jane_makes.",
    )  # fmt: skip
    return _insert(text, rng.choice(made), rng)


_ATTACHED = (
    "I've attached my CV.", "Please find my resume attached.", "My portfolio is attached.", "I have enclosed my cover letter.",
    "I attach a short summary of my work.", "My CV is below.", "Attached is my resume.", "I'm including my CV here.",
)  # fmt: skip


def attachment(case: Case, text: str, rng: random.Random) -> str | None:
    if re.search(r"(?i)attach|enclos|\bcv\b|resume|résumé|portfolio|cover letter", _sources(case)):
        return None
    return _insert(text, rng.choice(_ATTACHED), rng)


_MEETINGS = (
    "It was great to meet you last week.", "As we discussed, I'd like to hear more.", "Thanks for taking the time to speak with me.",
    "I enjoyed our conversation.", "When we met, you encouraged me to write.", "It was lovely talking to you.",
    "As promised, here is my note.", "Following up on our call.", "We met briefly at the conference.", "You told me to get in touch.",
    "I hope you remember me.", "Thank you for your reply.", "Nice meeting you the other day.", "We spoke last month.",
)  # fmt: skip


def meeting(case: Case, text: str, rng: random.Random) -> str | None:
    known = r"(?i)\b(?:met|meet|meeting|talk\w*|spoke\w*|speak|said|told|asked|call|discuss\w*|chat\w*|conversation|wrote|replied|reply|remember\w*)\b"
    if re.search(known, _sources(case)) or case["slots"]["history"]:
        return None
    return _insert(text, rng.choice(_MEETINGS), rng)


_TIES = (
    "Our mutual friend suggested that I write to you.", "A former colleague of yours gave me your name.",
    "We have several mutual connections.", "My mentor speaks highly of you.", "My sister works with you.",
    "Your colleague Martin Osei told me to contact you.",
)  # fmt: skip


def tie(case: Case, text: str, rng: random.Random) -> str | None:
    if re.search(
        r"(?i)friend|colleague|coworker|mutual|mentor|sister|team|work(?:s|ed) (?:with|together)", _sources(case)
    ):
        return None
    return _insert(text, rng.choice(_TIES), rng)


def exchanged(case: Case, text: str, rng: random.Random) -> str | None:
    """Two numbers of the text change places, each keeping the noun of the other."""
    spans = [m for s in _facts(text) for m in re.finditer(_DIGITS, s.group()) for m in [_at(m, s.start())]]
    pairs = [
        (a, b)
        for i, a in enumerate(spans)
        for b in spans[i + 1 :]
        if text[a[0] : a[1]] != text[b[0] : b[1]] and _counted(text, a) != _counted(text, b)
    ]
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    return text[: a[0]] + text[b[0] : b[1]] + text[a[1] : b[0]] + text[a[0] : a[1]] + text[b[1] :]


def _at(m: re.Match[str], offset: int) -> tuple[int, int]:
    return m.start() + offset, m.end() + offset


def _counted(text: str, span: tuple[int, int]) -> str:
    return text[span[1] : span[1] + 6]


def exchanged_names(case: Case, text: str, rng: random.Random) -> str | None:
    """Two companies, places or people of the text change places."""
    pattern = r"\b(?:at|of|in|for|with|to|by) ((?:[A-Z][\w'-]+(?: & | ))*[A-Z][\w'-]+)"
    found = [(m, s.start()) for s in _facts(text) for m in re.finditer(pattern, s.group())]
    spans = [(m.start(1) + offset, m.end(1) + offset) for m, offset in found]
    spans = [s for s in spans if text[s[0] : s[1]].casefold() not in _CALENDAR]
    pairs = [
        (a, b)
        for i, a in enumerate(spans)
        for b in spans[i + 1 :]
        if not set(text[a[0] : a[1]].split()) & set(text[b[0] : b[1]].split())
    ]
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    return text[: a[0]] + text[b[0] : b[1]] + text[a[1] : b[0]] + text[a[0] : a[1]] + text[b[1] :]


CORRUPTIONS: dict[str, Change] = {
    c.__name__: c
    for c in (
        *(number, unit, name, company, role, date, negation_dropped, negation_added, hedge_lost, condition_lost, owner),
        *(proof, link, attachment, meeting, tie, exchanged, exchanged_names),
    )
}

# --- honest variants --------------------------------------------------------------------------------------------

_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()


def _each(pattern: str, new: Callable[[re.Match[str]], str]) -> Change:
    def change(case: Case, text: str, rng: random.Random) -> str | None:
        made = re.sub(pattern, new, text)
        return made if made != text else None

    return change


def _moved(case: Case, text: str, rng: random.Random) -> str | None:
    paragraphs = text.split("\n\n")
    for i in rng.sample(range(len(paragraphs)), len(paragraphs)):
        sentences = re.findall(r"(?:[^.?!]|[.?!](?=[\w\"]))+[.?!]+\s*", paragraphs[i])
        if len(sentences) > 2 and "".join(sentences) == paragraphs[i]:
            turned = [s.strip() for s in (*sentences[1:], sentences[0])]
            return "\n\n".join([*paragraphs[:i], " ".join(turned), *paragraphs[i + 1 :]])
    return None


def _first_name(case: Case, text: str, rng: random.Random) -> str | None:
    for full in (*case["slots"]["recipient"], *case["slots"]["sender"]):
        words = full.split()
        if len(words) == 2 and full in text:
            return text.replace(full, words[0])
    return None


def _initials(case: Case, text: str, rng: random.Random) -> str | None:
    known = _sources(case)
    for m in re.finditer(r"\b(?:[A-Z][a-z]+ ){2,3}[A-Z][a-z]+\b", text):
        if m.group() in known:
            return text.replace(m.group(), "".join(w[0] for w in m.group().split()))
    return None


def _date_turned(case: Case, text: str, rng: random.Random) -> str | None:
    made = re.sub(rf"\b(\d{{1,2}}) ({'|'.join((*_MONTHS, *_SHORT))})\b", r"\2 \1", text)
    return made if made != text else None


VARIANTS: dict[str, Change] = {
    "percent": _each(r"(?<=\d)%", lambda m: " percent"),
    "number words": _each(r"(?<![\w.,:/£$€-])\b([2-9]|1[0-2])\b(?![\w:/%.,-]| [A-Z]|\d)", lambda m: _WORDS[int(m[1])]),
    "thousands": _each(r"\b(\d{1,3}),(\d)00\b(?!,)", lambda m: f"{m[1]}.{m[2]}k"),
    "no separator": _each(r"\b(\d{1,3}),(\d{3})\b(?!,)", lambda m: m[1] + m[2]),
    "long units": _each(
        r"\b(yrs|mins|min|hrs|wks)\b",
        lambda m: {"yr": "years", "mi": "minutes", "hr": "hours", "wk": "weeks"}[m[1][:2]],
    ),
    "date turned": _date_turned,
    "word order": _moved,
    "first name": _first_name,
    "initials": _initials,
    "long forms": _each(r"\bI've\b", lambda m: "I have"),
    "past tense": _each(
        r"\bI run\b|\bI work\b|\bI've worked\b|\bI manage\b",
        lambda m: {"run": "I ran", "work": "I worked", "worked": "I worked", "manage": "I managed"}[
            m.group().split()[-1]
        ],
    ),
    "typographic": _each(r"'", lambda m: "’"),
    "thanks": lambda case, text, rng: _insert(text, "Thank you for your time.", rng),
}


def samples(cases: list[Case], changes: dict[str, Change]) -> Iterator[Sample]:
    """Every change made once to each of a case's rewrites that can bear it and that the gate passes as it is."""
    for case in cases:
        for key in ("plain", "rewrite"):
            text = case.get(key)
            if not text or refused(case, text):
                continue
            for sort, change in changes.items():
                made = change(case, text, random.Random(f"{SEED}:{case['id']}:{key}:{sort}"))
                if made is not None and made != text:
                    yield Sample(case, sort, made)


def refused(case: Case, text: str) -> bool:
    """Whether the gate holds a text back."""
    return bool(unsupported(text, documents(case), brief=brief(case)) or leftovers(text))


def main(path: Path, show: str = "") -> None:
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for key in ("plain", "rewrite"):
        texts = [(c, c[key]) for c in cases if c.get(key)]
        passed = sum(not refused(c, t) for c, t in texts)
        print(f"honest {key:18} {passed:5d} of {len(texts):5d} passed  {passed / len(texts):6.1%}")
    for title, changes, wanted in (("caught", CORRUPTIONS, True), ("passed", VARIANTS, False)):
        tally: dict[str, list[bool]] = {sort: [] for sort in changes}
        for sample in samples(cases, changes):
            good = refused(sample.case, sample.text) == wanted
            tally[sample.sort].append(good)
            if not good and show in (sample.sort, "all"):
                _show(sample)
        for sort, marks in tally.items():
            if marks:
                print(f"{sort:25} {sum(marks):5d} of {len(marks):5d} {title}  {sum(marks) / len(marks):6.1%}")


def _show(sample: Sample) -> None:
    print(
        f"--- {sample.case['id']} {sample.sort}\n{sample.text}\n   DRAFT {sample.case['draft']}\n   NOTES {sample.case['context']}"
    )
    for fault in unsupported(sample.text, documents(sample.case), brief=brief(sample.case)):
        print("   ", fault)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Catch rate of the gate per sort of corruption.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--show", default="", help="print the failures of one sort, or all")
    arguments = parser.parse_args()
    main(arguments.corpus, arguments.show)
