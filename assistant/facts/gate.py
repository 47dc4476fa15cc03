"""The rules of the gate, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.facts import plainfacts
from assistant.facts.amounts import amounts
from assistant.facts.clauses import told
from assistant.facts.crossings import crossings
from assistant.facts.deeds import deeds
from assistant.facts.employers import employers
from assistant.facts.flips import flips
from assistant.facts.hedges import hedges
from assistant.facts.joints import joints
from assistant.facts.lengths import spans
from assistant.facts.nearness import things
from assistant.facts.neighbours import neighbours
from assistant.facts.owners import owners
from assistant.facts.pairs import counted, ranks
from assistant.facts.polarity import negations
from assistant.facts.posts import placed
from assistant.facts.relations import relations
from assistant.facts.sources import index, read
from assistant.facts.spoken import spoken
from assistant.records import Brief, Document, Unsupported

# So many words together are a fixed phrase's own; fewer may stand in it by chance.
FIXED_WORDS = 4


def unsupported(
    text: str, sources: Sequence[Document], *, brief: Brief | None = None, allowed: Sequence[str] = ()
) -> tuple[Unsupported, ...]:
    """What `text` says that none of `sources` says, each with a sentence for the user; empty where all is supported.

    `brief` tells whose the sources' facts are where they carry no pronoun; `allowed` are phrases (the kind's own)
    that need no support.
    """
    known = index(tuple(sources))
    said = read(text)
    retold = told(tuple(sources), brief)
    found = [
        *plainfacts.links(said, known),
        *plainfacts.numbers(said, known, allowed),
        *plainfacts.dates(said, known),
        *plainfacts.claims(said, known, allowed),
        *owners(said, retold),
        *deeds(said, retold),
        *negations(said, retold),
        *flips(said, retold),
        *hedges(said, retold),
        *relations(said, retold, brief),
        *ranks(said, retold),
        *counted(said, retold),
        *placed(said, retold),
        *things(said, retold),
        *spans(said, retold),
        *employers(said, retold),
        *crossings(said, retold),
        *neighbours(said, retold),
        *joints(said, retold),
        *spoken(said, retold),
        *amounts(said, retold),
    ]
    fixed = [phrase.casefold() for phrase in allowed]
    return tuple(dict.fromkeys(f for f in found if not _of_phrase(f, fixed)))


def _of_phrase(one: Unsupported, fixed: Sequence[str]) -> bool:
    """Whether what was seen is a stretch of a fixed phrase, which tells nothing: "you be able to refer me"."""
    return len(one.text.split()) >= FIXED_WORDS and any(one.text.casefold() in phrase for phrase in fixed)
