"""Statements turned, exchanged or made up: owners, proofs, links, attachments, meetings, ties, pairs of facts."""

from __future__ import annotations

import random
import re

from eval.corrupt_text import CALENDAR, Case, facts, insert, sources_text, swap
from eval.corrupt_words import DIGITS

_TURN = {
    "i": "you",
    "i'm": "you're",
    "i've": "you've",
    "my": "your",
    "me": "you",
    "mine": "yours",
    "we": "you",
    "our": "your",
    "you": "I",
    "you're": "I'm",
    "you'd": "I'd",
    "i'd": "you'd",
    "you've": "I've",
    "your": "my",
    "yours": "mine",
}


# What follows "you" where somebody does something to you: "pitched you 1,200 words", "asked you if".
_OBJECT = re.compile(
    r"(?i)\W*$|[,;]| (?:\d|about|to|for|at|on|in|if|an?|the|my|your|with|from|after|before|what|how|whether|last|again|"
    r"when|by|and|one|some|this|that)\b"
)


def _turn(sentence: str) -> str:
    lead = len(sentence) - len(sentence.lstrip())

    def other(m: re.Match[str]) -> str:
        new = _TURN[m.group().casefold()]
        if new == "I" and _OBJECT.match(sentence[lead + m.end() :]):
            new = "me"
        return (
            new[0].upper() + new[1:]
            if (m.group()[0].isupper() and not m.group().startswith("I")) or m.start() == 0
            else new
        )

    pattern = r"\b(?:I'm|I've|I|my|me|mine|we|our|you're|you've|you'd|I'd|yours|your|you)\b(?!')"
    body = re.sub(pattern, other, sentence[lead:], flags=re.IGNORECASE)
    objects = r"\b(to|with|for|of|at|sent|found|messaged|emailed|asked|drove|gave|told|showed|met|from|like) I\b(?!')"
    body = re.sub(objects, r"\1 me", body)
    return sentence[:lead] + body.replace("I are", "I am").replace("I were", "I was").replace(
        "you was", "you were"
    ).replace("you am", "you are").replace("You am", "You are")


def owner(case: Case, text: str, rng: random.Random) -> str | None:
    together = re.compile(r"(?i)\b(?:we|both|together|us|met|same)\b")
    options = [
        swap(text, s.span(), _turn(s.group()))
        for s in facts(text)
        if re.match(r"\s*(?:I|I've|My|You|You've|Your|At|In|On|Last)\b", s.group())
        and re.search(r"(?i)\b(?:I|I've|my|you|your|you've)\b", s.group())
        and re.search(r"\d|\b[A-Z][a-z]+", s.group().strip()[2:])
        and not together.search(s.group())
        and not re.match(
            r"\s*(?:I'd|(?:I|You) (?:can|could|may|might)|I'll|You'll|I want|I won't|I hope|I would|I see|I saw|"
            r"I read|I heard|I understand|I know|I wrote|I asked|I'm writing|I'm apply)",
            s.group(),
        )
        and _turn(s.group()) != s.group()
    ]
    options = [o for o in options if o.split("\n")[-1] == text.split("\n")[-1]]
    return rng.choice(options) if options else None


_PROOFS = (
    "I'm a pharmacy student.",
    "I bring ten years of experience in the field.",
    "I won an award for this work last year.",
    "I led a team of twelve engineers.",
    "I increased sales by 40%.",
    "i have a degree in economics and a strong track record.",
    "I recently published a paper on it.",
    "My work saved the company over a million dollars.",
    "I speak fluent Mandarin.",
    "I founded a startup in this space.",
    "I am certified in first aid.",
    "I volunteer at an animal shelter on weekends.",
    "I graduated top of my class.",
    "I have extensive experience with machine learning.",
    "I trained over fifty new staff.",
    "I'm currently working as a marketing intern.",
    "with my background in logistics, I can hit the ground running.",
)


def proof(case: Case, text: str, rng: random.Random) -> str | None:
    known = sources_text(case).casefold()
    own = [p for p in _PROOFS if not any(w in known for w in re.findall(r"[a-z]{6,}", p.casefold()))]
    return insert(text, rng.choice(own), rng) if own else None


def link(case: Case, text: str, rng: random.Random) -> str | None:
    found = list(re.finditer(r"\S+@\S+\.\w+|(?:https?://|www\.)\S+\w|\b[\w-]+\.(?:com|org|net|io|co\.uk)\b\S*", text))
    if found:
        m = rng.choice(found)
        raw = m.group()
        at = rng.randrange(len(raw) - 5)
        altered = raw[:at] + ("x" if raw[at] != "x" else "y") + raw[at + 1 :]
        return swap(text, m.span(), altered)
    made = (
        "You can see my work at www.my-portfolio.com.",
        "My email is jsmith@gmail.com.",
        "I'm on linkedin.com/in/jane-doe-4411.",
        "See https://bit.ly/3xYz for more.",
        "You can find me as @jane_makes.",
    )
    return insert(text, rng.choice(made), rng)


_ATTACHED = (
    "I've attached my CV.",
    "Please find my resume attached.",
    "My portfolio is attached.",
    "I have enclosed my cover letter.",
    "I attach a short summary of my work.",
    "My CV is below.",
    "Attached is my resume.",
    "I'm including my CV here.",
)


def attachment(case: Case, text: str, rng: random.Random) -> str | None:
    if re.search(r"(?i)attach|enclos|\bcv\b|resume|résumé|portfolio|cover letter", sources_text(case)):
        return None
    return insert(text, rng.choice(_ATTACHED), rng)


_MEETINGS = (
    "It was great to meet you last week.",
    "As we discussed, I'd like to hear more.",
    "Thanks for taking the time to speak with me.",
    "I enjoyed our conversation.",
    "When we met, you encouraged me to write.",
    "It was lovely talking to you.",
    "As promised, here is my note.",
    "Following up on our call.",
    "We met briefly at the conference.",
    "You told me to get in touch.",
    "I hope you remember me.",
    "Thank you for your reply.",
    "Nice meeting you the other day.",
    "We spoke last month.",
)


def meeting(case: Case, text: str, rng: random.Random) -> str | None:
    known = r"(?i)\b(?:met|meet|meeting|talk\w*|spoke\w*|speak|said|told|asked|call|discuss\w*|chat\w*|"
    known += r"conversation|wrote|replied|reply|remember\w*)\b"
    # Who was taught, sat beside or rung may be asked to remember: no corruption there.
    known += r"|\b(?:taught|together|sat|we both|both of us|rang|phoned|colleague\w*)\b"
    if re.search(known, sources_text(case)) or case["slots"]["history"]:
        return None
    return insert(text, rng.choice(_MEETINGS), rng)


_TIES = (
    "Our mutual friend suggested that I write to you.",
    "A former colleague of yours gave me your name.",
    "We have several mutual connections.",
    "My mentor speaks highly of you.",
    "My sister works with you.",
    "Your colleague Martin Osei told me to contact you.",
)


def tie(case: Case, text: str, rng: random.Random) -> str | None:
    if re.search(
        r"(?i)friend|colleague|coworker|mutual|mentor|sister|team|work(?:s|ed) (?:with|together)", sources_text(case)
    ):
        return None
    return insert(text, rng.choice(_TIES), rng)


def exchanged(case: Case, text: str, rng: random.Random) -> str | None:
    """Two numbers of the text change places, each keeping the noun of the other."""
    spans = [_at(m, s.start()) for s in facts(text) for m in re.finditer(DIGITS, s.group())]
    pairs = [
        (a, b)
        for i, a in enumerate(spans)
        for b in spans[i + 1 :]
        if text[a[0] : a[1]] != text[b[0] : b[1]] and _counted(text, a) != _counted(text, b)
        # "12 or 19 Dec" says the same as "19 or 12 Dec".
        if not re.fullmatch(r"\s*(?:\w+\s+)?or\s*", text[a[1] : b[0]])
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
    found = [(m, s.start()) for s in facts(text) for m in re.finditer(pattern, s.group())]
    spans = [(m.start(1) + offset, m.end(1) + offset) for m, offset in found]
    spans = [s for s in spans if text[s[0] : s[1]].casefold() not in CALENDAR]
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
