"""A little English grammar from closed word lists: enough to give a note a subject, and to say when it cannot."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_WORDS = Path(__file__).parent / "words"


@cache
def _lines(name: str) -> tuple[str, ...]:
    text = (_WORDS / f"{name}.txt").read_text("utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def words(name: str) -> frozenset[str]:
    """One closed class of words from `words/closed.txt`."""
    return frozenset(w for line in _lines("closed") if line.startswith(f"{name}:") for w in line.split()[1:])


BE_HAVE_DO = {
    "is": "are",
    "was": "were",
    "has": "have",
    "does": "do",
    "isn't": "aren't",
    "wasn't": "weren't",
    "hasn't": "haven't",
    "doesn't": "don't",
}
MODALS = words("modals")
ADVERBS = words("adverbs")
DETERMINERS = words("determiners")
PRONOUNS = words("pronouns")
PREPOSITIONS = words("prepositions")
TIME_UNITS = words("time_units")
NUMBER = re.compile(r"[~≈+]?[£$€]?\d[\d.,:/%–-]*[+%]?[a-zA-Z°]{0,3}$")
CHANGE_VERBS = words("change_verbs")


@cache
def _irregular() -> tuple[dict[str, str], dict[str, str]]:
    """Maps from a past form, and from a participle, to its base."""
    past: dict[str, str] = {}
    participle: dict[str, str] = {}
    for line in _lines("irregular"):
        base, *forms = line.split()
        past.update(dict.fromkeys(forms[0].split("/"), base))
        participle.update(dict.fromkeys(forms[1].split("/"), base))
    return past, participle


@cache
def _bases() -> frozenset[str]:
    regular = (word for line in _lines("verbs") if not line.startswith("noun:") for word in line.split())
    return frozenset([*regular, *_irregular()[0].values(), "have", "do"])


@cache
def _nouns_too() -> frozenset[str]:
    return frozenset(word for line in _lines("verbs") if line.startswith("noun:") for word in line.split()[1:])


@cache
def _roles() -> tuple[frozenset[str], frozenset[str]]:
    lines = _lines("roles")
    yes = frozenset(word for line in lines if not line.startswith("not:") for word in line.split())
    no = frozenset(word for line in lines if line.startswith("not:") for word in line.split()[1:])
    return yes, no - yes


def is_number(word: str) -> bool:
    """A figure, with its sign, currency or unit: 12, 3rd, £40k, 60%."""
    return bool(NUMBER.match(word))


def is_past(word: str) -> bool:
    """A form that can be a simple past; a plain "-ed" word counts."""
    word = word.casefold()
    if word in _irregular()[0]:
        return True
    return len(word) > 4 and word.endswith("ed") and not word.endswith("eed") and "-" not in word[-4:]


def is_participle(word: str) -> bool:
    word = word.casefold()
    return word in _irregular()[1] or (len(word) > 4 and word.endswith("ed") and not word.endswith("eed"))


def same_in_past(word: str) -> bool:
    """Forms such as "cut", "set", "read" that do not show their tense."""
    return _irregular()[0].get(word.casefold()) == word.casefold()


def is_base(word: str) -> bool:
    return word.casefold() in _bases()


def noun_too(word: str) -> bool:
    """Whether the bare form, or the form in -s, is as often a noun."""
    return word.casefold() in _nouns_too()


def base_of_third(word: str) -> str | None:
    """`runs` → `run`; None where the word is no known verb's third person."""
    low = word.casefold()
    for ending, instead in (("ies", "y"), ("es", ""), ("s", "")):
        if low.endswith(ending) and len(low) > len(ending) + 1:
            base = low[: -len(ending)] + instead
            if base in _bases():
                return base
    return None


def strip_third(word: str) -> str:
    """The base of a word that stands where only a verb in the third person can."""
    known = base_of_third(word)
    if known:
        return known
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(?:sh|ch|x|ss|zz)es$", word):
        return word[:-2]
    return word[:-1] if re.search(r"[^su]s$", word) else word


def participle_of(base: str) -> str:
    """`work` → `worked`, `teach` → `taught`."""
    irregular = {value: key for key, value in reversed(_irregular()[1].items())}
    if base in irregular:
        return irregular[base]
    if re.search(r"[^aeiou]y$", base):
        return base[:-1] + "ied"
    return base + ("d" if base.endswith("e") else "ed")


def third_of_base(base: str) -> str:
    """`run` → `runs`, `carry` → `carries`, `be` and `have` in their own forms."""
    special = {"be": "is", "have": "has", "do": "does", "go": "goes"}
    if base in special:
        return special[base]
    if re.search(r"[^aeiou]y$", base):
        return base[:-1] + "ies"
    return base + ("es" if re.search(r"(?:s|sh|ch|x|z)$", base) else "s")


def is_role_noun(word: str) -> bool:
    """A word for what a person is: from the list, or by its ending."""
    yes, no = _roles()
    low = word.casefold().strip("()'’\".")
    tail = low.rsplit("-", 1)[-1]
    if low in yes or tail in yes:
        return True
    if low in no or tail in no or len(low) < 5:
        return False
    return bool(
        re.search(
            r"(?:[^aeiou]er|[aeiou]ner|[aeiou]ker|[aeiou]der|[aeiou]mer|[aeiou]ter|yer|eer|tor|sor|ist|cian|smith|"
            r"man|woman|wright|keeper)$",
            low,
        )
    )


def is_listed_role(word: str) -> bool:
    """Whether the word itself, not its ending alone, says that it is a role."""
    return word.casefold() in _roles()[0]


UNIQUE_ROLES = words("unique_roles")


def article(word: str) -> str:
    """`a` or `an`, by the sound of the word that follows; an acronym is spelled out."""
    low = word.casefold()
    if is_number(word):
        return "an" if re.match(r"8|11\b|11,|18\b", word) else "a"
    if word.isupper() and len(word) <= 5 and not (len(word) >= 4 and word[1] in "AEIOU"):
        return "an" if word[0] in "AEFHILMNORSX" else "a"
    if re.match(r"(?:uni(?!n|m)|us[aeiu]|euro|one\b|once|ut[ei])", low):
        return "a"
    return "an" if re.match(r"(?:[aeiou]|hour|honest|heir|hono)", low) else "a"
