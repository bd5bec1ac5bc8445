"""What somebody is qualified for with a sponsor: printed beside each of their signatures, and asked at each."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q

from accounts.qualification_querysets import QualificationQuerySet

if TYPE_CHECKING:
    from accounts.models import Role
    from accounts.viewer import Viewer


@dataclass(frozen=True)
class Qualified:
    """A qualification as it comes with its holder's roles: its words, role tracks (none: all) and days."""

    name: str
    role_tracks: tuple[str, ...]
    since: date
    valid_until: date | None
    ended_on: date | None

    def in_force(self, today: date) -> bool:
        """Whether it holds on a local date; the day until which it is valid is its last one."""
        over = (self.valid_until is not None and self.valid_until < today) or (
            self.ended_on is not None and self.ended_on <= today
        )
        return self.since <= today and not over

    def covers(self, role_track: str) -> bool:
        """Whether it reaches skills of `role_track`; what is for everybody, every qualification reaches."""
        return not role_track or not self.role_tracks or role_track in self.role_tracks

    @property
    def was_held(self) -> bool:
        """Whether it counted on any day: one that was entered by mistake and ended at once never did."""
        return self.ended_on is None or self.ended_on > self.since


def the_one(held: Iterable[Qualified], role_track: str, today: date) -> Qualified | None:
    """Of several the one that is printed: one that names the track before one for all, then the oldest."""
    found = [one for one in held if one.in_force(today) and one.covers(role_track)]
    return min(found, key=lambda one: (bool(role_track) and not one.role_tracks, one.since, one.name), default=None)


class Qualification(models.Model):
    """One row is one qualification of one person, as one sponsor entered it.

    `valid_until` is the last day, as a certificate prints it. Never rewrite or delete one: entries print its words,
    and the row shows that they were true on that day. One that was wrong is ended (`ended_on`, exclusive).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sponsor = models.ForeignKey("accounts.Sponsor", on_delete=models.PROTECT, related_name="qualifications")
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="qualifications")
    name = models.CharField(max_length=200, help_text="As printed beside the signature.")
    role_tracks = models.JSONField(default=list, blank=True, help_text="The role tracks it reaches; empty means all.")
    certificate = models.CharField(max_length=120, blank=True, help_text="The number of the certificate, if any.")
    since = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = QualificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="qualification_has_words"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("since")), name="qualification_valid_some_day"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("since")), name="qualification_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["person", "sponsor"], name="qualification_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.name}"

    def roles_of(self, viewer: "Viewer") -> "frozenset[Role]":
        """The roles that `viewer` holds with its sponsor by membership."""
        return viewer.roles_with(self.sponsor_id)

    @property
    def facts(self) -> Qualified:
        return Qualified(self.name, tuple(self.role_tracks), self.since, self.valid_until, self.ended_on)


def qualified_by(rows: Any) -> tuple[Qualified, ...]:
    """The qualifications that came with a membership (`with_readiness`), as the database lists them."""
    return tuple(
        Qualified(name, tuple(_listed(tracks)), date.fromisoformat(since), _day(until), _day(ended))
        for name, tracks, since, until, ended in rows or ()
    )


def _listed(tracks: Any) -> list[str]:
    """SQLite gives the list as its text."""
    found: list[str] = json.loads(tracks) if isinstance(tracks, str) else tracks
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
