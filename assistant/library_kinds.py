"""prompts/kinds/<kind>/ → Kind. What is wrong is noted as `file: key: what`, and reading goes on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

from assistant.library_table import TRAITS, Table, check_id, check_traits, read_table
from assistant.records import NEEDS, Example, Kind, Need


def read_kind(folder: Path, faults: list[str], *, compiled: bool) -> Kind | None:
    """None where kind.toml cannot be read at all; `faults` then says why. `compiled`: whether patterns are checked."""
    place = f"kinds/{folder.name}"
    check_id(folder.name, place, faults)
    examples = _examples(folder, faults)
    template = _template(folder, faults)
    table = read_table(folder / "kind.toml", f"{place}/kind.toml", faults)
    if table is None:
        return None
    kind = Kind(
        id=folder.name,
        title=table.text("title"),
        summary=table.text("summary"),
        shape=table.text("shape"),
        traits=check_traits(table, set(TRAITS)),
        min_words=table.whole("min_words", required=True) or 0,
        max_words=table.whole("max_words", required=True) or 0,
        max_chars=table.whole("max_chars"),
        needs=cast("tuple[Need, ...]", table.texts("needs")),
        questions=_texts_by_key(table.table("questions")),
        signals=_signals(table.table("signals"), compiled=compiled),
        phrases=_phrases(table.table("phrases")),
        template=template,
        examples=examples,
    )
    if table.has("max_words") and kind.max_words < max(kind.min_words, 1):
        table.fault("max_words", "must be above 0 and not below min_words")
    if kind.max_chars == 0:
        table.fault("max_chars", "must be above 0; leave it out where there is no limit")
    _check_needs(kind, table)
    table.close()
    return kind


def _check_needs(kind: Kind, table: Table) -> None:
    for need in kind.needs:
        if need not in NEEDS:
            table.fault("needs", f"“{need}” is none of {', '.join(NEEDS)}")
        elif need not in kind.questions:
            table.fault(f"questions.{need}", "is missing: every need has its question")
    for key in kind.questions:
        if key not in kind.needs:
            table.fault(f"questions.{key}", "is not among the needs")


def _texts_by_key(table: Table) -> dict[str, str]:
    return {key: table.text(key) for key in table.present}


def _signals(table: Table, *, compiled: bool) -> dict[str, float]:
    signals: dict[str, float] = {}
    for key in table.present:
        weight = table.number(key)
        try:
            if compiled:
                re.compile(key)
        except re.error as error:
            table.fault(key, f"is not a regular expression: {error}")
        signals[key] = weight or 0.0
    return signals


def _phrases(table: Table) -> dict[str, tuple[str, ...]]:
    phrases = {key: table.texts(key) for key in table.present}
    for key, items in phrases.items():
        if not items:
            table.fault(key, "is empty")
    return phrases


def _template(folder: Path, faults: list[str]) -> str:
    file = f"kinds/{folder.name}/message.j2"
    try:
        text = (folder / "message.j2").read_bytes().decode("utf-8")
    except FileNotFoundError:
        faults.append(f"{file}: is missing")
    except OSError as error:
        faults.append(f"{file}: cannot be read ({error.strerror})")
    except UnicodeDecodeError as error:
        faults.append(f"{file}: is not UTF-8 (byte {error.start})")
    else:
        if not text.strip():
            faults.append(f"{file}: is empty")
        return text
    return ""


def _examples(folder: Path, faults: list[str]) -> tuple[Example, ...]:
    file = f"kinds/{folder.name}/examples.toml"
    table = read_table(folder / "examples.toml", file, faults)
    if table is None:
        return ()
    found: list[Example] = []
    for label in ("good", "bad"):
        for row in table.tables(label):
            texts = {key: row.text(key, required=key in ("id", "text")) for key in ("id", "text", "notes", "pair")}
            found.append(Example(kind=folder.name, label=cast(Any, label), **texts))
            row.close()
    labels: dict[str, str] = {}
    for example in found:
        if example.id in labels:
            table.fault(example.id, "this id is there twice")
        labels[example.id] = example.label
    for example in found:
        if example.pair and labels.get(example.pair) in (None, example.label):
            table.fault(example.id, f"its pair “{example.pair}” is not an example of the other label")
    table.close()
    return tuple(found)
