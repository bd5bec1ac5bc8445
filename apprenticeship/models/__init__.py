"""The tables of who learns it (`people`) and of what was signed (`record`)."""

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

__all__ = [
    "Apprenticeship",
    "Cohort",
    "Employer",
    "Mentorship",
    "MentorshipRole",
    "Method",
    "Program",
    "RecordEntry",
    "RecordHead",
    "Revocation",
    "RevocationKind",
    "SignOff",
    "SkillStanding",
    "Terms",
    "Worksite",
]
