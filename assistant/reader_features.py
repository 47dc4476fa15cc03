"""What the reader's learned head looks at: each token's words, shape and place, and the cues around it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.cues import KEY, cues_of
from assistant.letter import name_cues, read_letter
from assistant.segments import TOKEN, Stretch, lines, segments, sentences, words

# A text longer than this is no letter and no note; what comes after is read by no one anyway.
MAX_TOKENS = 6000


@dataclass(frozen=True, slots=True)
class Tagged:
    """One labelled stretch of a text."""

    label: str
    start: int
    end: int


_PAIRED = words("i we they you number years did am role wants call refer known public ago both asks")


def shape(token: str) -> str:
    if token[0].isdigit():
        return "0"
    if not token[0].isalpha():
        return "."
    if token.isupper():
        return "X" if len(token) == 1 else "XX"
    return "Xx" if token[0].isupper() else "x"


_DIGITS = re.compile(r"\d+")


def _norm(token: str) -> str:
    folded = token.casefold().replace("’", "'")
    return folded if folded.isalpha() else _DIGITS.sub("0", folded)


def _bucket(value: int) -> str:
    return str(value) if value < 3 else ("3" if value < 6 else ("6" if value < 12 else "12"))


@dataclass(slots=True)
class Page:
    """One text made ready for tagging: its tokens, and each token's features shared by both taggers.

    `spots` are each token's segment and sentence, `edges` whether its segment's words begin and end with it.
    """

    text: str
    tokens: list[Stretch]
    rows: list[list[str]]
    spots: list[tuple[int, int]]
    edges: list[tuple[bool, bool]]
    segment_rows: list[list[str]]


def _segment_table(text: str, source: str) -> tuple[list[tuple[Stretch, int]], list[list[str]]]:
    """Every segment with its sentence's number, and the features that all its tokens share."""
    whole = sentences(text)
    parts = [(seg, number) for number, s in enumerate(whole) for seg in segments(text, s)]
    starts = {s.start for s in lines(text)}
    cues = [cues_of(text[seg.start : seg.end]) for seg, _ in parts]
    wide = [cues_of(text[s.start : s.end]) for s in whole]
    rows = []
    line_key, first_in_sentence, place = "", "", 0
    for at, (seg, number) in enumerate(parts):
        line_start = text.rfind("\n", 0, seg.start) + 1
        key = KEY.match(text, line_start)
        line_key = _norm(key.group(1)) if key and key.end(1) <= seg.start else ""
        heads = [_norm(t.group()) for t in TOKEN.finditer(text, seg.start, seg.end)][:2]
        new = at == 0 or parts[at - 1][1] != number
        first_in_sentence = heads[0] if new and heads else first_in_sentence
        place = 0 if new else place + 1
        row = [f"c:{c}" for c in cues[at]] + [f"{source}c:{c}" for c in cues[at]]
        row += [f"C:{c}" for c in wide[number]] + [f"{source}C:{c}" for c in wide[number]]
        if at:
            row += [f"p:{c}" for c in cues[at - 1]]
        if at + 1 < len(parts):
            row += [f"n:{c}" for c in cues[at + 1]]
        row += [f"k={line_key}", f"f={heads[0] if heads else ''}", f"ff={' '.join(heads)}", f"F={first_in_sentence}"]
        row += [
            f"sn={source}{_bucket(number)}",
            f"sr={source}{_bucket(len(whole) - 1 - number)}",
            f"sp={_bucket(place)}",
        ]
        row += [f"src={source}", f"ln={seg.start in starts}", f"len={_bucket((seg.end - seg.start) // 8)}"]
        pair = sorted(c for c in cues[at] if c in _PAIRED)
        row += [f"cc:{a}+{b}" for i, a in enumerate(pair) for b in pair[i + 1 :]]
        rows.append(row)
    return parts, rows


def page(text: str, source: str, common: frozenset[str], names: Mapping[str, str]) -> Page:
    """Tokens and features of one text; `source` is "N" or "D", `names` the words of names known from the draft."""
    tokens = [Stretch(m.start(), m.end()) for _, m in zip(range(MAX_TOKENS), TOKEN.finditer(text), strict=False)]
    parts, shared = _segment_table(text[: tokens[-1].end] if tokens else "", source)
    cues = {}
    for name, cue in name_cues(text[: tokens[-1].end] if tokens else ""):
        for at, match in enumerate(TOKEN.finditer(text, name.start, name.end)):
            cues[match.start()] = f"{'B' if at == 0 else 'I'}{cue}"
    raw = [text[t.start : t.end] for t in tokens]
    low = [_norm(w) for w in raw]
    marks = [cues.get(t.start, "") for t in tokens]
    shapes = [shape(w) for w in raw]
    known = [("c" if w in common else "r") if s in {"Xx", "XX"} else s for w, s in zip(low, shapes, strict=True)]
    seen = [w if not m or k == "c" else "NAME" for w, m, k in zip(low, marks, known, strict=True)]
    rows, spots, at = [], [], 0
    for i, token in enumerate(tokens):
        while at + 1 < len(parts) and token.start >= parts[at + 1][0].start:
            at += 1
        seg, number = parts[at] if parts else (Stretch(0, 0), 0)
        inside = seg.start <= token.start < seg.end
        spots.append((at if inside else -1, number))
        row = ["b", f"w={seen[i]}", f"s={shapes[i]}{known[i]}", f"in={inside}", f"first={token.start == seg.start}"]
        row += [f"last={token.end >= seg.end}", f"m={marks[i]}", f"nw={names.get(low[i], '')}", f"x={low[i][-3:]}"]
        for d in (-2, -1, 1, 2):
            j = i + d
            ok = 0 <= j < len(tokens)
            gap = "\n" in text[tokens[min(i, j)].end : tokens[max(i, j)].start] if ok else False
            row.append(f"w{d}={(seen[j] if not gap else 'NL') if ok else 'END'}")
            if abs(d) == 1:
                row.append(f"s{d}={(shapes[j] + known[j] + marks[j]) if ok else ''}{gap}")
        row.append(f"bg={seen[i - 1] if i else ''} {seen[i]}")
        row.append(f"bn={seen[i]} {seen[i + 1] if i + 1 < len(seen) else ''}")
        row.append(f"tri={shapes[i - 1] if i else ''}{shapes[i]}{shapes[i + 1] if i + 1 < len(seen) else ''}")
        rows.append(row)
    return Page(text, tokens, rows, spots, _edges(raw, spots), shared)


def _edges(words: Sequence[str], spots: Sequence[tuple[int, int]]) -> list[tuple[bool, bool]]:
    """Whether nothing but punctuation stands before, and after, each token in its segment."""

    def only(order: Sequence[int]) -> dict[int, bool]:
        found, here, free = {}, -2, True
        for at in order:
            if spots[at][0] != here:
                here, free = spots[at][0], True
            found[at] = free
            free = free and not words[at][0].isalnum()
        return found

    before, after = only(range(len(words))), only(range(len(words) - 1, -1, -1))
    return [(before[at], after[at]) for at in range(len(words))]


def name_rows(page: Page) -> list[list[str]]:
    """The features of the tagger of names: the token's own, its key, and few of its segment's."""
    keep = ("k=", "f=", "F=", "sn=", "sr=", "sp=", "src=", "ln=")
    near = [[f for f in row if f.startswith(keep)] for row in page.segment_rows]
    return [row + (near[at] if at >= 0 else []) for row, (at, _) in zip(page.rows, page.spots, strict=True)]


def _topics(page: Page, holds: Mapping[int, set[str]]) -> list[str]:
    """Whom each segment speaks of: the sender ("me"), the recipient ("them") or nobody yet, by the latest mention."""
    found, topic = [], ""
    for at, row in enumerate(page.segment_rows):
        names = holds.get(at, set())
        if "sen" in names or ("c:i" in row and "c:they" not in row) or "k=me" in row:
            topic = "me"
        elif "rec" in names or "c:they" in row:
            topic = "them"
        elif "c:we" in row or "c:i" in row:
            topic = "us"
        found.append(topic)
    return found


def slot_rows(page: Page, roles: Sequence[str], kind: str) -> list[list[str]]:
    """The features of the tagger of slots: all of them, with whose name stands where, and the likely kind."""
    holds: dict[int, set[str]] = {}
    wide: dict[int, set[str]] = {}
    for (at, number), role in zip(page.spots, roles, strict=True):
        if role != "O":
            holds.setdefault(at, set()).add(role[2:5])
            wide.setdefault(number, set()).add(role[2:5])
    topics = _topics(page, holds)
    rows = []
    for i, (row, (at, number)) in enumerate(zip(page.rows, page.spots, strict=True)):
        extra = [f"r={roles[i][2:5]}", f"r-={roles[i - 1][2:5] if i else ''}", f"K={kind}"]
        extra += [f"h={r}" for r in holds.get(at, ())] + [f"H={r}" for r in wide.get(number, ())]
        extra += [f"hp={r}" for r in holds.get(at - 1, ())] + [f"Hp={r}" for r in wide.get(number - 1, ())]
        if at >= 0:
            shared = page.segment_rows[at]
            extra += shared
            extra += [f"K{kind}:{f}" for f in shared if f.startswith("c:")]
            extra.append(f"T={topics[at]}")
            extra += [f"T{topics[at]}:{f}" for f in shared if f.startswith("c:")]
        rows.append(row + extra)
    return rows


def spans(page: Page, labels: Sequence[str]) -> list[Tagged]:
    """Labelled stretches from B-, I- and O."""
    found: list[Tagged] = []
    for token, label in zip(page.tokens, labels, strict=True):
        if label == "O":
            continue
        begin, name = label[0] == "B", label[2:]
        if not begin and found and found[-1].label == name:
            found[-1] = Tagged(name, found[-1].start, token.end)
        else:
            found.append(Tagged(name, token.start, token.end))
    return found


_PLAIN_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+|[?@%]")


def text_features(draft: str, notes: str) -> list[str]:
    """For the choice of kind: words, word pairs and cues, of draft and notes apart."""
    found: set[str] = set()
    for source, text in (("D", draft), ("N", notes)):
        low = [_norm(w) for w in _PLAIN_WORD.findall(text[:8000])]
        for part in (low, [f"{a} {b}" for a, b in pairwise(low)]):
            found.update(f"{source}:{w}" for w in part)
            found.update(part)
        found.update(f"{source}c:{c}" for c in cues_of(text[:8000]))
        found.add(f"{source}len:{_bucket(len(low) // 8)}")
    return sorted(found)


def sentence_features(text: str, place: int, count: int) -> list[str]:
    """For the reading of a finished message: the words and cues of one sentence, and where it stands."""
    low = [_norm(w) for w in _PLAIN_WORD.findall(text)]
    found = {f"w={w}" for w in low} | {f"b={a} {b}" for a, b in pairwise(low)}
    cues = cues_of(text)
    found |= {f"c:{c}" for c in cues}
    pair = sorted(c for c in cues if c in _PAIRED)
    found |= {f"cc:{a}+{b}" for i, a in enumerate(pair) for b in pair[i + 1 :]}
    found |= {f"at={_bucket(place)}", f"end={_bucket(count - 1 - place)}", f"len={_bucket(len(low) // 4)}"}
    found |= {f"f={' '.join(low[:n])}" for n in (1, 2, 3)}
    found.add(f"caps={any(w[0].isupper() for w in _PLAIN_WORD.findall(text)[1:])}")
    return sorted(found)


def known_names(draft: str) -> dict[str, str]:
    """The words of the names that the draft greets ("addr") and signs with ("sign")."""
    letter = read_letter(draft)
    found: dict[str, str] = {}
    for name, role in ((letter.signed, "sign"), (letter.addressed, "addr")):
        if name:
            found |= {_norm(t.group()): role for t in TOKEN.finditer(draft, name.start, name.end) if len(t.group()) > 1}
    return found
