"""Registering, renaming and revoking shared devices; and who stands on one of them.

The device holds a long random cookie; only its SHA-256 is kept here, so that nobody who reads the database
can play the device.
"""

import hashlib
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.models import Membership, Role, User
from accounts.viewer import Viewer
from acts.acting import AtStation, Begun, begin_act, finish_act
from acts.auditing import note_event
from acts.sealing import can_be_kept
from apprenticeship.models import Apprenticeship, Mentorship, MentorshipRole, Station, Worksite

RANDOM_BYTES = 32
LONGEST_NAME = 60


@dataclass(frozen=True)
class Registered:
    """A station and its secret. The secret is blank on a replay: the first answer gave it to the device."""

    station: Station
    secret: str


class StationInvalid(Exception):
    """Wrong input: no name, one that another device of the worksite has, a foreign worksite. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class StationRevoked(Exception):
    """The station may do nothing any more; nothing was done. The edge answers 409."""


@dataclass(frozen=True)
class AtWork:
    """Somebody on a station's tiles: who, and as what they sign there; one person may be both."""

    person: User
    signs: bool
    learns: bool


def digest_of(secret: str) -> str:
    """SHA-256 of a device's cookie, by which it is found. Without a salt: 32 random bytes can't be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def station_of(secret: str) -> Station | None:
    """The station whose device holds the cookie `secret`, revoked or not."""
    stations = Station.objects.select_related("sponsor", "worksite__employer")
    return stations.filter(token_digest=digest_of(secret)).first() if secret else None


def register_station(*, viewer: Viewer, key: str, worksite: Worksite, name: str) -> Registered:
    """Make the device at hand a station of `worksite`; its secret is told this one time.

    The same `key` with the same request gives the first station again, without its secret. Raises
    NotPermitted, KeyReused, StationInvalid; after any of them nothing is stored.
    """
    name, sponsor = name.strip(), worksite.employer.sponsor
    with transaction.atomic():
        require(viewer, Permission.MANAGE_STATIONS, on=sponsor)
        begun = _begin(viewer, key, "register_station", {"worksite": str(worksite.pk), "name": name})
        if begun.is_replay:
            return Registered(Station.objects.get(pk=uuid.UUID(begun.act.result_ids[0])), secret="")
        _refuse_wrong_name(name)
        secret = secrets.token_urlsafe(RANDOM_BYTES)
        try:
            with transaction.atomic():
                station = Station.objects.create(
                    sponsor=sponsor,
                    worksite=worksite,
                    name=name,
                    token_digest=digest_of(secret),
                    registered_at=viewer.at,
                    registered_by=viewer.person,
                )
        except IntegrityError as error:
            raise _taken() from error
        _tell("station_registered", viewer, station)
        finish_act(begun.act, [station.pk])
        return Registered(station, secret)


def rename_station(*, viewer: Viewer, key: str, station: Station, name: str) -> Station:
    """Call the station otherwise from now on; entries keep the name it had. Raises as registering does, and
    StationRevoked: what is revoked keeps the name under which it is known."""
    name = name.strip()
    with transaction.atomic():
        require(viewer, Permission.MANAGE_STATIONS, on=station)
        begun = _begin(viewer, key, "rename_station", {"station": str(station.pk), "name": name})
        if begun.is_replay:
            return Station.objects.get(pk=station.pk)
        _refuse_wrong_name(name)
        try:
            with transaction.atomic():
                renamed = Station.objects.filter(pk=station.pk, revoked_at=None).update(name=name)
        except IntegrityError as error:
            raise _taken() from error
        if not renamed:
            raise StationRevoked
        _tell("station_renamed", viewer, station)
        finish_act(begun.act, [station.pk])
        return Station.objects.get(pk=station.pk)


def revoke_station(*, viewer: Viewer, key: str, station: Station) -> Station:
    """Let the station do nothing any more, at once: also what is being signed there now is refused.

    The same `key` again changes nothing more. Raises NotPermitted, KeyReused, StationRevoked.
    """
    with transaction.atomic():
        require(viewer, Permission.MANAGE_STATIONS, on=station)
        begun = _begin(viewer, key, "revoke_station", {"station": str(station.pk)})
        if begun.is_replay:
            return Station.objects.get(pk=station.pk)
        # Two who revoke at once meet here, and so does an act on the station: see require_live.
        live = Station.objects.filter(pk=station.pk, revoked_at=None)
        if not live.update(revoked_at=viewer.at, revoked_by=viewer.person):
            raise StationRevoked
        _tell("station_revoked", viewer, station)
        finish_act(begun.act, [station.pk])
        return Station.objects.get(pk=station.pk)


def require_live(station: AtStation) -> None:
    """Return while the station may be used, and hold a revocation off until the caller's transaction ends.

    Raises StationRevoked where somebody revoked it since the request came in.
    """
    if not Station.objects.select_for_update().filter(pk=station.id, revoked_at=None).exists():
        raise StationRevoked


def people_of(station: Station, *, today: date) -> list[AtWork]:
    """Who can sign at the station on its sponsor's date `today`, by name: the apprentices assigned to its worksite
    and the mentors who may sign for one of them. Only those who set a PIN; a closed account is nobody."""
    books = Apprenticeship.objects.filter(sponsor=station.sponsor_id, worksite=station.worksite_id)
    signing = Mentorship.objects.in_force(today).filter(
        apprenticeship__in=books, role__in=(MentorshipRole.PRIMARY, MentorshipRole.DEPUTY)
    )
    holding = Membership.objects.in_force(today).accepted().filter(sponsor=station.sponsor_id, role=Role.MENTOR)
    mentors = set(
        signing.exclude(apprenticeship__apprentice=F("mentor"))
        .filter(mentor__in=holding.values("user"))
        .values_list("mentor", flat=True)
    )
    learners = set(books.values_list("apprentice", flat=True))
    people = User.objects.filter(pk__in=mentors | learners, is_active=True, signing_pin__isnull=False)
    return [AtWork(person, person.pk in mentors, person.pk in learners) for person in people.order_by("name", "pk")]


def _begin(viewer: Viewer, key: str, kind: str, request: Mapping[str, str]) -> Begun:
    return begin_act(
        actor_id=viewer.user_id,
        key=key,
        kind=kind,
        request=request,
        at=viewer.at,
        authentication=viewer.authentication,
    )


def _refuse_wrong_name(name: str) -> None:
    if not name:
        raise StationInvalid("name", _("Give the device a name that people at the worksite know it by."))
    if len(name) > LONGEST_NAME or not can_be_kept(name):
        raise StationInvalid("name", _("This name is too long, or has signs that cannot be kept."))


def _taken() -> StationInvalid:
    return StationInvalid("name", _("Another device of this worksite is called so. Choose another name."))


def _tell(kind: str, viewer: Viewer, station: Station) -> None:
    note_event(
        kind,
        at=viewer.at,
        actor_id=viewer.user_id,
        sponsor_id=station.sponsor_id,
        subject=f"station:{station.pk}",
        data={"worksite": str(station.worksite_id)},
    )
