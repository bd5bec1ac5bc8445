"""A book in which every kind of entry stands at least once; who adds a kind adds the act that makes it."""

import uuid
from datetime import date, timedelta
from tempfile import TemporaryDirectory
from typing import Any

from django.test import override_settings

from accounts.models import Role, User
from apprenticeship.ending import Details
from apprenticeship.models import (
    AgreementRegistration,
    Apprenticeship,
    Assignment,
    Evidence,
    RequirementDecision,
    StatusChange,
    StatusStep,
    Verification,
    Worksite,
)
from apprenticeship.purging import purge
from apprenticeship.registration import Agreement, record_registration
from apprenticeship.requirement_decisions import Decision, decide_requirement
from apprenticeship.rotation import Stay, assign_place
from apprenticeship.status import change_status
from apprenticeship.takingback import take_back
from apprenticeship.testing import void_test
from apprenticeship.verification import verifiable, verify, void_verification
from competencies.models import SkillSet
from instruction.voiding import void_class_hours
from tests.agreements import answered, disagreed
from tests.cast import STARTS_ON, TODAY, fresh, make_person, signed, viewer_for
from tests.certificates.bringing import brought, confirmed, taken_back
from tests.demanding import record_taken
from tests.evidence.files import uploaded
from tests.instruction.classroom import attend
from tests.instruction.earning import earned, exam, signed_topic, waived
from tests.transcribing import paper_refused, paper_verified, transcribed
from tests.working import WORKDAY, approved, month_signed, work_line, work_taken_back


def with_every_kind(book: Apprenticeship, *, mentor: User, coordinator: User) -> Apprenticeship:
    """Write entries of all kinds into `book` and give it back."""
    with TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        file = uploaded(book, mentor).pk
        made = signed(book, mentor, "4.2", note="Well done.", worksite=book.worksite, evidence=(file,))
        evidence = Evidence.objects.get(pk=file)
        purge(viewer=viewer_for(coordinator), key="p", evidence=evidence, reason="A label can be read.")
        with_paper(book, coordinator, verifier=make_person("Ada Every", Role.ADMINISTRATOR, sponsor=book.sponsor))
        taken_back(confirmed(brought(book, coordinator), coordinator), coordinator)
        for made_by in (earned, waived, exam):
            made_by(coordinator, book)
    answered(disagreed(made), coordinator)
    take_back(viewer=viewer_for(mentor), key="t", sign_off=made, kind="mistake")
    result = record_taken(book, mentor, "4.3")
    signed(book, mentor, "4.3", method="test")
    void_test(viewer=viewer_for(mentor), key="x", result=result, reason="Of another apprentice.")
    instructor = make_person("Imre Every", Role.INSTRUCTOR, sponsor=book.sponsor)
    attend(coordinator, [book], instructor=instructor, provider="A school")
    signed_topic(instructor, book)
    hours = attend(coordinator, [book])
    void_class_hours(viewer=viewer_for(coordinator), key="v", attendances=hours, reason="She was ill.")
    month_signed(mentor, book)
    work_taken_back(mentor, approved(mentor, work_line(book, day=WORKDAY.replace(day=2))))
    sign_set(book, mentor, 11)
    verified = verified_set(book, coordinator, 11)
    void_verification(viewer=viewer_for(coordinator), key="w", verification=verified, reason="Seen too early.")
    decided_by_letter(fresh(book), coordinator)
    registered(fresh(book), coordinator)
    status_changed(fresh(book), coordinator, "activate")
    status_changed(fresh(book), coordinator, "suspend", reason="On leave.")
    status_changed(fresh(book), coordinator, "resume", reason="She is back.")
    status_changed(fresh(book), coordinator, "transfer")
    status_changed(fresh(book), coordinator, "reinstate", reason="It came to nothing.")
    status_changed(fresh(book), coordinator, "cancel", reason="Twice without gloves.", details=FOR_CAUSE)
    status_changed(fresh(book), coordinator, "reinstate", reason="She made it good.")
    placed(fresh(book), coordinator)
    return book


def placed(
    book: Apprenticeship, by: User, *, since: date = TODAY, until: date | None = None, **other: Any
) -> Assignment:
    """The apprentice is assigned to the worksite of the book, or to the one in `other`."""
    site = other.get("worksite") or Worksite.objects.filter(employer__sponsor=book.sponsor_id).order_by("name")[0]
    stay = Stay(Worksite.objects.select_related("employer").get(pk=site.pk), other.get("track", ""), since, until)
    key = other.get("key") or str(uuid.uuid4())
    return assign_place(viewer=viewer_for(by), key=key, apprenticeships=[fresh(book)], stay=stay)[0]


USUAL = {
    "cancel": Details(cancelled_by="apprentice"),
    "transfer": Details(transferred_to="Compounding at Lakeside Pharmacy"),
}
"""What a step of the tests says beyond its day and its reason."""

FOR_CAUSE = Details(cancelled_by="sponsor", noticed_on=TODAY - timedelta(days=21), correct_by=TODAY - timedelta(days=7))
"""A cancellation by the sponsor after probation."""


def with_paper(book: Apprenticeship, coordinator: User, *, verifier: User) -> None:
    """Of two skills on paper one is verified and one refused."""
    stands, refused = transcribed(book, coordinator, "2.1", "2.2")
    paper_verified(verifier, stands)
    paper_refused(verifier, refused)


def status_changed(
    book: Apprenticeship,
    by: User,
    step: str,
    *,
    on: date = TODAY,
    reason: str = "",
    details: Details | None = None,
    seen: str = "",
    key: str = "",
) -> StatusChange:
    """One step of the status, from what stands or from what was `seen`; what it asks beside is filled in."""
    return change_status(
        viewer=viewer_for(by),
        key=key or str(uuid.uuid4()),
        apprenticeship=book,
        step=StatusStep(step),
        on=on,
        reason=reason,
        details=USUAL.get(step, Details()) if details is None else details,
        seen=seen or fresh(book).status,
    )


def registered(book: Apprenticeship, by: User, *, key: str = "", **said: Any) -> AgreementRegistration:
    """The agency registered the agreement; what is given says otherwise."""
    usual = {
        "form": "at_401",
        "signed_on": STARTS_ON,
        "by_guardian": False,
        "number": "NY-2026-0417",
        "registered_on": STARTS_ON + timedelta(days=9),
    }
    agreement = Agreement(**{**usual, **said})
    return record_registration(
        viewer=viewer_for(by), key=key or str(uuid.uuid4()), apprenticeship=book, agreement=agreement
    )


def decided_by_letter(book: Apprenticeship, by: User, **said: Any) -> RequirementDecision:
    """The agency excused the classes; what is given says otherwise."""
    usual = {
        "requirement": "classes",
        "grounds": "excused",
        "document": "Letter 2026-117",
        "decided_by": "Ann Reed, Department of Labor",
        "decided_on": TODAY - timedelta(days=9),
    }
    key, decision = said.pop("key", str(uuid.uuid4())), Decision(**{**usual, **said})
    return decide_requirement(viewer=viewer_for(by), key=key, apprenticeship=book, decision=decision)


def verified_set(book: Apprenticeship, by: User, order: int | None) -> Verification:
    """The set of this number, or the whole, verified as it stands now."""
    loaded = fresh(book)
    sets = SkillSet.objects.filter(version=loaded.terms.standard_version_id)
    skill_set = sets.get(order=order) if order else None
    seen = verifiable(loaded, skill_set).ids
    return verify(viewer=viewer_for(by), key=str(uuid.uuid4()), apprenticeship=loaded, skill_set=skill_set, seen=seen)


def sign_set(book: Apprenticeship, mentor: User, order: int) -> None:
    """Sign every skill of the set at its threshold, steps first."""
    version = book.terms.standard_version_id
    skills = SkillSet.objects.get(version=version, order=order).skills.order_by("parent_id", "order")
    for skill in sorted(skills, key=lambda s: s.parent_id is None):
        signed(book, mentor, skill.code)
