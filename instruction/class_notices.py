"""The kinds of notices about planned classes. They name the class and, when it is off, why: that was said to all."""

from collections.abc import Collection
from datetime import date, datetime

from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Notice, NoticeGroup
from accounts.notices import Data, NoticeKind
from instruction.class_telling import data_of
from instruction.models import ClassMode, PlannedClass


def _filled(words: str, data: Data) -> str:
    return words % {**data, "when": _when(data)}


def _when(data: Data) -> str:
    starts, ends = datetime.fromisoformat(data["starts"]), datetime.fromisoformat(data["ends"])
    names = {"day": date_format(starts), "begins": time_format(starts.time()), "ends": time_format(ends.time())}
    return _("%(day)s, %(begins)s to %(ends)s") % names


def _title_planned(data: Data) -> str:
    return _filled(_("A class is planned for you: %(title)s, %(when)s"), data)


def _title_to_teach(data: Data) -> str:
    return _filled(_("You teach a class: %(title)s, %(when)s"), data)


def _title_moved(data: Data) -> str:
    return _filled(_("A class changed its time or place: %(title)s, now %(when)s"), data)


def _title_left(data: Data) -> str:
    return _filled(_("You are no longer expected in this class: %(title)s, %(when)s"), data)


def _title_cancelled(data: Data) -> str:
    return _filled(_("A class is cancelled: %(title)s, %(when)s"), data)


def _where(data: Data) -> str:
    """Place and teacher, and how often."""
    said = [str(ClassMode(data["mode"]).label), data["place"], data["instructor"]]
    several = len(data["classes"])
    if several > 1:
        words = ngettext("%(classes)s class until %(last)s", "%(classes)s classes until %(last)s", several)
        said.append(words % {"classes": several, "last": date_format(date.fromisoformat(data["last"]))})
    return " · ".join(part for part in said if part)


def _reason(data: Data) -> str:
    return str(data["reason"])


def _nothing(_data: Data) -> str:
    return ""


def _to_class(notice: Notice) -> str:
    return reverse("planned_class", args=[notice.data["classes"][0]])


def _to_timetable(_notice: Notice) -> str:
    return reverse("timetable")


def _as_told(notice: Notice) -> Data | None:
    told: Data = notice.data
    return told


def _still_expected(notice: Notice) -> Data | None:
    """The classes that are still on and in which the person still is expected, as they are now."""
    return _now(notice, expected__apprenticeship__apprentice=notice.person_id)


def _still_taught(notice: Notice) -> Data | None:
    return _now(notice, instructor=notice.person_id)


def _still_on(notice: Notice) -> Data | None:
    return _now(notice)


def _now(notice: Notice, **who: object) -> Data | None:
    rows = PlannedClass.objects.filter(pk__in=notice.data["classes"], cancelled_at=None, **who).distinct()
    found = list(rows.with_topics().order_by("starts_at", "pk"))
    return data_of(found) if found else None


OFF = gettext_lazy("No longer planned")
ANSWERS, WAITING = NoticeGroup.ANSWERS, NoticeGroup.WAITING

KINDS: Collection[NoticeKind] = (
    NoticeKind("class_planned", ANSWERS, "not_started", _title_planned, _where, _to_class, _still_expected, OFF),
    NoticeKind("class_to_teach", ANSWERS, "not_started", _title_to_teach, _where, _to_class, _still_taught, OFF),
    NoticeKind("class_moved", WAITING, "waiting", _title_moved, _where, _to_class, _still_on, OFF),
    NoticeKind("class_left", WAITING, "no_longer_stands", _title_left, _nothing, _to_timetable, _as_told, OFF),
    NoticeKind("class_cancelled", WAITING, "no_longer_stands", _title_cancelled, _reason, _to_class, _as_told, OFF),
)
