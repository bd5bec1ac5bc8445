"""The columns of a file of people, and reading roles, mail addresses and languages."""

import re
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.import_columns import CellProblem, Column, plain, text_in
from accounts.models import Role
from acts.cells import Cell

BETWEEN = re.compile(r"[;,|/]")
ROLE = Column(
    "role",
    gettext_lazy("Role"),
    gettext_lazy(
        "apprentice, mentor, instructor, coordinator, auditor or administrator; several with a semicolon between them."
    ),
)
NAME = Column("name", gettext_lazy("Name"), gettext_lazy("As it shall be printed in records."))
EMAIL = Column(
    "email",
    gettext_lazy("Mail address"),
    gettext_lazy("By it they are known and invited. Apprentices with a registration number may come without."),
    may_be_blank=True,
)
LANGUAGE = Column(
    "language", gettext_lazy("Language"), gettext_lazy("en or es: of their invitation and pages."), may_be_blank=True
)
STARTS_ON = Column(
    "starts_on",
    gettext_lazy("Starts on"),
    gettext_lazy("The apprenticeship; for others their role, and blank is today. As 2026-03-02."),
    may_be_blank=True,
)
PROGRAM = Column(
    "program",
    gettext_lazy("Program"),
    gettext_lazy("Its title, for its newest terms; or title and number of the terms: Compounding Technicians, 2."),
    may_be_blank=True,
)
NUMBER = Column(
    "registration_number", gettext_lazy("Registration number"), gettext_lazy("Of the agency."), may_be_blank=True
)
EMPLOYER = Column("employer", gettext_lazy("Employer"), gettext_lazy("Its name."), may_be_blank=True)
WORKSITE = Column("worksite", gettext_lazy("Worksite"), gettext_lazy("Its name at that employer."), may_be_blank=True)
COHORT = Column("cohort", gettext_lazy("Cohort"), gettext_lazy("Its name."), may_be_blank=True)
TRACK = Column("role_track", gettext_lazy("Role track"), gettext_lazy("As in the standard."), may_be_blank=True)
PRIMARY = Column(
    "primary_mentor",
    gettext_lazy("Primary mentor"),
    gettext_lazy("Mail address or name of a mentor, who may stand in the same file."),
    may_be_blank=True,
)
DEPUTIES = Column(
    "deputy_mentors",
    gettext_lazy("Deputy mentors"),
    gettext_lazy("The same; several with a semicolon between them."),
    may_be_blank=True,
)
OF_APPRENTICES = (PROGRAM, NUMBER, EMPLOYER, WORKSITE, COHORT, TRACK, PRIMARY, DEPUTIES)
PEOPLE_COLUMNS = (ROLE, NAME, EMAIL, LANGUAGE, STARTS_ON, *OF_APPRENTICES)


def roles_in(cell: Cell) -> tuple[Role, ...]:
    """The roles that the cell names, each once. Raises CellProblem."""
    said = [part for part in BETWEEN.split(text_in(cell)) if part.strip()]
    unknown = [part.strip() for part in said if plain(part) not in _roles()]
    if unknown or not said:
        raise CellProblem(
            _("“%(text)s” is no role. Write apprentice, mentor, instructor, coordinator, auditor or administrator.")
            % {"text": (unknown or [""])[0][:40]}
        )
    return tuple(dict.fromkeys(_roles()[plain(part)] for part in said))


@cache
def _roles() -> dict[str, Role]:
    """By what roles are known: their codes, their names in every language, and the first word of these."""
    found: dict[str, Role] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for role in Role:
                name = plain(str(role.label))
                found |= {name: role} | ({name.split(" ")[0]: role} if language != "en" else {})
    return found | {role.value: role for role in Role}


def maybe_text(cell: Cell) -> str:
    """What the cell says; blank where it says nothing. Raises CellProblem."""
    return "" if cell.is_blank else text_in(cell)


def mail_in(cell: Cell) -> str:
    """The mail address as it is compared; blank where there is none. Raises CellProblem."""
    return maybe_text(cell).lower().removeprefix("mailto:")


def language_in(cell: Cell) -> str:
    """The code of a language; blank where none is said. Raises CellProblem."""
    said = plain(maybe_text(cell))
    for code, name in settings.LANGUAGES:
        if said in (code, plain(str(name))) or (said and plain(_native(code)) == said):
            return code
    if said:
        raise CellProblem(_("Write en for English or es for Spanish."))
    return ""


def _native(code: str) -> str:
    with override(code):
        return str(dict(settings.LANGUAGES)[code])


def names_in(cell: Cell) -> list[str]:
    """The names or mail addresses that the cell lists. Raises CellProblem."""
    return [part.strip() for part in maybe_text(cell).split(";") if part.strip()]
