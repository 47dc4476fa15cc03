"""The gate: what a candidate says that draft and notes do not, and what a model left in it that is no message.

Deterministic and without a model, so that a refusal can always be explained by the words that caused it.
"""

from assistant.facts.gate import unsupported
from assistant.facts.kept import keeps, strays
from assistant.facts.leftovers import leftovers

__all__ = ["keeps", "leftovers", "strays", "unsupported"]
