"""Makes the spelling of a note fit for a message: abbreviations, arrows, capital letter, full stop. Adds no fact."""

from __future__ import annotations

import re
from collections.abc import Callable

FIGURES = re.compile(r"(?P<a>[~£$€]?\d[\d.,]*[%a-zA-Z]*(?: (?!from\b)[a-z]+){0,3}) → (?P<b>[~£$€]?\d)")
_QUOTED = re.compile(r'("[^"\n]*"|“[^”\n]*”|«[^»\n]*»|https?://\S+|\S+@\S+\.\S+)')
_BULLET = re.compile(r"^\s*(?:[-*•–—·>+]\s+|\(?\d{1,2}[.)]\s+)")
_LABEL = re.compile(
    r"^(?:about me|about|me|myself|my background|background|proof|best thing|experience|exp|i am|who i am"
    r"|why (?:him|her|them|me)"
    r"|him|her|them|link|our link|connection|history|q|question|want|ask|also|note|bg)\s*(?:[:=|–—]|-\s)\s*",
    re.IGNORECASE,
)
_WHOLE_WORDS = {
    "yrs": "years",
    "mgr": "manager",
    "dept": "department",
    "qs": "questions",
    "w/": "with",
    "w": "with",
    "w/o": "without",
    "b/c": "because",
    "wks": "weeks",
    "hrs": "hours",
    "im": "I'm",
    "ive": "I've",
    "i": "I",
    "i'm": "I'm",
    "i've": "I've",
    "i'd": "I'd",
    "i'll": "I'll",
    "dont": "don't",
    "doesnt": "doesn't",
    "didnt": "didn't",
    "cant": "can't",
    "wasnt": "wasn't",
    "isnt": "isn't",
    "arent": "aren't",
    "hasnt": "hasn't",
    "havent": "haven't",
    "wouldnt": "wouldn't",
    "couldnt": "couldn't",
    "youre": "you're",
    "theyre": "they're",
    "weve": "we've",
    "whats": "what's",
    "hes": "he's",
    "shes": "she's",
    "thats": "that's",
    "abt": "about",
    "ppl": "people",
    "bc": "because",
    "u": "you",
    "ur": "your",
}
_UNITS = re.compile(
    r"\b([\d.,+–-]+|[Ll]ast|[Tt](?:his|hat)|[Nn]ext|[Pp]er|an?|[Ee](?:very|ach)|first|second|third|final|\d(?:st|"
    r"nd|rd|th))"
    r"( ?)(yr|wk|mo|hr|mos)\b(?![/'’]|\.\S)(?=( (?!(?:at|in|as|with|of|on|for|to|and|now|ago)\b)\w)?)"
)
_SINGULAR_UNITS = {"yr": "year", "wk": "week", "mo": "month", "hr": "hour"}
_MONTHS = re.compile(r"\b(?:january|february|april|june|july|september|october|november|december)\b")
# "may" and "march" are months behind these alone.
_SPRING = re.compile(r"(?:(?<=\bin )|(?<=\bsince )|(?<=\buntil )|(?<=\blast )|(?<=\bnext )|(?<=\d ))(?:may|march)\b")
_ITS = re.compile(r"\bits(?= (?:better|worth|ok|okay|fine|possible|too|not|just|only|always|still|been|an?|the)\b)")
_IN_FULL = {
    m[:3]: m for m in ("January", "February", "April", "August", "September", "October", "November", "December")
}
_PLURAL_UNITS = {"yr": "years", "wk": "weeks", "mo": "months", "hr": "hours", "mos": "months"}


def outside_quotes(text: str, change: Callable[[str], str]) -> str:
    """`text` with `change` applied to all but quotations, links and addresses."""
    parts = _QUOTED.split(text)
    return "".join(part if index % 2 else change(part) for index, part in enumerate(parts))


def _unit(match: re.Match[str]) -> str:
    before, unit, after = match.group(1), match.group(3), match.group(4)
    many = re.fullmatch(r"[\d.,+–-]+", before) and before != "1" and not after
    return f"{before} {(_PLURAL_UNITS if many else _SINGULAR_UNITS).get(unit, unit)}"


def _spell(text: str) -> str:
    text = re.sub(r"(?<=[a-z0-9)%”\"]) ?& ?(?=[a-z0-9])(?<! [A-Z])", " and ", text)
    text = re.sub(r"(?<=\s)&(?=\s[a-z])", "and", text)
    text = re.sub(r"(?:(?<=\s)|^)@ ?(?=\w)", "at ", text)
    text = re.sub(r"\bw/ ?out\b", "without", text)
    text = re.sub(r"\bw/ ?(?=\w)(?!o\b)", "with ", text)
    text = re.sub(
        r"(?<=\b[Ii]n )(Jan|Feb|Apr|Aug|Sept?|Oct|Nov|Dec)\b(?:\.(?= [a-z\d]))?",
        lambda m: _IN_FULL[m.group(1)[:3]],
        text,
    )
    text = _UNITS.sub(_unit, text)
    text = re.sub(
        r"\b(\d+)[ -]?mins?\b\.?(?= (?:(?!a\b)\w+ )?(?:call|chat|talk|slot|demo|video)\b)", r"\1 minute", text
    )
    text = re.sub(r"\b(\d+) ?mins?\b(?!\.\w)", r"\1 minutes", text)
    text = re.sub(r"\b(\d+)(yrs)\b", r"\1 years", text)

    text = re.sub(
        r"\b([Mm]y (?:mum|mom|dad|nan|gran))s (?=[a-z]+\b)(?!(?:are|were|have|had|both|and|who|run)\b)", r"\1's ", text
    )
    text = _MONTHS.sub(lambda m: m.group().capitalize(), text)
    text = _SPRING.sub(lambda m: m.group().capitalize(), text)
    text = _ITS.sub("it's", text)

    def word(match: re.Match[str]) -> str:
        return _WHOLE_WORDS.get(match.group(), match.group())

    text = re.sub(r"(?<![\w'’/.-])(?:w/o|b/c|[a-zA-Z]+(?:['’][a-z]+)?)(?![\w/]|['’.-]\w)", word, text)
    text = re.sub(r"(?<=\w) \+ (?=[\w£$€])", " and ", text)
    return re.sub(r"\s*(?:->|=>|→|⇒)\s*", " → ", text)


def strip_label(text: str) -> str:
    """Without a bullet, a leading `me:` or `proof:`, and the marks around."""
    text = _BULLET.sub("", text.strip())
    while (cut := _LABEL.sub("", text, count=1)) != text:
        text = cut
    return text.strip()


def clean(text: str) -> str:
    """One line, abbreviations spelt out, without a bullet or a label; quotations, names and figures as they are."""
    text = outside_quotes(strip_label(text), _spell)
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"\s+([,.;:!?])(?=\s|$)", r"\1", text)


def close(text: str) -> str:
    """A capital letter first and a full stop last; a first word such as p95 or iOS keeps its form."""
    text = re.sub(r"[\s,;:–—-]+$", "", text.strip())
    if not text:
        return ""
    first = re.match(r"\S+", text)
    assert first
    if first.group()[0].islower() and not re.search(r"[A-Z\d]", first.group()):
        text = text[0].upper() + text[1:]
    return text if re.search(r"[.!?…][\"”’')]*$", text) else text + "."


def arrows(text: str, has_verb: bool) -> str:
    """Writes `9% → 4%` as "from 9% to 4%", with "went" where nothing else is the verb."""
    went = "" if has_verb else "went "
    text = FIGURES.sub(lambda m: f"{went}from {m['a']} to {m['b']}", text, count=1)
    text = re.sub(r"\bfrom from\b", "from", text)
    return text.replace(" → ", " to ")
