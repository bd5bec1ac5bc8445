"""Entering what mentors are qualified for, and ending it: printed beside each signature, and asked at each."""

import uuid
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import NotPermitted, Permission, require
from accounts.models import Qualification, Sponsor, User
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.auditing import note_event
from acts.sealing import can_be_kept
from competencies.models import SkillSet

LONGEST_NAME, LONGEST_CERTIFICATE = 200, 120


class QualificationInvalid(Exception):
    """Wrong input; nothing was changed. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class QualificationEnded(Exception):
    """It was ended before; nothing was changed. The edge answers 409."""


def add_qualification(
    *,
    viewer: Viewer,
    key: str,
    sponsor: Sponsor,
    person: User,
    name: str,
    since: date,
    valid_until: date | None = None,
    role_tracks: Sequence[str] = (),
    certificate: str = "",
) -> Qualification:
    """Enter that `person` is qualified from `since` through `valid_until`, for `role_tracks` (none: for all).

    From now on only what is entered carries their signatures with `sponsor`. Nobody enters their own. The same
    `key` with the same request gives the first result again. Raises NotPermitted, KeyReused, QualificationInvalid;
    after any of them nothing is stored.
    """
    name, certificate, tracks = name.strip(), certificate.strip(), sorted(set(role_tracks))
    with transaction.atomic():
        _require(viewer, sponsor, person.pk)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="add_qualification",
            request={
                "sponsor": str(sponsor.pk),
                "person": str(person.pk),
                "name": name,
                "since": since.isoformat(),
                "valid_until": valid_until.isoformat() if valid_until else None,
                "role_tracks": tracks,
                "certificate": certificate,
            },
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return Qualification.objects.get(pk=begun.act.result_ids[0])
        _refuse_wrong_input(sponsor, name, certificate, since, valid_until, tracks)
        made = Qualification.objects.create(
            sponsor=sponsor,
            person=person,
            name=name,
            role_tracks=tracks,
            certificate=certificate,
            since=since,
            valid_until=valid_until,
        )
        _note("qualification_added", viewer, made)
        finish_act(begun.act, [made.pk])
        return made


def end_qualification(*, viewer: Viewer, key: str, qualification: Qualification, on: date) -> Qualification:
    """Let it carry no signature from `on` on; on or before its first day it never did. What it signed stays.

    Raises NotPermitted, KeyReused, QualificationInvalid, QualificationEnded; after any of them nothing is stored.
    """
    with transaction.atomic():
        _require(viewer, qualification.sponsor, qualification.person_id)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="end_qualification",
            request={"qualification": str(qualification.pk), "on": on.isoformat()},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        locked = Qualification.objects.select_for_update().get(pk=qualification.pk)
        if begun.is_replay:
            return locked
        if on < viewer.today(qualification.sponsor):
            words = _("The day is over, and they could sign on it. Choose today or a later day.")
            raise QualificationInvalid("on", words)
        if locked.ended_on is not None and locked.ended_on <= on:
            raise QualificationEnded
        locked.ended_on = max(on, locked.since)
        locked.save(update_fields=["ended_on"])
        _note("qualification_ended", viewer, locked, on=on)
        finish_act(begun.act, [locked.pk])
        return locked


def tracks_of(sponsor: Sponsor) -> list[str]:
    """The role tracks of the standards that the sponsor's programs adopt, by name; one query."""
    sets = SkillSet.objects.filter(version__terms__program__sponsor=sponsor).exclude(role_track="")
    return list(sets.order_by("role_track").values_list("role_track", flat=True).distinct())


def _require(viewer: Viewer, sponsor: Sponsor, person: uuid.UUID) -> None:
    require(viewer, Permission.ASSIGN, on=sponsor)
    if person == viewer.user_id:
        raise NotPermitted(Permission.ASSIGN)


def _refuse_wrong_input(
    sponsor: Sponsor, name: str, certificate: str, since: date, valid_until: date | None, tracks: Sequence[str]
) -> None:
    if not name:
        raise QualificationInvalid("name", _("Say what stands beside the signature."))
    if len(name) > LONGEST_NAME or not can_be_kept(name):
        raise QualificationInvalid("name", _("Use at most %(most)s ordinary signs.") % {"most": LONGEST_NAME})
    if len(certificate) > LONGEST_CERTIFICATE or not can_be_kept(certificate):
        words = _("Use at most %(most)s ordinary signs.") % {"most": LONGEST_CERTIFICATE}
        raise QualificationInvalid("certificate", words)
    if valid_until is not None and valid_until < since:
        words = _("It is valid until a day before it begins, %(date)s. Look at both days again.")
        raise QualificationInvalid("valid_until", words % {"date": date_format(since)})
    if unknown := set(tracks) - set(tracks_of(sponsor)):
        words = _("No standard here has the role “%(track)s”.")
        raise QualificationInvalid("role_tracks", words % {"track": min(unknown)})


def _note(kind: str, viewer: Viewer, row: Qualification, **more: date) -> None:
    note_event(
        kind,
        at=viewer.at,
        actor_id=viewer.user_id,
        sponsor_id=row.sponsor_id,
        subject=f"qualification:{row.pk}",
        data={"person": str(row.person_id), **{name: value.isoformat() for name, value in more.items()}},
    )
