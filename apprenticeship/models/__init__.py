"""All tables of this layer, each in the module of its subject."""

from apprenticeship.demands import TestKind
from apprenticeship.models.agreement import AnswerOutcome, CounterSignature, DisagreementAnswer
from apprenticeship.models.completion import (
    LONGEST_AUTHOR,
    LONGEST_DOCUMENT,
    CompletionPreparation,
    Grounds,
    RequirementDecision,
)
from apprenticeship.models.evidence import (
    AskEvidence,
    Evidence,
    EvidenceDraft,
    EvidenceTakenOut,
    Purge,
    SignOffEvidence,
)
from apprenticeship.models.groups import CohortMove
from apprenticeship.models.notes import PracticeNote
from apprenticeship.models.people import (
    Apprenticeship,
    Cohort,
    Employer,
    Mentorship,
    MentorshipRole,
    Program,
    Terms,
    Worksite,
)
from apprenticeship.models.ratio import Headcount
from apprenticeship.models.record import (
    METHODS_OF_MENTORS,
    Method,
    RecordEntry,
    RecordHead,
    Revocation,
    RevocationKind,
    SignOff,
    SkillStanding,
)
from apprenticeship.models.registration import AgreementForm, AgreementRegistration
from apprenticeship.models.reminders import Reminder, ReminderKind
from apprenticeship.models.requests import (
    UNDER_WAY,
    AskKind,
    AskState,
    RequestedSkill,
    RequestEvent,
    RequestEventKind,
    SignOffRequest,
)
from apprenticeship.models.rotation import Assignment
from apprenticeship.models.stations import Station
from apprenticeship.models.status import LONGEST_PROGRAM, AgencyNotice, CancelledBy, StatusChange, StatusStep
from apprenticeship.models.taking_back import TakeBackRequest, TakeBackState
from apprenticeship.models.testing import TestResult, TestUse, TestVoid
from apprenticeship.models.transcription import (
    LONGEST_SIGNER,
    TranscribedSignOff,
    Transcription,
    TranscriptionEvidence,
    TranscriptionVoid,
)
from apprenticeship.models.verification import Verification, VerificationVoid, VerifiedSignOff
from apprenticeship.models.work import (
    MonthCover,
    MonthSignature,
    WorkHours,
    WorkHoursVoid,
    WorkLog,
    WorkLogEvent,
    WorkLogEventKind,
    WorkLogState,
)
from apprenticeship.statuses import Status

__all__ = [
    "LONGEST_AUTHOR",
    "LONGEST_DOCUMENT",
    "LONGEST_PROGRAM",
    "LONGEST_SIGNER",
    "METHODS_OF_MENTORS",
    "UNDER_WAY",
    "AgencyNotice",
    "AgreementForm",
    "AgreementRegistration",
    "AnswerOutcome",
    "Apprenticeship",
    "AskEvidence",
    "AskKind",
    "AskState",
    "Assignment",
    "CancelledBy",
    "Cohort",
    "CohortMove",
    "CompletionPreparation",
    "CounterSignature",
    "DisagreementAnswer",
    "Employer",
    "Evidence",
    "EvidenceDraft",
    "EvidenceTakenOut",
    "Grounds",
    "Headcount",
    "Mentorship",
    "MentorshipRole",
    "Method",
    "MonthCover",
    "MonthSignature",
    "PracticeNote",
    "Program",
    "Purge",
    "RecordEntry",
    "RecordHead",
    "Reminder",
    "ReminderKind",
    "RequestEvent",
    "RequestEventKind",
    "RequestedSkill",
    "RequirementDecision",
    "Revocation",
    "RevocationKind",
    "SignOff",
    "SignOffEvidence",
    "SignOffRequest",
    "SkillStanding",
    "Station",
    "Status",
    "StatusChange",
    "StatusStep",
    "TakeBackRequest",
    "TakeBackState",
    "Terms",
    "TestKind",
    "TestResult",
    "TestUse",
    "TestVoid",
    "TranscribedSignOff",
    "Transcription",
    "TranscriptionEvidence",
    "TranscriptionVoid",
    "Verification",
    "VerificationVoid",
    "VerifiedSignOff",
    "WorkHours",
    "WorkHoursVoid",
    "WorkLog",
    "WorkLogEvent",
    "WorkLogEventKind",
    "WorkLogState",
    "Worksite",
]
