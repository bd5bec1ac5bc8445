"""Who may do what: every permission, every role, and the one function that decides.

A row answers which roles a viewer has on it (`Scope`), so this module needs to know no table
above it. In one's own book one is the apprentice and nothing else: nobody signs, tests,
counter-signs, verifies or approves for themselves, whatever roles they hold.
"""

import uuid
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from accounts.models import Role, TokenScope

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class Permission(StrEnum):
    """What can be permitted; the words are those of `docs/permissions.md`."""

    KEEP_STANDARDS = "keep_standards"
    READ_COHORT = "read_cohort"
    READ_RECORD = "read_record"
    READ_SEALED_TEXT = "read_sealed_text"
    READ_EVIDENCE = "read_evidence"
    PURGE = "purge"
    SET_PHOTOGRAPHS = "set_photographs"
    SET_DAILY_CAP = "set_daily_cap"
    READ_REQUESTS = "read_requests"
    ASK = "ask"
    KEEP_NOTES = "keep_notes"
    SEND_BACK = "send_back"
    SIGN_OFF = "sign_off"
    GRANT_CREDIT = "grant_credit"
    TRANSCRIBE = "transcribe"
    RECORD_TEST = "record_test"
    TAKE_BACK = "take_back"
    TAKE_BACK_ANY = "take_back_any"
    VERIFY = "verify"
    CHANGE_STATUS = "change_status"
    ASSIGN = "assign"
    REGISTER_APPRENTICES = "register_apprentices"
    COMPLETE = "complete"
    KEEP_AGREEMENT = "keep_agreement"
    AGREE = "agree"
    ANSWER_DISAGREEMENT = "answer_disagreement"
    RECORD_HOURS = "record_hours"
    LOG_WORK = "log_work"
    APPROVE_WORK = "approve_work"
    VOID_WORK = "void_work"
    READ_CLASSES = "read_classes"
    READ_CERTIFICATE = "read_certificate"
    ADD_CERTIFICATE = "add_certificate"
    KEEP_OWN_CERTIFICATES = "keep_own_certificates"
    LOOK_AFTER_CERTIFICATES = "look_after_certificates"
    CONFIRM_CERTIFICATE = "confirm_certificate"
    RECORD_TOPIC_TEST = "record_topic_test"
    SIGN_TOPIC = "sign_topic"
    PLAN_CLASSES = "plan_classes"
    READ_TIMETABLE = "read_timetable"
    TAKE_ATTENDANCE = "take_attendance"
    BRING_IN_HOURS = "bring_in_hours"
    BRING_IN_TIMESHEETS = "bring_in_timesheets"
    REQUEST_DOCUMENT = "request_document"
    READ_AUDIT_LOG = "read_audit_log"
    MANAGE_TOKENS = "manage_tokens"
    MANAGE_STATIONS = "manage_stations"
    SET_PIN = "set_pin"
    ACCEPT_SIGNATURE = "accept_signature"
    CONFIRM_IDENTITY = "confirm_identity"
    SET_SIGNING_POLICY = "set_signing_policy"
    MANAGE_SPONSOR = "manage_sponsor"
    MANAGE_PROGRAMS = "manage_programs"
    MANAGE_PEOPLE = "manage_people"
    GIVE_OFFICE = "give_office"


P = Permission

ROLES: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(
        {
            P.READ_AUDIT_LOG,
            P.READ_TIMETABLE,
            P.KEEP_STANDARDS,
            P.READ_COHORT,
            P.READ_RECORD,
            P.READ_SEALED_TEXT,
            P.READ_EVIDENCE,
            P.PURGE,
            P.SET_PHOTOGRAPHS,
            P.SET_DAILY_CAP,
            P.READ_REQUESTS,
            P.READ_CLASSES,
            P.READ_CERTIFICATE,
            P.KEEP_OWN_CERTIFICATES,
            P.LOOK_AFTER_CERTIFICATES,
            P.TAKE_BACK,
            P.TAKE_BACK_ANY,
            P.VERIFY,
            P.CHANGE_STATUS,
            P.KEEP_AGREEMENT,
            P.COMPLETE,
            P.ASSIGN,
            P.REGISTER_APPRENTICES,
            P.ANSWER_DISAGREEMENT,
            P.REQUEST_DOCUMENT,
            P.MANAGE_TOKENS,
            P.MANAGE_STATIONS,
            P.ACCEPT_SIGNATURE,
            P.CONFIRM_IDENTITY,
            P.SET_SIGNING_POLICY,
            P.MANAGE_SPONSOR,
            P.MANAGE_PROGRAMS,
            P.MANAGE_PEOPLE,
            P.GIVE_OFFICE,
        }
    ),
    Role.COORDINATOR: frozenset(
        {
            P.READ_TIMETABLE,
            P.PLAN_CLASSES,
            P.TAKE_ATTENDANCE,
            P.BRING_IN_HOURS,
            P.BRING_IN_TIMESHEETS,
            P.READ_COHORT,
            P.READ_RECORD,
            P.READ_SEALED_TEXT,
            P.READ_EVIDENCE,
            P.PURGE,
            P.READ_REQUESTS,
            P.SEND_BACK,
            P.GRANT_CREDIT,
            P.TRANSCRIBE,
            P.RECORD_TEST,
            P.READ_CLASSES,
            P.READ_CERTIFICATE,
            P.ADD_CERTIFICATE,
            P.KEEP_OWN_CERTIFICATES,
            P.LOOK_AFTER_CERTIFICATES,
            P.CONFIRM_CERTIFICATE,
            P.RECORD_TOPIC_TEST,
            P.TAKE_BACK,
            P.TAKE_BACK_ANY,
            P.VERIFY,
            P.CHANGE_STATUS,
            P.KEEP_AGREEMENT,
            P.ASSIGN,
            P.REGISTER_APPRENTICES,
            P.ANSWER_DISAGREEMENT,
            P.RECORD_HOURS,
            P.LOG_WORK,
            P.VOID_WORK,
            P.REQUEST_DOCUMENT,
            P.MANAGE_TOKENS,
            P.ACCEPT_SIGNATURE,
            P.CONFIRM_IDENTITY,
            P.MANAGE_PROGRAMS,
            P.MANAGE_PEOPLE,
        }
    ),
    Role.MENTOR: frozenset(
        {
            P.READ_RECORD,
            P.READ_SEALED_TEXT,
            P.READ_EVIDENCE,
            P.READ_REQUESTS,
            P.SEND_BACK,
            P.READ_CERTIFICATE,
            P.KEEP_OWN_CERTIFICATES,
            P.RECORD_TEST,
            P.SIGN_OFF,
            P.APPROVE_WORK,
            P.VOID_WORK,
            P.TAKE_BACK,
            P.REQUEST_DOCUMENT,
            P.MANAGE_TOKENS,
            P.SET_PIN,
            P.ACCEPT_SIGNATURE,
        }
    ),
    Role.INSTRUCTOR: frozenset(
        {
            P.READ_CLASSES,
            P.READ_TIMETABLE,
            P.TAKE_ATTENDANCE,
            P.BRING_IN_HOURS,
            P.READ_CERTIFICATE,
            P.KEEP_OWN_CERTIFICATES,
            P.RECORD_TOPIC_TEST,
            P.SIGN_TOPIC,
            P.MANAGE_TOKENS,
            P.ACCEPT_SIGNATURE,
        }
    ),
    Role.APPRENTICE: frozenset(
        {
            P.READ_TIMETABLE,
            P.READ_RECORD,
            P.READ_SEALED_TEXT,
            P.READ_EVIDENCE,
            P.READ_REQUESTS,
            P.ASK,
            P.KEEP_NOTES,
            P.LOG_WORK,
            P.AGREE,
            P.READ_CERTIFICATE,
            P.ADD_CERTIFICATE,
            P.REQUEST_DOCUMENT,
            P.MANAGE_TOKENS,
            P.SET_PIN,
            P.ACCEPT_SIGNATURE,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            P.READ_AUDIT_LOG,
            P.READ_COHORT,
            P.READ_RECORD,
            P.READ_CLASSES,
            P.READ_TIMETABLE,
            P.READ_CERTIFICATE,
            P.MANAGE_TOKENS,
        }
    ),
}

# What a token of a scope leaves of its owner's permissions. Sealed texts (notes, reasons) are not for machines.
SCOPES: dict[TokenScope, frozenset[Permission]] = {
    TokenScope.READ: frozenset(
        {P.READ_COHORT, P.READ_RECORD, P.READ_EVIDENCE, P.READ_CLASSES, P.READ_TIMETABLE, P.READ_CERTIFICATE}
    ),
}

# What a shared device leaves of anybody's permissions: to read what they sign, and to sign, ask or answer there.
AT_STATION = frozenset(
    {
        P.READ_RECORD,
        P.READ_SEALED_TEXT,
        P.READ_EVIDENCE,
        P.READ_REQUESTS,
        P.ASK,
        P.SEND_BACK,
        P.SIGN_OFF,
        P.TAKE_BACK,
        P.AGREE,
    }
)

# Roles that a membership alone gives over every apprentice of the sponsor; the other three come from
# the row: a mentorship, a class, one's own book.
OVERSIGHT_ROLES = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR})


class NotPermitted(Exception):
    """Visible, but not allowed: the edge answers 403.

    Where `why` says more than that, the page says it, with whom to `ask`.
    """

    why: str = ""
    ask: tuple[str, ...] = ()

    def __init__(self, permission: Permission) -> None:
        super().__init__(f"not permitted: {permission}")
        self.permission = permission


class Scope(Protocol):
    """What a permission is asked on: a row that knows its tenant and a viewer's roles on it."""

    @property
    def sponsor_id(self) -> uuid.UUID: ...

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]: ...


def permits(viewer: "Viewer", permission: Permission, *, on: Scope) -> bool:
    """Whether `viewer` may do `permission` on the row `on`."""
    if viewer.allowed is not None and permission not in viewer.allowed:
        return False
    return any(permission in ROLES[role] for role in on.roles_of(viewer))


def require(viewer: "Viewer", permission: Permission, *, on: Scope) -> None:
    """Return when `viewer` may do `permission` on the row `on`; raise NotPermitted when not."""
    if not permits(viewer, permission, on=on):
        raise NotPermitted(permission)


def acting_role(viewer: "Viewer", permission: Permission, *, on: Scope) -> Role:
    """The role by which `viewer` does `permission` on the row `on`, as an entry prints it.

    Where several give it, the one nearest to the work counts. Raises NotPermitted where none does.
    """
    require(viewer, permission, on=on)
    held = on.roles_of(viewer)
    nearest = (Role.APPRENTICE, Role.MENTOR, Role.INSTRUCTOR, Role.COORDINATOR, Role.ADMINISTRATOR, Role.AUDITOR)
    return next(role for role in nearest if role in held and permission in ROLES[role])
