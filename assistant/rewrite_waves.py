"""Whole messages by a model without the adapter: one long prompt, and candidates in waves until one is good enough."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from assistant import prompting
from assistant.engine import Engine, Progress
from assistant.errors import ModelError
from assistant.grounding import Grounding
from assistant.intake import limit
from assistant.judge import Judge, lines_of
from assistant.names import salutation
from assistant.records import Brief, Document, Draft, Kind, Library, Message, Prompt, Request, Verdict
from assistant.score import Closeness

# Room for the reply, in tokens: twice the longest good message in the corpus.
REPLY_TOKENS = 320
# Candidates come in waves of this size and temperature, the last repeated up to the number asked for: the first stay
# close to the model's best guess, the later look further afield.
WAVES = ((4, 0.6), (4, 0.9))
# An accepted candidate with this total ends the waves. From `python -m eval.bench.bar`: the least that costs on
# average no more than 0.01 of the total that the best of all candidates has.
GOOD_ENOUGH = 0.8


class Clock:
    """Adds up, in seconds, where the time of one request goes."""

    def __init__(self) -> None:
        self.spent = {"prompt": 0.0, "generate": 0.0, "embed": 0.0}

    @contextmanager
    def spend(self, on: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.spent[on] += time.perf_counter() - started

    def move(self, source: str, target: str, seconds: float) -> None:
        self.spent[source] -= seconds
        self.spent[target] += seconds


def good_enough(verdicts: Sequence[Verdict]) -> bool:
    """Whether one of them is so good that no further candidate is written."""
    return any(v.accepted and v.score.total >= GOOD_ENOUGH for v in verdicts)


class Waves:
    """Writes whole messages with one engine. `small` asks for the short prompt, `grounded` masks what nobody said."""

    def __init__(
        self,
        engine: Engine,
        library: Library,
        closeness: Closeness,
        progress: Progress,
        *,
        small: bool,
        grounded: bool,
    ) -> None:
        self.engine = engine
        self.library = library
        self.closeness = closeness
        self.progress = progress
        self.small = small
        self.grounded = grounded

    def prompt(self, request: Request, draft: Draft, brief: Brief, kind: Kind) -> Prompt:
        """What the model gets; raises ModelError when it does not fit its context."""
        text = "\n\n".join(document.text for document in (request.draft, *request.notes))
        self._fit(self.engine.count_tokens(Prompt((Message("user", text),))), "Draft and notes are")
        greeting = draft.greeting.text if draft.greeting else None
        recipient = brief.recipient[0].text if brief.recipient else ""
        prefix = "" if kind.id == "forwardable" else salutation(recipient, greeting)
        # Notes can be long; the embedder reads only the first few hundred words of a text anyway.
        examples = self.closeness.choose(text[:2000], kind.id, 1 if self.small else 3)
        prompt = prompting.build_prompt(
            kind,
            self.library,
            draft,
            request.notes,
            brief,
            examples,
            max_chars=limit(request, kind),
            small=self.small,
            follow_up=request.follow_up,
            prefix=prefix,
        )
        self._fit(self.engine.count_tokens(prompt), "With the rules and examples, the prompt is")
        return prompt

    def _fit(self, tokens: int, what: str) -> None:
        room = self.engine.context_tokens - REPLY_TOKENS
        if tokens > room:
            raise ModelError(
                f"{what} {tokens:,} tokens long; the model reads {room:,} at once.",
                "Keep the notes that matter for this message and run again, or name a model with a larger context.",
            )

    def write(self, request: Request, prompt: Prompt, judge: Judge, clock: Clock) -> list[Verdict]:
        """Every candidate judged; `judge` also refuses what repeats the prompt's own lines."""
        judge = replace(judge, instructions=_instructions(prompt, judge.sources))
        verdicts: list[Verdict] = []
        guard = self._guard(prompt, judge)
        while len(verdicts) < request.n:
            wave = len({v.candidate.wave for v in verdicts})
            size, temperature = WAVES[min(wave, len(WAVES) - 1)]
            first = request.seed + len(verdicts)
            seeds = range(first, first + min(size, request.n - len(verdicts)))
            written = self.engine.generate(prompt, seeds, max_tokens=REPLY_TOKENS, temperature=temperature, guard=guard)
            candidates = []
            for number in range(len(verdicts) + 1, len(verdicts) + len(seeds) + 1):
                self.progress(f"writing candidate {number} of at most {request.n}")
                with clock.spend("generate"):
                    candidate = next(written)
                text, subject = prompting.parse_reply(candidate.text, prompt)
                subject = subject if subject and not judge.invented(subject) else None
                candidates.append(replace(candidate, text=text, subject=subject, wave=wave + 1))
            clock.move("generate", "prompt", self.engine.prompt_s)
            verdicts += judge.judge(candidates)
            if good_enough(verdicts):
                break
        return verdicts

    def _guard(self, prompt: Prompt, judge: Judge) -> Grounding | None:
        def refused(reply: str) -> bool:
            text = prompting.parse_reply(reply, prompt)[0]
            return (judge.max_chars is not None and len(text) > judge.max_chars) or bool(judge.invented(text))

        return Grounding(judge.sources, judge.kind.fixed, refused) if self.grounded else None


def _instructions(prompt: Prompt, sources: Sequence[Document]) -> frozenset[str]:
    """The lines that a prompt adds to the user's words; none of them belongs in a message."""
    given = {line for message in prompt.messages if message.role != "assistant" for line in lines_of(message.content)}
    return frozenset(given - {line for document in sources for line in lines_of(document.text)})
