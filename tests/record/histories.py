"""Everything that can be done to a book, each as one act on some of its skills; what is refused changes nothing."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from accounts.access import NotPermitted
from accounts.models import User
from acts.refusing import FileRefused
from apprenticeship.agreeing import AlreadySaid
from apprenticeship.asking import CannotBeAsked
from apprenticeship.models import (
    Apprenticeship,
    AskKind,
    Assignment,
    CounterSignature,
    Evidence,
    Method,
    RecordEntry,
    SignOff,
    SkillStanding,
    TestResult,
    Transcription,
    Verification,
    WorkHours,
)
from apprenticeship.purging import purge
from apprenticeship.requirement_decisions import DecisionInvalid
from apprenticeship.signoff import AlreadySigned, SignOffInvalid, sign_off_many
from apprenticeship.status import StatusConflict
from apprenticeship.takingback import take_back_many
from apprenticeship.testing import void_test
from apprenticeship.transcribing import TranscriptionConflict
from apprenticeship.transcriptions_shown import loaded
from apprenticeship.verification import AlreadyVerified, NotYetAttained, VerificationInvalid, void_verification
from apprenticeship.work_days import WorkConflict
from apprenticeship.work_months import MonthInvalid, MonthNotReady
from instruction.earning import RecordedBefore
from instruction.entry_voiding import VOIDED_BY
from instruction.hours import ClassHoursConflict
from instruction.models import Attendance
from instruction.voiding import void_class_hours
from tests.agreements import agreed, answered, disagreed
from tests.cast import STARTS_ON, asked, line, viewer_for
from tests.certificates.bringing import brought, confirmed
from tests.demanding import record_taken
from tests.evidence.files import PDF, uploaded
from tests.instruction.classroom import attend
from tests.instruction.earning import earned, exam, signed_topic, undone, waived
from tests.record.every_kind import decided_by_letter, placed, registered, status_changed, verified_set
from tests.transcribing import paper_refused, paper_verified, transcribed
from tests.working import WORKDAY, approved, decided, logged, reviewed, signed_as_it_stands, work_line, work_taken_back

LOW = {"1.5": "introduced"}
"""The level below the threshold of the skills that are not rated by performance."""

REFUSALS = (
    AlreadySaid,
    AlreadySigned,
    AlreadyVerified,
    CannotBeAsked,
    DecisionInvalid,
    ClassHoursConflict,
    FileRefused,  # what was purged is not taken again
    MonthInvalid,
    MonthNotReady,
    NotPermitted,
    NotYetAttained,
    RecordedBefore,
    SignOffInvalid,
    StatusConflict,
    TranscriptionConflict,
    VerificationInvalid,
    WorkConflict,
)


@dataclass(frozen=True)
class Doing:
    """One act about to be done to the skills `codes` of a book, with the people who may."""

    book: Apprenticeship
    mentor: User
    coordinator: User
    administrator: User
    instructor: User
    codes: tuple[str, ...]

    @property
    def set_number(self) -> int:
        return int(self.codes[0][0])

    @property
    def workday(self) -> date:
        """A day of its own for each skill set."""
        return WORKDAY - timedelta(days=self.set_number)

    @property
    def live(self) -> list[SignOff]:
        """What stands for these skills, in the order of the standard."""
        rows = SkillStanding.objects.filter(apprenticeship=self.book, skill__code__in=self.codes)
        rows = (
            rows.exclude(sign_off=None).select_related("sign_off__skill", "sign_off__signer").order_by("skill__order")
        )
        return [row.sign_off for row in rows if row.sign_off]

    def sign(self, by: User, codes: Iterable[str], *, low: bool = False, **rest: object) -> None:
        """One act: each of `codes`, over whatever stands."""
        seen = {sign_off.skill.code: sign_off for sign_off in self.live}
        levels = {code: LOW.get(code, "in-training") if low else None for code in codes}
        lines = [
            line(self.book, code, level=level, replaces=seen.get(code), **rest)  # type: ignore[arg-type]  # its names
            for code, level in levels.items()
        ]
        sign_off_many(viewer=viewer_for(by), key=new_key(), lines=lines)


def new_key() -> str:
    return str(uuid.uuid4())


@contextmanager
def unless_refused() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except REFUSALS:
        pass


def _credit(doing: Doing) -> None:
    doing.sign(doing.coordinator, doing.codes, method=Method.CREDIT, observed_on=STARTS_ON - timedelta(days=400))


def _ask_for_credit(doing: Doing) -> None:
    asked(doing.book, *doing.codes, kind=AskKind.CREDIT, done_on=STARTS_ON - timedelta(days=400))


def _sign_with_a_file(doing: Doing) -> None:
    file = uploaded(doing.book, doing.mentor, PDF + uuid.uuid4().bytes.hex().encode(), name="log.pdf").pk
    doing.sign(doing.mentor, doing.codes[:1], evidence=(file,))


def _take_back(kind: str) -> Callable[[Doing], None]:
    """What stands is taken back by who signed it; of two signers, by the first."""

    def take(doing: Doing) -> None:
        live = doing.live
        own = [sign_off for sign_off in live if sign_off.signer_id == live[0].signer_id]
        if own:
            viewer = viewer_for(own[0].signer)
            take_back_many(viewer=viewer, key=new_key(), sign_offs=own, kind=kind, reason="Seen otherwise.")

    return take


def _agree(doing: Doing) -> None:
    if live := doing.live:
        agreed(*live)


def _disagree(doing: Doing) -> None:
    if live := doing.live:
        disagreed(live[0])


def _answer(doing: Doing) -> None:
    if waiting := CounterSignature.objects.open().filter(entry__apprenticeship=doing.book).first():
        answered(waiting, doing.coordinator, "sign_again")


def _purge(doing: Doing) -> None:
    if there := Evidence.objects.filter(apprenticeship=doing.book, file__removed_at=None).first():
        purge(viewer=viewer_for(doing.coordinator), key=new_key(), evidence=there, reason="A label can be read.")


def _void_test(doing: Doing) -> None:
    if result := TestResult.objects.standing().filter(apprenticeship=doing.book).first():
        void_test(viewer=viewer_for(doing.mentor), key=new_key(), result=result, reason="Of another.")


def _void_verification(doing: Doing) -> None:
    if made := Verification.objects.standing().filter(apprenticeship=doing.book).first():
        void_verification(viewer=viewer_for(doing.administrator), key=new_key(), verification=made, reason="Too early.")


def _change_status(doing: Doing, step: str) -> None:
    status_changed(doing.book, doing.coordinator, step, reason="On leave.")


def _rest_and_go_on(doing: Doing) -> None:
    """Everything that takes a status back in one go, so that what else is done is not refused for it."""
    for step in ("transfer", "reinstate", "suspend", "cancel", "reinstate", "resume"):
        _change_status(doing, step)


def _rotate(doing: Doing) -> None:
    """The next stay, which begins a day after the one before it did."""
    last = Assignment.objects.filter(apprenticeship=doing.book).order_by("-since").first()
    placed(doing.book, doing.coordinator, since=last.since + timedelta(days=1) if last else STARTS_ON)


def _void_hours(doing: Doing) -> None:
    if hours := list(Attendance.objects.standing().filter(apprenticeship=doing.book)[:1]):
        void_class_hours(viewer=viewer_for(doing.coordinator), key=new_key(), attendances=hours, reason="She was ill.")


def _void_entry(doing: Doing) -> None:
    standing = RecordEntry.objects.filter(apprenticeship=doing.book, voided_by_instruction=None, kind__in=VOIDED_BY)
    if entry := standing.order_by("sequence").first():
        undone(doing.coordinator, entry)


def _work(doing: Doing) -> None:
    approved(doing.mentor, work_line(doing.book, "7.5", day=doing.workday, order=doing.set_number))


def _work_changed(doing: Doing) -> None:
    (log,) = logged(work_line(doing.book, "8", day=doing.workday, order=doing.set_number))
    reviewed(doing.mentor, [decided(log, "6.25", "She left early.")])


def _void_work(doing: Doing) -> None:
    if hours := list(WorkHours.objects.standing().filter(apprenticeship=doing.book).order_by("entry__sequence")[:1]):
        work_taken_back(doing.mentor, hours)


def _verify_paper(doing: Doing) -> None:
    if row := loaded(Transcription.objects.waiting().filter(apprenticeship=doing.book)).order_by("pk").first():
        standing = SkillStanding.objects.filter(apprenticeship=doing.book, skill=row.skill).first()
        paper_verified(doing.administrator, row, replaces=standing.sign_off if standing else None)


def _refuse_paper(doing: Doing) -> None:
    if row := loaded(Transcription.objects.waiting().filter(apprenticeship=doing.book)).order_by("pk").first():
        paper_refused(doing.administrator, row)


ACTS: dict[str, Callable[[Doing], object]] = {
    "sign low": lambda doing: doing.sign(doing.mentor, doing.codes, low=True),
    "sign": lambda doing: doing.sign(doing.mentor, doing.codes),
    "sign with a file": _sign_with_a_file,
    "sign by a test": lambda doing: doing.sign(doing.mentor, doing.codes, method=Method.TEST),
    "ask for credit": _ask_for_credit,
    "credit": _credit,
    "transcribe": lambda doing: transcribed(doing.book, doing.coordinator, *doing.codes),
    "verify paper": _verify_paper,
    "refuse paper": _refuse_paper,
    "mistake": _take_back("mistake"),
    "no longer stands": _take_back("no_longer_stands"),
    "agree": _agree,
    "disagree": _disagree,
    "answer": _answer,
    "purge": _purge,
    "test": lambda doing: record_taken(doing.book, doing.mentor, doing.codes[0]),
    "void test": _void_test,
    "verify set": lambda doing: verified_set(doing.book, doing.administrator, doing.set_number),
    "verify all": lambda doing: verified_set(doing.book, doing.administrator, None),
    "void verification": _void_verification,
    "register": lambda doing: registered(doing.book, doing.coordinator),
    "decide": lambda doing: decided_by_letter(doing.book, doing.coordinator),
    "withdraw decision": lambda doing: decided_by_letter(doing.book, doing.coordinator, grounds="withdrawn"),
    "activate": lambda doing: _change_status(doing, "activate"),
    "rest and go on": _rest_and_go_on,
    "rotate": _rotate,
    "hours": lambda doing: attend(doing.coordinator, [doing.book], hours="1", instructor=doing.instructor),
    "void hours": _void_hours,
    "certificate": lambda doing: confirmed(brought(doing.book, doing.coordinator), doing.coordinator),
    "self-study": lambda doing: earned(doing.coordinator, doing.book),
    "waive": lambda doing: waived(doing.coordinator, doing.book),
    "exam": lambda doing: exam(doing.coordinator, doing.book),
    "sign topic": lambda doing: signed_topic(doing.instructor, doing.book),
    "void entry": _void_entry,
    "work": _work,
    "work changed": _work_changed,
    "void work": _void_work,
    "sign month": lambda doing: signed_as_it_stands(doing.mentor, doing.book),
}


def do(doing: Doing, what: str) -> None:
    """Do the next thing, where there is something to do it to and nobody refuses it."""
    with unless_refused():
        ACTS[what](doing)
