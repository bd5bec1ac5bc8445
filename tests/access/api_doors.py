"""Who may pass the doors of the API and of the access tokens; see `doors.py`."""

from collections.abc import Mapping
from typing import Any

from accounts.tokens import make_token
from tests.access.doors import (
    ASKS,
    EVERYBODY,
    FORBIDDEN,
    GET_POST,
    GETS_DOCUMENT,
    MENTORS,
    PASS,
    PLANS,
    POST,
    READS_CLASS,
    READS_EVIDENCE,
    READS_RECORD,
    READS_REQUEST,
    READS_TIMETABLE,
    SENDS_BACK,
    SIGNED_IN,
    TAKES_BACK,
    Door,
    who,
)
from tests.cast import viewer_for

HAS_ROLE = who(PASS, roleless=FORBIDDEN)
LISTS_RECORDS = who(PASS, roleless=FORBIDDEN, instructor=FORBIDDEN)
MENTORS_SIGN = who(FORBIDDEN, **MENTORS)


def _token(world: Any) -> Mapping[str, Any]:
    """The mentor's token, made at the first knock."""
    viewer = viewer_for(world.visitors["mentor"])
    made = make_token(
        viewer=viewer, key="token", sponsor=viewer.sponsors[0], name="HR system", scopes=["read"], days=30
    )
    return {"pk": made.token.pk}


def _book(world: Any) -> Mapping[str, Any]:
    return {"pk": world.apprenticeship.pk}


def _entry(world: Any) -> Mapping[str, Any]:
    return {"pk": world.apprenticeship.pk, "sequence": 1}


def _asked(world: Any) -> Mapping[str, Any]:
    return {"pk": world.asked.pk}


def _sign_off(world: Any) -> Mapping[str, Any]:
    return {"pk": world.sign_off.pk}


def _standard(world: Any) -> Mapping[str, Any]:
    return {"pk": world.apprenticeship.terms.standard_version.standard_id}


def _version(world: Any) -> Mapping[str, Any]:
    return {"pk": world.apprenticeship.terms.standard_version_id}


def _job(world: Any) -> Mapping[str, Any]:
    return {"pk": world.job.pk}


def _document(world: Any) -> Mapping[str, Any]:
    return {"pk": world.job.document_id}


def _evidence(world: Any) -> Mapping[str, Any]:
    return {"pk": world.evidence.pk}


def _planned(world: Any) -> Mapping[str, Any]:
    return {"pk": world.planned.pk}


API_DOORS: dict[str, Door] = {
    "api_classes": Door(READS_TIMETABLE),
    "api_class": Door({**READS_CLASS, "apprentice": PASS}, parts=_planned),
    "api_class_attendance": Door(
        {**READS_CLASS, "apprentice": FORBIDDEN},
        GET_POST,
        parts=_planned,
        posting={**PLANS, "instructor": PASS},
    ),
    "tokens": Door(SIGNED_IN),
    "make_token": Door(HAS_ROLE, POST),
    "revoke_token": Door(who(mentor=PASS), POST, parts=_token),
    "api_standards": Door(EVERYBODY),
    "api_standard": Door(EVERYBODY, parts=_standard),
    "api_standard_version": Door(EVERYBODY, parts=_version),
    "api_apprenticeships": Door(LISTS_RECORDS),
    "api_apprenticeship": Door(READS_RECORD, parts=_book),
    "api_entries": Door(READS_RECORD, parts=_book),
    "api_entry": Door(READS_RECORD, parts=_entry),
    "api_sign_offs": Door(LISTS_RECORDS, GET_POST, posting=MENTORS_SIGN),
    "api_sign_off": Door(READS_RECORD, parts=_sign_off),
    "api_take_back": Door(TAKES_BACK, POST, parts=_sign_off),
    "api_asks": Door(READS_REQUEST, GET_POST, parts=_book, posting=ASKS),
    "api_withdraw": Door(ASKS, POST, parts=_asked),
    "api_send_back": Door(SENDS_BACK, POST, parts=_asked),
    "api_progress": Door(READS_RECORD, parts=_book),
    "api_hours": Door(READS_RECORD, parts=_book),
    "api_work": Door(READS_RECORD, parts=_book),
    "api_work_hours": Door(READS_RECORD, parts=_book),
    "api_certificates": Door(READS_RECORD, parts=_book),
    "api_beside_classes": Door(READS_RECORD, parts=_book),
    "api_documents": Door(READS_RECORD, GET_POST, parts=_book, posting=GETS_DOCUMENT),
    "api_document_job": Door(READS_RECORD, parts=_job),
    "api_document": Door(READS_RECORD, parts=_document),
    "api_document_file": Door(READS_RECORD, parts=_document),
    "api_evidence": Door(READS_RECORD, parts=_book),
    "api_evidence_file": Door(READS_EVIDENCE, parts=_evidence),
    "api_me": Door(SIGNED_IN),
    "api_schema": Door(EVERYBODY),
    "api_docs": Door(EVERYBODY),
}
