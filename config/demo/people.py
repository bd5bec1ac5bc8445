"""The invented people of the demo: one sponsor, two employers, two cohorts, and who may sign for whom.

All names are made up. The accounts exist only where the demo's settings are used.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import override

from accounts.acceptance import statement_of
from accounts.models import (
    IdentityConfirmation,
    IdentityMeans,
    Membership,
    Qualification,
    Role,
    SignatureAcceptance,
    SigningPolicy,
    Sponsor,
    User,
)
from acts.models import Authentication
from apprenticeship.models import (
    Apprenticeship,
    Cohort,
    Employer,
    Mentorship,
    MentorshipRole,
    Program,
    Station,
    Terms,
    Worksite,
)
from competencies.models import StandardVersion

WAGE_STEPS: list[dict[str, Any]] = [
    {"label": "Start", "percent": "50", "due": {"months": 0}},
    {"label": "Second year", "percent": "65", "due": {"months": 12}},
]
ADDITIONS: dict[str, dict[str, Any]] = {
    "2.3": {"counter_signature": True},
    "9.2": {"practical_test": True, "procedure": {"number": "SOP-LAB-07", "version": "4"}},
    "9.3": {"procedure": {"number": "SOP-LAB-09", "version": "2"}},
    "10.2": {"counter_signature": True},
    "11.1": {"written_test": True},
}
"""What the program adds to the standard: controlled drugs and hazardous packages need the apprentice's OK,
milling is tested by hand, and the laboratory's own procedures are named."""

PASSWORD = "journeybook-demo"  # noqa: S105  # printed on the screen: it opens invented records only
SPONSOR_SLUG = "hudson-compounding"

CLAIMS = "Claims Processing Technician"
COMMUNICATIONS = "Pharmacy Communications Technician"
LABORATORY = "Laboratory Technician"
EQUIPMENT = "Pharmacy Medical Equipment Technician"


@dataclass(frozen=True)
class DemoPerson:
    """Somebody with an account: sign-in name, printed name, roles, language, and since how many days."""

    username: str
    name: str
    roles: tuple[Role, ...]
    language: str = "en"
    days: int = 800


@dataclass(frozen=True)
class DemoApprentice:
    """An apprentice of the demo: whose track, who mentors, and how the story goes.

    `pace` is the share of the standard reached by now; `stalled_days` leaves the last weeks empty.
    """

    username: str
    name: str
    cohort: str
    track: str
    mentor: str
    pace: float
    stalled_days: int = 0
    language: str = "en"


NEWCOMER = "nadia"
"""Has accepted nothing yet and nobody has confirmed who she is, so that the demo shows the way."""

STAFF = (
    DemoPerson("dana", "Dana Wu", (Role.MENTOR,)),
    DemoPerson("marcus", "Marcus Reed", (Role.MENTOR,)),
    DemoPerson("elena", "Elena Ortiz", (Role.MENTOR, Role.INSTRUCTOR)),
    DemoPerson(NEWCOMER, "Nadia Flores", (Role.MENTOR,), days=6),
    DemoPerson("ruth", "Ruth Adler", (Role.COORDINATOR,)),
    DemoPerson("sam", "Sam Ito", (Role.ADMINISTRATOR,)),
    DemoPerson("grace", "Grace Okafor", (Role.INSTRUCTOR,)),
    DemoPerson("joan", "Joan Pierce", (Role.AUDITOR,)),
)

QUALIFICATIONS = {
    "dana": "Certified Pharmacy Technician, lead technician",
    "marcus": "Certified Pharmacy Technician, laboratory",
    "elena": "Registered Pharmacist",
    NEWCOMER: "Certified Pharmacy Technician",
}

FIRST_COHORT, SECOND_COHORT = "Fall", "Spring"

APPRENTICES = (
    DemoApprentice("priya", "Priya Nair", FIRST_COHORT, CLAIMS, "dana", 0.66),
    DemoApprentice("luis", "Luis Ortega", FIRST_COHORT, LABORATORY, "dana", 0.29, stalled_days=34, language="es"),
    DemoApprentice("amara", "Amara Cole", FIRST_COHORT, COMMUNICATIONS, "dana", 0.88),
    DemoApprentice("tomas", "Tomás Rivera", FIRST_COHORT, LABORATORY, "marcus", 0.53, language="es"),
    DemoApprentice("hannah", "Hannah Brandt", FIRST_COHORT, EQUIPMENT, "elena", 1.0),
    DemoApprentice("kofi", "Kofi Mensah", FIRST_COHORT, CLAIMS, "elena", 0.47),
    DemoApprentice("mei", "Mei Tanaka", FIRST_COHORT, LABORATORY, "marcus", 0.74),
    DemoApprentice("jonah", "Jonah Fields", FIRST_COHORT, COMMUNICATIONS, "elena", 0.39, stalled_days=21),
    DemoApprentice("sofia", "Sofía Medina", SECOND_COHORT, CLAIMS, "dana", 0.24, language="es"),
    DemoApprentice("darius", "Darius Webb", SECOND_COHORT, LABORATORY, "marcus", 0.16),
    DemoApprentice("ingrid", "Ingrid Solberg", SECOND_COHORT, EQUIPMENT, "elena", 0.31),
    DemoApprentice("omar", "Omar Haddad", SECOND_COHORT, COMMUNICATIONS, "dana", 0.08),
    DemoApprentice("chloe", "Chloe Martin", SECOND_COHORT, CLAIMS, "elena", 0.0),
)


@dataclass
class DemoWorld:
    """What was made, by the names used above."""

    sponsor: Sponsor
    people: dict[str, User] = field(default_factory=dict)
    books: dict[str, Apprenticeship] = field(default_factory=dict)
    tablet: Station | None = None


def make_world(version: StandardVersion, *, today: date) -> DemoWorld:
    """Make the sponsor, its people, employers, program and apprenticeships, dated back from `today`."""
    sponsor = Sponsor.objects.create(
        name="Hudson Compounding Partners",
        slug=SPONSOR_SLUG,
        time_zone="America/New_York",
        complaint_contact="Ruth Adler, program coordinator, 12 River Street, Nyack, New York",
        address="12 River Street, Nyack, New York 10960",
        contact="Ruth Adler, program coordinator, ruth@example.org",
        signing_policy=SigningPolicy.REAUTHENTICATE,
        is_demo=True,
    )
    world = DemoWorld(sponsor=sponsor)
    for person in STAFF:
        world.people[person.username] = _account(person.username, person.name, person.language)
        _hold(world, person.username, person.roles, today - timedelta(days=person.days))
    starts = {FIRST_COHORT: today - timedelta(days=420), SECOND_COHORT: today - timedelta(days=190)}
    worksites = _worksites(sponsor)
    cohorts = {
        name: Cohort.objects.create(sponsor=sponsor, name=f"{name} {start.year}", starts_on=start)
        for name, start in starts.items()
    }
    terms = _terms(sponsor, version, adopted_on=today - timedelta(days=600))
    for number, demo in enumerate(APPRENTICES, start=1):
        world.people[demo.username] = _account(demo.username, demo.name, demo.language)
        starts_on = starts[demo.cohort]
        _hold(world, demo.username, (Role.APPRENTICE,), starts_on)
        worksite = worksites[demo.track]
        book = Apprenticeship.objects.create(
            sponsor=sponsor,
            apprentice=world.people[demo.username],
            terms=terms,
            employer=worksite.employer,
            worksite=worksite,
            cohort=cohorts[demo.cohort],
            role_track=demo.track,
            registration_number=f"DEMO-{number:04}",
            starts_on=starts_on,
        )
        world.books[demo.username] = book
        _mentorships(world, demo, book, since=starts_on)
    _make_ready(world)
    _qualify(world, today)
    return world


def _qualify(world: DemoWorld, today: date) -> None:
    """What Marcus is qualified for is entered and soon runs out; the words of others came with their apprentices."""
    Qualification.objects.create(
        sponsor=world.sponsor,
        person=world.people["marcus"],
        name=QUALIFICATIONS["marcus"],
        certificate="CPhT 30-0412",
        since=today - timedelta(days=690),
        valid_until=today + timedelta(days=40),
    )


def _account(username: str, name: str, language: str) -> User:
    person = User.objects.create_user(username=username, name=name, email=f"{username}@example.org", language=language)
    person.password = _password_hash()
    person.save(update_fields=["password"])
    return person


@cache
def _password_hash() -> str:
    """The one password of all, hashed once: a quarter of a second each would be most of a first start."""
    return make_password(PASSWORD)


def _hold(world: DemoWorld, username: str, roles: tuple[Role, ...], since: date) -> None:
    for role in roles:
        Membership.objects.create(user=world.people[username], sponsor=world.sponsor, role=role, since=since)


def _make_ready(world: DemoWorld) -> None:
    """Everybody but one has accepted what their signature stands for; Ruth confirmed them, and Sam her."""
    for membership in Membership.objects.filter(sponsor=world.sponsor).exclude(role=Role.AUDITOR).order_by("since"):
        person = world.people[membership.user.username]
        if person.username == NEWCOMER or person.signature_acceptances.exists():
            continue  # with another of their roles
        at = datetime.combine(membership.since, time(9, 10), tzinfo=world.sponsor.zone)
        with override(person.language):
            statement = statement_of(person, world.sponsor)
        SignatureAcceptance.objects.create(
            sponsor=world.sponsor,
            person=person,
            statement=statement,
            language=person.language,
            authentication=Authentication.REAUTHENTICATED,
            accepted_at=at,
        )
        IdentityConfirmation.objects.create(
            sponsor=world.sponsor,
            person=person,
            how=IdentityMeans.DOCUMENT,
            confirmed_by=world.people["sam" if person.username == "ruth" else "ruth"],
            confirmed_at=at,
        )


def _worksites(sponsor: Sponsor) -> dict[str, Worksite]:
    palisade = Employer.objects.create(sponsor=sponsor, name="Palisade Compounding")
    cayuga = Employer.objects.create(sponsor=sponsor, name="Cayuga Outsourcing Pharmacy")
    desk = Worksite.objects.create(employer=palisade, name="Order desk, Nyack", address="12 River Street, Nyack")
    lab = Worksite.objects.create(employer=palisade, name="Compounding laboratory, Nyack", address="12 River Street")
    counter = Worksite.objects.create(employer=cayuga, name="Equipment counter, Ithaca", address="4 Mill Road, Ithaca")
    return {CLAIMS: desk, COMMUNICATIONS: desk, LABORATORY: lab, EQUIPMENT: counter}


def _terms(sponsor: Sponsor, version: StandardVersion, *, adopted_on: date) -> Terms:
    program = Program.objects.create(
        sponsor=sponsor,
        title=version.standard.title,
        registration_agency="New York State Department of Labor",
        registration_number="DEMO-PROGRAM",
    )
    said: dict[str, Any] = {
        "program": program,
        "standard_version": version,
        "instruction_hours_per_year": 144,
        "term_months": 24,
        "probation_months": 6,
        "ratio_apprentices": 1,
        "ratio_journeyworkers": 1,
    }
    # The next ones are being transcribed: pages show what they would change.
    more = {**ADDITIONS, "9.1": {"evidence": True, "due_again_months": 12}}
    steps = [*WAGE_STEPS, {"label": "All skills", "percent": "85", "due": {"skills": 49}}]
    next_day = adopted_on + timedelta(days=590)
    Terms.objects.create(**said, number=2, adopted_on=next_day, additions=more, wage_steps=steps, is_draft=True)
    return Terms.objects.create(**said, number=1, adopted_on=adopted_on, additions=ADDITIONS, wage_steps=WAGE_STEPS)


def _mentorships(world: DemoWorld, demo: DemoApprentice, book: Apprenticeship, *, since: date) -> None:
    """A primary mentor for everybody; Marcus is deputy of the laboratory, Elena of all others. Marcus reads Priya's."""
    deputy = "marcus" if demo.track == LABORATORY else "elena"
    if deputy == demo.mentor:
        deputy = "dana"
    held = [(demo.mentor, MentorshipRole.PRIMARY, since), (deputy, MentorshipRole.DEPUTY, since)]
    if demo.username == "priya":
        held.append(("marcus", MentorshipRole.VIEWER, since))
    if demo.username == "chloe":
        newcomer = world.people[NEWCOMER].memberships.get()
        held.append((NEWCOMER, MentorshipRole.DEPUTY, newcomer.since))
    for username, role, day in held:
        Mentorship.objects.create(
            apprenticeship=book,
            mentor=world.people[username],
            role=role,
            role_tracks=[LABORATORY] if username == "marcus" and role == MentorshipRole.DEPUTY else [],
            qualification=QUALIFICATIONS[username],
            since=day,
        )
