"""What belongs to the record, by dotted paths: each layer names its own here, so that nothing imports upward."""

RECORD_KINDS = [
    "apprenticeship.kinds.SIGN_OFF",
    "apprenticeship.kinds.REVOCATION",
    "apprenticeship.testing_kinds.TEST_RESULT",
    "apprenticeship.testing_kinds.TEST_RESULT_VOID",
    "apprenticeship.verification_kinds.VERIFICATION",
    "apprenticeship.verification_kinds.VERIFICATION_VOID",
    "apprenticeship.status_kinds.STATUS_CHANGE",
    "apprenticeship.transcription_kinds.TRANSCRIPTION",
    "apprenticeship.transcription_kinds.TRANSCRIPTION_VOID",
    "apprenticeship.agreement_kinds.COUNTER_SIGNATURE",
    "apprenticeship.agreement_kinds.DISAGREEMENT_ANSWER",
    "apprenticeship.evidence_checks.PURGE",
    "apprenticeship.work_kinds.WORK_HOURS",
    "apprenticeship.work_kinds.WORK_HOURS_VOID",
    "apprenticeship.work_kinds.WORK_MONTH",
    "instruction.kinds.CLASS_HOURS",
    "instruction.kinds.CLASS_HOURS_VOID",
    "instruction.entry_kinds.CERTIFICATE",
    "instruction.entry_kinds.OTHER_HOURS",
    "instruction.entry_kinds.TOPIC_WAIVER",
    "instruction.entry_kinds.TOPIC_TEST",
    "instruction.entry_kinds.TOPIC_SIGN_OFF",
    "instruction.entry_kinds.INSTRUCTION_VOID",
]
PROJECTIONS = ["apprenticeship.standing.rebuild", "apprenticeship.status.rebuild"]
RECORD_CHECKERS = [
    "reports.documents.check_documents",
    "apprenticeship.evidence_checks.check_evidence",
    "apprenticeship.status_kinds.check_status",
]
# Tables that take INSERT only, by triggers of the database (acts/guards.py), and other triggers.
INSERT_ONLY = [
    "acts.AuditEvent",
    "acts.Installation",
    "acts.SealedText",
    "accounts.SignatureAcceptance",
    "accounts.IdentityConfirmation",
    "apprenticeship.RecordEntry",
    "apprenticeship.SignOff",
    "apprenticeship.Revocation",
    "apprenticeship.TestResult",
    "apprenticeship.TestVoid",
    "apprenticeship.TestUse",
    "apprenticeship.Verification",
    "apprenticeship.VerifiedSignOff",
    "apprenticeship.VerificationVoid",
    "apprenticeship.StatusChange",
    "apprenticeship.CohortMove",
    "apprenticeship.AgencyNotice",
    "apprenticeship.Transcription",
    "apprenticeship.TranscriptionEvidence",
    "apprenticeship.TranscriptionVoid",
    "apprenticeship.TranscribedSignOff",
    "apprenticeship.CounterSignature",
    "apprenticeship.DisagreementAnswer",
    "apprenticeship.SignOffRequest",
    "apprenticeship.RequestEvent",
    "apprenticeship.Evidence",
    "apprenticeship.AskEvidence",
    "apprenticeship.EvidenceTakenOut",
    "apprenticeship.SignOffEvidence",
    "apprenticeship.Purge",
    "apprenticeship.WorkLogEvent",
    "apprenticeship.WorkHours",
    "apprenticeship.WorkHoursVoid",
    "apprenticeship.MonthSignature",
    "apprenticeship.MonthCover",
    "instruction.ClassSession",
    "instruction.ClassTopic",
    "instruction.Attendance",
    "instruction.AttendanceVoid",
    "instruction.Certificate",
    "instruction.CertificateEvidence",
    "instruction.CertificateDecision",
    "instruction.CertificateReminder",
    "instruction.StaffCertificateVoid",
    "instruction.InstructionVoid",
    "instruction.OtherHours",
    "instruction.OtherHoursEvidence",
    "instruction.TopicWaiver",
    "instruction.TopicTest",
    "instruction.TopicSignOff",
]
EXTRA_TRIGGERS = ["competencies.freezing.triggers", "apprenticeship.freezing.triggers"]
# The one change that an insert-only table may see: a sealed text that is blanked, where each of these functions
# says so of its table (acts/blanking.py).
BLANKING = ["apprenticeship.freezing.name_of_a_purged_file"]
# What else fills an apprentice's day: each gives hours by book and day, so that no day gets more than 24.
OTHER_HOURS_OF_A_DAY = ["instruction.days.class_hours_on"]
# What an apprenticeship asks before it is complete: each is `(apprenticeship, *, at) -> Requirement or None`.
COMPLETION_REQUIREMENTS = [
    "apprenticeship.work_sums.hours_of_the_standard",
    "apprenticeship.work_sums.hours_of_each_set",
]
