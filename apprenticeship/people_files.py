"""A file of people: what each row will do, by the same guards as bringing in and registering by hand, and doing it."""

import uuid
from collections.abc import Iterable, Sequence
from functools import partial
from typing import cast

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import people
from accounts.access import Permission, permits
from accounts.import_columns import day_in, text_in
from accounts.import_rows import Row, refuse_twice
from accounts.models import Membership, Role, Sponsor, User
from accounts.people import NewPerson, bring_in, known_by_mail
from accounts.roles import OFFICES, NewRole
from accounts.viewer import Viewer
from acts.models import Act
from apprenticeship.models import Apprenticeship
from apprenticeship.people_columns import (
    DEPUTIES,
    EMAIL,
    NUMBER,
    OF_APPRENTICES,
    PRIMARY,
    ROLE,
    STARTS_ON,
    language_in,
    mail_in,
    maybe_text,
    roles_in,
)
from apprenticeship.people_places import Mentors, Places, Ref
from apprenticeship.registering import Registration, conflicts, problems, wrong_mentors
from apprenticeship.registering import write as write_registrations

COLUMN_OF = {"role": "role", "since": "starts_on", "until": "starts_on", "terms": "program"}
"""The column of a refusal that is named otherwise."""


def check(rows: Sequence[Row], *, viewer: Viewer, sponsor: Sponsor) -> None:
    """Say of each row what it will do; as many queries at any number of rows."""
    places, today = Places(sponsor), viewer.today(sponsor)
    gives_offices = permits(viewer, Permission.GIVE_OFFICE, on=sponsor)
    for row in rows:
        _read(row, places)
        if not row.problems and not gives_offices and OFFICES & set(row.read[ROLE.code]):
            row.refuse(ROLE.code, _("Only an administrator gives this role. Leave this row out."))
    found = _right(rows)
    refuse_twice([row for row in found if row.read["email"]], lambda row: row.read["email"], EMAIL.code)
    refuse_twice([row for row in found if _number(row)], _number, NUMBER.code)
    found = _right(found)
    for row in found:
        row.read["person"] = _person(row, viewer, sponsor)
    _find_known(found, sponsor)
    for wrong in people.check([row.read["person"] for row in found], sponsor=sponsor):
        found[wrong.place].refuse(COLUMN_OF.get(wrong.field, wrong.field), wrong.message)
    found = _right(found)
    mentors = Mentors(sponsor, today=today)
    mentors.add_rows(found)
    books = [row for row in found if _is_apprentice(row)]
    for row in books:
        row.take(PRIMARY.code, mentors.of)
        row.take(DEPUTIES.code, mentors.of)
        if not row.problems:
            _check_mentors(row, mentors, viewer, sponsor)
    books = _right(books)
    _find_there(found, books, sponsor)
    _check_registrations([row for row in books if not row.read["registered"]], viewer, sponsor)


def write(rows: Sequence[Row], *, viewer: Viewer, sponsor: Sponsor, act: Act) -> list[uuid.UUID]:
    """Bring in and register the people that checked rows tell; in as many statements for 2,000 as for one."""
    by_mail = [row for row in rows if row.read["email"] or not row.read["known"]]
    brought = bring_in([row.read["person"] for row in by_mail], viewer=viewer, sponsor=sponsor, act=act)
    persons: dict[Ref, User] = {row.number: row.read["known"] for row in rows if row.read["known"]}
    persons |= {row.number: one.person for row, one in zip(by_mail, brought, strict=True)}
    books = [row for row in rows if _is_apprentice(row) and not row.read["registered"]]
    refs = {ref for row in books for ref in (*row.read[PRIMARY.code], *row.read[DEPUTIES.code])}
    persons |= {
        cast("Ref", pk): user for pk, user in User.objects.in_bulk([r for r in refs if not isinstance(r, int)]).items()
    }
    wanted = [_registration(row, persons) for row in books]
    made = write_registrations(wanted, viewer=viewer, sponsor=sponsor, act=act)
    return [book.pk for book in made]


# ------------------------------------------------------------------ reading a row


def _read(row: Row, places: Places) -> None:
    """What its cells say; the cells of apprentices must be blank elsewhere."""
    row.take(ROLE.code, roles_in)
    row.take("name", text_in)
    row.take("email", mail_in)
    row.take("language", language_in)
    if not _is_apprentice(row):
        _read_others(row)
        return
    row.take("starts_on", day_in)
    row.take("program", places.terms_of)
    row.take("registration_number", maybe_text)
    row.take("employer", places.employer_of)
    if "employer" in row.read:
        row.take("worksite", partial(places.worksite_of, employer=row.read["employer"]))
    row.take("cohort", places.cohort_of)
    row.take("role_track", maybe_text)
    if not row.problems and not row.read["email"] and not row.read["registration_number"]:
        row.refuse("email", _("Enter the mail address or a registration number: by one of them they are known again."))


def _read_others(row: Row) -> None:
    if STARTS_ON.code in row.cells and not row.cells[STARTS_ON.code].is_blank:
        row.take("starts_on", day_in)
    if "email" in row.read and not row.read["email"]:
        row.refuse("email", _("Enter the mail address: by it they are known and invited."))
    if ROLE.code not in row.read:
        return
    for column in OF_APPRENTICES:
        if column.code in row.cells and not row.cells[column.code].is_blank:
            row.refuse(column.code, _("Only rows of apprentices say this. Leave it blank, or correct the role."))


def _is_apprentice(row: Row) -> bool:
    return Role.APPRENTICE in row.read.get(ROLE.code, ())


def _number(row: Row) -> str:
    return str(row.read.get(NUMBER.code, ""))


def _right(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if not row.problems]


def _person(row: Row, viewer: Viewer, sponsor: Sponsor) -> NewPerson:
    """Whom the row means, with roles from their first day: an apprentice may come in before they start."""
    today = viewer.today(sponsor)
    day = row.read.get("starts_on") or today
    since = {role: min(day, today) if role == Role.APPRENTICE else day for role in row.read[ROLE.code]}
    roles = tuple(NewRole(role, since[role]) for role in row.read[ROLE.code])
    return people.tidy(NewPerson(row.read["name"], row.read["email"], roles, row.read["language"]))


# ------------------------------------------------------------------ what is there already


def _find_known(rows: Sequence[Row], sponsor: Sponsor) -> None:
    """Note whom the sponsor knows: by the mail address, or an apprentice without one by number and name."""
    known = known_by_mail([row.read["email"] for row in rows], sponsor)
    numbers = {_number(row) for row in rows if not row.read["email"]} - {""}
    numbered = Apprenticeship.objects.filter(sponsor=sponsor, registration_number__in=numbers)
    holders = {
        (book.registration_number, book.apprentice.name): book.apprentice
        for book in numbered.select_related("apprentice")
    }
    for row in rows:
        mail, name = row.read["email"], row.read["person"].name
        row.read["known"] = known[mail][0] if mail in known else None if mail else holders.get((_number(row), name))


def _find_there(rows: Sequence[Row], books: Sequence[Row], sponsor: Sponsor) -> None:
    """Mark those who hold their roles and, if apprentices, are registered by these terms; two queries."""
    known = {row.read["known"].pk for row in rows if row.read["known"]}
    held: dict[uuid.UUID, list[Membership]] = {}
    for membership in Membership.objects.filter(sponsor=sponsor, user__in=known):
        held.setdefault(membership.user_id, []).append(membership)
    terms = {row.read["program"].pk for row in books}
    registered = {
        (book.apprentice_id, book.terms_id): book
        for book in Apprenticeship.objects.filter(apprentice__in=known, terms__in=terms)
    }
    numbers = {row.number for row in books}
    for row in rows:
        user = row.read["known"]
        own = held.get(user.pk, []) if user else []
        row.is_there = bool(user) and all(any(new.overlaps(old) for old in own) for new in row.read["person"].roles)
        if row.number in numbers:
            book = registered.get((user.pk, row.read["program"].pk)) if user else None
            row.read["registered"] = book is not None
            row.is_there = row.is_there and book is not None
            if book:
                _compare(row, book)


def _compare(row: Row, book: Apprenticeship) -> None:
    """Refuse what differs from what is registered; what may have moved since (place, cohort, mentors) is left alone."""
    if book.starts_on != row.read["starts_on"]:
        words = _("They are registered with %(now)s. A file changes nothing of it.")
        row.refuse("starts_on", words % {"now": date_format(book.starts_on)})
    if _number(row) and book.registration_number != _number(row):
        words = _("They are registered with the number %(now)s. A file changes nothing of it.")
        row.refuse(NUMBER.code, words % {"now": book.registration_number or "–"})


# ------------------------------------------------------------------ apprentices


def _check_mentors(row: Row, mentors: Mentors, viewer: Viewer, sponsor: Sponsor) -> None:
    primary, deputies = row.read[PRIMARY.code], row.read[DEPUTIES.code]
    if len(primary) > 1:
        row.refuse(PRIMARY.code, _("Only one is the primary mentor. Write the others as deputies."))
        return
    known: User | None = row.read["known"]
    self_ref: Ref = known.pk if known else row.number
    for field, message in wrong_mentors(self_ref, primary[0] if primary else None, deputies):
        row.refuse(PRIMARY.code if field == "primary" else DEPUTIES.code, message)
    day = max(viewer.today(sponsor), row.read["starts_on"])
    for column, refs in ((PRIMARY, primary), (DEPUTIES, deputies)):
        for ref in refs:
            if not mentors.holds(ref, day):
                words = _("%(name)s does not hold the role of a mentor on %(date)s.")
                row.refuse(column.code, words % {"name": mentors.names[ref], "date": date_format(day)})


def _check_registrations(rows: Sequence[Row], viewer: Viewer, sponsor: Sponsor) -> None:
    wanted = [_registration(row, {}) for row in rows]
    found = [*problems(wanted, viewer=viewer, sponsor=sponsor), *conflicts(wanted, sponsor=sponsor)]
    for problem in found:
        rows[problem.place].refuse(COLUMN_OF.get(problem.field, problem.field), problem.message)


def _registration(row: Row, persons: dict[Ref, User]) -> Registration:
    """What a row asks for, with its people where they are known by now."""
    said = row.read
    mentors = [persons[ref] for ref in said[PRIMARY.code] if ref in persons]
    return Registration(
        apprentice=persons.get(row.number) or said["known"] or said["person"],
        terms=said["program"],
        employer=said["employer"],
        worksite=said["worksite"],
        cohort=said["cohort"],
        role_track=said["role_track"],
        registration_number=said["registration_number"],
        starts_on=said["starts_on"],
        primary=mentors[0] if mentors else None,
        deputies=tuple(persons[ref] for ref in said[DEPUTIES.code] if ref in persons),
    )
