"""Registered programs of a sponsor: added and corrected, never deleted. What one demands stands in its Terms."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.access import Permission, require
from accounts.models import Sponsor
from accounts.viewer import Viewer
from acts.acting import Begun, begin_act, finish_act
from acts.auditing import note_event
from acts.sealing import can_be_kept
from apprenticeship.models import Program

LONGEST = {"title": 200, "registration_agency": 200, "registration_number": 60}
"""How many characters each may have."""


@dataclass(frozen=True)
class ProgramSaid:
    """What is said of a program, as it is registered."""

    title: str
    registration_agency: str = ""
    registration_number: str = ""


class ProgramInvalid(Exception):
    """Wrong input: no title, or one that is taken. The edge answers 400."""

    def __init__(self, field: str, message: "str | Promise") -> None:
        super().__init__(field)
        self.field = field
        self.message = message


def add_program(*, viewer: Viewer, key: str, sponsor: Sponsor, said: ProgramSaid) -> Program:
    """A new program of `sponsor`, still without Terms. Raises NotPermitted, KeyReused, ProgramInvalid."""
    with transaction.atomic():
        require(viewer, Permission.MANAGE_PROGRAMS, on=sponsor)
        begun = _begin(viewer, key, "add_program", {"sponsor": str(sponsor.pk), **asdict(said)})
        if begun.is_replay:
            return Program.objects.get(pk=begun.act.result_ids[0])
        program = Program(sponsor=sponsor)
        _write(program, said)
        _tell("program_added", viewer, program)
        finish_act(begun.act, [program.pk])
        return program


def change_program(*, viewer: Viewer, key: str, program: Program, said: ProgramSaid) -> Program:
    """Let `said` hold from now on; saying what holds already leaves no trace.

    Raises NotPermitted, KeyReused, ProgramInvalid; after any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.MANAGE_PROGRAMS, on=program)
        begun = _begin(viewer, key, "change_program", {"program": str(program.pk), **asdict(said)})
        locked = Program.objects.select_for_update().get(pk=program.pk)
        if begun.is_replay:
            return locked
        if changed := _write(locked, said):
            _tell("program_changed", viewer, locked, changed=changed)
        finish_act(begun.act, [program.pk])
        return locked


def _begin(viewer: Viewer, key: str, kind: str, request: dict[str, Any]) -> Begun:
    return begin_act(
        actor_id=viewer.user_id, key=key, kind=kind, request=request, at=viewer.at, authentication=viewer.authentication
    )


def _write(program: Program, said: ProgramSaid) -> list[str]:
    """Store what is said and return which fields it changed. Raises ProgramInvalid."""
    wanted = {name: text.strip() for name, text in asdict(said).items()}
    if not wanted["title"]:
        raise ProgramInvalid("title", gettext_lazy("Enter the title of the program as it is registered."))
    for name, text in wanted.items():
        if len(text) > LONGEST[name] or not can_be_kept(text):
            raise ProgramInvalid(name, gettext_lazy("This is too long, or has characters that cannot be kept."))
    changed = [name for name, text in wanted.items() if getattr(program, name) != text]
    for name in changed:
        setattr(program, name, wanted[name])
    try:
        with transaction.atomic():
            if program._state.adding:
                program.save(force_insert=True)
            elif changed:
                program.save(update_fields=changed)
    except IntegrityError as error:
        raise ProgramInvalid("title", gettext_lazy("There is a program of this title already.")) from error
    return changed


def _tell(kind: str, viewer: Viewer, program: Program, **data: Any) -> None:
    subject = f"program:{program.pk}"
    note_event(kind, at=viewer.at, actor_id=viewer.user_id, sponsor_id=program.sponsor_id, subject=subject, data=data)
