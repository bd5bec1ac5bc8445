"""From the rows of one book to the paper of its progress record, at one state of the book."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any, TypeVar

from django.utils import translation

from accounts.models import Sponsor
from acts.models import origin
from apprenticeship.models import Apprenticeship, RecordEntry, RecordHead
from apprenticeship.record import EntryIllegible, first_previous_hash, timestamp
from competencies.models import RatingLevel, StandardVersion
from instruction.sums import CourseHours, hours_of, plain_hours
from reports import papers
from reports.agreements import Said
from reports.gathering_work import Waiting, waiting_in, work_part
from reports.progress import Progress, SetProgress, Signature, SkillProgress, TakenBack, progress_of
from reports.tests_taken import Tested, tests_behind
from reports.verified import Verified, verified_of

P = TypeVar("P", bound=papers.Paper)
TRIES = 10
Tests = Mapping[uuid.UUID, Sequence[Tested | None]]
"""By sign-off the test results that it rests on."""


class BookKeepsMoving(Exception):
    """Entries were added during every one of ten readings: ask again in a moment. The edge answers 409."""


@dataclass(frozen=True)
class Head:
    """The end of a book as it was read."""

    sequence: int
    hash: str


def gather(apprenticeship_id: uuid.UUID, *, at: datetime, language: str, paper: str) -> papers.ProgressRecord:
    """The progress record of one book, judged at the instant `at`, of exactly one state of the book.

    Raises BookKeepsMoving, and EntryIllegible for a forged book: no paper says of a skill what nobody can read.
    """

    def read(book: Apprenticeship, head: Head) -> papers.ProgressRecord:
        return _record(book, head=head, at=at, language=language, paper=paper)

    return at_rest(apprenticeship_id, read, language=language)


def at_rest(apprenticeship_id: uuid.UUID, read: Callable[[Apprenticeship, Head], P], *, language: str) -> P:
    """What `read` makes of a book at exactly one state of it, with its own words in `language`.

    The head is read before and after; when it moved, everything is read again. Raises BookKeepsMoving.
    """
    for _attempt in range(TRIES):
        before = head_of(apprenticeship_id)
        book = Apprenticeship.objects.with_context().get(pk=apprenticeship_id)
        with translation.override(language):  # what a paper says in words of its own
            made = read(book, before)
        if head_of(apprenticeship_id) == before:
            return made
    raise BookKeepsMoving


def head_of(apprenticeship_id: uuid.UUID) -> Head:
    """The head of a book; of one that was never written to, what its first entry will follow from."""
    head = RecordHead.objects.filter(pk=apprenticeship_id).first()
    if head is None:
        return Head(0, first_previous_hash(origin(), apprenticeship_id))
    return Head(head.sequence, head.hash)


def _record(book: Apprenticeship, *, head: Head, at: datetime, language: str, paper: str) -> papers.ProgressRecord:
    progress, tests = progress_of(book, at=at), tests_behind(book)
    verified, waiting = verified_of(book, progress), waiting_in(book)
    as_of = _as_of(book, progress, waiting, head=head, at=at)
    return papers.ProgressRecord(
        **in_common(book, head, language=language, paper=paper, as_of=as_of),
        kind="progress_record",
        template=papers.TEMPLATE_VERSION,
        attained=progress.attained,
        total=progress.total,
        sets=tuple(_set_part(part, tests, verified.sets[part.skill_set_id].last) for part in progress.sets),
        courses=tuple(course_part(course) for course in hours_of(book)),
        levels=_levels(book.terms.standard_version),
        verified=_verified(verified.whole.last),
        work=work_part(book, waiting, at=at),
    )


def in_common(book: Apprenticeship, head: Head, *, language: str, paper: str, as_of: datetime) -> dict[str, Any]:
    """The fields that papers of every kind fill alike."""
    return {
        "format": papers.FORMAT,
        "language": language,
        "paper": paper,
        "apprenticeship": str(book.pk),
        "as_of": timestamp(as_of),
        "zone": book.sponsor.time_zone,
        "head_sequence": head.sequence,
        "head_hash": head.hash,
        "who": _who(book),
        "against": _against(book),
    }


def _as_of(book: Apprenticeship, progress: Progress, waiting: Waiting, *, head: Head, at: datetime) -> datetime:
    """Since when everything stands as printed: the last entry, or what became due or was logged after it."""
    due = (midnight(skill.due_on.isoformat(), book.sponsor) for skill in progress.all_skills if skill.due_on)
    logged = [waiting.since] if waiting.since else []
    return max([written_at(book, head), *logged, *(instant for instant in due if instant <= at)])


def written_at(book: Apprenticeship, head: Head) -> datetime:
    """When the entry at `head` was recorded; of an empty book when the apprenticeship began."""
    last = RecordEntry.objects.filter(apprenticeship=book, sequence=head.sequence).first()
    return last.recorded_at if last else midnight(book.starts_on.isoformat(), book.sponsor)


def midnight(day: str, sponsor: Sponsor) -> datetime:
    """When the day begins where the sponsor is."""
    return datetime.combine(datetime.fromisoformat(day), time.min, tzinfo=sponsor.zone)


def _who(book: Apprenticeship) -> papers.Who:
    program = book.terms.program
    return papers.Who(
        apprentice=book.apprentice.name,
        registration_number=book.registration_number,
        started_on=book.starts_on.isoformat(),
        cohort=book.cohort.name if book.cohort else "",
        role_track=book.role_track,
        employer=book.employer.name,
        worksite=book.worksite.name if book.worksite else "",
        sponsor=book.sponsor.name,
        complaint_contact=book.sponsor.complaint_contact,
        program=program.title,
        program_number=program.registration_number,
        agency=program.registration_agency,
        logo=book.sponsor.logo.sha256 if book.sponsor.logo else "",
    )


def _against(book: Apprenticeship) -> papers.Against:
    version = book.terms.standard_version
    return papers.Against(
        title=version.title,
        version=version.number,
        source=version.printed("source"),
        approach=version.approach,
        onet_code=version.printed("onet_code"),
        rapids_code=version.printed("rapids_code"),
        job_hours=_range(version.job_hours_min, version.job_hours_max),
        terms=book.terms.number,
        adopted_on=book.terms.adopted_on.isoformat(),
        content_hash=version.content_hash,
    )


def _range(least: Decimal | None, most: Decimal | None) -> str:
    """ "2000", "2000 to 2500" written with a dash, or blank where the standard leaves it blank."""
    return "–".join(dict.fromkeys(plain_hours(hours) for hours in (least, most) if hours is not None))


def _set_part(part: SetProgress, tests: Tests, verified: Verified | None) -> papers.SkillSetPart:
    return papers.SkillSetPart(
        order=part.order,
        title=part.title,
        role_track=part.role_track,
        attained=part.attained,
        total=part.total,
        skills=tuple(_lines(part.skills, tests, depth=0)),
        verified=_verified(verified),
    )


def _verified(verified: Verified | None) -> papers.Verified | None:
    """The newest verification that was not taken back."""
    if verified is None:
        return None
    said = verified.statement
    if said is None:
        raise EntryIllegible("verification")
    return papers.Verified(
        name=said.name,
        role=said.role,
        at=timestamp(said.at),
        zone=said.zone,
        meaning=said.meaning,
        authentication=said.authentication,
        sequence=said.sequence,
        covers=verified.covers,
        lost=verified.lost,
    )


def _lines(skills: Iterable[SkillProgress], tests: Tests, *, depth: int) -> Iterable[papers.SkillLine]:
    for skill in skills:
        yield _line(skill, tests, depth=depth)
        yield from _lines(skill.steps, tests, depth=depth + 1)


def _line(skill: SkillProgress, tests: Tests, *, depth: int) -> papers.SkillLine:
    if skill.illegible:
        raise EntryIllegible(skill.code)
    signature = skill.signature
    return papers.SkillLine(
        code=skill.code,
        text=skill.text,
        depth=depth,
        state=skill.state.value,
        attained=skill.attained,
        required=skill.required,
        level=signature.level if signature else "",
        level_sentence=signature.level_sentence if signature else "",
        observed_on=signature.observed_on.isoformat() if signature else "",
        method=signature.method if signature else "",
        worksite=signature.worksite if signature else "",
        due_on=skill.due_on.isoformat() if skill.due_on else "",
        signed=_signed(signature) if signature else None,
        fallen=_fallen(skill.taken_back) if skill.taken_back else None,
        procedure=signature.procedure if signature else "",
        tests=tuple(_test(test) for test in tests.get(signature.sign_off_id, ())) if signature else (),
        said=_said(skill.said) if skill.said else None,
        missing_steps=skill.missing_steps,
    )


def _test(test: Tested | None) -> papers.TestLine:
    if test is None:
        raise EntryIllegible("test_result")
    return papers.TestLine(
        kind=test.kind,
        taken_on=test.taken_on.isoformat(),
        passed=test.passed,
        score=test.points[0] if test.points else "",
        pass_mark=test.points[1] if test.points else "",
        instrument=test.instrument,
        examiner=test.examiner,
        organization=test.organization,
        sequence=test.sequence,
        voided=test.voided,
    )


def _signed(signature: Signature) -> papers.Signed:
    paper = signature.paper
    return papers.Signed(
        name=signature.name,
        role=signature.role,
        qualification=signature.qualification,
        at=timestamp(signature.at),
        zone=signature.zone,
        meaning=signature.meaning,
        authentication=signature.authentication,
        sequence=signature.sequence,
        late=signature.late,
        files=signature.files,
        station=signature.station,
        on_paper=papers.OnPaper(paper.signer, paper.role, paper.transcriber, paper.entry) if paper else None,
    )


def _said(said: Said) -> papers.Said:
    return papers.Said(
        agrees=said.agrees,
        name=said.name,
        role=said.role,
        at=timestamp(said.at),
        zone=said.zone,
        meaning=said.meaning,
        authentication=said.authentication,
        sequence=said.sequence,
        outcome=said.answer.outcome if said.answer else "",
        station=said.station,
    )


def _fallen(taken_back: TakenBack) -> papers.Fallen:
    return papers.Fallen(
        name=taken_back.name,
        role=taken_back.role,
        at=timestamp(taken_back.at),
        zone=taken_back.zone,
        sequence=taken_back.sequence,
    )


def course_part(course: CourseHours) -> papers.CoursePart:
    """One course with its topics and their hours, as paper has it."""
    return papers.CoursePart(
        title=course.title,
        hours=plain_hours(course.recorded),
        required="" if course.required is None else plain_hours(course.required),
        topics=tuple(
            papers.TopicLine(
                title=topic.title,
                hours=plain_hours(topic.recorded),
                minimum="" if topic.minimum is None else plain_hours(topic.minimum),
                conditional=topic.conditional,
                law=topic.law,
                met=topic.met,
                waived=topic.waived,
                credit=topic.credit,
                signed=topic.signed,
            )
            for topic in course.topics
        ),
    )


def _levels(version: StandardVersion) -> tuple[papers.LevelLine, ...]:
    levels = RatingLevel.objects.filter(scale__version=version).select_related("scale")
    return tuple(
        papers.LevelLine(level.scale.title, level.label, level.sentence, level.attained)
        for level in levels.order_by("scale__title", "scale__code", "order")
    )
