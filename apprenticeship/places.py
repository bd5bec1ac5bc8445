"""Employers and their worksites: added, corrected, and archived; never deleted, because records name them.

What is archived is offered nowhere any more, stays readable, and can be brought back. Whoever is assigned there
stays assigned. Entries keep the name that a worksite had when they were signed.
"""

from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.access import Permission, require
from accounts.models import Sponsor
from accounts.viewer import Viewer
from acts.acting import Begun, begin_act, finish_act
from acts.auditing import note_event
from acts.sealing import can_be_kept
from apprenticeship.models import Employer, Worksite

LONGEST_NAME, LONGEST_ADDRESS = 200, 300
P = TypeVar("P", Employer, Worksite)


@dataclass(frozen=True)
class Said:
    """What is said of an employer or, with photographs, of a worksite."""

    name: str
    address: str = ""
    photos_allowed: bool = True


class PlaceInvalid(Exception):
    """Wrong input: no name, or one that is taken. The edge answers 400."""

    def __init__(self, field: str, message: "str | Promise") -> None:
        super().__init__(field)
        self.field = field
        self.message = message


def add_employer(*, viewer: Viewer, key: str, sponsor: Sponsor, said: Said) -> Employer:
    """A new employer of `sponsor`. Raises NotPermitted, KeyReused, PlaceInvalid; then nothing is stored."""
    with transaction.atomic():
        require(viewer, Permission.MANAGE_PROGRAMS, on=sponsor)
        begun = _begin(viewer, key, "add_employer", {"sponsor": str(sponsor.pk), **asdict(said)})
        if begun.is_replay:
            return Employer.objects.get(pk=begun.act.result_ids[0])
        employer = Employer(sponsor=sponsor)
        _write(employer, said)
        _tell("employer_added", viewer, employer)
        finish_act(begun.act, [employer.pk])
        return employer


def add_worksite(*, viewer: Viewer, key: str, employer: Employer, said: Said) -> Worksite:
    """A new worksite of `employer`. Raises as `add_employer`; photographs are switched off by whoever may do that."""
    with transaction.atomic():
        require(viewer, Permission.MANAGE_PROGRAMS, on=employer)
        begun = _begin(viewer, key, "add_worksite", {"employer": str(employer.pk), **asdict(said)})
        if begun.is_replay:
            return Worksite.objects.select_related("employer").get(pk=begun.act.result_ids[0])
        if not said.photos_allowed:
            require(viewer, Permission.SET_PHOTOGRAPHS, on=employer)
        worksite = Worksite(employer=employer)
        _write(worksite, said)
        _tell("worksite_added", viewer, worksite)
        finish_act(begun.act, [worksite.pk])
        return worksite


def change_place(*, viewer: Viewer, key: str, place: P, said: Said) -> P:
    """Let `said` hold of an employer or a worksite from now on; saying what holds already leaves no trace.

    Raises NotPermitted, KeyReused, PlaceInvalid; after any of them nothing is stored.
    """
    kind = place._meta.model_name
    with transaction.atomic():
        require(viewer, Permission.MANAGE_PROGRAMS, on=place)
        begun = _begin(viewer, key, f"change_{kind}", {"place": str(place.pk), **asdict(said)})
        locked = _locked(place)
        if begun.is_replay:
            return locked
        if isinstance(locked, Worksite) and locked.photos_allowed != said.photos_allowed:
            require(viewer, Permission.SET_PHOTOGRAPHS, on=locked)
        if changed := _write(locked, said):
            _tell(f"{kind}_changed", viewer, locked, changed=changed)
        finish_act(begun.act, [place.pk])
        return locked


def set_archived(*, viewer: Viewer, key: str, place: P, archived: bool) -> P:
    """Offer an employer or a worksite no longer, or again; who is assigned there stays.

    Raises NotPermitted, KeyReused.
    """
    kind = place._meta.model_name
    with transaction.atomic():
        require(viewer, Permission.MANAGE_PROGRAMS, on=place)
        begun = _begin(viewer, key, f"archive_{kind}", {"place": str(place.pk), "archived": archived})
        locked = _locked(place)
        if not begun.is_replay and (locked.archived_at is not None) != archived:
            locked.archived_at = viewer.at if archived else None
            locked.save(update_fields=["archived_at"])
            _tell(f"{kind}_archived" if archived else f"{kind}_brought_back", viewer, locked)
        if not begun.is_replay:
            finish_act(begun.act, [place.pk])
        return locked


def _begin(viewer: Viewer, key: str, kind: str, request: dict[str, Any]) -> Begun:
    return begin_act(
        actor_id=viewer.user_id, key=key, kind=kind, request=request, at=viewer.at, authentication=viewer.authentication
    )


def _locked(place: P) -> P:
    """The row as it is now, nobody else changing it meanwhile."""
    rows = type(place)._default_manager.select_for_update(of=("self",))
    found: P = (rows.select_related("employer") if isinstance(place, Worksite) else rows).get(pk=place.pk)
    return found


def _write(place: Employer | Worksite, said: Said) -> list[str]:
    """Store what is said and return which fields it changed. Raises PlaceInvalid."""
    name, address = said.name.strip(), said.address.strip()
    if not name:
        raise PlaceInvalid("name", gettext_lazy("Enter the name."))
    for field, text, most in (("name", name, LONGEST_NAME), ("address", address, LONGEST_ADDRESS)):
        if len(text) > most or not can_be_kept(text):
            raise PlaceInvalid(field, gettext_lazy("This is too long, or has characters that cannot be kept."))
    wanted: dict[str, Any] = {"name": name, "address": address}
    if isinstance(place, Worksite):
        wanted["photos_allowed"] = said.photos_allowed
    changed = [field for field, value in wanted.items() if getattr(place, field) != value]
    for field in changed:
        setattr(place, field, wanted[field])
    try:
        with transaction.atomic():
            if place._state.adding:
                place.save(force_insert=True)
            elif changed:
                place.save(update_fields=changed)
    except IntegrityError as error:
        raise PlaceInvalid(
            "name", gettext_lazy("There is one of this name already, perhaps an archived one.")
        ) from error
    return changed


def _tell(kind: str, viewer: Viewer, place: Employer | Worksite, **data: Any) -> None:
    subject = f"{place._meta.model_name}:{place.pk}"
    note_event(kind, at=viewer.at, actor_id=viewer.user_id, sponsor_id=place.sponsor_id, subject=subject, data=data)
