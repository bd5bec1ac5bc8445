"""The columns of the month page: data of the site, read from a file that names them in their order.

What a registration agency's form calls its columns changes without us, so neither their order nor their headings
are code. Only what a column can show is.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

JOB_VALUES = ("day", "skill_sets", "total", "worksites", "approved_by")
CLASS_VALUES = ("day", "course", "topic", "kind", "provider", "instructor", "hours")
NEEDED = {"job": ("day", "skill_sets", "total"), "classes": ("day", "topic", "hours")}
"""Without these a page would say less than the hours it is about."""


class ColumnsUnfit(Exception):
    """The file of columns cannot be used; the message says where and why."""


@dataclass(frozen=True)
class NamedColumn:
    """What one column shows, and its heading by language."""

    value: str
    headings: Mapping[str, str]

    def heading(self, language: str) -> str:
        """In `language`, or in English where the file has none."""
        return self.headings.get(language) or self.headings["en"]


@dataclass(frozen=True)
class MonthColumns:
    """The columns of both tables: hours on the job, a line a day; classes, a line each."""

    job: tuple[NamedColumn, ...]
    classes: tuple[NamedColumn, ...]


def month_columns() -> MonthColumns:
    """The columns of this site. Raises ColumnsUnfit."""
    return columns_in(Path(settings.MONTH_PAGE_COLUMNS))


@cache
def columns_in(path: Path) -> MonthColumns:
    """The columns that the file `path` names. Raises ColumnsUnfit."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ColumnsUnfit(f"{path}: {error}") from error
    return MonthColumns(
        job=_table(told, "job", JOB_VALUES, path=path), classes=_table(told, "classes", CLASS_VALUES, path=path)
    )


def _table(told: Mapping[str, Any], name: str, known: Sequence[str], *, path: Path) -> tuple[NamedColumn, ...]:
    rows = told.get(name)
    if not isinstance(rows, list):
        raise ColumnsUnfit(f"{path}: [[{name}]] is missing.")
    found = tuple(_column(row, known, where=f"{path}: [[{name}]] {number}") for number, row in enumerate(rows, 1))
    values = [column.value for column in found]
    if len(set(values)) < len(values):
        raise ColumnsUnfit(f"{path}: [[{name}]] shows something twice.")
    if missing := [value for value in NEEDED[name] if value not in values]:
        raise ColumnsUnfit(f"{path}: [[{name}]] does not show {', '.join(missing)}.")
    return found


def _column(row: Any, known: Sequence[str], *, where: str) -> NamedColumn:
    value, headings = (row.get("value"), row.get("heading")) if isinstance(row, dict) else (None, None)
    if not isinstance(value, str) or value not in known:
        raise ColumnsUnfit(f"{where}: value is none of {', '.join(known)}.")
    if not isinstance(headings, dict) or not all(isinstance(text, str) for text in headings.values()):
        raise ColumnsUnfit(f"{where}: heading is no table of texts by language.")
    if not headings.get("en", "").strip():
        raise ColumnsUnfit(f"{where}: heading has no English text.")
    return NamedColumn(value, headings)
