"""The tables: who learns it (`people`), what was signed (`record`, `verification`), what the apprentice says of it
(`agreement`), what is asked for (`requests`, `taking_back`), devices (`stations`)."""

from apprenticeship.models.agreement import AnswerOutcome, CounterSignature, DisagreementAnswer
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
from apprenticeship.models.record import (
    Method,
    RecordEntry,
    RecordHead,
    Revocation,
    RevocationKind,
    SignOff,
    SkillStanding,
)
from apprenticeship.models.requests import (
    UNDER_WAY,
    AskState,
    RequestedSkill,
    RequestEvent,
    RequestEventKind,
    SignOffRequest,
)
from apprenticeship.models.stations import Station
from apprenticeship.models.taking_back import TakeBackRequest, TakeBackState
from apprenticeship.models.verification import Verification, VerificationVoid, VerifiedSignOff

__all__ = [
    "UNDER_WAY",
    "AnswerOutcome",
    "Apprenticeship",
    "AskState",
    "Cohort",
    "CounterSignature",
    "DisagreementAnswer",
    "Employer",
    "Mentorship",
    "MentorshipRole",
    "Method",
    "Program",
    "RecordEntry",
    "RecordHead",
    "RequestEvent",
    "RequestEventKind",
    "RequestedSkill",
    "Revocation",
    "RevocationKind",
    "SignOff",
    "SignOffRequest",
    "SkillStanding",
    "Station",
    "TakeBackRequest",
    "TakeBackState",
    "Terms",
    "Verification",
    "VerificationVoid",
    "VerifiedSignOff",
    "Worksite",
]
