"""The gate's word lists: plain text under assistant/words, read once when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

_WORDS = Path(__file__).resolve().parent / "words"


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of a list, without its comments."""
    text = (_WORDS / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _lines(name: str) -> list[list[str]]:
    return [line.split() for line in lines(name)]


@cache
def words(name: str) -> frozenset[str]:
    """All words of a list, as they stand there (folded already)."""
    return frozenset(word for line in _lines(name) for word in line)


@cache
def groups(name: str) -> tuple[frozenset[str], ...]:
    """One set a line: words that stand for one another."""
    return tuple(frozenset(line) for line in _lines(name))


@cache
def pairs(name: str) -> Mapping[str, str]:
    """Every further word of a line to the first one ("build built" → built: build)."""
    return MappingProxyType({word: line[0] for line in _lines(name) for word in line[1:]})


@cache
def meanings(name: str) -> Mapping[str, tuple[str, ...]]:
    """The first word of a line to the others ("mgr manager" → mgr: (manager,))."""
    return MappingProxyType({line[0]: tuple(line[1:]) for line in _lines(name)})


@cache
def ordered(name: str) -> tuple[str, ...]:
    """One of the short sets of the rules, in its order."""
    return meanings("sets")[name]


@cache
def named(name: str) -> frozenset[str]:
    """One of the short sets of the rules."""
    return frozenset(ordered(name))
