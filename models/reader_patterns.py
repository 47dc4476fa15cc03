"""The reader's pattern head, models/reader.json: linear-chain taggers and linear choices, no neural network.

Two taggers (names; then what each stretch is for, which sees the first one's answers as it would at run time, by
cross-fitting), one choice of kind, and one reader of finished messages, trained on rewrites and drafts.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from assistant.cues import cues_of
from assistant.letter import read_letter
from assistant.reader_features import known_names, name_rows, page, sentence_features, slot_rows, text_features
from assistant.reader_head import Head, chooser, head_of, tagger
from assistant.segments import WORD
from models.cases import Case
from models.reader_labels import NAMES, SLOTS, content, label, stretches

SEED = 20261122
FOLDS = 4
SETTINGS = {"c1": 0.6, "c2": 0.3, "max_iterations": 90, "feature.minfreq": 3}
SCALE = 100
CUT = 0.03
MESSAGE = ("sender", "about", "target", "proof", "why_them", "history", "ask", "offer", "exit")
NAME_LABELS = ["O", *(f"{p}-{s}" for s in NAMES for p in "BI")]
SLOT_LABELS = ["O", *(f"{p}-{s}" for s in SLOTS for p in "BI")]


# --- taggers --------------------------------------------------------------------------------------------------------


def fit_tagger(
    rows: list[list[list[str]]], gold: list[list[str]], labels: list[str], **settings: float
) -> dict[str, Any]:
    """A linear-chain conditional random field; its L1 penalty (c1) keeps the data small."""
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.select("lbfgs")
    trainer.set_params(SETTINGS)
    for features, answers in zip(rows, gold, strict=True):
        if features:
            trainer.append(pycrfsuite.ItemSequence([{f: 1.0 for f in row} for row in features]), answers)
    with tempfile.TemporaryDirectory() as folder:
        place = str(Path(folder) / "crf")
        trainer.train(place)
        model = pycrfsuite.Tagger()
        model.open(place)
        info = model.info()
    table: dict[str, list[int]] = {}
    for (feature, answer), weight in sorted(info.state_features.items()):
        if abs(weight) >= CUT:
            table.setdefault(feature, []).extend((labels.index(answer), round(weight * SCALE)))
    moves = [
        [round(info.transitions.get((a, b), 0.0) * SCALE) if allowed(a, b) else None for b in labels] for a in labels
    ]
    return {"labels": labels, "scale": SCALE, "weights": table, "transitions": moves}


def allowed(before: str, after: str) -> bool:
    return not after.startswith("I-") or before[2:] == after[2:]


# --- linear choices --------------------------------------------------------------------------------------------------


def choose_fit(
    rows: list[list[str]], gold: list[Any], labels: list[str], *, c: float, many: bool, min_count: int
) -> dict[str, Any]:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    counts = Counter(f for row in rows for f in row)
    index = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= min_count))}
    ind = [[index[f] for f in row if f in index] for row in rows]
    ptr = [0]
    for row in ind:
        ptr.append(ptr[-1] + len(row))
    x = csr_matrix(([1.0] * ptr[-1], [i for row in ind for i in row], ptr), shape=(len(rows), len(index)))
    scale, columns, bias = 100, [], []
    if many:
        for name in labels:
            y = [int(name in g) for g in gold]
            model = LogisticRegression(C=c, max_iter=400, solver="liblinear", random_state=SEED).fit(x, y)
            columns.append(model.coef_[0])
            bias.append(float(model.intercept_[0]))
    else:
        model = LogisticRegression(C=c, max_iter=600, class_weight="balanced").fit(x, [labels.index(g) for g in gold])
        columns, bias = list(model.coef_), [float(b) for b in model.intercept_]
    cut = 0.09 if many else 0.02
    table = {}
    for feature, i in index.items():
        kept = [(j, round(float(col[i]) * scale)) for j, col in enumerate(columns) if abs(float(col[i])) >= cut]
        if kept:
            table[feature] = [v for pair in kept for v in pair]
    return {"labels": labels, "scale": scale, "weights": table, "bias": [round(b * scale) for b in bias]}


def message_rows(cases: list[Case]) -> tuple[list[list[str]], list[set[str]]]:
    """Sentences of rewrites and drafts, each with the slots whose words it says."""
    rows, gold = [], []
    for case in cases:
        texts = [(case["plain"], 0.5), (case.get("rewrite") or "", 0.45), (case["draft"], 0.6)]
        for text, least in texts:
            body = read_letter(text).body
            for place, part in enumerate(body):
                said = text[part.start : part.end]
                said_words = set(content(said))
                holds = set()
                for slot in MESSAGE:
                    values = [dict(N=case["context"], D=case["draft"])[s][a:b] for s, a, b in stretches(case, slot)]
                    for value in values:
                        wanted = set(content(value))
                        if wanted and len(wanted & said_words) >= least * len(wanted):
                            holds.add(slot)
                rows.append(sentence_features(said, place, len(body)))
                gold.append(polish(said, holds, text is case["draft"]))
    return rows, gold


def polish(said: str, holds: set[str], draft: bool) -> set[str]:
    """Asks and exits are put in the writer's own words and share none with the notes: there the cues teach."""
    cues = cues_of(said)
    if not draft:
        if "exit" in cues:
            holds.add("exit")
        elif said.rstrip().endswith("?") or ("please" in cues and {"refer", "intro", "call", "forward"} & cues):
            holds.add("ask")
    return holds


def common_words(cases: list[Case]) -> frozenset[str]:
    counts: Counter[str] = Counter()
    for case in cases:
        for text in (case["draft"], case["context"], case["plain"]):
            counts.update({w.group() for w in WORD.finditer(text) if w.group().islower() and w.group().isalpha()})
    names = {w.casefold() for c in cases for s in NAMES for v in c["slots"][s] for w in re.findall(r"[^\W\d_]+", v)}
    return frozenset(w for w, n in counts.items() if n >= 3 and (w not in names or n >= 12))


def fold_of(case: Case) -> int:
    """Cases made from one another share the id's stem, and so the fold."""
    return sum(str(case["id"]).split("/")[0].encode()) % FOLDS


def written_names(cases: list[Case], common: frozenset[str]) -> tuple[list[list[list[str]]], list[list[str]]]:
    """The rows of the name tagger for both texts of each case, two a case, and their labels."""
    rows, gold = [], []
    for case in cases:
        known = known_names(case["draft"])
        for source, text in (("N", case["context"]), ("D", case["draft"])):
            one = page(text, source, common, known)
            rows.append(name_rows(one))
            gold.append(label(case, source, one.tokens, NAMES))
    return rows, gold


def build(cases: list[Case], written: list[Case]) -> tuple[dict[str, Any], list[Head]]:
    """The whole head as data, and for each fold a head that has not seen the fold's cases.

    From the `written` cases only names and kinds are learnt: what a slot's words are was marked a little otherwise
    there, and teaching both made the slots of validation worse (F1 .701 → .684).
    """
    common = common_words(cases)
    more_rows, more_gold = written_names(written, common)
    more_texts = [text_features(c["draft"], c["context"] or c["draft"]) for c in written]
    seen = [known_names(c["draft"]) for c in cases]
    sides = [(("N", c["context"]), ("D", c["draft"])) for c in cases]
    pages = [[page(t, s, common, n) for s, t in pair] for pair, n in zip(sides, seen, strict=True)]
    kinds = sorted({c["kind"] for c in cases})
    texts = [text_features(c["draft"], c["context"]) for c in cases]
    # A draft or a finished message may come with no notes at all: then it is read as its own notes.
    alone = [[text_features(c[field], c[field]) for c in cases] for field in ("plain", "draft")]
    named = [[name_rows(p) for p in pair] for pair in pages]

    def gold(i: int, slots: tuple[str, ...]) -> list[list[str]]:
        return [label(cases[i], s, p.tokens, slots) for (s, _), p in zip(sides[i], pages[i], strict=True)]

    def fit_kinds(keep: list[int], more: list[int]) -> dict[str, Any]:
        rows = [views[i] for views in (texts, *alone) for i in keep] + [more_texts[i] for i in more]
        answers = [cases[i]["kind"] for i in keep] * 3 + [written[i]["kind"] for i in more]
        return choose_fit(rows, answers, kinds, c=0.1, many=False, min_count=14)

    def fit_names(keep: list[int], more: list[int]) -> dict[str, Any]:
        rows = [r for i in keep for r in named[i]] + [r for i in more for r in more_rows[2 * i : 2 * i + 2]]
        answers = [g for i in keep for g in gold(i, NAMES)] + [g for i in more for g in more_gold[2 * i : 2 * i + 2]]
        return fit_tagger(rows, answers, NAME_LABELS)

    def fit_slots(keep: list[int]) -> dict[str, Any]:
        return fit_tagger([r for i in keep for r in rows[i]], [g for i in keep for g in gold(i, SLOTS)], SLOT_LABELS)

    rows: dict[int, list[list[list[str]]]] = {}
    folds = []
    for fold in range(FOLDS):
        keep, more = ([i for i, c in enumerate(some) if fold_of(c) != fold] for some in (cases, written))
        folds.append({"names": fit_names(keep, more), "kinds": fit_kinds(keep, more)})
        names, kind_of = tagger(folds[-1]["names"]), chooser(folds[-1]["kinds"])
        for i in set(range(len(cases))) - set(keep):
            scores = kind_of.scores(texts[i])
            kind = max(scores, key=scores.__getitem__)
            roles = [names.best([names.scores(row) for row in side]) for side in named[i]]
            rows[i] = [slot_rows(p, role, kind) for p, role in zip(pages[i], roles, strict=True)]
        print(f"fold {fold + 1} of {FOLDS}", flush=True)
    everything, all_more = list(range(len(cases))), list(range(len(written)))
    sentences, said = message_rows(cases)
    whole = {
        "names": fit_names(everything, all_more),
        "slots": fit_slots(everything),
        "kinds": fit_kinds(everything, all_more),
        "message": choose_fit(sentences, said, list(MESSAGE), c=0.3, many=True, min_count=5),
        "common": " ".join(sorted(common)),
    }
    heads = []
    for fold, data in enumerate(folds):
        slots = fit_slots([i for i, c in enumerate(cases) if fold_of(c) != fold])
        heads.append(head_of({**whole, **data, "slots": slots}))
    return whole, heads
