"""Makes models/reader.json, the reader's learned head, from models/corpus/train.jsonl.

    python models/train_reader.py [OUT]

Needs python-crfsuite 0.9.12 and scikit-learn, for training only; two minutes on one core, seed fixed.
Two linear-chain taggers (names; then what each stretch is for, which sees the first one's answers as it would at run
time, by cross-fitting), one choice of kind, and one reader of finished messages, trained on rewrites and drafts.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assistant.letter import read_letter  # noqa: E402
from assistant.reader_features import (  # noqa: E402
    Page,
    known_names,
    name_rows,
    page,
    sentence_features,
    slot_rows,
    text_features,
)
from assistant.reader_head import chooser, tagger  # noqa: E402
from assistant.segments import TOKEN, WORD, clauses, words  # noqa: E402

SEED = 20261122
FOLDS = 4
SETTINGS = {"c1": 0.6, "c2": 0.3, "max_iterations": 90, "feature.minfreq": 3}
SCALE = 100
CUT = 0.03
SLOTS = ("history", "why_them", "target", "proof", "ask", "offer", "exit", "leave_out", "about")
NAMES = ("recipient", "sender")
MESSAGE = ("sender", "about", "target", "proof", "why_them", "history", "ask", "offer", "exit")
STOP = words(
    "a an the and or of to in on at for with by from is are was were be been i i'm me my you your he she they his her "
    "him their it its that this as so if not no we our us do did does have has had would could can will just also "
    "there then"
)
Case = dict[str, Any]


def stem(word: str) -> str:
    return re.sub(r"(?:ing|ed|es|s|'s|’s)$", "", word) if len(word) > 4 else word


def content(text: str) -> list[str]:
    return [
        stem(w.group().casefold())
        for w in TOKEN.finditer(text)
        if w.group()[0].isalnum() and w.group().casefold() not in STOP
    ]


# --- labels ---------------------------------------------------------------------------------------------------------


def places(case: Case, slot: str) -> list[tuple[str, int, int]]:
    """Where each of the slot's strings stands: in the notes if it can, else in the draft."""
    found = []
    for value in case["slots"][slot]:
        for source, text in (("N", case["context"]), ("D", case["draft"])):
            at = text.find(value)
            while at >= 0 and (text[at - 1 : at].isalnum() or text[at + len(value) : at + len(value) + 1].isalnum()):
                at = text.find(value, at + 1)
            if at >= 0:
                found.append((source, at, at + len(value)))
                break
    return found


def about_places(case: Case) -> list[tuple[str, int, int]]:
    """Who the sender is: what the plain rewrite shares with the notes, near the sender, and holds no other slot."""
    taken = {s: [p[1:] for slot in (*SLOTS[:8], "recipient") for p in places(case, slot) if p[0] == s] for s in "ND"}
    held = {w for slot in SLOTS[:8] for v in case["slots"][slot] for w in content(v)}
    plain = set(content(case["plain"]))
    senders = {w for v in case["slots"]["sender"] for w in content(v)}
    recipients = {w for v in case["slots"]["recipient"] for w in content(v)}
    found = []
    for source, text in (("N", case["context"]), ("D", case["draft"])):
        near = False
        for part in clauses(text):
            said = text[part.start : part.end]
            others = [w for w in content(said) if w not in senders]
            named = any(w in senders for w in content(said))
            first = bool(re.search(r"\b(?:i|i'm|i’m|im|me|my|we|our)\b", said.casefold()))
            if any(w in recipients for w in content(said)):
                near = False
            free = not any(part.start < end and start < part.end for start, end in taken[source])
            shared = [w for w in others if w in plain]
            if (
                free
                and (near or named or first)
                and others
                and len(shared) >= 0.6 * len(others)
                and not set(shared) <= held
            ):
                start = part.start
                if named:
                    last = [
                        m for m in TOKEN.finditer(text, part.start, part.end) if stem(m.group().casefold()) in senders
                    ][-1]
                    start = last.end()
                lead = re.match(r"\W*(?:me|i'm|i’m|im|i am|my name is)?\W*", text[start : part.end], re.IGNORECASE)
                start += lead.end() if lead else 0
                if content(text[start : part.end]):
                    found.append((source, start, part.end))
            near = named or (near and (free and bool(shared)))
    return found


def label(case: Case, source: str, pg: Page, slots: tuple[str, ...]) -> list[str]:
    stretches = [
        (s, *p[1:]) for s in slots for p in (about_places(case) if s == "about" else places(case, s)) if p[0] == source
    ]
    result = ["O"] * len(pg.tokens)
    # The longest first, so that a stretch inside another does not cut it in two.
    for slot, start, end in sorted(stretches, key=lambda x: x[1] - x[2]):
        inside = [i for i, t in enumerate(pg.tokens) if t.start >= start and t.end <= end]
        if inside and all(result[i] == "O" for i in inside):
            for n, i in enumerate(inside):
                result[i] = ("B-" if n == 0 else "I-") + slot
    return result


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
                    values = case["slots"].get(slot, [])
                    if slot == "about":
                        values = [dict(N=case["context"], D=case["draft"])[s][a:b] for s, a, b in about_places(case)]
                    for value in values:
                        wanted = set(content(value))
                        if wanted and len(wanted & said_words) >= least * len(wanted):
                            holds.add(slot)
                rows.append(sentence_features(said, place, len(body)))
                gold.append(polish(said, holds, text is case["draft"]))
    return rows, gold


def polish(said: str, holds: set[str], draft: bool) -> set[str]:
    """Asks and exits are put in the writer's own words and share none with the notes: there the cues teach."""
    from assistant.cues import cues_of

    cues = cues_of(said)
    if not draft:
        if "exit" in cues:
            holds.add("exit")
        elif said.rstrip().endswith("?") or ("please" in cues and {"refer", "intro", "call", "forward"} & cues):
            holds.add("ask")
    return holds


def main(out: Path) -> None:
    cases = [json.loads(line) for line in (ROOT / "models/corpus/train.jsonl").read_text(encoding="utf-8").splitlines()]
    data = build(cases)
    out.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{out.stat().st_size / 1024:.0f} KB", {k: len(v["weights"]) for k, v in data.items() if k != "common"})


def common_words(cases: list[Case]) -> frozenset[str]:
    counts: Counter[str] = Counter()
    for case in cases:
        for text in (case["draft"], case["context"], case["plain"]):
            counts.update({w.group() for w in WORD.finditer(text) if w.group().islower() and w.group().isalpha()})
    names = {w.casefold() for c in cases for s in NAMES for v in c["slots"][s] for w in re.findall(r"[^\W\d_]+", v)}
    return frozenset(w for w, n in counts.items() if n >= 3 and (w not in names or n >= 12))


def greeted(case: Case) -> dict[str, str]:
    return known_names(case["draft"])


def build(cases: list[Case]) -> dict[str, Any]:
    common = common_words(cases)
    pages = [(page(c["context"], "N", common, greeted(c)), page(c["draft"], "D", common, greeted(c))) for c in cases]
    fold = [hash_fold(str(c["id"])) for c in cases]
    kinds = sorted({c["kind"] for c in cases})
    texts = [text_features(c["draft"], c["context"]) for c in cases]
    gold_kinds = [c["kind"] for c in cases]

    # A draft or a finished message may come with no notes at all: then it is read as its own notes.
    alone = [[text_features(c[field], c[field]) for c in cases] for field in ("plain", "draft")]

    def fit_kinds(keep: list[int]) -> dict[str, Any]:
        rows = [views[i] for views in (texts, *alone) for i in keep]
        return choose_fit(rows, [gold_kinds[i] for i in keep] * 3, kinds, c=0.03, many=False, min_count=14)

    name_labels = ["O", *(f"{p}-{s}" for s in NAMES for p in "BI")]
    nrows = [[name_rows(p) for p in pair] for pair in pages]
    ngold = [
        [label(c, s, p, NAMES) for s, p in zip("ND", pair, strict=True)] for c, pair in zip(cases, pages, strict=True)
    ]

    def fit_names(keep: list[int]) -> dict[str, Any]:
        return fit_tagger([r for i in keep for r in nrows[i]], [g for i in keep for g in ngold[i]], name_labels)

    roles: list[list[list[str]]] = [[] for _ in cases]
    guessed = [""] * len(cases)
    for f in range(FOLDS):
        keep = [i for i in range(len(cases)) if fold[i] != f]
        names = tagger(fit_names(keep))
        kind_of = chooser(fit_kinds(keep))
        for i in (i for i in range(len(cases)) if fold[i] == f):
            roles[i] = [names.best([names.scores(row) for row in r]) for r in nrows[i]]
            scores = kind_of.scores(texts[i])
            guessed[i] = max(scores, key=scores.__getitem__)
        print("fold", f, flush=True)
    right = sum(g == k for g, k in zip(guessed, gold_kinds, strict=True)) / len(cases)
    print(f"kinds, cross-fitted: {right:.3f}")
    slot_labels = ["O", *(f"{p}-{s}" for s in SLOTS for p in "BI")]
    srows = [
        slot_rows(p, role, kind)
        for pair, both, kind in zip(pages, roles, guessed, strict=True)
        for p, role in zip(pair, both, strict=True)
    ]
    sgold = [
        label(c, s, p, SLOTS) for c, pair in zip(cases, pages, strict=True) for s, p in zip("ND", pair, strict=True)
    ]
    everything = list(range(len(cases)))
    slots = fit_tagger(srows, sgold, slot_labels)
    mrows, mgold = message_rows(cases)
    return {
        "names": fit_names(everything),
        "slots": slots,
        "kinds": fit_kinds(everything),
        "message": choose_fit(mrows, mgold, list(MESSAGE), c=0.3, many=True, min_count=5),
        "common": " ".join(sorted(common)),
    }


def hash_fold(id: str) -> int:
    return sum(id.encode()) % FOLDS


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "models" / "reader.json")
