"""The one way for a view to obtain a row: among those visible to the viewer, or 404."""

import uuid
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from accounts.models import FileImport
from accounts.pages import visible_or_404
from accounts.viewer import Viewer
from acts.statements import Ready
from apprenticeship.models import (
    Apprenticeship,
    Cohort,
    CounterSignature,
    Employer,
    Evidence,
    EvidenceDraft,
    Mentorship,
    PracticeNote,
    Program,
    RequestedSkill,
    SignOff,
    SignOffRequest,
    TakeBackRequest,
    Terms,
    TestResult,
    Verification,
    WorkHours,
    WorkLog,
    Worksite,
)
from competencies.frozen import content_of
from competencies.models import Skill, SkillSet

HELD = Ready(
    lambda book, mentor: (
        Mentorship.objects.filter(apprenticeship=book, mentor=mentor)
        .select_related("apprenticeship__terms", "apprenticeship__worksite__employer")
        .defer("apprenticeship__terms__wage_steps", "apprenticeship__worksite__address")
        .order_by("since", "id")
    ),
    "book",
    "mentor",
)

OF_SKILL = ("skill__skill_set", "skill__parent")
APPRENTICE = "apprenticeship__apprentice"
TERMS = "apprenticeship__terms"
OF_SIGN_OFF = (
    "sign_off__entry",
    "sign_off__level",
    "sign_off__signer",
    "sign_off__skill__skill_set",
    "sign_off__skill__parent",
)
"""What a page tells of a skill, of a signature and of a book."""
OF_WORK = ("apprenticeship__sponsor", APPRENTICE, TERMS)
MENTORS = "apprenticeship__mentorships"

M = TypeVar("M", bound=Model)


def get_apprenticeship(viewer: Viewer, pk: uuid.UUID) -> Apprenticeship:
    """The apprenticeship with its people, terms, standard and mentors."""
    return visible_or_404(Apprenticeship.objects.visible_to(viewer).with_context(), pk)


def mentored_book(viewer: Viewer, pk: uuid.UUID) -> Apprenticeship | None:
    """The apprenticeship read by one's own mentorships, in one small query; None for who has no role by them."""
    held = HELD(book=pk, mentor=viewer.person.pk)
    if not held:
        return None
    book = held[0].apprenticeship
    sponsor = next((sponsor for sponsor in viewer.sponsors if sponsor.pk == book.sponsor_id), None)
    if sponsor is None:
        return None
    book.sponsor, book.held_by_viewer = sponsor, tuple(held)
    book.terms.standard_version = content_of(book.terms.standard_version_id).version
    return book if book.roles_of(viewer) else None


def get_mentorship(viewer: Viewer, pk: uuid.UUID) -> Mentorship:
    """One mentorship, also one that is over, with its mentor and its book."""
    return _in_book(Mentorship.objects.visible_to(viewer), pk, "mentor", APPRENTICE)


def get_skill_to_sign(apprenticeship: Apprenticeship, pk: uuid.UUID) -> Skill:
    """The skill as `get_skill` gives it; no query once the process knows the version. Shared: set nothing on it."""
    skill = content_of(apprenticeship.terms.standard_version_id).skills.get(pk)
    if skill is None:
        raise Http404
    return skill


def get_skill(apprenticeship: Apprenticeship, pk: uuid.UUID) -> Skill:
    """The skill with its set, parent and scale, of the standard version that this apprentice is held to."""
    skills = Skill.objects.filter(skill_set__version=apprenticeship.terms.standard_version_id)
    return visible_or_404(skills.select_related("skill_set", "parent", "scale"), pk)


def get_cohort(viewer: Viewer, pk: uuid.UUID) -> Cohort:
    """The cohort with its sponsor."""
    return visible_or_404(Cohort.objects.visible_to(viewer).select_related("sponsor"), pk)


def get_sign_off(viewer: Viewer, pk: uuid.UUID) -> SignOff:
    """The signature with its entry, skill, level and book."""
    rows = SignOff.objects.visible_to(viewer)
    return _in_book(rows, pk, "entry", "level", "signer", *OF_SKILL, APPRENTICE, TERMS)


def get_skill_set(apprenticeship: Apprenticeship, pk: uuid.UUID) -> SkillSet:
    """The set, of the standard version that this apprentice is held to."""
    return visible_or_404(SkillSet.objects.filter(version=apprenticeship.terms.standard_version_id), pk)


def get_verification(viewer: Viewer, pk: uuid.UUID) -> Verification:
    """The sponsor's verification with its entry, set and book."""
    rows = Verification.objects.visible_to(viewer)
    return _in_book(rows, pk, "entry", "skill_set", "by", "void", APPRENTICE)


def get_take_back_request(viewer: Viewer, pk: uuid.UUID) -> TakeBackRequest:
    """What a mentor asked to be taken back, with the sign-off and its book."""
    rows = TakeBackRequest.objects.visible_to(viewer)
    return _in_book(rows, pk, "asked_by", "ended_by", *OF_SIGN_OFF, APPRENTICE, TERMS)


def get_test_result(viewer: Viewer, pk: uuid.UUID) -> TestResult:
    """The test result with its entry, skill and book."""
    return _in_book(TestResult.objects.visible_to(viewer), pk, "entry", *OF_SKILL, APPRENTICE, TERMS)


def get_request(viewer: Viewer, pk: uuid.UUID) -> SignOffRequest:
    """What was asked at one time, with its book and its mentors; its skills are read apart."""
    rows = SignOffRequest.objects.visible_to(viewer).prefetch_related("apprenticeship__mentorships__mentor")
    return _in_book(rows, pk, "asked_by", APPRENTICE, "apprenticeship__terms__program")


def get_asked(viewer: Viewer, pk: uuid.UUID) -> RequestedSkill:
    """One skill that was asked for, with its book and its mentors."""
    return _in_book(RequestedSkill.objects.visible_to(viewer), pk, "skill__skill_set", APPRENTICE)


def get_disagreement(viewer: Viewer, pk: uuid.UUID) -> CounterSignature:
    """One disagreement of an apprentice with its reason, and the signature that they disagree with."""
    rows = CounterSignature.objects.visible_to(viewer).filter(agrees=False)
    related = ("entry", "reason", *OF_SIGN_OFF, "sign_off__note", "sign_off__apprenticeship__apprentice")
    return _in_book(rows, pk, *related, book="sign_off__apprenticeship")


def get_evidence(viewer: Viewer, pk: uuid.UUID) -> Evidence:
    """One file of a book one may read, with its name and its book."""
    rows = Evidence.objects.visible_to(viewer)
    return _in_book(rows, pk, "file", "thumbnail", "name", "uploaded_by", APPRENTICE)


def get_file_beside(asked: RequestedSkill, pk: uuid.UUID) -> Evidence:
    """A file that lies, or once lay, beside one skill that was asked for."""
    return visible_or_404(Evidence.objects.filter(ask_uses__requested_skill=asked), pk)


def get_draft(viewer: Viewer, pk: uuid.UUID) -> EvidenceDraft:
    """A file that the viewer uploaded with a form and that belongs to no act yet."""
    return _in_book(EvidenceDraft.objects.visible_to(viewer), pk, "file", "thumbnail")


def get_practice_note(viewer: Viewer, pk: uuid.UUID) -> PracticeNote:
    """One private note; for everybody but its writer it does not exist."""
    return _in_book(PracticeNote.objects.visible_to(viewer), pk)


def _in_book(rows: QuerySet[M], pk: uuid.UUID, *related: str, book: str = "apprenticeship") -> M:
    """The row `pk` with what its permission is judged by, the book's sponsor and mentors, and all that is `related`."""
    loaded = rows.select_related(*related, f"{book}__sponsor").prefetch_related(f"{book}__mentorships")
    return visible_or_404(loaded, pk)


def get_work_log(viewer: Viewer, pk: uuid.UUID) -> WorkLog:
    """One logged line that was not deleted, with its place and its book."""
    rows = WorkLog.objects.visible_to(viewer).exclude(state="deleted")
    return visible_or_404(
        rows.select_related("worksite__employer", "skill_set", *OF_WORK).prefetch_related(MENTORS), pk
    )


def get_work_hours(viewer: Viewer, pk: uuid.UUID) -> WorkHours:
    """The approved hours of one line, with their entry, place and book."""
    rows = WorkHours.objects.visible_to(viewer).select_related("entry", "worksite__employer", "skill_set", *OF_WORK)
    return visible_or_404(rows.prefetch_related(MENTORS), pk)


def get_employer(viewer: Viewer, pk: uuid.UUID) -> Employer:
    """An employer with its sponsor."""
    return visible_or_404(Employer.objects.visible_to(viewer).select_related("sponsor"), pk)


def get_worksite(viewer: Viewer, pk: uuid.UUID) -> Worksite:
    """A worksite with its employer and sponsor."""
    return visible_or_404(Worksite.objects.visible_to(viewer).select_related("employer__sponsor"), pk)


def get_people_import(viewer: Viewer, pk: uuid.UUID) -> FileImport:
    """A file of people that the viewer brought in, with its sponsor."""
    return visible_or_404(FileImport.objects.visible_to(viewer).filter(kind="people").select_related("sponsor"), pk)


def get_program(viewer: Viewer, pk: uuid.UUID) -> Program:
    """A program with its sponsor."""
    return visible_or_404(Program.objects.visible_to(viewer).select_related("sponsor"), pk)


def get_terms(viewer: Viewer, pk: uuid.UUID) -> Terms:
    """Terms with their program, sponsor and adopted version."""
    rows = Terms.objects.visible_to(viewer)
    rows = rows.select_related("program__sponsor", "standard_version__standard", "put_in_force_by")
    return visible_or_404(rows, pk)
