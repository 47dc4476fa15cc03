"""prompts/ → Library. Every fault of the data is reported at once, with its file and key."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

from assistant import paths
from assistant.errors import DataError
from assistant.library_kinds import read_kind
from assistant.library_table import TRAITS, Table, check_id, check_traits, read_table
from assistant.patterns import compile_check, compile_unless
from assistant.records import (
    SEVERITIES,
    SLOTS,
    BadExample,
    Check,
    GoodExample,
    Kind,
    Library,
    Principle,
)

SOURCES = ("D1", "D2", "D3", "D4")
# A key that a check's type gives no meaning to would be lost in silence, so it is refused.
_CHECK_KEYS: dict[str, tuple[str, ...]] = {
    "phrase": ("any", "unless", "where"),
    "pattern": ("any", "unless", "where"),
    "count": ("any", "unless", "where", "min", "max"),
    "length": ("min", "max", "side"),
    "slot": ("slot", "hidden", "unless"),
    "together": ("any",),
    "embedding": (),
    "none": (),
}
_WHERE = ("anywhere", "opening", "closing", "body", "notes")


def load_library(root: Path = paths.PROMPTS) -> Library:
    """Reads `root/principles/*.toml` and `root/kinds/*/`. Raises DataError; its `faults` holds every fault found."""
    faults: list[str] = []
    for folder in ("principles", "kinds"):
        if not (root / folder).is_dir():
            faults.append(f"{folder}: there is no such folder")
    folders = sorted(p for p in (root / "kinds").glob("*") if p.is_dir())
    known = {*TRAITS, "all", *(folder.name for folder in folders)}
    files = sorted((root / "principles").glob("*.toml"))
    # Compiling the expressions is most of the time it takes to load; the bundled ones are compiled by a test.
    compiled = root != paths.PROMPTS
    kinds = [kind for folder in folders if (kind := read_kind(folder, faults, compiled=compiled))]
    principles = [p for file in files if (p := _principle(file, known, faults, compiled=compiled))]
    _unique(kinds, faults)
    if faults:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise DataError(
            f"{count} in the data:\n" + "\n".join(f"  {fault}" for fault in faults),
            "Mend what is listed, or install the package again; prompts/README.md describes the files.",
            file=root,
            faults=tuple(faults),
        )
    return Library(tuple(principles), tuple(kinds))


def _unique(kinds: list[Kind], faults: list[str]) -> None:
    seen: dict[str, str] = {}
    for kind in kinds:
        for example in kind.examples:
            if example.id in seen:
                faults.append(
                    f"kinds/{kind.id}/examples.toml: {example.id}: this id is taken in kinds/{seen[example.id]}"
                )
            seen[example.id] = kind.id


# --- principles -------------------------------------------------------------------------------------------------


def _principle(path: Path, known: set[str], faults: list[str], *, compiled: bool) -> Principle | None:
    file = f"principles/{path.name}"
    check_id(path.stem, file, faults)
    table = read_table(path, file, faults)
    if table is None:
        return None
    source = table.texts("source")
    for name in source:
        if name not in SOURCES:
            table.fault("source", f"“{name}” is none of {', '.join(SOURCES)}")
    if table.has("source") and not source:
        table.fault("source", "is empty")
    checks = tuple(c for t in table.tables("check") if (c := _check(t, compiled=compiled)))
    if not checks and not table.has("check"):
        table.fault("check", 'is missing; where nothing can see the fault, write type = "none"')
    principle = Principle(
        id=path.stem,
        title=table.text("title"),
        rule=table.text("rule"),
        why=table.text("why"),
        source=source,
        severity=cast(Any, table.choice("severity", SEVERITIES)),
        traits=check_traits(table, known),
        checks=checks,
        bad=tuple(_bad(t) for t in table.tables("bad")),
        good=tuple(_good(t) for t in table.tables("good")),
        disagreement=table.text("disagreement", required=False),
    )
    if not principle.bad:
        table.fault("bad", "at least one example of the fault is needed")
    if len(principle.good) < 2:
        table.fault("good", "at least two good examples are needed")
    elif not any(example.near_miss for example in principle.good):
        table.fault("good", "at least one must have near_miss = true")
    table.close()
    return principle


def _check(table: Table, *, compiled: bool) -> Check | None:
    type = table.choice("type", tuple(_CHECK_KEYS))
    if type is None:
        return None
    allowed = _CHECK_KEYS[type]
    for key in table.present:
        if key != "type" and key not in allowed:
            table.fault(key, f"means nothing for a check of type {type}")
    check = Check(
        type=cast(Any, type),
        any=table.texts("any") if "any" in allowed else (),
        unless=table.texts("unless", required=False) if "unless" in allowed else (),
        where=cast(Any, table.choice("where", _WHERE, "anywhere")) if "where" in allowed else "anywhere",
        min=table.whole("min") if "min" in allowed else None,
        max=table.whole("max") if "max" in allowed else None,
        side=cast(Any, table.choice("side", ("over", "under"), "") or None) if "side" in allowed else None,
        slot=cast(Any, table.choice("slot", SLOTS)) if "slot" in allowed else None,
        hidden=table.flag("hidden") if "hidden" in allowed else False,
    )
    _check_makes_sense(check, table)
    if compiled:
        _check_expressions(check, table)
    return check


def _check_makes_sense(check: Check, table: Table) -> None:
    if check.type in ("phrase", "pattern", "count") and table.has("any") and not check.any:
        table.fault("any", "is empty")
    if check.type == "count" and (check.min is None) == (check.max is None):
        table.fault("max", "a count has either max or min")
    if check.type == "length":
        if (check.side is None) == (check.min is None and check.max is None):
            table.fault("side", "a length has either side, or min and max")
        elif None not in (check.min, check.max) and cast(int, check.min) > cast(int, check.max):
            table.fault("min", "is above max")


def _check_expressions(check: Check, table: Table) -> None:
    groups = [("unless", check.unless)]
    if check.type in ("pattern", "count"):
        groups.append(("any", check.any))
    try:
        joined = [compile_unless(check), compile_check(check) if check.any else None]
    except re.error:
        joined = []
    if joined and not any(p and p.groups for p in joined):
        return
    # Only now each by itself: compiling takes time.
    for key, sources in groups:
        for source in sources:
            try:
                if re.compile(source).groups:
                    table.fault(key, f"“{source}”: write groups as (?:…), the expressions are joined")
            except re.error as error:
                table.fault(key, f"“{source}” is not a regular expression: {error}")


def _bad(table: Table) -> BadExample:
    example = BadExample(table.text("text"), table.texts("quotes"), table.text("fixed"))
    for quote in example.quotes:
        if quote not in example.text:
            table.fault("quotes", f"“{quote}” is not in text")
    table.close()
    return example


def _good(table: Table) -> GoodExample:
    example = GoodExample(table.text("text"), table.flag("near_miss"))
    table.close()
    return example
