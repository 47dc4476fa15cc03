"""The word-level difference of two texts, for a terminal: colours, or [-dropped-] {+added+} where there are none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

import click

from assistant.diff import Op, word_diff

_MARKS: dict[Op, tuple[str, str]] = {"keep": ("", ""), "drop": ("[-", "-]"), "add": ("{+", "+}")}
_CRUMB_WORDS, _LONG_CHANGE_WORDS = 2, 8
_CLINGS = re.compile(r"[.,;:!?)\]”’'…]")


@dataclass(frozen=True, slots=True)
class _Word:
    """`space` says whether a space stands before it; a `text` of one line end breaks the line."""

    op: Op
    text: str
    space: bool = True


def diff(before: str, after: str, *, colour: bool, width: int, indent: int = 2) -> list[str]:
    """Lines of at most `width` columns (a longer word stays whole); a line end that was dropped breaks no line."""
    rows: list[str] = []
    for line in _lines(_words(before, after)):
        wrapped = _wrap(line, colour, width - indent)
        rows += [" " * indent + _join(row, colour, paint=True) for row in wrapped] or [""]
    return rows


def _words(before: str, after: str) -> list[_Word]:
    found: list[_Word] = []
    space = broken = False
    for op, text in _folded(word_diff(before, after)):
        first = True
        if op == "add" and broken and len(text.split()) >= _LONG_CHANGE_WORDS:
            found.append(_Word("keep", "\n"))
        broken = op == "drop" and "\n" in text
        for piece in re.findall(r"\n|[^\S\n]+|\S+", text):
            if piece == "\n" and op != "drop":
                found.append(_Word("keep", "\n"))
            if piece.isspace():
                space = True
                continue
            # Where one word took another's place, nothing stood between the two: they must not run into one.
            swapped = first and op == "add" and found and found[-1].op == "drop" and not _CLINGS.match(piece)
            found.append(_Word(op, piece, space or bool(swapped)))
            space = first = False
    return found


def _folded(runs: list[tuple[Op, str]]) -> list[tuple[Op, str]]:
    """A word or two kept by chance between long changes ("for", "you") joins them: crumbs are hard to read."""
    found: list[tuple[Op, str]] = []
    dropped = added = ""
    for index, (op, text) in enumerate(runs):
        if op == "drop":
            dropped += text
        elif op == "add":
            added += text
        elif _is_crumb(runs, index):
            dropped, added = dropped + text, added + text
        else:
            found += [*_change(dropped, added), (op, text)]
            dropped = added = ""
    return found + _change(dropped, added)


def _is_crumb(runs: list[tuple[Op, str]], index: int) -> bool:
    text = runs[index][1]
    if not 0 < index < len(runs) - 1 or "\n" in text or len(text.split()) > _CRUMB_WORDS:
        return False
    around = [*runs[max(index - 2, 0) : index], *runs[index + 1 : index + 3]]
    return sum(len(t.split()) for op, t in around if op != "keep") >= _LONG_CHANGE_WORDS


def _change(dropped: str, added: str) -> list[tuple[Op, str]]:
    pair: tuple[tuple[Op, str], ...] = (("drop", dropped), ("add", added))
    return [(op, text) for op, text in pair if text]


def _lines(words: list[_Word]) -> list[list[_Word]]:
    """The words of each line; of several empty lines one is kept."""
    lines: list[list[_Word]] = [[]]
    for word in words:
        if word.text != "\n":
            lines[-1].append(word)
        elif lines[-2:] != [[], []]:
            lines.append([])
    return lines


def _wrap(words: list[_Word], colour: bool, width: int) -> list[list[_Word]]:
    rows: list[list[_Word]] = []
    for word in words:
        if rows and len(_join([*rows[-1], word], colour, paint=False)) <= width:
            rows[-1].append(word)
        else:
            rows.append([word])
    return rows


def _join(row: list[_Word], colour: bool, *, paint: bool) -> str:
    line = ""
    for op, run in groupby(row, key=lambda word: word.op):
        words = list(run)
        text = "".join((" " if w.space and i else "") + w.text for i, w in enumerate(words))
        if not colour:
            text = _MARKS[op][0] + text + _MARKS[op][1]
        elif paint:
            text = _paint(op, text)
        line += (" " if line and words[0].space else "") + text
    return line


def _paint(op: Op, text: str) -> str:
    if op == "drop":
        return click.style(text, fg="red", strikethrough=True)
    return click.style(text, fg="green", bold=True) if op == "add" else text
