"""Who may pass which door: one row for every address of the site.

The matrix test walks the URL resolver with it. An address that has no row here fails the test, and
so does a row that no address has. Each row says which methods the address knows and what each
visitor meets; a visitor not named meets `HIDDEN`.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from accounts.invitations import token_of
from accounts.models import FileImport, Invitation, Notice, Qualification
from apprenticeship.attaching import add_evidence
from apprenticeship.import_kinds import PEOPLE
from apprenticeship.models import TakeBackRequest, TestResult, Verification, WorkHours, WorkLog
from apprenticeship.notes import write_note
from apprenticeship.take_back_asking import ask_take_back
from competencies.builtin import SLUG
from instruction.import_kinds import TIMESHEET
from instruction.models import Certificate, CertificateDecision, ClassFile, StaffFile
from tests.accounts.inviting import invited
from tests.cast import NOW, STARTS_ON, fresh, viewer_for
from tests.certificates.bringing import brought, brought_own, confirmed
from tests.demanding import record_taken
from tests.imports.bringing import TIMES, kept, lines
from tests.instruction.timetable import class_file_of
from tests.mentors.qualifications import qualified
from tests.record.every_kind import sign_set, verified_set
from tests.telling.delivering import told
from tests.working import approved, logged, work_line


class Meets(Enum):
    """What a visitor meets at a door, as groups of HTTP answers."""

    PASS = "the page, or what it says of the input"
    LOGIN = "the way to the login (401 in the API)"
    FORBIDDEN = "403"
    HIDDEN = "404, as if it did not exist"


PASS, LOGIN, FORBIDDEN, HIDDEN = Meets.PASS, Meets.LOGIN, Meets.FORBIDDEN, Meets.HIDDEN

# deputy: a deputy mentor of the apprentice; onlooker: a mentor who may only read this record;
# stranger: a mentor of the same sponsor with other apprentices;
# outsider: a coordinator of another sponsor; roleless: an account without any role.
VISITORS = (
    "anonymous",
    "roleless",
    "outsider",
    "stranger",
    "mentor",
    "deputy",
    "onlooker",
    "coordinator",
    "administrator",
    "instructor",
    "apprentice",
    "auditor",
)


def who(everybody: Meets | None = None, **named: Meets) -> Mapping[str, Meets]:
    """What each visitor meets: those named, all others `everybody` (the anonymous one: the login)."""
    table = dict.fromkeys(VISITORS, everybody or HIDDEN)
    table["anonymous"] = LOGIN
    return {**table, **named}


EVERYBODY = who(PASS, anonymous=PASS)
SIGNED_IN = who(PASS)
READS_RECORD = who(
    mentor=PASS, deputy=PASS, onlooker=PASS, coordinator=PASS, administrator=PASS, apprentice=PASS, auditor=PASS
)
ONLY_READ = ("onlooker", "auditor")
SIGNS = {**READS_RECORD, **dict.fromkeys(("coordinator", "administrator", "apprentice", *ONLY_READ), FORBIDDEN)}
GRANTS_CREDIT = {**SIGNS, "mentor": FORBIDDEN, "deputy": FORBIDDEN, "coordinator": PASS}
TAKES_BACK = {**READS_RECORD, **dict.fromkeys(("apprentice", *ONLY_READ), FORBIDDEN)}
VERIFIES = {**TAKES_BACK, "mentor": FORBIDDEN, "deputy": FORBIDDEN}
DECLINES = {**TAKES_BACK, "mentor": FORBIDDEN, "deputy": FORBIDDEN}
READS_REQUEST = {**READS_RECORD, **dict.fromkeys(ONLY_READ, FORBIDDEN)}
SENDS_BACK = {**READS_REQUEST, "administrator": FORBIDDEN, "apprentice": FORBIDDEN}
ASKS = {
    **{visitor: FORBIDDEN if meets is PASS else meets for visitor, meets in READS_RECORD.items()},
    "apprentice": PASS,
}
ANSWERS = {**READS_RECORD, **dict.fromkeys(("mentor", "deputy", "apprentice", *ONLY_READ), FORBIDDEN)}
READS_EVIDENCE = {**READS_RECORD, "auditor": FORBIDDEN, "onlooker": FORBIDDEN}
PURGES = {
    **{visitor: FORBIDDEN if meets is PASS else meets for visitor, meets in READS_RECORD.items()},
    "coordinator": PASS,
    "administrator": PASS,
}
LOGS_WORK = {**ASKS, "coordinator": PASS}
GETS_DOCUMENT = READS_REQUEST
MENTORS = dict.fromkeys(("mentor", "deputy", "onlooker", "stranger"), PASS)
READS_COHORT = who(coordinator=PASS, administrator=PASS, auditor=PASS)
OVERSEES = who(FORBIDDEN, outsider=PASS, coordinator=PASS, administrator=PASS, auditor=PASS)
CONFIRMS = who(FORBIDDEN, roleless=HIDDEN, outsider=HIDDEN, coordinator=PASS, administrator=PASS)
READS_CLASS = who(coordinator=PASS, administrator=PASS, instructor=PASS, auditor=PASS)
RECORDS_HOURS = {**READS_COHORT, "administrator": FORBIDDEN, "auditor": FORBIDDEN}
READS_TIMETABLE = who(
    FORBIDDEN,
    **dict.fromkeys(("outsider", "coordinator", "administrator", "instructor", "apprentice", "auditor"), PASS),
)
PLANS = {**READS_CLASS, "apprentice": FORBIDDEN, **dict.fromkeys(("administrator", "instructor", "auditor"), FORBIDDEN)}

BRINGS_IN = who(FORBIDDEN, **dict.fromkeys(("outsider", "coordinator", "instructor"), PASS))
REGISTERS = who(FORBIDDEN, outsider=PASS, coordinator=PASS, administrator=PASS)

RECORDS_FOR_BOOK = {
    **{visitor: FORBIDDEN if meets is PASS else meets for visitor, meets in READS_RECORD.items()},
    "coordinator": PASS,
}
KEEPS_OWN = who(PASS, roleless=FORBIDDEN, apprentice=FORBIDDEN, auditor=FORBIDDEN)
KEEPS_PROGRAMS = who(auditor=FORBIDDEN, coordinator=PASS, administrator=PASS)
SETS_UP = who(FORBIDDEN, outsider=PASS, coordinator=PASS, administrator=PASS)
READS_LOG = who(FORBIDDEN, roleless=HIDDEN, outsider=HIDDEN, administrator=PASS, auditor=PASS)
LOOKS_AFTER = who(FORBIDDEN, outsider=PASS, coordinator=PASS, administrator=PASS)


@dataclass(frozen=True)
class Door:
    """One address: what each visitor meets, which methods it knows, and how to fill its parts.

    `posting` is what they meet with POST, where that asks for more than reading.
    """

    who: Mapping[str, Meets]
    methods: frozenset[str] = frozenset({"GET"})
    parts: Callable[[Any], Mapping[str, Any]] = field(default=lambda _world: {})
    posting: Mapping[str, Meets] | None = None

    def meets(self, visitor: str, method: str) -> Meets:
        """What `visitor` meets with `method`."""
        return (self.posting if self.posting and method == "POST" else self.who)[visitor]


GET_POST = frozenset({"GET", "POST"})
POST = frozenset({"POST"})


def _book(world: Any) -> Mapping[str, Any]:
    return {"pk": world.apprenticeship.pk}


def _sponsor(world: Any) -> Mapping[str, Any]:
    return {"pk": world.apprenticeship.sponsor_id}


def _program(world: Any) -> Mapping[str, Any]:
    return {"pk": world.apprenticeship.terms.program_id}


def _terms(world: Any) -> Mapping[str, Any]:
    return {"pk": world.apprenticeship.terms_id}


def _terms_set(world: Any) -> Mapping[str, Any]:
    return {**_terms(world), "set_pk": world.skill.skill_set_id}


def _employer(world: Any) -> Mapping[str, Any]:
    return {"pk": world.apprenticeship.employer_id}


def _worksite(world: Any) -> Mapping[str, Any]:
    return {"pk": world.apprenticeship.worksite_id}


def _person(world: Any) -> Mapping[str, Any]:
    return {**_sponsor(world), "person_pk": world.apprenticeship.apprentice_id}


def _invitation(world: Any) -> Mapping[str, Any]:
    """The link of somebody whom the coordinator invited, at the first knock."""
    known = Invitation.objects.first()
    made = known or invited(world.visitors["coordinator"], world.apprenticeship.sponsor).invitation
    return {"token": token_of(made.pk if made else uuid.uuid4())}


def _invited(world: Any) -> Mapping[str, Any]:
    """Somebody who was invited and has not come yet."""
    _invitation(world)
    return {**_sponsor(world), "person_pk": Invitation.objects.values_list("person", flat=True)[0]}


def _role(world: Any) -> Mapping[str, Any]:
    """The role of the apprentice."""
    return {**_person(world), "role_pk": world.visitors["apprentice"].memberships.get().pk}


def _skill(world: Any) -> Mapping[str, Any]:
    return {"pk": world.apprenticeship.pk, "skill_pk": world.skill.pk}


def _import(world: Any) -> Mapping[str, Any]:
    """A timesheet that the coordinator brought in, at the first knock."""
    known = FileImport.objects.filter(kind=TIMESHEET.code).first()
    return {"pk": (known or kept(world.visitors["coordinator"], TIMESHEET, lines(TIMES))).pk}


def _people_import(world: Any) -> Mapping[str, Any]:
    """A file of people that the coordinator brought in, at the first knock."""
    known = FileImport.objects.filter(kind=PEOPLE.code).first()
    return {"pk": (known or kept(world.visitors["coordinator"], PEOPLE, lines("role,name,email"))).pk}


def _sign_off(world: Any) -> Mapping[str, Any]:
    return {"pk": world.sign_off.pk}


def _test_result(world: Any) -> Mapping[str, Any]:
    """A test of the skill, recorded by the mentor at the first knock."""
    known = TestResult.objects.first()
    return {"pk": (known or record_taken(world.apprenticeship, world.visitors["mentor"], world.skill.code)).pk}


def _take_back_request(world: Any) -> Mapping[str, Any]:
    """What the deputy asked about the mentor's signature, at the first knock."""
    known = TakeBackRequest.objects.first()
    viewer = viewer_for(world.visitors["deputy"])
    asked = known or ask_take_back(viewer=viewer, key="take-back", sign_off=world.sign_off, reason="Another order.")
    return {"pk": asked.pk}


def _disagreement(world: Any) -> Mapping[str, Any]:
    return {"pk": world.disagreement.pk}


def _set(world: Any) -> Mapping[str, Any]:
    return {"pk": world.apprenticeship.pk, "set_pk": world.skill.skill_set_id}


def _verification(world: Any) -> Mapping[str, Any]:
    """A verification of the set of one skill, made at the first knock."""
    known = Verification.objects.first()
    if known is None:
        sign_set(world.apprenticeship, world.visitors["mentor"], 11)
        known = verified_set(world.apprenticeship, world.visitors["coordinator"], 11)
    return {"pk": known.pk}


def _act(world: Any) -> Mapping[str, Any]:
    return {"pk": world.sign_off.entry.act_id}


def _evidence(world: Any) -> Mapping[str, Any]:
    return {"pk": world.evidence.pk}


def _draft(world: Any) -> Mapping[str, Any]:
    return {"pk": world.draft.pk}


def _request(world: Any) -> Mapping[str, Any]:
    return {"pk": world.asked.request_id}


def _note(world: Any) -> Mapping[str, Any]:
    """The apprentice's note, written again if it was deleted."""
    viewer = viewer_for(world.visitors["apprentice"])
    made = write_note(viewer=viewer, key=world.asked.pk, apprenticeship=fresh(world.apprenticeship), text="Practice.")
    return {"pk": made.pk}


def _asked(world: Any) -> Mapping[str, Any]:
    return {"pk": world.asked.pk}


def _file_beside(world: Any) -> Mapping[str, Any]:
    """A file beside what is asked for."""
    apprentice = viewer_for(world.visitors["apprentice"])
    add_evidence(viewer=apprentice, key="beside", asked=world.asked, evidence=[world.evidence.pk])
    return {"pk": world.asked.pk, "file_pk": world.evidence.pk}


def _notice(world: Any) -> Mapping[str, Any]:
    """What the mentor was told first: that the apprentice asked."""
    told(NOW)
    return {"pk": Notice.objects.filter(person=world.visitors["mentor"]).order_by("at", "pk")[0].pk}


def _work_log(world: Any) -> Mapping[str, Any]:
    """What the apprentice logged, at the first knock and again once it was deleted."""
    known = WorkLog.objects.under_way().first()
    return {"pk": (known or logged(work_line(world.apprenticeship))[0]).pk}


def _work_hours(world: Any) -> Mapping[str, Any]:
    """Hours that the mentor approved, at the first knock."""
    known = WorkHours.objects.first()
    line = work_line(world.apprenticeship, day=STARTS_ON)
    return {"pk": (known or approved(world.visitors["mentor"], line)[0]).pk}


def _month(world: Any) -> Mapping[str, Any]:
    return {"pk": world.apprenticeship.pk, "code": "2026-02"}


def _cohort(world: Any) -> Mapping[str, Any]:
    return {"pk": world.cohort.pk}


def _job(world: Any) -> Mapping[str, Any]:
    return {"pk": world.job.pk}


def _document(world: Any) -> Mapping[str, Any]:
    return {"pk": world.job.document_id}


def _class(world: Any) -> Mapping[str, Any]:
    return {"pk": world.session.pk}


def _planned(world: Any) -> Mapping[str, Any]:
    return {"pk": world.planned.pk}


def _class_file(world: Any) -> Mapping[str, Any]:
    """A file of the planned class."""
    known = ClassFile.objects.filter(planned=world.planned).first()
    return {"pk": (known or class_file_of(world.planned, world.visitors["coordinator"])).pk}


def _standard(_world: Any) -> Mapping[str, Any]:
    return {"slug": SLUG}


def _station(world: Any) -> Mapping[str, Any]:
    return {"pk": world.station.pk}


def _mentor(world: Any) -> Mapping[str, Any]:
    return {"pk": world.visitors["mentor"].pk}


def _mentor_of_sponsor(world: Any) -> Mapping[str, Any]:
    return {**_sponsor(world), "person_pk": world.visitors["mentor"].pk}


def _qualification(world: Any) -> Mapping[str, Any]:
    """What the mentor is qualified for."""
    sponsor, mentor = world.apprenticeship.sponsor, world.visitors["mentor"]
    known = Qualification.objects.filter(person=mentor).first()
    return {"pk": (known or qualified(sponsor, mentor)).pk}


def _mentorship(world: Any) -> Mapping[str, Any]:
    return {"pk": world.apprenticeship.mentorships.get(mentor=world.visitors["mentor"]).pk}


def _certificate(world: Any) -> Mapping[str, Any]:
    """A certificate of the apprentice that waits, brought at the first knock."""
    known = Certificate.objects.waiting().exclude(apprenticeship=None).first()
    return {"pk": (known or brought(world.apprenticeship, world.visitors["apprentice"])).pk}


def _entry_of_certificate(world: Any) -> Mapping[str, Any]:
    """Where a confirmed certificate stands in the book."""
    known = CertificateDecision.objects.exclude(entry=None).first()
    made = known or confirmed(
        brought(world.apprenticeship, world.visitors["coordinator"]), world.visitors["coordinator"]
    )
    assert made.entry
    return {**_book(world), "sequence": made.entry.sequence}


def _topic(world: Any) -> Mapping[str, Any]:
    """The topic that the instructor taught the apprentice."""
    return {**_book(world), "topic_pk": world.session.topics.get().topic_id}


def _staff_file(world: Any) -> Mapping[str, Any]:
    """A file of the mentor's own certificate."""
    known = StaffFile.objects.exclude(certificate=None).first()
    return {"pk": (known or brought_own(world.visitors["mentor"]).staff_files.get()).pk}


def _staff_certificate(world: Any) -> Mapping[str, Any]:
    """The mentor's own certificate."""
    _staff_file(world)
    return {"pk": Certificate.objects.filter(apprenticeship=None).first().pk}  # type: ignore[union-attr]  # just made


# On a device that is no station there is none of a station's own pages, for nobody.
NO_STATION = who(HIDDEN, anonymous=HIDDEN)
MANAGES_STATIONS = who(FORBIDDEN, administrator=PASS)

DOORS: dict[str, Door] = {
    # oneself
    "choose_language": Door(EVERYBODY, POST),
    "choose_role": Door(who(HIDDEN), POST),  # an empty choice is nobody's role
    "profile": Door(SIGNED_IN),
    "notices": Door(SIGNED_IN),
    "read_notices": Door(SIGNED_IN, POST),
    "open_notice": Door(who(HIDDEN, mentor=PASS), POST, parts=_notice),
    "notice_choices": Door(SIGNED_IN, GET_POST),
    "glossary": Door(EVERYBODY),
    # one's own passkeys
    "passkeys": Door(SIGNED_IN),
    "passkey_options": Door(SIGNED_IN, POST),
    "add_passkey": Door(SIGNED_IN, POST),
    "rename_passkey": Door(who(HIDDEN), POST, parts=lambda _world: {"pk": 1}),
    "remove_passkey": Door(who(HIDDEN), POST, parts=lambda _world: {"pk": 1}),
    "passkey_challenge": Door(EVERYBODY, POST),
    "passkey_login": Door(EVERYBODY, POST),
    # what signatures rest on
    "accept_signature": Door(who(PASS, roleless=HIDDEN, outsider=HIDDEN, auditor=FORBIDDEN), GET_POST, parts=_sponsor),
    "audit_log": Door(READS_LOG, parts=_sponsor),
    "audit_log_csv": Door(READS_LOG, parts=_sponsor),
    "people": Door(LOOKS_AFTER),
    "people_csv": Door(LOOKS_AFTER),
    "person": Door(CONFIRMS, parts=_person),
    "invite_person": Door(CONFIRMS, GET_POST, parts=_sponsor),
    "give_role": Door(CONFIRMS, GET_POST, parts=_person),
    "end_role": Door(CONFIRMS, GET_POST, parts=_role),
    "invite_again": Door(CONFIRMS, POST, parts=_person),
    "withdraw_invitation": Door(CONFIRMS, POST, parts=_invited),
    "invitation_link": Door(CONFIRMS, POST, parts=_invited),
    "close_account": Door(CONFIRMS, GET_POST, parts=_person),
    "reopen_account": Door(CONFIRMS, POST, parts=_person),
    "personal_mail": Door(SIGNED_IN, GET_POST),
    "confirm_mail": Door(SIGNED_IN, GET_POST, parts=lambda _world: {"token": "nonsense"}),
    "accept_invitation": Door(EVERYBODY, GET_POST, parts=_invitation),
    "signing_policy": Door(
        who(PASS, roleless=HIDDEN, outsider=HIDDEN),
        GET_POST,
        parts=_sponsor,
        posting=who(FORBIDDEN, roleless=HIDDEN, outsider=HIDDEN, administrator=PASS),
    ),
    "identities": Door(CONFIRMS, parts=_sponsor),
    "sponsor_setup": Door(SETS_UP),
    "sponsor_logo": Door(who(HIDDEN), parts=_sponsor),  # there is none
    "change_logo": Door(who(FORBIDDEN, roleless=HIDDEN, outsider=HIDDEN, administrator=PASS), GET_POST, parts=_sponsor),
    "programs": Door(CONFIRMS, parts=_sponsor),
    "programs_csv": Door(CONFIRMS, parts=_sponsor),
    "add_program": Door(CONFIRMS, GET_POST, parts=_sponsor),
    "program": Door(KEEPS_PROGRAMS, parts=_program),
    "change_program": Door(KEEPS_PROGRAMS, GET_POST, parts=_program),
    "draft_terms": Door(KEEPS_PROGRAMS, GET_POST, parts=_program),
    "terms": Door(PURGES, parts=_terms),
    # the first Terms of a program change nothing of any before them
    "terms_differences": Door({**PURGES, "coordinator": HIDDEN, "administrator": HIDDEN}, parts=_terms),
    "change_terms": Door(PURGES, GET_POST, parts=_terms),
    "terms_additions": Door(PURGES, GET_POST, parts=_terms_set),
    "terms_limits": Door(PURGES, GET_POST, parts=_terms),
    "terms_wages": Door(PURGES, GET_POST, parts=_terms),
    "put_terms_in_force": Door(PURGES, GET_POST, parts=_terms),
    "employers": Door(CONFIRMS, parts=_sponsor),
    "employers_csv": Door(CONFIRMS, parts=_sponsor),
    "add_employer": Door(CONFIRMS, GET_POST, parts=_sponsor),
    "employer": Door(KEEPS_PROGRAMS, parts=_employer),
    "change_employer": Door(KEEPS_PROGRAMS, GET_POST, parts=_employer),
    "archive_employer": Door(KEEPS_PROGRAMS, GET_POST, parts=_employer),
    "add_worksite": Door(KEEPS_PROGRAMS, GET_POST, parts=_employer),
    "change_worksite": Door(PURGES, GET_POST, parts=_worksite),
    "archive_worksite": Door(PURGES, GET_POST, parts=_worksite),
    "sponsor_profile": Door(
        who(FORBIDDEN, roleless=HIDDEN, outsider=HIDDEN, administrator=PASS), GET_POST, parts=_sponsor
    ),
    "confirm_identity": Door(CONFIRMS, GET_POST, parts=_person),
    # the library of standards
    "standard_list": Door(EVERYBODY),
    "standard": Door(EVERYBODY, parts=_standard),
    "standard_json": Door(EVERYBODY, parts=_standard),
    # the login
    "account_login": Door(EVERYBODY, GET_POST),
    "account_logout": Door(EVERYBODY, GET_POST),
    "account_signup": Door(EVERYBODY, GET_POST),
    "account_inactive": Door(EVERYBODY),
    "account_reauthenticate": Door(SIGNED_IN, GET_POST),
    "account_change_password": Door(SIGNED_IN, GET_POST),
    "account_set_password": Door(SIGNED_IN, GET_POST),
    "account_reset_password": Door(EVERYBODY, GET_POST),
    "account_reset_password_done": Door(EVERYBODY),
    "account_reset_password_from_key": Door(
        EVERYBODY, GET_POST, parts=lambda _world: {"uidb36": "1", "key": "no-such-key"}
    ),
    "account_reset_password_from_key_done": Door(EVERYBODY),
    # the first page of each role
    "home": Door(EVERYBODY),
    "mentor_home": Door(who(FORBIDDEN, **MENTORS)),
    "apprentice_home": Door(SIGNED_IN),
    "my_work": Door(SIGNED_IN),
    "coordinator_home": Door(OVERSEES),
    "auditor_home": Door(OVERSEES),
    # cohorts
    "cohort": Door(READS_COHORT, parts=_cohort),
    "cohort_csv": Door(READS_COHORT, parts=_cohort),
    # records
    "record": Door(READS_RECORD, parts=_book),
    "record_skill": Door(READS_RECORD, parts=_skill),
    "record_row": Door(READS_RECORD, parts=_skill),
    "record_verification": Door(READS_RECORD, parts=_book),
    "record_entries": Door(READS_RECORD, parts=_book),
    "sign_many": Door(SIGNS, GET_POST, parts=_book),
    "sign_group": Door(who(FORBIDDEN, **MENTORS), GET_POST),
    "signed_together": Door(who(HIDDEN, mentor=PASS), parts=_act),
    "sign_off": Door(SIGNS, GET_POST, parts=_skill),
    "record_test": Door(SENDS_BACK, GET_POST, parts=_skill),
    "void_test_result": Door(SENDS_BACK, GET_POST, parts=_test_result),
    "take_back": Door(TAKES_BACK, GET_POST, parts=_sign_off),
    "ask_take_back": Door(TAKES_BACK, POST, parts=_sign_off),
    "take_back_request": Door(TAKES_BACK, parts=_take_back_request),
    "decline_take_back": Door(DECLINES, POST, parts=_take_back_request),
    "verify_set": Door(VERIFIES, GET_POST, parts=_set),
    "verify_whole": Door(VERIFIES, GET_POST, parts=_book),
    "void_verification": Door(VERIFIES, GET_POST, parts=_verification),
    "change_status": Door(VERIFIES, GET_POST, parts=_book),
    # mentors
    "ratio_list": Door(LOOKS_AFTER),
    "ratio_csv": Door(LOOKS_AFTER),
    "headcount": Door(PURGES, GET_POST, parts=_worksite),
    "assign_places": Door(LOOKS_AFTER, GET_POST),
    "record_places": Door(READS_RECORD, parts=_book),
    "cohort_list": Door(LOOKS_AFTER, GET_POST),
    "move_apprentices": Door(LOOKS_AFTER, GET_POST),
    "edit_cohort": Door({**READS_COHORT, "auditor": FORBIDDEN}, GET_POST, parts=_cohort),
    "archive_cohort": Door({**READS_COHORT, "auditor": FORBIDDEN}, POST, parts=_cohort),
    "mentors": Door(LOOKS_AFTER),
    "mentors_csv": Door(LOOKS_AFTER),
    "assign_mentors": Door(LOOKS_AFTER, GET_POST),
    "assign_mentors_csv": Door(LOOKS_AFTER),
    "mentor": Door(CONFIRMS, parts=_mentor_of_sponsor),
    "hand_over_mentor": Door(CONFIRMS, POST, parts=_mentor_of_sponsor),
    "record_mentors": Door(READS_RECORD, parts=_book),
    "assign_mentor": Door(PURGES, POST, parts=_book),
    "qualify": Door(CONFIRMS, GET_POST, parts=_mentor_of_sponsor),
    "qualifications": Door(LOOKS_AFTER),
    "qualifications_csv": Door(LOOKS_AFTER),
    "end_qualification": Door(
        who(mentor=FORBIDDEN, coordinator=PASS, administrator=PASS, auditor=FORBIDDEN), GET_POST, parts=_qualification
    ),
    "end_mentorship": Door(PURGES, GET_POST, parts=_mentorship),
    "record_agreement": Door(READS_RECORD, parts=_book),
    "register_agreement": Door(VERIFIES, GET_POST, parts=_book),
    "record_completion": Door(READS_RECORD, parts=_book),
    "prepare_completion": Door(VERIFIES, POST, parts=_book),
    "decide_requirement": Door(VERIFIES, GET_POST, parts=lambda world: {**_book(world), "code": "classes"}),
    "agency_notices": Door(OVERSEES, GET_POST, posting={**OVERSEES, "auditor": FORBIDDEN}),
    "agency_notices_csv": Door(OVERSEES),
    "record_verified": Door(READS_RECORD, parts=_book),
    "to_verify": Door(who(FORBIDDEN, outsider=PASS, coordinator=PASS, administrator=PASS)),
    "undo_all": Door(who(HIDDEN, mentor=PASS), POST, parts=_act),
    # what the apprentice says of a signature
    "agree": Door(ASKS, GET_POST, parts=_book),
    "disagree": Door(ASKS, GET_POST, parts=_sign_off),
    "answer_disagreement": Door(ANSWERS, GET_POST, parts=_disagreement),
    "disagreements": Door(who(FORBIDDEN, outsider=PASS, coordinator=PASS, administrator=PASS)),
    # what is asked for
    "practice_notes": Door(ASKS, GET_POST, parts=_book),
    "practice_note": Door(who(apprentice=PASS), GET_POST, parts=_note),
    "delete_practice_note": Door(who(apprentice=PASS), POST, parts=_note),
    "ask": Door(ASKS, GET_POST, parts=_book),
    "withdraw": Door(ASKS, POST, parts=_asked),
    "waiting_list": Door(who(FORBIDDEN, **MENTORS, outsider=PASS, coordinator=PASS)),
    "sign_off_request": Door(READS_REQUEST, parts=_request),
    "grant_credit": Door(GRANTS_CREDIT, GET_POST, parts=_book),
    "transcribe": Door(GRANTS_CREDIT, GET_POST, parts=_book),
    "transcriptions": Door(who(FORBIDDEN, outsider=PASS, coordinator=PASS, administrator=PASS), GET_POST),
    "transcriptions_csv": Door(who(FORBIDDEN, outsider=PASS, coordinator=PASS, administrator=PASS)),
    "sign_request": Door(SIGNS, GET_POST, parts=_request),
    "nudge": Door({**ASKS, "auditor": FORBIDDEN}, POST, parts=_request),
    "send_back": Door(SENDS_BACK, GET_POST, parts=_request),
    # files
    "add_evidence": Door(ASKS, GET_POST, parts=_asked),
    "take_out_evidence": Door(ASKS, POST, parts=_file_beside),
    "evidence_file": Door(READS_EVIDENCE, parts=_evidence),
    "evidence_thumbnail": Door(READS_EVIDENCE, parts=_evidence),
    "evidence_draft_thumbnail": Door(who(HIDDEN, apprentice=PASS), parts=_draft),
    "purge_evidence": Door(PURGES, GET_POST, parts=_evidence),
    "photographs": Door(who(FORBIDDEN, administrator=PASS), GET_POST),
    "daily_cap": Door(who(FORBIDDEN, roleless=HIDDEN, outsider=HIDDEN, administrator=PASS), GET_POST, parts=_sponsor),
    # documents
    "request_document": Door(GETS_DOCUMENT, POST, parts=_book),
    "document_job": Door(READS_RECORD, parts=_job),
    "document_file": Door(READS_RECORD, parts=_document),
    # classes
    "record_hours": Door(READS_RECORD, parts=_book),
    "instructor_home": Door(
        who(FORBIDDEN, outsider=PASS, coordinator=PASS, administrator=PASS, instructor=PASS, auditor=PASS)
    ),
    "class_session": Door(READS_CLASS, parts=_class),
    "void_class_hours": Door(
        {**READS_CLASS, **dict.fromkeys(("administrator", "instructor", "auditor"), FORBIDDEN)}, POST, parts=_class
    ),
    "class_hours": Door(RECORDS_HOURS, parts=_cohort),
    "record_class_hours": Door(RECORDS_HOURS, POST, parts=_cohort),
    # hours without a class, competency in topics
    "record_other_hours": Door(RECORDS_FOR_BOOK, GET_POST, parts=_book),
    "waive_topic": Door(RECORDS_FOR_BOOK, GET_POST, parts=_book),
    "record_topic_test": Door({**RECORDS_FOR_BOOK, "instructor": PASS}, GET_POST, parts=_topic),
    "sign_topic": Door({**RECORDS_FOR_BOOK, "coordinator": FORBIDDEN, "instructor": PASS}, GET_POST, parts=_topic),
    # certificates
    "record_certificates": Door(READS_RECORD, parts=_book),
    "certificate": Door(READS_RECORD, parts=_certificate),
    "add_certificate": Door({**ASKS, "coordinator": PASS}, GET_POST, parts=_book),
    "confirm_certificate": Door(RECORDS_FOR_BOOK, POST, parts=_certificate),
    "decline_certificate": Door(RECORDS_FOR_BOOK, POST, parts=_certificate),
    "void_staff_certificate": Door(
        who(HIDDEN, coordinator=PASS, **dict.fromkeys(("mentor", "administrator"), FORBIDDEN)),
        GET_POST,
        parts=_staff_certificate,
    ),
    "void_entry": Door(RECORDS_FOR_BOOK, GET_POST, parts=_entry_of_certificate),
    "my_certificates": Door(KEEPS_OWN),
    "add_own_certificate": Door(KEEPS_OWN, GET_POST),
    "certificate_file": Door(who(mentor=PASS, coordinator=PASS, administrator=PASS), parts=_staff_file),
    "certificates": Door(LOOKS_AFTER),
    "certificates_csv": Door(LOOKS_AFTER),
    "certificate_kinds": Door(who(FORBIDDEN, outsider=PASS, coordinator=PASS), GET_POST),
    # the timetable
    "timetable": Door(READS_TIMETABLE),
    "timetable_month": Door(READS_TIMETABLE, parts=lambda _world: {"year": 2026, "month": 3}),
    "planned_class": Door({**READS_CLASS, "apprentice": PASS}, parts=_planned),
    "class_file": Door({**READS_CLASS, "apprentice": PASS}, parts=_class_file),
    "attendance_sheet": Door({**READS_CLASS, "apprentice": FORBIDDEN}, parts=_planned),
    "plan_class": Door(RECORDS_HOURS, GET_POST, parts=_cohort),
    "edit_class": Door(PLANS, GET_POST, parts=_planned),
    "cancel_class": Door(PLANS, GET_POST, parts=_planned),
    "attendance": Door({**PLANS, "instructor": PASS}, GET_POST, parts=_planned),
    "bring_in_attendance": Door(BRINGS_IN, GET_POST),
    "bring_in_timesheets": Door({**BRINGS_IN, "instructor": FORBIDDEN}, GET_POST),
    "import_template": Door(BRINGS_IN, parts=lambda _world: {"kind": "timesheet", "ending": "csv"}),
    "bring_in_people": Door(REGISTERS, GET_POST),
    "people_template": Door(REGISTERS, parts=lambda _world: {"kind": "people", "ending": "csv"}),
    "people_import": Door(who(coordinator=PASS), GET_POST, parts=_people_import),
    "register_apprentice": Door(
        who(FORBIDDEN, roleless=HIDDEN, outsider=HIDDEN, coordinator=PASS, administrator=PASS), GET_POST, parts=_sponsor
    ),
    "hours_import": Door(who(coordinator=PASS), GET_POST, parts=_import),
    "calendar_address": Door(READS_TIMETABLE, GET_POST),
    "calendar_feed": Door(who(HIDDEN, anonymous=HIDDEN), parts=lambda _world: {"secret": "no-such-address"}),
    # hours on the job
    "record_work": Door(READS_RECORD, parts=_book),
    "record_transcript": Door(READS_RECORD, parts=_book),
    "record_transcript_csv": Door(READS_RECORD, parts=_book),
    "record_month": Door(READS_RECORD, parts=_month),
    "record_month_csv": Door(READS_RECORD, parts=_month),
    "log_work": Door(LOGS_WORK, GET_POST, parts=_book),
    "change_work_log": Door(LOGS_WORK, GET_POST, parts=_work_log),
    "delete_work_log": Door(LOGS_WORK, POST, parts=_work_log),
    "review_work": Door(who(FORBIDDEN, **MENTORS), GET_POST),
    "void_work_hours": Door({**TAKES_BACK, "administrator": FORBIDDEN}, GET_POST, parts=_work_hours),
    "sign_month": Door(SIGNS, GET_POST, parts=_month),
    "work_waiting": Door(OVERSEES),
    # shared devices
    "signing_pin": Door(
        who(FORBIDDEN, mentor=PASS, deputy=PASS, onlooker=PASS, stranger=PASS, apprentice=PASS), GET_POST
    ),
    "stations": Door(MANAGES_STATIONS),
    "register_station": Door(MANAGES_STATIONS, POST),
    "rename_station": Door(who(coordinator=FORBIDDEN, auditor=FORBIDDEN, administrator=PASS), POST, parts=_station),
    "revoke_station": Door(who(coordinator=FORBIDDEN, auditor=FORBIDDEN, administrator=PASS), POST, parts=_station),
    "station_home": Door(NO_STATION),
    "station_unlock": Door(NO_STATION, GET_POST, parts=_mentor),
    "station_here": Door(NO_STATION, POST),
    "station_lock": Door(NO_STATION, POST),
    "station_forget": Door(NO_STATION, POST),
    "station_turn": Door(who(HIDDEN)),
    "station_book": Door(READS_RECORD, parts=_book),
}
