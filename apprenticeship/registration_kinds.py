"""The kind of entry of a registered agreement, and how its row must agree with it."""

from collections.abc import Iterable, Mapping
from typing import Any

from acts.statements import Ready
from apprenticeship.kinds import RecordKind
from apprenticeship.models import AgreementRegistration, Apprenticeship

REGISTRATIONS = Ready(lambda book: AgreementRegistration.objects.filter(apprenticeship=book), "book")


def _registrations(apprenticeship: Apprenticeship) -> Iterable[AgreementRegistration]:
    return REGISTRATIONS(book=apprenticeship.pk)


def _describe_registration(row: AgreementRegistration) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.apprenticeship_id),
        "by.id": str(row.by_id),
        "body.form": row.form,
        "body.signed_on": row.signed_on.isoformat(),
        "body.by_guardian": row.by_guardian,
        "body.number": row.number,
        "body.registered_on": row.registered_on.isoformat(),
    }


REGISTRATION = RecordKind(code="registration", rows=_registrations, describe=_describe_registration)
