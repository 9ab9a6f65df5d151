"""Frozen dataclasses to plain JSON data and back, led by their type hints."""

from collections.abc import Callable, Hashable, Mapping
import dataclasses
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
import types
from typing import Any, cast, get_args, get_origin, get_type_hints


@cache
def _fields(cls: Hashable) -> dict[str, Any]:
    """Return what an object of a class is made from, each with its type hint."""
    hints = get_type_hints(cls)
    fields = dataclasses.fields(cast(Any, cls))
    return {field.name: hints[field.name] for field in fields if field.init}


@cache
def _defaults(cls: Hashable) -> tuple[tuple[str, Any], ...]:
    """Return what an object of a class is stored as, each with its default."""
    return tuple((f.name, f.default) for f in dataclasses.fields(cast(Any, cls)))


def to_dict(value: Any) -> dict[str, Any]:
    """Return a dataclass as JSON data; durations in seconds, moments in ISO 8601.

    Fields that hold their default are left out, so that stored data stays small
    and an improved default reaches sessions that never set the field.
    """
    data: dict[str, Any] = {}
    for name, default in _defaults(cast(Hashable, type(value))):
        item = getattr(value, name)
        if default is dataclasses.MISSING or item != default:
            data[name] = _plain(item)
    return data


def _plain(value: Any) -> Any:
    return _writer(cast(Hashable, type(value)))(value)


@cache
def _writer(cls: Hashable) -> Callable[[Any], Any]:
    """Return what turns objects of a class into JSON data.

    Looked up once for each class: a running session is written at each change, and a
    diffuser waits for it.
    """
    of = cast(type, cls)
    if dataclasses.is_dataclass(of):
        return to_dict
    if issubclass(of, timedelta):
        return timedelta.total_seconds
    if issubclass(of, datetime | date):
        return of.isoformat
    if issubclass(of, StrEnum):
        return str
    if issubclass(of, Mapping):
        return lambda value: {key: _plain(item) for key, item in value.items()}
    if issubclass(of, tuple | list):
        return lambda value: [_plain(item) for item in value]
    return lambda value: value


def from_dict[T](cls: type[T], data: Mapping[str, Any]) -> T:
    """Return the dataclass that `to_dict` made the data from.

    Keys that the class does not know are ignored: a newer version wrote them.
    Raises ValueError when the data cannot be an object of this class.
    """
    if not isinstance(data, Mapping):
        raise ValueError(f"{cls.__name__} is not a mapping")  # noqa: TRY004 - bad data, not a bad call
    hints = _fields(cast(Hashable, cls))
    try:
        return cls(**{n: _typed(hints[n], data[n]) for n in hints if n in data})
    except (TypeError, KeyError, AttributeError, OverflowError) as err:
        raise ValueError(f"{cls.__name__}: {err}") from err


def _typed(hint: Any, value: Any) -> Any:
    """Return the value as its hint says; ValueError or TypeError if it cannot be."""
    origin = get_origin(hint)
    if origin is types.UnionType:
        options = get_args(hint)
        if value is None and type(None) in options:
            return None
        return _typed(next(o for o in options if o is not type(None)), value)
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise TypeError(f"{value!r} is not a list")
        return tuple(_typed(get_args(hint)[0], item) for item in value)
    if origin is not None:
        return _mapping(value)
    return _single(hint, value)


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{value!r} is not a mapping")
    return {str(key): _hashable(item) for key, item in value.items()}


def _hashable(value: Any) -> Any:
    return tuple(map(_hashable, value)) if isinstance(value, list | tuple) else value


def _single(hint: Any, value: Any) -> Any:
    if dataclasses.is_dataclass(hint):
        return from_dict(cast(type, hint), value)
    if issubclass(hint, timedelta):
        return timedelta(seconds=_number(value))
    # A datetime is a date too: the narrower comes first.
    if issubclass(hint, datetime):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return moment
    if issubclass(hint, date):
        return date.fromisoformat(value)
    if issubclass(hint, StrEnum):
        return hint(value)
    if hint is float:
        return float(_number(value))
    if type(value) is not hint:
        raise TypeError(f"{value!r} is not {hint.__name__}")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is not a number")
    return value
