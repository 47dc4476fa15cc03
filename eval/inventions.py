"""A plain second look for invented facts, written apart from the gate so that the gate does not only grade itself.

It knows nothing of briefs or kinds: a number, an address or a capitalised name that neither draft nor notes hold
counts as invented. It misses more than the gate does (who did what, negations, a name that opens a sentence), and what
it does see is hard to argue with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*(?:\s?[km]\b)?", re.IGNORECASE)
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+|\S+@\S+\.\w+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_](?:[\w&'’]|[-./](?=\w))*")
_OPENS_SENTENCE = re.compile(r"(?:^|[.!?:;…\n]|[-–—*•#])[\s\"'“”‘’(\[]*$")
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|St)\.\s*$")
_UNITS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SPELT = {word: n for n, word in enumerate(_UNITS.split(), start=2)} | {
    word: n for n, word in zip(range(20, 100, 10), _TENS.split(), strict=True)
}
_SPELT_WORD = re.compile(rf"\b(?:({'|'.join(_TENS.split())})[- ])?(one|{'|'.join(_SPELT)})\b", re.IGNORECASE)

# Capitalised for a reason other than being a name.
_CAPITALS = """
i i'm i'd i'll i've ok ps p.s hi hello hey dear best kind warm regards thanks thank you cheers sincerely yours
greetings good morning afternoon evening respectfully cordially warmly warmest gratefully ciao mr mrs ms mx dr prof
"""
_NO_NAMES = frozenset(_CAPITALS.split())
# "Sept" in a note is "September" in a message, and "Thurs" is "Thursday".
_DATES = {
    name: {name[:3], name[:4], name[:5]}
    for name in "january february march april june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday".split()
}


def inventions(text: str, sources: Sequence[str]) -> tuple[str, ...]:
    """The numbers, addresses and names of `text` that no source holds, each once, in the order of its sort."""
    known = "\n".join(sources)
    folded = known.casefold()
    numbers = {value for value, _ in _numbers(known)}
    names = {part for word in _WORD.findall(folded) for part in _forms(word)}
    found = [address for address in _addresses(text) if address.casefold() not in folded]
    bare = _ADDRESS.sub(" ", text)
    found += [shown for value, shown in _numbers(bare) if value not in numbers]
    found += [name for name in _names(bare) if not _forms(name.casefold()) & names]
    return tuple(dict.fromkeys(found))


def _addresses(text: str) -> Iterator[str]:
    for match in _ADDRESS.finditer(text):
        yield match.group().strip(".,;:!?()<>[]\"'“”")


def _numbers(text: str) -> Iterator[tuple[float | str, str]]:
    """Each number as a value to compare and as it was written; a lone "one" is a pronoun as often as a number."""
    for match in _NUMBER.finditer(text):
        yield _value(match.group()), match.group()
    for match in _SPELT_WORD.finditer(text):
        tens, unit = match.groups()
        if tens or unit.casefold() != "one":
            value = _SPELT.get(unit.casefold(), 1) + (_SPELT[tens.casefold()] if tens else 0)
            yield float(value), match.group()


def _value(written: str) -> float | str:
    digits = written.casefold().replace(" ", "")
    scale = {"k": 1e3, "m": 1e6}.get(digits[-1], 1.0)
    digits = re.sub(r",(?=\d{3}(?!\d))", "", digits.rstrip("km")).replace(":", ".")
    try:
        return float(digits) * scale
    except ValueError:
        return digits


def _names(text: str) -> Iterator[str]:
    for line in text.splitlines():
        words = list(_WORD.finditer(line))
        alone = len(words) <= 4 and all(w.group()[0].isupper() for w in words) and line.rstrip()[-1:] not in ".!?"
        for word in words:
            name = word.group()
            if not name[0].isupper() or name.casefold().replace("’", "'") in _NO_NAMES:
                continue
            before = line[: word.start()]
            # A sentence's first word is capital in any case; a line of capitals alone is a greeting or a signature.
            if alone or not _OPENS_SENTENCE.search(before) or _TITLE.search(before):
                yield name


def _forms(word: str) -> set[str]:
    """A word and its parts, without possessive or plural, so that "Ito's" and "Ito", "HCAs" and "HCA" meet."""
    bare = re.sub(r"['’]s?$", "", word)
    parts = {word, bare, *re.split(r"[-./&'’]", bare), *_DATES.get(bare, ())}
    return {part.removesuffix("s") if len(part) > 2 else part for part in parts if part}
