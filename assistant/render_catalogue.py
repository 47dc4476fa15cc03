"""Terminal text of the principles and kinds: lists, and one of them whole with its reasons, sources and examples."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.records import Kind, Library, Principle
from assistant.render import SOURCES, Page, flat, harmless

_SEEN_BY = {
    "phrase": "its words",
    "pattern": "patterns",
    "count": "counting",
    "length": "length",
    "slot": "what the message says or does not say",
    "together": "other faults that come together",
    "embedding": "closeness to the bad examples",
}


def principles(library: Library, *, colour: bool, width: int) -> str:
    """One line a principle: id, severity, title."""
    rows = [(p.id, p.severity, p.title) for p in library.principles]
    return _table(rows, colour=colour, width=width)


def kinds(library: Library, *, colour: bool, width: int) -> str:
    """One line a kind: id, size in words, summary."""
    rows = [(k.id, f"{k.min_words}-{k.max_words} words", k.summary) for k in library.kinds]
    return _table(rows, colour=colour, width=width)


def principle(which: Principle, library: Library, *, colour: bool, width: int) -> str:
    """One principle whole."""
    page = Page(colour, width)
    page.wrapped(f"{which.id}: {flat(which.title)}", bold=True)
    page.wrapped(f"severity: {which.severity}", dim=True)
    page.heading("Rule")
    page.wrapped(flat(which.rule), indent=2)
    page.heading("Why")
    page.wrapped(flat(which.why), indent=2)
    if which.disagreement:
        page.heading("Where the sources disagree")
        page.wrapped(flat(which.disagreement), indent=2)
    page.heading("Source")
    for source in which.source:
        page.item(source, SOURCES.get(source, ""))
    page.heading("Applies to")
    page.wrapped(", ".join(k.id for k in library.kinds if which in library.for_kind(k)) or "no kind", indent=2)
    seen = list(dict.fromkeys(_SEEN_BY[c.type] for c in which.checks if c.type in _SEEN_BY))
    page.heading("Seen by")
    page.wrapped(", ".join(seen) or "nothing: it is taught, and shown to the model", indent=2)
    for bad in which.bad:
        page.heading("Bad")
        _text(page, bad.text)
        if bad.quotes:
            page.wrapped("the fault: " + ", ".join(f"“{flat(q)}”" for q in bad.quotes), indent=2, dim=True)
        page.heading("Better")
        _text(page, bad.fixed)
    for good in which.good:
        page.heading("Good, though it looks like the fault" if good.near_miss else "Good")
        _text(page, good.text)
    return "\n".join(page.lines)


def kind(which: Kind, library: Library, *, colour: bool, width: int) -> str:
    """One kind whole, with one good and one bad example."""
    page = Page(colour, width)
    page.wrapped(f"{which.id}: {flat(which.title)}", bold=True)
    page.wrapped(flat(which.summary))
    page.heading("Shape")
    page.wrapped(flat(which.shape), indent=2)
    limit = f", at most {which.max_chars} characters" if which.max_chars else ""
    page.wrapped(f"{which.min_words} to {which.max_words} words{limit}", indent=2)
    if which.needs:
        page.heading("Asks for, where your notes lack it")
        for need in which.needs:
            page.item(need, flat(plain_question(which, need)))
    page.heading("Principles")
    page.wrapped(", ".join(p.id for p in library.for_kind(which)), indent=2)
    for label, title in (("good", "A good one"), ("bad", "A bad one")):
        example = next((e for e in which.examples if e.label == label), None)
        if example:
            page.heading(f"{title} ({example.id})")
            _text(page, example.text)
    return "\n".join(page.lines)


def plain_question(which: Kind, need: str) -> str:
    """The question as it is asked when nothing is known yet; the data holds "with {recipient} | without"."""
    return which.questions.get(need, "").split("|")[-1].strip()


def _text(page: Page, text: str) -> None:
    for line in harmless(text).strip().split("\n"):
        if line.strip():
            page.wrapped(line, indent=2)
        else:
            page.line()


def _table(rows: Sequence[tuple[str, str, str]], *, colour: bool, width: int) -> str:
    page = Page(colour, width)
    first = max((len(r[0]) for r in rows), default=0)
    second = max((len(r[1]) for r in rows), default=0)
    for id, middle, text in rows:
        start = f"{id:<{first}}  {middle:<{second}}  "
        page.wrapped(start + flat(text), hang=min(len(start), width // 2))
    return "\n".join(page.lines)
