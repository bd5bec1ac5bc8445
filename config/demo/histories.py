"""Histories that look real: made by the same transitions that people use, each at its own past instant.

Everything is drawn from a fixed seed, so that every fresh demo tells the same story, counted
back from the day it is made.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from accounts.models import User
from accounts.proofs import Proof, ProofKind
from accounts.viewer import Viewer, build_viewer
from apprenticeship.agreeing import agree
from apprenticeship.answering import send_back
from apprenticeship.asking import AskLine, ask, obstacles
from apprenticeship.evidence import upload
from apprenticeship.models import (
    Apprenticeship,
    MentorshipRole,
    Method,
    RequestedSkill,
    RevocationKind,
    SkillStanding,
)
from apprenticeship.signoff import SignOffLine, sign_off_many
from apprenticeship.takingback import take_back
from competencies.models import RatingLevel, Skill, SkillKind, StandardVersion, Topic
from config.demo.bringing_in import timesheet_of_last_week
from config.demo.certificates import certificates
from config.demo.credit import earlier_learning
from config.demo.demands import meeting
from config.demo.paper import signed_on_paper
from config.demo.people import APPRENTICES, FIRST_COHORT, SECOND_COHORT, DemoApprentice, DemoWorld
from config.demo.pictures import log_sheet
from config.demo.rotating import rotated
from config.demo.statuses import suspended_and_resumed
from config.demo.tablet import at_tablet
from config.demo.timetable import planned_classes
from config.demo.verified import verified_and_doubted
from config.demo.working import hours_of_work
from instruction.hours import HeldClass, record_class_hours

SEED = 49
TAUGHT = (
    # topic (from 1), hours, days after the cohort's start
    (1, "8", 5),
    (3, "4", 26),
    (4, "4", 54),
    (2, "4", 82),
    (7, "3.5", 103),
    (8, "2", 131),
    (2, "2.5", 159),
    (6, "6", 208),
    (5, "2", 250),
    (6, "4", 299),
    (3, "4", 348),
)
SAFETY_TEACHER = ("grace", "Certified occupational safety instructor")
TEACHERS = {6: ("elena", "Registered Pharmacist")}  # the topic on federal regulations; all others are of the first


@dataclass(frozen=True)
class Planned:
    """One act to come: when, what, and for whom; sorted by its instant."""

    at: datetime
    who: str
    what: str
    details: Any


def live_through(world: DemoWorld, version: StandardVersion, *, now: datetime) -> None:
    """Let the demo's people do everything they did up to `now`, in the order it happened."""
    levels = _levels(version)
    acts = [*_classes(world, version, now), *_sign_offs(world, version, now)]
    for number, act in enumerate(sorted(acts, key=lambda a: (a.at, a.who))):
        key = f"demo-{number}"
        if act.what == "class":
            _hold_class(world, act, key)
        else:
            _sign(world, act, key, levels)
    _second_thoughts(world, now)
    _what_waits(world, now)
    earlier_learning(world, now=now)
    signed_on_paper(world, now=now)
    verified_and_doubted(world, now=now)
    suspended_and_resumed(world, now=now)
    rotated(world, now=now)
    planned_classes(world, version, now=now)
    certificates(world, now=now)
    hours_of_work(world, now=now)
    timesheet_of_last_week(world, now=now)


def signing(person: User, *, at: datetime) -> Viewer:
    """`person`, who has just entered their password, as the sponsor's policy asks."""
    return build_viewer(person, at=at, proof=Proof(ProofKind.PASSWORD, at, fresh=True))


def _levels(version: StandardVersion) -> dict[str, list[RatingLevel]]:
    """The levels of each kind of skill, lowest first."""
    scales = version.scales.prefetch_related("levels")
    return {scale.kind: sorted(scale.levels.all(), key=lambda level: level.order) for scale in scales}


def _instant(world: DemoWorld, day: date, dice: random.Random) -> datetime:
    """A working minute of `day`, moved off the weekend."""
    day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
    clock = time(dice.randint(8, 16), dice.choice((4, 11, 18, 26, 33, 41, 52)), dice.randint(0, 59))
    return datetime.combine(day, clock, tzinfo=world.sponsor.zone)


def _classes(world: DemoWorld, version: StandardVersion, now: datetime) -> Iterator[Planned]:
    topics = {topic.order: topic for topic in Topic.objects.filter(course__version=version)}
    for cohort in (FIRST_COHORT, SECOND_COHORT):
        members = [demo.username for demo in APPRENTICES if demo.cohort == cohort]
        start = world.books[members[0]].starts_on
        dice = random.Random(f"{SEED}-{cohort}")  # noqa: S311  # a story, no secret
        for order, hours, after in TAUGHT:
            at = _instant(world, start + timedelta(days=after), dice) + timedelta(hours=2)
            absent = dice.sample(members, k=dice.choice((0, 0, 1, 1, 2)))
            present = [m for m in members if m not in absent or m == "hannah"]
            if at < now:
                yield Planned(at, cohort, "class", (topics[order], hours, present))


def _hold_class(world: DemoWorld, act: Planned, key: str) -> None:
    topic, hours, present = act.details
    teacher, qualification = TEACHERS.get(topic.order, SAFETY_TEACHER)
    record_class_hours(
        viewer=signing(world.people["ruth"], at=act.at),
        key=key,
        apprenticeships=[world.books[username] for username in present],
        held=HeldClass(
            topic=topic,
            hours=Decimal(hours),
            held_on=world.sponsor.local_date(act.at),
            provider="Rockland Community Education",
            instructor=world.people[teacher],
            instructor_name=world.people[teacher].name,
            instructor_qualification=qualification,
            place="Nyack, training room 2",
        ),
    )


def _sign_offs(world: DemoWorld, version: StandardVersion, now: datetime) -> Iterator[Planned]:
    skills = list(
        Skill.objects.filter(skill_set__version=version)
        .select_related("skill_set", "parent", "scale")
        .order_by("skill_set__order", "order")
    )
    for demo in APPRENTICES:
        yield from _course_of(world, demo, skills, now)


def _course_of(world: DemoWorld, demo: DemoApprentice, skills: list[Skill], now: datetime) -> Iterator[Planned]:
    """One apprentice's way: orientation, then the own track, then the rest; first tries, then mastery."""
    dice = random.Random(f"{SEED}-{demo.username}")  # noqa: S311  # a story, no secret
    order = sorted(skills, key=lambda s: (s.skill_set.role_track not in ("", demo.track), s.skill_set.role_track != ""))
    reached = order[: round(len(order) * demo.pace)]
    trying = order[len(reached) : len(reached) + (2 if 0 < demo.pace < 1 else 0)]
    if not reached:
        return
    start = world.books[demo.username].starts_on + timedelta(days=9)
    last = world.sponsor.local_date(now) - timedelta(days=max(demo.stalled_days, 2))
    step = (last - start).days / (len(reached) + len(trying))
    for place, skill in enumerate([*reached, *trying]):
        day = start + timedelta(days=int(step * (place + dice.uniform(0.3, 0.9))))
        at = _instant(world, day, dice)
        first_tries = skill.kind == SkillKind.PERFORMANCE and dice.random() < 0.35
        if skill in trying or first_tries:
            earlier = at - timedelta(days=dice.randint(8, 30)) if skill in reached else at
            begun = max(earlier, datetime.combine(start, at.timetz()))
            yield Planned(begun, demo.username, "sign", (skill, dice.choice((0, 1)), demo, dice.random()))
            at = max(at, begun + timedelta(hours=3))
        if skill in reached:
            yield Planned(at, demo.username, "sign", (skill, 2, demo, dice.random()))


def _sign(world: DemoWorld, act: Planned, key: str, levels: dict[str, list[RatingLevel]]) -> None:
    skill, place, demo, chance = act.details
    scale = levels[skill.kind]
    level = scale[min(place, len(scale) - 1)]
    book = Apprenticeship.objects.with_context().get(pk=world.books[demo.username].pk)
    live = SkillStanding.objects.filter(apprenticeship=book, skill=skill).first()
    line = SignOffLine(
        apprenticeship=book,
        skill=skill,
        level=level,
        method=_method(skill, chance),
        observed_on=world.sponsor.local_date(act.at),
        replaces=live.sign_off_id if live else None,
        worksite=book.worksite,
        note="Worked carefully and asked before the risky step." if chance > 0.93 else "",
    )
    signer, tablet = _signer(world, demo, chance, skill), world.tablet
    there = tablet and tablet.worksite_id == book.worksite_id and tablet.registered_at < act.at and chance < 0.6
    viewer = at_tablet(tablet, signer, at=act.at) if tablet and there else signing(signer, at=act.at)
    (made,) = sign_off_many(viewer=viewer, key=key, lines=[meeting(line)])
    if made.needs_counter_signature:
        read_at = act.at + timedelta(minutes=12)
        agree(viewer=signing(world.people[demo.username], at=read_at), key=f"{key}-agreed", sign_offs=[made])


def _method(skill: Skill, chance: float) -> str:
    if skill.kind == SkillKind.KNOWLEDGE:
        return Method.DISCUSSION
    if skill.kind == SkillKind.TRAINING:
        return Method.WORK_PRODUCT
    return Method.OBSERVED if chance < 0.8 else Method.WORK_PRODUCT


def _signer(world: DemoWorld, demo: DemoApprentice, chance: float, skill: Skill) -> User:
    """Mostly the primary mentor; now and then the deputy, where the deputy may sign that track."""
    book = world.books[demo.username]
    deputies = [m for m in book.mentorships.all() if m.signs and m.mentor.username != demo.mentor]
    deputy = next((m for m in deputies if m.covers(skill.skill_set.role_track)), None)
    return deputy.mentor if deputy and chance < 0.12 else world.people[demo.mentor]


def _second_thoughts(world: DemoWorld, now: datetime) -> None:
    """One signature of Amara's no longer stands; older than mentors may end by themselves, so Ruth ended it."""
    book = world.books["amara"]
    standing = (
        SkillStanding.objects.filter(apprenticeship=book, attained=True, sign_off__isnull=False)
        .select_related("sign_off__entry", "sign_off__skill__skill_set", "sign_off__skill__parent")
        .exclude(skill__steps__isnull=False)
        .order_by("sign_off__entry__sequence")[5]
    )
    signed = standing.sign_off
    if signed is None:
        return
    take_back(
        viewer=signing(world.people["ruth"], at=now - timedelta(days=1, hours=3)),
        key="demo-second-thoughts",
        sign_off=signed,
        kind=RevocationKind.NO_LONGER_STANDS,
        reason="Two orders were entered without the allergy check this week. We will practice it together again.",
    )


def _what_waits(world: DemoWorld, now: datetime) -> None:
    """Priya waits for three signatures since two days, Luis for one since this morning; one came back to Sofía.

    Jonah waits so long that the coordinator has it too.
    """
    _ask(world, "jonah", 2, at=now - timedelta(days=8), comment="Both on the phone with the patients of Tuesday.")
    _ask(
        world,
        "priya",
        3,
        at=now - timedelta(days=2, minutes=20),
        comment="Done on the Friday orders, without help. The log of that day is on the photo.",
        photo=log_sheet(),
    )
    _ask(world, "luis", 1, at=now - timedelta(hours=5), comment="")
    returned = _ask(world, "sofia", 1, at=now - timedelta(days=4), comment="I think I have it now.")
    send_back(
        viewer=build_viewer(world.people["dana"], at=now - timedelta(days=3, hours=2)),
        key="demo-sent-back",
        asked=returned,
        comment="Nearly. Show me one more order from start to end, with the log beside it, then ask again.",
    )


def _ask(
    world: DemoWorld, username: str, number: int, *, at: datetime, comment: str, photo: bytes = b""
) -> list[RequestedSkill]:
    """`username` asks at the instant `at` for their next skills that nobody has signed at the highest level."""
    book = Apprenticeship.objects.with_context().get(pk=world.books[username].pk)
    viewer = build_viewer(world.people[username], at=at)
    stuck = obstacles(book, viewer=viewer)
    skills = Skill.objects.filter(skill_set__version=book.terms.standard_version_id).select_related("skill_set")
    mine = sorted(
        (s for s in skills.order_by("skill_set__order", "order") if s.pk not in stuck),
        key=lambda s: s.skill_set.role_track not in ("", book.role_track),
    )
    mentor = next(m.mentor for m in book.mentorships.all() if m.role == MentorshipRole.PRIMARY)
    day = world.sponsor.local_date(at)
    lines = [AskLine(skill, day, done_with=mentor) for skill in mine[:number]]
    key, files = f"demo-asked-{username}", []
    if photo:
        given = BytesIO(photo)
        files.append(upload(viewer=viewer, key=key, apprenticeship=book, file=given, name="Friday log.jpg").pk)
    return ask(viewer=viewer, key=key, apprenticeship=book, lines=lines, comment=comment, evidence=files)
