"""The audit log: what was done with a sponsor's people, settings and classes, and who signed in.

Rows of `AuditEvent` hold ids only; names are those that the sponsor knows its people by.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Membership, Role, Sponsor
from accounts.viewer import Viewer
from acts.models import AuditEvent
from apprenticeship.models import Apprenticeship, Cohort, Employer, Program, Station, Worksite
from reports.audit_words import GROUPS, SIGN_INS, words_of
from reports.people import people

Names = Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """Which events a list shows: of a group, by whom or about whom, from a day until another, both included."""

    group: str = ""
    words: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class LogLine:
    """One event: when, who did it, what it was, and what it was about."""

    at: datetime
    who: str
    what: str
    about: str


def events(sponsor: Sponsor, asked: Asked, *, viewer: Viewer) -> "QuerySet[AuditEvent]":
    """The events of `sponsor` that `asked` names, the newest first.

    Signing in belongs to an account, not to a sponsor: shown is that of people who hold a role here and have come.
    """
    held = Membership.objects.filter(sponsor=sponsor).accepted().in_force(viewer.today(sponsor)).values("user")
    own = Q(sponsor_id=sponsor.pk) | Q(sponsor_id=None, kind__in=SIGN_INS, actor_id__in=held)
    rows = AuditEvent.objects.filter(own)
    if asked.group in GROUPS:
        rows = rows.filter(kind__in=GROUPS[asked.group][1])
    if asked.words:
        named = people(sponsor, viewer=viewer)
        for word in asked.words:
            named = named.filter(shown_name__icontains=word)
        ids = list(named.values_list("pk", flat=True)[:MOST_NAMED])
        rows = rows.filter(Q(actor_id__in=ids) | Q(subject__in=[f"user:{pk}" for pk in ids]))
    if asked.since:
        rows = rows.filter(at__gte=_midnight(sponsor, asked.since))
    if asked.until:
        rows = rows.filter(at__lt=_midnight(sponsor, asked.until + timedelta(days=1)))
    return rows.order_by("-id")


MOST_NAMED = 200
"""How many people of a name are looked for at once; who types more of the name finds the others."""


def lines(rows: Sequence[AuditEvent], sponsor: Sponsor, *, viewer: Viewer) -> list[LogLine]:
    """`rows` in words: one query for each kind of thing that they are about, at any number of rows."""
    subjects: dict[str, set[str]] = {"user": {str(row.actor_id) for row in rows if row.actor_id}}
    for row in rows:
        kind, _colon, pk = row.subject.partition(":")
        subjects.setdefault(kind, set()).add(pk)
    names = {kind: _names(kind, pks, sponsor, viewer) for kind, pks in subjects.items()}
    return [_line(row, names) for row in rows]


def _line(row: AuditEvent, names: Mapping[str, Names]) -> LogLine:
    kind, _colon, pk = row.subject.partition(":")
    who = names["user"].get(str(row.actor_id), _("somebody who left no name here")) if row.actor_id else _("Operator")
    about = names.get(kind, {}).get(pk, "")
    what = words_of(row.kind)
    if (role := row.data.get("role")) in Role.values:
        what = _("%(what)s: %(role)s") % {"what": what, "role": Role(role).label}
    return LogLine(row.at, who, what, "" if kind == "user" and pk == str(row.actor_id) else about)


def _names(kind: str, pks: Iterable[str], sponsor: Sponsor, viewer: Viewer) -> Names:
    """By id the name of what an event is about, where it is one of the sponsor's."""
    named = NAMES.get(kind)
    ids = [uuid.UUID(pk) for pk in pks if pk]
    found: Iterable[tuple[uuid.UUID, str | None]] = ()
    if kind == "user":
        found = people(sponsor, viewer=viewer).filter(pk__in=ids).values_list("pk", "shown_name")
    elif named and ids:
        found = named(ids, sponsor)
    return {str(pk): name or "" for pk, name in found}


NAMES: Mapping[str, Callable[[list[uuid.UUID], Sponsor], "Iterable[tuple[uuid.UUID, str]]"]] = {
    "cohort": lambda ids, sponsor: Cohort.objects.filter(sponsor=sponsor, pk__in=ids).values_list("pk", "name"),
    "employer": lambda ids, sponsor: Employer.objects.filter(sponsor=sponsor, pk__in=ids).values_list("pk", "name"),
    "worksite": lambda ids, sponsor: Worksite.objects.filter(employer__sponsor=sponsor, pk__in=ids).values_list(
        "pk", "name"
    ),
    "program": lambda ids, sponsor: Program.objects.filter(sponsor=sponsor, pk__in=ids).values_list("pk", "title"),
    "station": lambda ids, sponsor: Station.objects.filter(sponsor=sponsor, pk__in=ids).values_list("pk", "name"),
    "apprenticeship": lambda ids, sponsor: Apprenticeship.objects.filter(sponsor=sponsor, pk__in=ids).values_list(
        "pk", "apprentice__name"
    ),
}


def _midnight(sponsor: Sponsor, day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=sponsor.zone)
