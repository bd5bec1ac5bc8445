"""Registering apprentices: a person, the terms they learn by, where, in which cohort, and who mentors them.

The single act is the bulk act with a list of one: `write` serves the form and the files. No entry is made: the
book begins empty.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.models import Role, Sponsor, User
from accounts.people import NewPerson, PeopleInvalid, bring_in
from accounts.roles import EARLIEST, NewRole
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.auditing import note_events
from acts.models import Act
from apprenticeship.announcing import Telling, announce
from apprenticeship.mentoring import MentorLine, add_mentorships
from apprenticeship.models import Apprenticeship, Cohort, Employer, MentorshipRole, Terms, Worksite
from competencies.models import SkillSet

LONGEST_NUMBER = Apprenticeship._meta.get_field("registration_number").max_length or 0
MOST_AHEAD = timedelta(days=366)
"""How long before its start an apprenticeship may be registered; what lies further ahead is a slip of the pen."""


@dataclass(frozen=True)
class Registration:
    """One apprenticeship to register: of whom, by which terms, where, since when, and with which mentors."""

    apprentice: User | NewPerson
    terms: Terms
    employer: Employer
    worksite: Worksite | None
    cohort: Cohort | None
    role_track: str
    registration_number: str
    starts_on: date
    primary: User | None = None
    deputies: tuple[User, ...] = ()


@dataclass(frozen=True)
class Problem:
    """What is wrong with one registration: its place in the list, the field, and a sentence that says what to do."""

    place: int
    field: str
    message: str


class RegistrationInvalid(Exception):
    """Wrong input; nothing is stored. The edge answers 400."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


class AlreadyRegistered(RegistrationInvalid):
    """What stands forbids it: the person or the number is registered already. The edge answers 409."""


def register(*, viewer: Viewer, key: str, sponsor: Sponsor, wanted: Registration) -> Apprenticeship:
    """Register one person; somebody whom the sponsor doesn't know yet is brought in and invited.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    RegistrationInvalid, AlreadyRegistered; after any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.REGISTER_APPRENTICES, on=sponsor)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="register_apprentice",
            request={"sponsor": str(sponsor.pk), **_as_asked(wanted)},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return Apprenticeship.objects.with_context().get(pk=uuid.UUID(begun.act.result_ids[0]))
        if found := problems([wanted], viewer=viewer, sponsor=sponsor):
            raise RegistrationInvalid(found)
        person = wanted.apprentice
        if isinstance(person, NewPerson):
            person = _brought(person, viewer=viewer, sponsor=sponsor, act=begun.act)
        (made,) = write([replace(wanted, apprentice=person)], viewer=viewer, sponsor=sponsor, act=begun.act)
        finish_act(begun.act, [made.pk])
        return made


def _brought(person: NewPerson, *, viewer: Viewer, sponsor: Sponsor, act: Act) -> User:
    try:
        (brought,) = bring_in([person], viewer=viewer, sponsor=sponsor, act=act)
    except PeopleInvalid as refusal:
        raise RegistrationInvalid([Problem(0, one.field, one.message) for one in refusal.wrong]) from refusal
    return brought.person


def write(wanted: Sequence[Registration], *, viewer: Viewer, sponsor: Sponsor, act: Act) -> list[Apprenticeship]:
    """Register people who are all known by now, within the caller's transaction; gives the books in their order.

    Their mentors are told, each once. As many statements for 2,000 as for one. Raises AlreadyRegistered, and
    MentoringInvalid for mentors who cannot be.
    """
    Sponsor.objects.select_for_update().get(pk=sponsor.pk)  # the same person from two at once is registered once
    if found := conflicts(wanted, sponsor=sponsor):
        raise AlreadyRegistered(found)
    books = [
        Apprenticeship(
            sponsor=sponsor,
            apprentice=_known(one),
            terms=one.terms,
            employer=one.employer,
            worksite=one.worksite,
            cohort=one.cohort,
            role_track=one.role_track,
            registration_number=one.registration_number,
            starts_on=one.starts_on,
        )
        for one in wanted
    ]
    Apprenticeship.objects.bulk_create(books)
    today = viewer.today(sponsor)
    lines = [line for one, book in zip(wanted, books, strict=True) for line in _mentors(one, book, today)]
    if lines:
        mentors = [row.pk for row in add_mentorships(lines, viewer=viewer)]
        announce(Telling.MENTORS_CHANGED, act=act, viewer=viewer, books=[book.pk for book in books], made=mentors)
    note_events(
        "apprentice_registered",
        [(f"apprenticeship:{book.pk}", {"terms": str(book.terms_id)}) for book in books],
        at=viewer.at,
        actor_id=viewer.user_id,
        sponsor_id=sponsor.pk,
    )
    return books


def _known(one: Registration) -> User:
    if not isinstance(one.apprentice, User):
        raise TypeError("Bring them in first.")
    return one.apprentice


def _mentors(one: Registration, book: Apprenticeship, today: date) -> Iterable[MentorLine]:
    """The mentorships of a new book: from today on, as nobody could sign before, or from a start that is to come."""
    since = max(today, one.starts_on)
    if one.primary:
        yield MentorLine(book, one.primary, since, MentorshipRole.PRIMARY)
    for deputy in one.deputies:
        yield MentorLine(book, deputy, since, MentorshipRole.DEPUTY)


# ------------------------------------------------------------------ what is wrong


def problems(wanted: Sequence[Registration], *, viewer: Viewer, sponsor: Sponsor) -> list[Problem]:
    """All that no state of the sponsor's people could make right. One query, however many there are."""
    versions = {one.terms.standard_version_id for one in wanted}
    tracks: dict[uuid.UUID, set[str]] = defaultdict(set)
    for version, track in SkillSet.objects.filter(version__in=versions).values_list("version", "role_track"):
        tracks[version].add(track)
    today = viewer.today(sponsor)
    found = []
    for place, one in enumerate(wanted):
        own = [
            *_of_places(one, sponsor),
            *_of_facts(one, tracks[one.terms.standard_version_id], today),
            *wrong_mentors(one.apprentice, one.primary, one.deputies),
        ]
        found += [Problem(place, field, message) for field, message in own]
    return found


def _of_places(one: Registration, sponsor: Sponsor) -> Iterable[tuple[str, str]]:
    if one.terms.program.sponsor_id != sponsor.pk:
        yield "terms", _("These terms are not of this sponsor. Choose one of its own.")
    if one.employer.sponsor_id != sponsor.pk:
        yield "employer", _("This employer is not of this sponsor. Choose one of its own.")
    if one.terms.is_draft:
        yield "terms", _("These terms are a draft. Put them in force first, or choose others.")
    if one.cohort and one.cohort.archived_at:
        yield "cohort", _("%(name)s is archived. Bring it back, or choose another one.") % {"name": one.cohort.name}
    if one.employer.archived_at:
        yield "employer", _("%(name)s is archived. Bring it back, or choose another one.") % {"name": one.employer.name}
    if one.worksite and one.worksite.archived_at:
        yield "worksite", _("%(name)s is archived. Bring it back, or choose another one.") % {"name": one.worksite.name}
    if one.worksite and one.worksite.employer_id != one.employer.pk:
        yield (
            "worksite",
            _("%(employer)s has no such worksite. Choose one of its own.") % {"employer": one.employer.name},
        )
    if one.cohort and one.cohort.sponsor_id != sponsor.pk:
        yield "cohort", _("This cohort is not of this sponsor. Choose one of its own.")


def _of_facts(one: Registration, tracks: set[str], today: date) -> Iterable[tuple[str, str]]:
    if one.role_track and one.role_track not in tracks:
        yield "role_track", _("The standard of these terms has no such role track. Choose another one, or none.")
    if len(one.registration_number) > LONGEST_NUMBER or not one.registration_number.isprintable():
        too_long = _("Enter the number in at most %(most)s characters, without line breaks.")
        yield "registration_number", too_long % {"most": LONGEST_NUMBER}
    if not EARLIEST <= one.starts_on <= today + MOST_AHEAD:
        wrong = _("Enter the day on which the apprenticeship begins: at most a year from now.")
        yield "starts_on", wrong


def wrong_mentors(apprentice: object, primary: object | None, deputies: Sequence[object]) -> Iterable[tuple[str, str]]:
    """What is wrong with who mentors whom, whatever stands for the people."""
    if primary in deputies:
        yield "deputies", _("The primary mentor is no deputy at the same time. Choose somebody else.")
    if len(set(deputies)) < len(deputies):
        yield "deputies", _("The same deputy stands here twice.")
    if apprentice in (primary, *deputies):
        yield "primary", _("Nobody is their own mentor. Choose somebody else.")


def conflicts(wanted: Sequence[Registration], *, sponsor: Sponsor) -> list[Problem]:
    """Who is registered with these terms already, and whose number another one has. Two queries, however many."""
    people = [one.apprentice.pk for one in wanted if isinstance(one.apprentice, User)]
    held = Apprenticeship.objects.filter(apprentice__in=people, terms__in={one.terms.pk for one in wanted})
    since = {(book.apprentice_id, book.terms_id): book.starts_on for book in held}
    numbers = {one.registration_number for one in wanted} - {""}
    rows = Apprenticeship.objects.filter(sponsor=sponsor, registration_number__in=numbers).select_related("apprentice")
    holders = {book.registration_number: book.apprentice for book in rows}
    found = []
    for place, one in enumerate(wanted):
        person = one.apprentice
        if isinstance(person, User) and (day := since.get((person.pk, one.terms.pk))):
            told = {"name": person.name, "date": date_format(day)}
            words = _("%(name)s is registered with these terms already, since %(date)s.") % told
            found.append(Problem(place, "terms", words))
        holder = holders.get(one.registration_number)
        if holder and holder != person:
            words = _("%(name)s has this registration number. Look at the number again.") % {"name": holder.name}
            found.append(Problem(place, "registration_number", words))
    return found


def _as_asked(one: Registration) -> dict[str, object]:
    who = one.apprentice
    person = str(who.pk) if isinstance(who, User) else [who.name, who.email, who.language]
    return {
        "person": person,
        "terms": str(one.terms.pk),
        "employer": str(one.employer.pk),
        "worksite": str(one.worksite.pk) if one.worksite else None,
        "cohort": str(one.cohort.pk) if one.cohort else None,
        "role_track": one.role_track,
        "registration_number": one.registration_number,
        "starts_on": one.starts_on.isoformat(),
        "primary": str(one.primary.pk) if one.primary else None,
        "deputies": [str(deputy.pk) for deputy in one.deputies],
    }


def as_apprentice(*, name: str, email: str, language: str, starts_on: date, today: date) -> NewPerson:
    """Somebody new, with the role of an apprentice from their start, or from today where that is still to come."""
    role = NewRole(Role.APPRENTICE, min(starts_on, today))
    return NewPerson(name=name, email=email, roles=(role,), language=language)
