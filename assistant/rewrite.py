"""The pipeline: read, prompt, generate, judge, choose, explain. Engine and embedder are injected."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from assistant import reading
from assistant.engine import Embedder, Engine, Progress
from assistant.explain import explain
from assistant.grounding import Grounding
from assistant.intake import FOLLOW_UPS, limit, read, sources
from assistant.judge import Judge, agreed, choose, draft_is_good
from assistant.reader_tuned import TunedReader
from assistant.records import (
    Brief,
    Candidate,
    Document,
    Draft,
    Explanation,
    Finding,
    FollowUp,
    Kind,
    Library,
    Missing,
    Prompt,
    Request,
    Rewrite,
    Timing,
    Verdict,
)
from assistant.rewrite_waves import Clock, Waves, good_enough
from assistant.rules import ignored, with_levels, without_comments
from assistant.safe_edit import safe_edit
from assistant.score import Closeness
from assistant.score_heads import Heads
from assistant.telling import Teller, messages, tell_all

# D1: one follow-up after about ten days.
FOLLOW_UP_DAYS = 10


class Assistant:
    """Rewrites drafts with one library, engine and embedder; reusable over many requests.

    `small` asks for the short prompt, which a model under about a billion parameters can follow. `load_s` is what
    loading engine and embedder took, told with the first answer. `grounded` keeps the model to the user's facts while
    it writes. Raises UsageError, ModelError and DataError.
    """

    def __init__(
        self,
        library: Library,
        engine: Engine,
        embedder: Embedder,
        *,
        today: date,
        progress: Progress = lambda _: None,
        small: bool = True,
        load_s: float = 0.0,
        grounded: bool = True,
        tuned: TunedReader | None = None,
    ) -> None:
        self.library = library
        self.engine = engine
        self.closeness = Closeness(library, embedder)
        self.heads = Heads(self.closeness.sentences)
        self.today = today
        self.progress = progress
        self.load_s = load_s
        self.grounded = grounded
        self.tuned = tuned
        # a served assistant tells each request's own client
        self.waves = Waves(engine, library, self.closeness, lambda t: self.progress(t), small=small, grounded=grounded)

    def read(self, request: Request) -> tuple[Draft, Brief, Kind, tuple[Missing, ...]]:
        """What draft and notes say, which kind of message they ask for, and what that kind still needs."""
        return read(request, self.library, self.tuned)

    def prompts(self, request: Request) -> tuple[Prompt, ...]:
        """What the model would get; raises ModelError when it does not fit its context."""
        draft, brief, kind, _ = self.read(request)
        if self.engine.info.adapter:
            return self._teller(request, brief, kind).prompts()
        return (self.waves.prompt(request, draft, brief, kind),)

    def rewrite(self, request: Request) -> Rewrite:
        """The best message that can be stood behind, with every candidate judged and the reasons."""
        started = time.perf_counter()
        library = with_levels(self.library, ignored(request.draft.text, self.library))
        request = replace(request, draft=without_comments(request.draft))
        draft, brief, kind, missing = self.read(request)
        clock = Clock()

        def measure(texts: Sequence[str]) -> list[float]:
            with clock.spend("embed"):
                return self.closeness.measure(texts, kind.id)

        judge = plain = Judge(
            kind,
            library,
            brief,
            sources(request),
            limit(request, kind),
            measure,
            earlier=draft.text if request.follow_up else None,
        )
        if self.engine.info.adapter:
            judge = replace(plain, recipe=True)
            verdicts = self._told(request, draft, judge, clock)
        else:
            prompt = self.waves.prompt(request, draft, brief, kind)
            verdicts = self.waves.write(request, prompt, judge, clock)
        self.progress("comparing your draft with examples")
        own = plain.judge([Candidate(draft.text, "draft")])[0]
        own = replace(own, findings=own.findings + self._timing_findings(request.follow_up))
        verdicts.append(own)
        if not any(v.accepted for v in verdicts if v.candidate.source == "model"):
            verdicts.append(self._safe_edit(request, draft, brief, judge))
        verdicts = agreed(verdicts, judge.sources)
        good = draft_is_good(own, judge, again=bool(request.follow_up))
        best = choose(verdicts, draft_may_win=good)
        if not good:
            own = replace(own, findings=self.heads.add(draft.text, kind, library, own.findings))
        explanation = self._explain(request, draft, brief, kind, own, best)
        total = time.perf_counter() - started
        load_s, self.load_s = self.load_s, 0.0
        timing = Timing(
            load_s,
            clock.spent["prompt"],
            clock.spent["generate"],
            clock.spent["embed"],
            total + load_s,
            sum(v.candidate.tokens for v in verdicts),
        )
        return Rewrite(
            best.candidate.text,
            best.candidate.subject or draft.subject,
            kind.id,
            best.candidate.source,
            best.accepted,
            draft,
            brief,
            own,
            best,
            tuple(verdicts),
            missing,
            explanation,
            self.engine.info,
            request.seed,
            timing,
        )

    def _teller(self, request: Request, brief: Brief, kind: Kind) -> Teller:
        phrases = kind.fixed

        def guard(told: Sequence[Document]) -> Grounding | None:
            return Grounding(told, phrases) if self.grounded else None

        return Teller(self.engine, kind, brief, sources(request), request.seed, guard)

    def _told(self, request: Request, draft: Draft, judge: Judge, clock: Clock) -> list[Verdict]:
        """Messages put together from the tuned model's sentences: the best of each, then others up to `n`."""
        teller = self._teller(request, judge.brief, judge.kind)
        with clock.spend("generate"):
            told = tell_all(teller, self.progress)
        clock.move("generate", "prompt", teller.prompt_s)
        verdicts: list[Verdict] = []
        request = replace(request, max_chars=judge.max_chars)
        for candidate in messages(told, request, draft, judge.brief, judge.kind, self.library, judge.sources):
            if not verdicts:
                with clock.spend("embed"):
                    self.closeness.prepare((draft.text, candidate.text))
            tokens = 0 if verdicts else teller.tokens
            verdicts += judge.judge([replace(candidate, tokens=tokens, wave=len(verdicts) + 1)])
            if good_enough(verdicts):
                break
        return verdicts

    def _safe_edit(self, request: Request, draft: Draft, brief: Brief, judge: Judge) -> Verdict:
        text = safe_edit(
            draft,
            brief,
            judge.kind,
            self.library,
            judge.sources,
            max_chars=judge.max_chars,
            follow_up=request.follow_up,
        )
        return judge.judge([Candidate(text, "safe-edit")])[0]

    def _timing_findings(self, follow_up: FollowUp | None) -> tuple[Finding, ...]:
        if follow_up is None or follow_up.sent is None:
            return ()
        ready = follow_up.sent + timedelta(days=FOLLOW_UP_DAYS)
        if self.today >= ready:
            return ()
        principle = self.library.principle("too-soon")
        days = (self.today - follow_up.sent).days
        message = (
            f"{principle.title}: sent {days} {'day' if days == 1 else 'days'} ago. {principle.rule} Good from {ready}."
        )
        return (Finding(principle.id, principle.severity, 0, 0, "", message),)

    def _explain(
        self, request: Request, draft: Draft, brief: Brief, kind: Kind, own: Verdict, best: Verdict
    ) -> Explanation:
        text = best.candidate.text
        explanation = explain(
            draft,
            text,
            best.candidate.source,
            kind,
            self.library,
            brief,
            own.findings,
            best.findings,
            self.closeness.nearest(text, kind.id, "good"),
            self.closeness.nearest(draft.text, kind.id, "bad"),
            said_draft=reading.say(draft.text),
            said_message=reading.say(text),
            notes=request.notes,
        )
        warnings = [f.message for f in own.findings if f.principle == "too-soon"]
        if request.follow_up and request.follow_up.number == FOLLOW_UPS:
            warnings.append(self.library.principle("too-many").rule)
        if not best.accepted:
            warnings += [f"Check before you send: {reason}." for reason in best.reasons]
        return replace(explanation, warnings=(*explanation.warnings, *warnings))
