"""Who a note is about, and the verb that goes with it: I run, you run, Ada runs."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.voice import grammar


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a note is about: as a subject ("I"), with "be" ("I'm") and with "have" ("I've")."""

    word: str
    be: str
    have: str
    third: bool = False

    def verb(self, word: str) -> str:
        """A note's verb ("runs", "ran", "run") as this subject needs it."""
        low = word.casefold()
        fixed = {"am": 0, "is": 0, "are": 0, "was": 1, "were": 1, "has": 2, "have": 2}
        if low in fixed:
            mine = (
                ("is", "was", "has")
                if self.third
                else ("am", "was", "have")
                if self.word == "I"
                else ("are", "were", "have")
            )
            return mine[fixed[low]]
        base = low if grammar.is_base(low) else grammar.base_of_third(low)
        if base is None or low in grammar.MODALS or grammar.is_past(low):
            return low
        return grammar.third_of_base(base) if self.third else base


I = Subject("I", "I'm", "I've")  # noqa: E741
WE = Subject("we", "we're", "we've")
YOU = Subject("you", "you're", "you've")
