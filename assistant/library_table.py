"""One table of a data file, read key by key; what is wrong is noted and reading goes on, so that one run shows all."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

TRAITS = (
    "first_contact",
    "has_ask",
    "asks_referral",
    "asks_call",
    "names_role",
    "needs_proof",
    "forwarded",
    "through_third",
    "follow_up",
    "answers",
    "offers_value",
)
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


class Table:
    """A TOML table. Every read key is ticked off, so that `close` can name those nobody asked for."""

    def __init__(self, data: dict[str, Any], file: str, faults: list[str], prefix: str = "") -> None:
        self._data = data
        self._file = file
        self._faults = faults
        self._prefix = prefix
        self._asked: set[str] = set()

    def fault(self, key: str, what: str) -> None:
        """Notes a fault as `file: key: what`."""
        self._faults.append(f"{self._file}: {self._prefix}{key}: {what}")

    def _get(self, key: str, required: bool, kind: type | tuple[type, ...], name: str) -> Any:
        self._asked.add(key)
        value = self._data.get(key)
        if value is None:
            if required:
                self.fault(key, "is missing")
            return None
        # TOML's true is an int to Python.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fault(key, f"must be {name}")
            return None
        return value

    def has(self, key: str) -> bool:
        return key in self._data

    @property
    def present(self) -> tuple[str, ...]:
        return tuple(self._data)

    def text(self, key: str, *, required: bool = True) -> str:
        """The string without white space around it; "" where it is missing or wrong."""
        value = self._get(key, required, str, "a string")
        if value is None:
            return ""
        if not value.strip():
            self.fault(key, "is empty")
        return str(value).strip()

    def choice(self, key: str, choices: tuple[str, ...], default: str | None = None) -> str | None:
        """One of `choices`; without a default it is required."""
        value = self.text(key, required=default is None)
        if not value:
            return default
        if value not in choices:
            self.fault(key, f"“{value}” is none of {', '.join(choices)}")
            return default
        return value

    def texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """A list of strings none of which is empty or there twice."""
        value = self._get(key, required, list, "a list of strings")
        found: list[str] = []
        for number, item in enumerate(value or (), 1):
            if not isinstance(item, str) or not item.strip():
                self.fault(key, f"item {number} must be a string that is not empty")
            elif item in found:
                self.fault(key, f"“{item}” is there twice")
            else:
                found.append(item)
        return tuple(found)

    def whole(self, key: str, *, required: bool = False) -> int | None:
        """A whole number of at least 0."""
        value = self._get(key, required, int, "a whole number")
        if value is not None and value < 0:
            self.fault(key, "must not be below 0")
            return None
        return None if value is None else int(value)

    def number(self, key: str) -> float | None:
        value = self._get(key, True, (int, float), "a number")
        return None if value is None else float(value)

    def flag(self, key: str) -> bool:
        return bool(self._get(key, False, bool, "true or false"))

    def table(self, key: str) -> Table:
        value = self._get(key, False, dict, "a table")
        return Table(value or {}, self._file, self._faults, f"{self._prefix}{key}.")

    def tables(self, key: str) -> tuple[Table, ...]:
        """An array of tables, as `[[key]]`; numbered from 1 in what is reported."""
        value = self._get(key, False, list, f"tables, written [[{key}]]")
        found = []
        for number, item in enumerate(value or (), 1):
            if isinstance(item, dict):
                found.append(Table(item, self._file, self._faults, f"{self._prefix}{key}[{number}]."))
            else:
                self.fault(key, f"item {number} must be a table, written [[{key}]]")
        return tuple(found)

    def close(self) -> None:
        """Names every key that nobody asked for: a misspelt key must not be lost in silence."""
        for key in self._data:
            if key not in self._asked:
                self.fault(key, "is not known here")


def read_table(path: Path, file: str, faults: list[str]) -> Table | None:
    """The file's top table; None, with the fault noted, where it cannot be read."""
    try:
        return Table(tomllib.loads(path.read_bytes().decode("utf-8")), file, faults)
    except FileNotFoundError:
        faults.append(f"{file}: is missing")
    except OSError as error:
        faults.append(f"{file}: cannot be read ({error.strerror})")
    except UnicodeDecodeError as error:
        faults.append(f"{file}: is not UTF-8 (byte {error.start})")
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{file}: is not TOML: {error}")
    return None


def check_id(id: str, file: str, faults: list[str]) -> None:
    if not _ID.fullmatch(id):
        faults.append(f"{file}: the name must be small letters, digits and single hyphens")


def check_traits(table: Table, known: set[str]) -> tuple[str, ...]:
    traits = table.texts("traits")
    if table.has("traits") and not traits:
        table.fault("traits", "is empty")
    for trait in traits:
        if trait not in known:
            table.fault("traits", f"“{trait}” is neither a trait nor a kind")
    return traits
