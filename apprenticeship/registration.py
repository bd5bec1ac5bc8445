"""Recording that the registration agency registered the agreement of an apprentice: a dated, signed entry.

What was registered wrongly or anew is recorded again: the newest counts, and is the book's registration number.
"""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import Permission, acting_role, require
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.sealing import can_be_kept
from apprenticeship.meaning import meaning_of_registration
from apprenticeship.models import AgreementForm, AgreementRegistration, Apprenticeship
from apprenticeship.record import Draft, append_many, lock_books

LONGEST_NUMBER = AgreementRegistration._meta.get_field("number").max_length or 0


class AgreementInvalid(Exception):
    """Wrong input: no number, no form, or days that cannot be. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True)
class Agreement:
    """What is recorded of an agreement: its form, when it was signed and by whom, its number and its day."""

    form: str
    signed_on: date
    by_guardian: bool
    number: str
    registered_on: date


def record_registration(
    *, viewer: Viewer, key: str, apprenticeship: Apprenticeship, agreement: Agreement
) -> AgreementRegistration:
    """Record the registration of an agreement in its book.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused, NotYetAccepted,
    ProofNeeded, AgreementInvalid; after any of them nothing is stored.
    """
    days = {"signed_on": agreement.signed_on.isoformat(), "registered_on": agreement.registered_on.isoformat()}
    with transaction.atomic():
        require(viewer, Permission.KEEP_AGREEMENT, on=apprenticeship)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="record_registration",
            request={"apprenticeship": str(apprenticeship.pk), **vars(agreement), **days},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return AgreementRegistration.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        require_proof(viewer, [apprenticeship.sponsor])
        _refuse(viewer, apprenticeship, agreement)
        heads = lock_books([apprenticeship.pk])
        draft = Draft(
            apprenticeship=apprenticeship,
            kind="registration",
            role=acting_role(viewer, Permission.KEEP_AGREEMENT, on=apprenticeship),
            body={
                **vars(agreement),
                **days,
                "meaning": {"language": get_language() or "en", "text": meaning_of_registration()},
            },
        )
        (entry,) = append_many([draft], viewer=viewer, act=begun.act, heads=heads)
        made = AgreementRegistration.objects.create(
            entry=entry, apprenticeship=apprenticeship, by=viewer.person, **vars(agreement)
        )
        Apprenticeship.objects.filter(pk=apprenticeship.pk).update(registration_number=agreement.number)
        finish_act(begun.act, [made.pk])
        return made


def _refuse(viewer: Viewer, book: Apprenticeship, agreement: Agreement) -> None:
    number = agreement.number
    if agreement.form not in AgreementForm.values:
        raise AgreementInvalid("form", _("Choose the form of the agreement."))
    if not number.strip() or len(number) > LONGEST_NUMBER or not can_be_kept(number):
        too_long = _("Enter the number that the agency gave, with at most %(most)s characters.")
        raise AgreementInvalid("number", too_long % {"most": LONGEST_NUMBER})
    if agreement.registered_on > viewer.today(book.sponsor):
        raise AgreementInvalid("registered_on", _("The date is in the future. Enter it once the day has come."))
    if agreement.signed_on > agreement.registered_on:
        raise AgreementInvalid("signed_on", _("It was signed after it was registered. Correct one of both days."))


def registration_of(apprenticeship: Apprenticeship) -> AgreementRegistration | None:
    """The registration that counts, with its entry and who recorded it; None where none was recorded; one query."""
    rows = AgreementRegistration.objects.filter(apprenticeship=apprenticeship).select_related("entry", "by")
    return rows.order_by("-entry__sequence").first()
