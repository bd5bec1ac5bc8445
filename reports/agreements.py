"""What the apprentice says of signatures, and what came of it, as pages and papers show it.

Told from the bytes of the entries, as signatures are. Also the lists of those whose turn it is: the
disagreements that wait for an answer, and the mentors who were asked to sign again.
"""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.access import Permission, permits
from accounts.viewer import Viewer
from apprenticeship.disagreements import may_answer
from apprenticeship.models import AnswerOutcome, CounterSignature, DisagreementAnswer, SkillStanding
from apprenticeship.record import EntryIllegible, read, told
from reports.codes import Signed, head_of, word_of


@dataclass(frozen=True)
class Answered(Signed):
    """The answer to a disagreement. Its words are sealed."""

    outcome: str

    @property
    def outcome_label(self) -> str:
        return word_of(self.outcome, AnswerOutcome)


@dataclass(frozen=True)
class Said(Signed):
    """One word of the apprentice about one signature: they agree, or disagree and are answered. Reasons are sealed."""

    counter_signature_id: uuid.UUID
    of_sequence: int
    agrees: bool
    answer_due: date | None
    answer: Answered | None

    @property
    def is_open(self) -> bool:
        """Whether it is a disagreement that nobody has answered."""
        return not self.agrees and self.answer is None


def said_of(word: CounterSignature) -> Said | None:
    """What the apprentice said as the entry's bytes tell it, or None where they cannot be read.

    Load `entry` and `answer__entry`.
    """
    answer = getattr(word, "answer", None)
    answered = answered_of(answer) if answer else None
    if answer and not answered:
        return None
    try:
        content = read(word.entry)
        due = told(content, "body", dict).get("answer_due")
        return Said(
            **head_of(content),
            counter_signature_id=word.pk,
            of_sequence=told(content, "body.sign_off", int),
            agrees=told(content, "body.agrees", bool),
            answer_due=date.fromisoformat(due) if due else None,
            answer=answered,
        )
    except (EntryIllegible, ValueError, TypeError):  # the day that was given may be none
        return None


def answered_of(answer: DisagreementAnswer) -> Answered | None:
    """The answer as its entry's bytes tell it, or None where they cannot be read; load `entry`."""
    try:
        content = read(answer.entry)
        return Answered(**head_of(content), outcome=told(content, "body.outcome", str))
    except EntryIllegible:
        return None


@dataclass(frozen=True)
class Case:
    """One disagreement that waits for an answer, as one viewer sees it on a local date of the sponsor."""

    disagreement: CounterSignature
    today: date
    may_answer: bool

    @property
    def due(self) -> date:
        """The day by which it is answered; every disagreement has one."""
        return self.disagreement.answer_due or self.today

    @property
    def days_over(self) -> int:
        """For how many days the answer is overdue; 0 on the day itself and before."""
        return max((self.today - self.due) // timedelta(days=1), 0)

    @property
    def is_due_today(self) -> bool:
        return self.due == self.today


def cases_of(viewer: Viewer) -> tuple[Case, ...]:
    """The open disagreements with sponsors for whom `viewer` may answer, the one due first on top; two queries.

    What they signed themselves is among them: they see that somebody else is to answer it.
    """
    sponsors = [s for s in viewer.sponsors if permits(viewer, Permission.ANSWER_DISAGREEMENT, on=s)]
    if not sponsors:
        return ()
    rows = (
        CounterSignature.objects.open()
        .visible_to(viewer)
        .filter(sign_off__apprenticeship__sponsor__in=sponsors)
        .exclude(sign_off__apprenticeship__apprentice=viewer.user_id)
        .select_related(
            "entry",
            "reason",
            "sign_off__level",
            "sign_off__signer",
            "sign_off__entry",
            "sign_off__skill__skill_set",
            "sign_off__apprenticeship__sponsor",
            "sign_off__apprenticeship__apprentice",
        )
        .prefetch_related("sign_off__apprenticeship__mentorships")
        .order_by("answer_due", "entry__recorded_at", "pk")
    )
    return tuple(Case(row, viewer.today(row.sign_off.apprenticeship.sponsor), may_answer(viewer, row)) for row in rows)


def asked_to_sign_again(viewer: Viewer) -> tuple[SkillStanding, ...]:
    """The signatures of `viewer` that stand and that they were asked to judge and sign again; one query."""
    return tuple(
        SkillStanding.objects.visible_to(viewer)
        .filter(
            sign_off__signer=viewer.user_id,
            counter_signature__agrees=False,
            counter_signature__answer__outcome=AnswerOutcome.SIGN_AGAIN,
        )
        .select_related(
            "skill",
            "sign_off__level",
            "apprenticeship__apprentice",
            "apprenticeship__sponsor",
            "counter_signature__answer__by",
            "counter_signature__answer__entry",
        )
        .order_by("counter_signature__answer__entry__recorded_at", "pk")
    )


def books_that_wait(viewer: Viewer) -> frozenset[uuid.UUID]:
    """The own books of `viewer` in which something lacks nothing but their OK; one query."""
    rows = SkillStanding.objects.waiting_for_ok().filter(apprenticeship__apprentice=viewer.user_id)
    return frozenset(rows.values_list("apprenticeship", flat=True))
