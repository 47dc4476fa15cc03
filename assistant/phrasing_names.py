"""Who is greeted and who signs: a person's name, without what the notes put around it."""

from __future__ import annotations

import re

from assistant.names import PARTICLES, TITLES
from assistant.phrasing_roles import names_role
from assistant.voice.grammar import is_listed_role

FORMAL = re.compile(r"\b(?:dear|sir|madam|respected|esteemed|sincerely|faithfully|regards)\b", re.IGNORECASE)
TITLE = re.compile(r"^(?:Dr|Mr|Mrs|Ms|Prof|Professor|Judge)\b", re.IGNORECASE)
NOBODY = re.compile(
    r"(?:sirs?|madam|ma'am|everyone|team|all|whom|st|marketing|hiring|sales|support|hr|architect|prospect|"
    r"client|customer)\b",
    re.IGNORECASE,
)
NO_NAME = frozenset("whatever thanks sorry please regards fine okay anyway bye cheers hello".split())
# What a person is to the sender, noted before the name.
TRADE = re.compile(
    r"^(?i:asking|ask|writing to|headhunter|recruiter|"
    r"student|prospect|client|customer|contact|recipient|investor|editor|host|owner|"
    r"introducer|architect|solicitor|manager|"
    r"buyer|organi[sz]er|director|founder|studio|partner|agent|secretary)\b:?\s+(?=[^\W\d_a-z])"
)


def addressee(text: str, greeting: str = "") -> str:
    """The reader's name without the trade noted before it; "" where a trade or a department is all there is.

    A word that the draft greets by ("hey dev") is a name though it could be a trade.
    """
    name = re.sub(r"(?<=\w\w)['’]s\b.*$", "", TRADE.sub("", text))
    words = name.split()
    if len(words) > 2 and is_listed_role(words[0].casefold()) and words[0].casefold() not in TITLES:
        name = " ".join(words[1:])
    greeted = name[:1].isupper() and re.search(rf"(?:hi|hey|hello|dear) {re.escape(name)}\b", greeting, re.IGNORECASE)
    return "" if NOBODY.match(name) or (" " not in name and names_role(name) and not greeted) else name


def signature(text: str) -> str:
    """The sender's name as it is signed; "" where a trade was read as a name."""
    name = text
    if titled := re.match(r"([a-z]+) (?=[A-Z]\w)", text):
        name = text[titled.end() :] if names_role(titled.group(1)) else text
    if name.casefold() in NO_NAME:
        return ""
    if not name.islower():
        return name
    return "" if names_role(name) or name.endswith("ing") else _capitalised(name)


def _capitalised(name: str) -> str:
    """A name that was noted in small letters: "ana de souza-lima" → "Ana de Souza-Lima"."""
    words = [
        w if w in PARTICLES else re.sub(r"(?<![^\W_])[^\W\d_]", lambda m: m.group().upper(), w) for w in name.split()
    ]
    return " ".join([words[0][0].upper() + words[0][1:], *words[1:]])


def is_formal(recipient: str, draft: str) -> bool:
    """Whether a title or the draft's own manner asks for the formal phrases."""
    return bool(TITLE.match(recipient) or FORMAL.search(draft))
