"""The word-level difference of two texts, for a terminal: colours, or [-dropped-] {+added+} where there are none."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Literal

import click

from assistant.explain import word_diff

Op = Literal["keep", "drop", "add"]
_MARKS: dict[Op, tuple[str, str]] = {"keep": ("", ""), "drop": ("[-", "-]"), "add": ("{+", "+}")}


def diff(before: str, after: str, *, colour: bool, width: int, indent: int = 2) -> list[str]:
    """Lines of at most `width` columns (a longer word stays whole); a line end that was dropped breaks no line."""
    rows: list[str] = []
    for paragraph in _paragraphs(_words(before, after)):
        rows += [" " * indent + _paint(row, colour) for row in _wrap(paragraph, colour, width - indent)] or [""]
    return rows


def _words(before: str, after: str) -> list[tuple[Op, str]]:
    found: list[tuple[Op, str]] = []
    for op, text in word_diff(before, after):
        for word in re.findall(r"\n|[^\s]+", text):
            if word != "\n":
                found.append((op, word))
            elif op != "drop" and found[-2:] != [("keep", "\n")] * 2:
                found.append(("keep", "\n"))
    return found


def _paragraphs(words: list[tuple[Op, str]]) -> list[list[tuple[Op, str]]]:
    lines: list[list[tuple[Op, str]]] = [[]]
    for op, word in words:
        if word == "\n":
            lines.append([])
        else:
            lines[-1].append((op, word))
    return lines


def _wrap(words: list[tuple[Op, str]], colour: bool, width: int) -> list[list[tuple[Op, str]]]:
    rows: list[list[tuple[Op, str]]] = []
    for op, word in words:
        if rows and len(_plain([*rows[-1], (op, word)], colour)) <= width:
            rows[-1].append((op, word))
        else:
            rows.append([(op, word)])
    return rows


def _plain(row: list[tuple[Op, str]], colour: bool) -> str:
    if colour:
        return " ".join(word for _, word in row)
    return " ".join(_MARKS[op][0] + words + _MARKS[op][1] for op, words in _runs(row))


def _paint(row: list[tuple[Op, str]], colour: bool) -> str:
    if not colour:
        return _plain(row, colour)
    styles: dict[Op, dict[str, object]] = {
        "keep": {},
        "drop": {"fg": "red", "strikethrough": True},
        "add": {"fg": "green", "bold": True},
    }
    return " ".join(click.style(words, **styles[op]) if styles[op] else words for op, words in _runs(row))  # type: ignore[arg-type]


def _runs(row: list[tuple[Op, str]]) -> list[tuple[Op, str]]:
    return [(op, " ".join(word for _, word in group)) for op, group in groupby(row, key=lambda pair: pair[0])]
