"""The people of the tests, their books and the instant at which they act.

Everybody belongs to `sponsor`, except the outsider, who coordinates for another one.
"""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.models import (
    IdentityConfirmation,
    IdentityMeans,
    Membership,
    Role,
    SignatureAcceptance,
    SigningPolicy,
    Sponsor,
    User,
)
from accounts.viewer import Viewer, build_viewer
from apprenticeship.asking import AskLine, ask
from apprenticeship.models import (
    Apprenticeship,
    AskKind,
    Employer,
    Mentorship,
    MentorshipRole,
    Method,
    Program,
    RequestedSkill,
    SignOff,
    Terms,
    Worksite,
)
from apprenticeship.signoff import SignOffLine, sign_off
from competencies.models import RatingLevel, Skill, StandardVersion

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""Ten in the morning of a Monday in New York."""

TODAY = NOW.date()

LONG_AGO = date(2025, 1, 6)
"""The day since which the cast hold their roles."""

STARTS_ON = date(2026, 1, 5)
"""The day on which the apprenticeships of the tests begin."""

PASSWORD = "harbor-lantern-42"


def make_sponsor(name: str = "Empire Compounding", slug: str = "empire") -> Sponsor:
    """A sponsor that asks its signers for nothing more than being signed in."""
    policy = SigningPolicy.SESSION
    return Sponsor.objects.create(name=name, slug=slug, time_zone="America/New_York", signing_policy=policy)


def make_person(name: str, *roles: Role, sponsor: Sponsor) -> User:
    """A person called `name`, whose sign-in name is the first word of it, with these roles since long ago."""
    username = name.split(" ")[0].lower()
    person = User.objects.create_user(username=username, name=name, email=f"{username}@example.org", password=PASSWORD)
    for role in roles:
        Membership.objects.create(user=person, sponsor=sponsor, role=role, since=LONG_AGO)
    make_ready(person, sponsor)
    return person


def make_ready(person: User, sponsor: Sponsor) -> None:
    """`person` has accepted what their signature stands for, and the operator has confirmed who they are."""
    before = NOW - timedelta(days=300)
    SignatureAcceptance.objects.create(
        sponsor=sponsor,
        person=person,
        statement="My signature here stands for my handwritten one.",
        language="en",
        authentication="session",
        accepted_at=before,
    )
    IdentityConfirmation.objects.create(
        sponsor=sponsor, person=person, how=IdentityMeans.DOCUMENT, confirmed_by=None, confirmed_at=before
    )


def viewer_for(user: User | None, at: datetime = NOW) -> Viewer:
    """Who `user` is at the instant `at`; None is the anonymous visitor."""
    return build_viewer(user, at=at)


def make_terms(sponsor: Sponsor, version: StandardVersion, title: str = "Compounding Technicians") -> Terms:
    """The first terms of a new program of `sponsor` that adopts `version`."""
    program = Program.objects.create(sponsor=sponsor, title=title)
    return Terms.objects.create(program=program, number=1, standard_version=version, adopted_on=LONG_AGO)


def make_apprenticeship(apprentice: User, terms: Terms) -> Apprenticeship:
    """The book of `apprentice` under `terms`, at their sponsor's own shop; nobody mentors them yet."""
    sponsor = terms.program.sponsor
    employer, _ = Employer.objects.get_or_create(sponsor=sponsor, name=sponsor.name)
    worksite, _ = Worksite.objects.get_or_create(employer=employer, name="Clean room")
    return Apprenticeship.objects.create(
        sponsor=sponsor, apprentice=apprentice, terms=terms, employer=employer, worksite=worksite, starts_on=STARTS_ON
    )


def make_mentorship(
    apprenticeship: Apprenticeship,
    mentor: User,
    *,
    role: MentorshipRole = MentorshipRole.PRIMARY,
    since: date = STARTS_ON,
    until: date | None = None,
    role_tracks: tuple[str, ...] = (),
) -> Mentorship:
    return Mentorship.objects.create(
        apprenticeship=apprenticeship,
        mentor=mentor,
        role=role,
        qualification="CPhT",
        role_tracks=list(role_tracks),
        since=since,
        until=until,
    )


def fresh(apprenticeship: Apprenticeship) -> Apprenticeship:
    """The book as a request would load it: with people, terms, standard and mentors."""
    return Apprenticeship.objects.with_context().get(pk=apprenticeship.pk)


def skill_of(apprenticeship: Apprenticeship, code: str) -> Skill:
    """The skill `code` of the standard that the apprentice follows."""
    skills = Skill.objects.select_related("skill_set", "parent", "scale")
    return skills.get(skill_set__version=apprenticeship.terms.standard_version_id, code=code)


def level_of(skill: Skill, code: str | None = None) -> RatingLevel:
    """The level `code` of the skill's scale; the threshold when none is named."""
    levels = RatingLevel.objects.select_related("scale").filter(scale=skill.scale_id)
    return levels.get(code=code) if code else levels.get(is_threshold=True)


def line(
    apprenticeship: Apprenticeship,
    code: str = "1.1",
    *,
    level: str | None = None,
    method: str = Method.OBSERVED,
    observed_on: date = TODAY,
    replaces: SignOff | uuid.UUID | None = None,
    worksite: Worksite | None = None,
    note: str = "",
    **rest: Any,
) -> SignOffLine:
    """The skill `code` as a mentor would submit it: at its threshold, watched today, nothing seen before."""
    skill = skill_of(apprenticeship, code)
    return SignOffLine(
        apprenticeship=fresh(apprenticeship),
        skill=skill,
        level=level_of(skill, level),
        method=method,
        observed_on=observed_on,
        replaces=replaces.pk if isinstance(replaces, SignOff) else replaces,
        worksite=worksite,
        note=note,
        **rest,
    )


def signed(
    apprenticeship: Apprenticeship, mentor: User, code: str = "1.1", *, at: datetime = NOW, **rest: object
) -> SignOff:
    """The skill `code`, signed by `mentor` at the instant `at`; `rest` goes to `line`."""
    return sign_off(
        viewer=viewer_for(mentor, at),
        key=str(uuid.uuid4()),
        line=line(apprenticeship, code, **rest),  # type: ignore[arg-type]  # the names are those of `line`
    )


def asked(
    apprenticeship: Apprenticeship,
    *codes: str,
    at: datetime = NOW,
    comment: str = "",
    done_on: date | None = None,
    kind: AskKind = AskKind.SIGN_OFF,
) -> list[RequestedSkill]:
    """The apprentice of this book asks for the skills `codes` in one act at the instant `at`, done that day."""
    day = done_on or apprenticeship.sponsor.local_date(at)
    return ask(
        viewer=viewer_for(apprenticeship.apprentice, at),
        key=str(uuid.uuid4()),
        apprenticeship=fresh(apprenticeship),
        lines=[AskLine(skill_of(apprenticeship, code), day) for code in codes or ("1.1",)],
        comment=comment,
        kind=kind,
    )
