"""How much of an excerpt a text keeps."""

from __future__ import annotations

from assistant.facts.sources import index, lemmas_of, read
from assistant.facts.text import lemma
from assistant.records import Document, Excerpt


def keeps(text: str, excerpt: Excerpt) -> float:
    """The share, 0..1, of the excerpt's content words and numbers kept in any form; 1 for an excerpt without any."""
    said = index((Document("message", text),))
    wanted = read(excerpt.text, source=True)
    numbers = [any(q.same(other) or other.same(q) for other in said.quantities) for q in wanted.quantities]
    function = lemmas_of("function")
    words = [
        said.means(token) if token.kind != "link" else token.low in said.links
        for i, token in enumerate(wanted.tokens)
        if i not in wanted.covered and lemma(token.low) not in function and len(token.low) > 1
    ]
    marks = numbers + words
    return sum(marks) / len(marks) if marks else 1.0
