"""People's names: where one stands in a text, what to call the person, and how to greet them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from assistant.segments import TOKEN, Stretch, words

# Titles that keep the surname in a greeting, as the person is to be called by them.
_FORMAL = words(
    "dr mr mrs ms mx miss prof professor rev reverend judge hon sir dame lord lady mme mlle madame monsieur herr "
    "frau señor señora sr sra capt captain col colonel sgt sergeant lt major ssg cpl gen rabbi imam pastor "
    "father fr dra drs ir engr barr chief sheikh shri smt advocate barrister alhaji hajia bishop "
    "officer councillor cllr ing doctor petty warrant corporal commander commodore admiral brigadier inspector "
    "superintendent constable deacon canon signor signora signorina senhor senhora pani fru mevrouw meneer"
)
# Titles that people say together with the first name.
_FAMILIAR = words(
    "uncle auntie aunt aunty sister brother bro chef coach cousin mama papa tante tio tía tío oom oga mzee mum "
    "nurse teacher mam maestro sensei ustadh nana grandma grandpa granny baba didi bhai abba ammi malam mallam"
)
# Trades that are called so by some and not by others: kept where the draft does.
_TRADES = words("nurse teacher")
TITLES = _FORMAL | _FAMILIAR
PARTICLES = words(
    "van der den de del della di da dos das du la le el al bin binti ibn ben bint abu von zu ter ten te af av y "
    "e i san st o mac mc ap d' l'"
)
# A name that ends so is a firm's.
FIRMS = words(
    "ltd inc gmbh llc plc co team insights studio studios group bakery books school museum hospital clinic food foods "
    "lab labs media press games logistics partners"
)
_FAMILY_FIRST = words("nguyễn nguyen trần phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý lê")
# Capitalised words that begin a line or a sentence and are no name.
_NOT_NAMES = words(
    "i i'm i’m i've i’ve i'd i'll my me mine we our us you your he she they his her him their it its this that "
    "these those the a an and but or if so then when what who whom why how where which would could can should "
    "will shall may might do does did is are was were be been has have had not no yes ok okay please thanks "
    "thank thx cheers hi hello hey dear regards best kind sincerely yours from to for of at in on by with about "
    "after before since until via per as also just only same still maybe there here role job position post "
    "vacancy ad advert opening target recipient sender name contact person background notes note ask asks q "
    "question questions want wants proof fit offer history email emailed message messaged wrote asked sent met "
    "saw found works worked working runs ran leads led built made got get looking trying apply applying applied "
    "hiring limit max linkedin whatsapp zoom teams excel word powerpoint python java sql english french german "
    "spanish arabic monday tuesday wednesday thursday friday saturday sunday january february march april june "
    "july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec today "
    "tomorrow yesterday next last first second third senior junior lead head manager director engineer nurse "
    "assistant associate officer designer developer analyst founder ceo cto cfo coo hr pm vp team department "
    "university college school hospital council company group ltd inc gmbh call coffee chat referral intro "
    "introduction forward forwarder forwardable follow followup reply answer re subject fwd cc all everyone sirs "
    "madam sir colleagues friend friends folks guys concerned recruiter recruitment staff something someone "
    "anyone one two three four five six seven eight nine ten don't don’t never keep leave skip confidential "
    "ma'am investor fellow alright blessings candidate exporter valued esteemed customer client partner landlord "
    "tenant sup yo hola bonjour hallo salut namaste greetings ciao hiya howdy good morning afternoon evening love "
    "warmly fondly faithfully respectfully "
    "system user draft context don know real details reason link shared currently now previously formerly"
)
_LOWER_NAME = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")


def _is_caseless(word: str) -> bool:
    return word[:1].isalpha() and word[:1].lower() == word[:1].upper()


def looks_like_name(word: str) -> bool:
    """Whether one word could be part of a name: capitalised, or of a script without capitals."""
    if not word or not word[0].isalpha() or word.casefold() in _NOT_NAMES:
        return False
    if _is_caseless(word):
        return True
    return (word[0].isupper() and any(c.islower() for c in word)) or (word.isupper() and 2 <= len(word) <= 14)


def name_at(text: str, start: int, end: int, *, any_case: bool = False) -> Stretch | None:
    """The name that begins at `start`, if one does: titles, up to four names, particles, initials."""
    at, last, count, titled = start, None, 0, False
    for match in TOKEN.finditer(text, start, end):
        word, gap = match.group(), text[at : match.start()]
        folded = word.casefold()
        if "\n" in gap or (count and len(gap) > 1):
            break
        if word == "." and last is not None and gap == "":
            previous = text[:at]
            stem = re.search(r"[^\W\d_]+$", previous)
            if stem and (len(stem.group()) == 1 or stem.group().casefold() in TITLES):
                at = match.end()
                last = match.end() if len(stem.group()) == 1 else last
                continue
            break
        if folded in TITLES and count == 0:
            titled, last = True, match.end()
        elif folded in PARTICLES and (titled or count) and not word[0].isupper():
            following = TOKEN.match(text, min(match.end() + 1, end), end)
            if not following or not (looks_like_name(following.group()) or following.group().casefold() in PARTICLES):
                break
        elif looks_like_name(word) or (any_case and _LOWER_NAME.fullmatch(word) and folded not in _NOT_NAMES):
            count, last = count + 1, match.end()
            if count == 5:
                break
        elif len(word) == 1 and word.isupper() and word != "I" and count:
            count, last = count + 1, match.end()
        else:
            break
        at = match.end()
    if last is None or count == 0:
        return None
    return Stretch(start, last)


def _words(name: str) -> list[str]:
    return [
        w
        for w in re.split(r"\s+", re.sub(r"\([^)]*\)?|,.*$", " ", name.strip(), flags=re.DOTALL))
        if any(c.isalnum() for c in w)
    ]


def _proper(word: str) -> str:
    """Names typed all in capitals or all in small letters, as the person would write them."""
    if word.isupper() and len(word.strip(".")) > 2:
        return re.sub(r"[^\W\d_]+", lambda m: m.group().capitalize(), word)
    if word.islower():
        return re.sub(r"(^|(?<=[-'’]))[^\W\d_]", lambda m: m.group().upper(), word)
    return word


def _title(word: str) -> str:
    return word.strip(".,").casefold()


_OFFICES = words(
    "team manager director office owner owners committee department dept hiring recruitment hr admin board staff "
    "group editor editors desk reception landlord principal headteacher coordinator service services bookings "
    "support info sales people everyone members colleagues secretary curator supervisor recruiter organiser organizer"
)


def is_role(recipient: str) -> bool:
    """Whether the recipient is an office or a team and no person ("Hiring Manager", "the bookings team")."""
    parts = [w.casefold().strip(".,") for w in _words(recipient)]
    if not parts or parts[0] in {"the", "a", "an", "whoever", "whom", "any", "all", "my", "our", "team", "sir/madam"}:
        return True
    if parts[0] in {"sir", "madam"}:
        return len(parts) == 1 or parts[1] in {"or", "and", "sir", "madam"}
    return parts[0] not in TITLES and any(w in _OFFICES for w in parts)


@lru_cache(maxsize=256)
def first_name(name: str) -> str:
    """What to call the person: "Hana", "Dr. Hirasawa", "Uncle Femi"; empty where there is no person's name."""
    parts = _words(name)
    while len(parts) > 1 and _title(parts[-1]) in {"rn", "phd", "md", "jr", "sr", "ii", "iii", "mba", "cpa", "esq"}:
        parts.pop()
    if not parts or is_role(name) or "&" in name or parts[-1].casefold().strip(".") in FIRMS:
        return ""
    titles = []
    while parts and _title(parts[0]) in TITLES:
        titles.append(parts.pop(0))
    parts = [_proper(w) if len(parts) == 1 or w.casefold() not in PARTICLES else w for w in parts]
    if not parts:
        return ""
    if not titles:
        # Vietnamese names begin with the family's, and the last is the one to call somebody by.
        first = parts[-1] if len(parts) > 2 and parts[0].casefold() in _FAMILY_FIRST else parts[0]
        if len(first.strip(".")) == 1 and len(parts) > 1:
            return " ".join(parts)
        return first
    shown = " ".join(t if t[0].isupper() else t.capitalize() for t in titles)
    if _title(titles[-1]) in _FAMILIAR or _title(titles[0]) in {"sir", "dame"}:
        return f"{shown} {parts[0]}"
    surname = parts[-1:]
    rest = parts[:-1]
    while rest and rest[-1].casefold() in PARTICLES and len(rest) > 0:
        surname.insert(0, rest.pop())
    if not rest and len(parts) > 1:
        surname = parts
    return f"{shown} {' '.join(surname)}"


_REGISTER = re.compile(r"\s*(dear|hello|hi|hey|hiya|good (?:morning|afternoon|evening|day))\b", re.IGNORECASE)


def _plain(word: str) -> str:
    """Without accents and case, so that "Sigrun" is known as Sigrún."""
    return "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(c))


def _called(recipient: str) -> str:
    """What to call the person where the draft does not say."""
    first, _, rest = recipient.strip().partition(" ")
    return first_name(rest if rest and _title(first) in _TRADES else recipient)


def _as_greeted(recipient: str, greeting: str) -> str:
    """The form of the recipient's name that the draft's greeting uses, where it is the same person's."""
    own = _words(recipient)
    titled = bool(own) and _title(own[0]) in TITLES
    folded = {w.casefold().strip(".") for w in own}
    used = [w.strip(",.!:;?-") for w in greeting.split()]
    called = used[1:] if _REGISTER.match(greeting) else []
    lows = {w.casefold() for w in called}
    if called and not titled and len(called) < len(own) and lows <= folded - _NOT_NAMES:
        return " ".join(map(_proper, called))  # "Hi Wen Li" to Tan Wen Li: the family name stands first
    for at, word in enumerate(used[1:], start=1):
        if word.casefold() in _FORMAL and at + 1 < len(used) and used[at + 1].casefold() in folded:
            title = own[0] if titled else word + ("." if f"{word}." in greeting else "")
            name = re.sub(r"^\S+\s+", "", recipient) if titled else recipient
            inverted = len(own) > 1 + titled and used[at + 1].casefold() == own[titled].casefold()
            surname = first_name(f"{title} {name}") if not inverted else f"{title} {_proper(used[at + 1])}"
            return surname[:1].upper() + surname[1:]
        if word.casefold().strip(".") in _FAMILIAR | {"madam"} and used[at + 1 :] and used[at + 1].casefold() in folded:
            return f"{word.capitalize()} {_proper(used[at + 1])}"
        if word[:1].isupper() and own and not titled:
            short, full = _plain(word), _plain(own[0])
            if 2 <= len(short) < len(full) and short[:2] == full[:2]:
                return word
    return ""


def salutation(recipient: str, draft_greeting: str | None) -> str:
    """The greeting line: "Hi Hana," or "Dear Mr. Haverkamp,"; it keeps the draft's register and invents no name."""
    found = _REGISTER.match(draft_greeting or "")
    opening = found.group(1).capitalize() if found else ""
    called = _as_greeted(recipient, draft_greeting or "") or _called(recipient)
    if not called:
        return "Hello," if opening in {"", "Hi", "Dear", "Hey", "Hiya"} else f"{opening},"
    formal = called.split()[0].strip(".").casefold() in _FORMAL
    if opening.startswith("Good") or not opening:
        opening = "Dear" if formal else ("Hello" if opening else "Hi")
    opening = "Hi" if opening in {"Hey", "Hiya"} else opening
    return f"{opening} {called},"
