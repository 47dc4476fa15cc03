"""Single facts changed: numbers, units, names, ranks, dates, denials and hedges."""

from __future__ import annotations

import random
import re

from eval.corrupt_text import CALENDAR, DAYS, MONTHS, SHORT, Case, facts, sources_text, swap

DIGITS = re.compile(r"(?<![\w.,:/-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w:/]|[.,]\d)")


def number(case: Case, text: str, rng: random.Random) -> str | None:
    spans = [m for m in DIGITS.finditer(text) if not re.match(r"(?:19|20)\d\d$", m.group())]
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
    known = set(re.findall(r"\d+", sources_text(case).replace(",", "")))
    options = [o for o in options if o not in known and not o.startswith("0") and float(o) != float(plain)]
    return swap(text, span.span(), rng.choice(options)) if options else None


_UNITS = [
    ("minutes", "hours"),
    ("minute", "hour"),
    ("min", "hours"),
    ("hours", "minutes"),
    ("hour", "day"),
    ("days", "weeks"),
    ("weeks", "months"),
    ("week", "month"),
    ("months", "years"),
    ("years", "months"),
    ("yrs", "months"),
    ("year", "month"),
    ("%", " points"),
    ("%", "k"),
    ("km", "miles"),
    ("kg", "g"),
    ("£", "$"),
    ("$", "€"),
    ("€", "£"),
]


def unit(case: Case, text: str, rng: random.Random) -> str | None:
    options = []
    for old, new in _UNITS:
        pattern = rf"(?<=\d){re.escape(old)}" if old in "%" else rf"(?<=\d )\b{old}\b"
        if old in "£$€":
            pattern = rf"{re.escape(old)}(?=\d)"
        options += [swap(text, m.span(), new) for m in re.finditer(pattern, text)]
    return rng.choice(options) if options else None


_STRANGERS = (
    "Priscilla Tobias Oduya Marchetti Kowalczyk Svensson Bramwell Delacroix Nakagawa Farouk Lindqvist Yusuf".split()
)
_FIRMS = ["Northwind Systems", "Brightwater", "Acme Corp", "Kestrel & Finch", "Halden Group", "BlueRiver"]


def name(case: Case, text: str, rng: random.Random) -> str | None:
    known = sources_text(case).casefold()
    spans = [
        m
        for m in re.finditer(r"(?<=[a-z,] )[A-Z][\w'-]+", text)
        if re.search(rf"\b{re.escape(m.group().casefold())}\b", known) and len(m.group()) > 2
    ]
    spans = [m for m in spans if m.group().casefold() not in CALENDAR]
    strangers = [s for s in _STRANGERS if s.casefold() not in known]
    return swap(text, rng.choice(spans).span(), rng.choice(strangers)) if spans else None


def company(case: Case, text: str, rng: random.Random) -> str | None:
    spans = list(re.finditer(r"(?<=\b(?:at|of|in|to) )(?:the )?(?:[A-Z][\w'-]+(?: & | ))*[A-Z][\w'-]+", text))
    spans = [m for m in spans if m.group().casefold() not in CALENDAR]
    return swap(text, rng.choice(spans).span(), rng.choice(_FIRMS)) if spans else None


_ROLES = (
    r"(?i)\b(?:nurse|engineer|developer|analyst|designer|manager|teacher|technician|assistant|officer|coordinator|"
    r"supervisor|librarian|editor|accountant|planner|buyer|researcher|consultant|architect|electrician|writer|operator)\b"
)


def role(case: Case, text: str, rng: random.Random) -> str | None:
    spans = [m for s in facts(text) for m in re.finditer(_ROLES, text[s.start() : s.end()])]
    offsets = [s.start() for s in facts(text) for _ in re.finditer(_ROLES, text[s.start() : s.end()])]
    if not spans:
        return None
    i = rng.randrange(len(spans))
    start, end = spans[i].start() + offsets[i], spans[i].end() + offsets[i]
    known = sources_text(case).casefold()
    raised = [w for w in ("senior", "lead", "principal", "chief", "head") if w not in known]
    after = [w for w in ("manager", "director", "lead") if w not in known]
    choices = [swap(text, (start, start), w + " ") for w in raised] + [swap(text, (end, end), " " + w) for w in after]
    if "phd" not in known:
        choices.append(swap(text, (end, end), " with a PhD"))
    return rng.choice(choices) if choices else None


def date(case: Case, text: str, rng: random.Random) -> str | None:
    known = sources_text(case).casefold()
    options = []
    for names in (MONTHS, SHORT, DAYS):
        for m in re.finditer(rf"\b(?:{'|'.join(names)})\b(?!-)", text):
            if m.group() in ("May", "Mar") and not re.search(
                r"(?:\d|in|since|by|of|until|early|late) $", text[: m.start()]
            ):
                continue
            others = [n for n in names if n[:3].casefold() not in known]
            options += [swap(text, m.span(), rng.choice(others))] if others else []
    for m in re.finditer(r"\b((?:19|20)\d\d)\b", text):
        options += [
            swap(text, m.span(), str(int(m[1]) + step)) for step in (-1, 1) if str(int(m[1]) + step) not in known
        ]
    for m in re.finditer(rf"\b(\d{{1,2}}) (?={'|'.join(SHORT)})", text):
        day = str(int(m[1]) % 28 + 1)
        options += [] if re.search(rf"\b{day}\b", known) else [swap(text, m.span(1), day)]
    return rng.choice(options) if options else None


_DENIES = r"(?i)\b(?:not|never|no|none|nobody|nothing|without|cannot|zero|0|\w+n't|dont|cant|didnt|w/o)\b"


def _denied(case: Case, words: str) -> bool:
    """Whether draft or notes deny what some words say, so that they are false without their "not"."""
    clauses = [c.casefold() for c in re.split(r"[.;!?\n]", sources_text(case)) if re.search(_DENIES, c)]
    own = [w[:5] for w in re.findall(r"[a-z]{4,}", words.casefold())[:4]]
    return any(word in clause for word in own for clause in clauses)


def negation_dropped(case: Case, text: str, rng: random.Random) -> str | None:
    """A denial that draft or notes hold, taken off; one that the rewrite put in ("no need to answer") claims little."""
    options = []
    for s in facts(text):
        for m in re.finditer(r"\b(?:not|never) |n't\b|(?<=with )no |(?<=have )no |\bnone\b|\bwithout\b", s.group()):
            if re.search(
                r"(?i)n't (?:worry|mind|hesitate|need)|no (?:problem|reply|need)|not asking|not (?:selling|after)",
                s.group(),
            ):
                continue
            if re.search(r"(?i)\b(?:if|unless|whether|please)\b|^\W*(?:do|should)$", s.group()[: m.start()]):
                continue
            start, end = s.start() + m.start(), s.start() + m.end()
            if not _denied(case, s.group()[m.end() :]):
                continue
            if m.group() == "n't":
                kept = text[:start] + "n" if text[:start].endswith(" ca") else text[:start]
                options += [] if text[:start].endswith(" wo") else [kept + text[end:]]
            elif m.group() == "none" or s.group()[m.start() - 1 : m.start()] == '"':
                continue
            elif not re.search(r"(?:or|whether or|why|of) $", text[:start]):
                options.append(swap(text, (start, end), "with" if m.group() == "without" else ""))
    return rng.choice(options) if options else None


def negation_added(case: Case, text: str, rng: random.Random) -> str | None:
    changes = (
        (r"\bI've (?=\w+ed\b|been|worked|run|done|built)", "I haven't "),
        (r"\bI was\b", "I was not"),
        (r"\bI'm (?=an? )", "I'm not "),
        (r"\bI (?=\w+ed\b|built|ran|made|led|wrote)", "I never "),
        (r"\b[Yy]ou (?=\w+ed\b|said|wrote|ran|built|spoke|gave)", "you never "),
        (r"\bwere\b", "were not"),
        (r"\b(?<=\w )is\b", "is not"),
        (r"\bYou're (?=the |an? |on )", "You're not "),
    )
    options = []
    for s in facts(text):
        if re.search(r"n't\b|\bnot\b|\bnever\b|\bno\b", s.group()):
            continue
        for pattern, new in changes:
            options += [
                swap(text, (s.start() + m.start(), s.start() + m.end()), new)
                for m in re.finditer(pattern, s.group())
                if not re.search(r"(?i)\b(?:if|unless|whether)\b|\bas it $", s.group()[: m.start()])
            ]
    return rng.choice(options) if options else None


_HEDGES = r"\b(?:only|almost|nearly|about|around|roughly|at least|up to|mostly|so far|partly|probably|under|over)\b ?"


def _told(word: str, next_word: str) -> str:
    """A hedge of the sources within a word of what it bears on in the rewrite, before it or behind it.

    "Over 4 quarters" from "over the last 4 quarters" only tells when.
    """
    if word in ("over", "under") and next_word.isdigit():
        return rf"\b{word} {next_word}\b"
    hedge = rf"(?:\b{word}\b|~|approx\S*)"
    return rf"{hedge}(?:\W+\w+)?\W*{next_word}\b|\b{next_word}\W+(?:\w+\W+)?{word}\b"


def hedge_lost(case: Case, text: str, rng: random.Random) -> str | None:
    known = sources_text(case).casefold()
    options = []
    for s in facts(text):
        for m in re.finditer(_HEDGES, s.group()):
            word = m.group().strip().casefold()
            near = re.match(r"\d|[a-z]+\b", s.group()[m.end() :])
            if word in ("about", "around", "under", "over", "up to", "at least") and not (
                near and near.group().isdigit()
            ):
                continue
            if word == "only" and re.match(r"(?:one )?(?:thing|question|follow)", s.group()[m.end() :]):
                continue
            if near and re.search(_told(word, near.group()), known):
                options.append(swap(text, (s.start() + m.start(), s.start() + m.end()), ""))
    return rng.choice(options) if options else None


def condition_lost(case: Case, text: str, rng: random.Random) -> str | None:
    """A condition that draft or notes set, in its own words, taken off the statement it bears on.

    "Asked if" sets none, without its "until" a statement stays true, and what only may or might be stays open.
    """
    told = re.findall(r"(?i)\b(?:if|unless) ([^.;?!\n]+)", sources_text(case))
    conditions = [set(re.findall(r"[a-z]{4,}|\d+", clause.casefold())) for clause in told]
    asks = r"(?i)\b(?:ask\w*|tell|told|know|see|check|whether|wonder\w*|decide\w*|mind|understand|said|may|might|"
    asks += r"could|would)\b"
    options = []
    for s in facts(text):
        for m in re.finditer(r"(?<=\w) (?:if|unless) ([^.;?!]+)", s.group()):
            own = set(re.findall(r"[a-z]{4,}|\d+", m[1].casefold()))
            if re.search(asks, s.group()[: m.start()]) or not any(len(own & c) >= min(2, len(own)) for c in conditions):
                continue
            if own and len(s.group()[: m.start()].split()) > 3:
                options.append(swap(text, (s.start() + m.start(), s.end()), "."))
    asked = r"(?i)(?:please|just|say|no |that|it|i understand|i'll understand|feel|don't|ignore|tell|i'd be glad)"
    for m in re.finditer(r"(?m)(?:(?<=[.?!] )|^)(?:If|Unless) ([^,.?!\n]+), (\w)([^.?!\n]{15,}\.)", text):
        own = set(re.findall(r"[a-z]{4,}|\d+", m[1].casefold()))
        states = not re.match(asked, m[2] + m[3])
        if own and states and any(len(own & c) >= min(2, len(own)) for c in conditions):
            options.append(swap(text, m.span(), m[2].upper() + m[3]))
    return rng.choice(options) if options else None
