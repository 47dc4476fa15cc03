"""Records as JSON and back, for a request that another process of the same user answers. No pickle: data only."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from assistant import errors
from assistant.errors import AssistantError, DataError

_ERRORS = {
    kind.__name__: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, AssistantError)
}


def packed(value: Any) -> Any:
    """A record as what JSON can hold; fields that are records, tuples, dates or mappings too."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: packed(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [packed(item) for item in value]
    if isinstance(value, Mapping):
        return {key: packed(item) for key, item in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def unpacked(kind: Any, value: Any) -> Any:
    """The record of type `kind` that `packed` made `value` from. Raises ValueError where it cannot be one."""
    try:
        return _unpacked(kind, value)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a {getattr(kind, '__name__', kind)}: {error}") from error


def _unpacked(kind: Any, value: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return kind(**{name: _unpacked(hint, value[name]) for name, hint in _hints(kind).items()})
    if origin in (Union, UnionType):
        if value is None and NoneType in inner:
            return None
        (other,) = (option for option in inner if option is not NoneType)
        return _unpacked(other, value)
    if origin is tuple:
        return tuple(_unpacked(inner[0], item) for item in value)
    if origin is not None and origin is not Literal and issubclass(origin, Mapping):
        return {key: _unpacked(inner[1], item) for key, item in value.items()}
    if kind is date:
        return date.fromisoformat(value)
    fits = value in inner if origin is Literal else isinstance(value, (int, float) if kind is float else kind)
    if not fits:
        raise TypeError(f"{value!r} is not a {kind}")
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def packed_error(error: AssistantError) -> dict[str, Any]:
    """An error as JSON, with its class."""
    return {
        "class": type(error).__name__,
        "message": error.message,
        "hint": error.hint,
        "file": None if error.file is None else str(error.file),
        "key": error.key,
        "faults": list(error.faults) if isinstance(error, DataError) else [],
    }


def unpacked_error(value: Mapping[str, Any]) -> AssistantError:
    """The same error again. Raises ValueError where it is none."""
    try:
        kind = _ERRORS[value["class"]]
        more = {"faults": tuple(value["faults"])} if issubclass(kind, DataError) else {}
        return kind(value["message"], value["hint"], file=value["file"], key=value["key"], **more)
    except (KeyError, TypeError) as error:
        raise ValueError(f"not an error: {error}") from error
