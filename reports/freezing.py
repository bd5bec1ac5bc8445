"""Paper to canonical JSON and back: dataclasses of text, whole numbers, booleans, None, and tuples of these."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import rfc8785

T = TypeVar("T")


def frozen(paper: object) -> str:
    """The canonical JSON of `paper` (RFC 8785) as text; its SHA-256 is the document's identity.

    What is at its field's default is left out, so that a field that paper learned later changes no document
    that has nothing to say in it.
    """
    return rfc8785.dumps(_lean(paper)).decode()


def _lean(part: Any) -> Any:
    if isinstance(part, tuple):
        return [_lean(member) for member in part]
    if not is_dataclass(part):
        return part
    said = {field.name: (getattr(part, field.name), field.default) for field in fields(part)}
    return {name: _lean(value) for name, (value, default) in said.items() if default is MISSING or value != default}


def built(cls: type[T], data: Mapping[str, Any]) -> T:
    """What was frozen as `data`, as the dataclass it was. Raises TypeError or KeyError on another form."""
    hints = get_type_hints(cls)
    parts = fields(cls)  # type: ignore[arg-type]  # only called with dataclasses
    names = [part.name for part in parts if part.default is MISSING or part.name in data]
    return cls(**{name: _value(hints[name], data[name]) for name in names})


def _value(hint: Any, value: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        inner = next(argument for argument in get_args(hint) if argument is not type(None))
        return None if value is None else _value(inner, value)
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], member) for member in value)
    if is_dataclass(hint):
        return built(hint, value)  # type: ignore[arg-type]  # a dataclass type, not an instance
    if not isinstance(value, hint):
        raise TypeError(f"{value!r} is no {hint.__name__}")
    return value
