"""What a sponsor says of itself and what is usual there: kept by its administrator, with a trace of each change."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.access import Permission, require
from accounts.models import NoticeGroup, Sponsor, Way
from accounts.viewer import Viewer
from accounts.zones import zone_names
from acts.acting import begin_act, finish_act
from acts.auditing import note_event
from acts.sealing import can_be_kept

LONGEST_NAME, LONGEST_TEXT = 200, 300
MOST_UNDO_MINUTES = 24 * 60
TYPED = ("name", "address", "contact", "complaint_contact")
"""What is typed freely: the trace says that it changed, never what it says."""


@dataclass(frozen=True)
class Profile:
    """A sponsor's own words and choices; `usual_mail` is a Way by NoticeGroup, as far as it differs from the usual."""

    name: str
    time_zone: str
    undo_minutes: int
    default_language: str = ""
    address: str = ""
    contact: str = ""
    complaint_contact: str = ""
    usual_mail: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, sponsor: Sponsor) -> "Profile":
        """What holds now."""
        return cls(**{name: getattr(sponsor, name) for name in cls.__dataclass_fields__})


class ProfileInvalid(Exception):
    """Wrong input: `field` names what is wrong. The edge answers 400."""

    def __init__(self, field: str, message: "str | Promise") -> None:
        super().__init__(field)
        self.field = field
        self.message = message


def set_profile(*, viewer: Viewer, key: str, sponsor: Sponsor, profile: Profile) -> Sponsor:
    """Let `profile` hold from now on; what was signed and printed before keeps the names and zone that it says.

    Saying what holds already leaves no trace. Raises NotPermitted, KeyReused, ProfileInvalid; after any of
    them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.MANAGE_SPONSOR, on=sponsor)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="set_sponsor_profile",
            request={"sponsor": str(sponsor.pk), **asdict(profile)},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        locked = Sponsor.objects.select_for_update().get(pk=sponsor.pk)
        if begun.is_replay:
            return locked
        _refuse_wrong(profile)
        before = Profile.of(locked)
        changed = [name for name in Profile.__dataclass_fields__ if getattr(before, name) != getattr(profile, name)]
        if changed:
            for name in changed:
                setattr(locked, name, getattr(profile, name))
            locked.save(update_fields=changed)
            note_event(
                "sponsor_profile_set",
                at=viewer.at,
                actor_id=viewer.user_id,
                sponsor_id=sponsor.pk,
                subject=f"sponsor:{sponsor.pk}",
                data={name: _told(name, before, profile) for name in changed},
            )
        finish_act(begun.act, [sponsor.pk])
        return locked


def _told(name: str, before: Profile, now: Profile) -> dict[str, Any]:
    return {} if name in TYPED else {"from": getattr(before, name), "to": getattr(now, name)}


def _refuse_wrong(profile: Profile) -> None:
    if not profile.name.strip():
        raise ProfileInvalid("name", gettext_lazy("Enter the name of the sponsor as it is registered."))
    for name in TYPED:
        text = getattr(profile, name)
        if len(text) > (LONGEST_NAME if name == "name" else LONGEST_TEXT) or not can_be_kept(text):
            raise ProfileInvalid(name, gettext_lazy("This is too long, or has characters that cannot be kept."))
    if profile.time_zone not in zone_names():
        raise ProfileInvalid(
            "time_zone",
            gettext_lazy("There is no such time zone. Choose one from the list, for example America/New_York."),
        )
    if not 0 <= profile.undo_minutes <= MOST_UNDO_MINUTES:
        raise ProfileInvalid("undo_minutes", gettext_lazy("Enter whole minutes from 0 to 1440, which is one day."))
    if profile.default_language not in ("", *dict(settings.LANGUAGES)):
        raise ProfileInvalid("default_language", gettext_lazy("Choose one of the languages."))
    if not all(group in NoticeGroup.values and way in Way.values for group, way in profile.usual_mail.items()):
        raise ProfileInvalid("usual_mail", gettext_lazy("Choose how mail comes."))
