"""Taking the place that an invitation holds: with a new password, or with the account that one has already."""

from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction
from django.utils.translation import gettext as _

from accounts.invitations import digest_of
from accounts.models import Invitation, Membership, User
from accounts.people import LONGEST_NAME
from accounts.personal_mail import is_taken
from accounts.viewer import Viewer
from acts.auditing import note_event


class Standing(StrEnum):
    """How an invitation stands. Everything but `open` says on the page what to do instead."""

    OPEN = "open"
    EXPIRED = "expired"
    USED = "used"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


class ComingInInvalid(Exception):
    """Wrong input: all that is wrong, by field. The edge answers 400; nothing is stored."""

    def __init__(self, wrong: dict[str, list[str]]) -> None:
        super().__init__(next(iter(wrong)))
        self.wrong = wrong


class InvitationClosed(Exception):
    """Wrong state: the link lets nobody in any more. The edge answers 409 and says what to do."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing)
        self.standing = standing


class CannotJoin(Exception):
    """Wrong state: the place can't become that of this account. The edge answers 409; nothing is stored."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def find(token: str) -> Invitation | None:
    """The invitation of a link, however it stands."""
    return Invitation.objects.filter(digest=digest_of(token)).select_related("sponsor", "person", "made_by").first()


def standing_of(invitation: Invitation, at: datetime) -> Standing:
    """How it stands at the instant `at`."""
    if invitation.accepted_at:
        return Standing.USED
    if invitation.withdrawn_at:
        later = Invitation.objects.filter(person=invitation.person_id, sponsor=invitation.sponsor_id)
        return Standing.REPLACED if later.filter(made_at__gt=invitation.made_at).exists() else Standing.WITHDRAWN
    return Standing.OPEN if invitation.is_open(at) else Standing.EXPIRED


def come_in(*, invitation: Invitation, name: str, language: str, password: str, at: datetime) -> User:
    """Let the person of `invitation` in for the first time, with a password of their own; returns them.

    An account that somebody uses already is never given a password by a link: whoever holds the link may be
    somebody else. Raises ComingInInvalid, InvitationClosed, CannotJoin; after any of them nothing is stored.
    """
    with transaction.atomic():
        _take(invitation, at)
        person = User.objects.select_for_update().get(pk=invitation.person_id)
        if _is_used(person):
            raise CannotJoin(_("You have an account already. Log in with it below; your roles come to it."))
        person.name, person.language = " ".join(name.split()), language
        _refuse_wrong_input(person, password)
        if not is_taken(invitation.email, but_by=person):
            person.email = invitation.email
        person.set_password(password)
        person.save(update_fields=["name", "language", "email", "password"])
        _arrive(invitation, person, at)
    return person


def join(*, viewer: Viewer, invitation: Invitation) -> User:
    """Let `viewer`, who is logged in, take the place of `invitation` with the account that they have.

    Raises InvitationClosed, CannotJoin; after any of them nothing is stored.
    """
    person = viewer.person
    if invitation.made_by_id == person.pk:
        raise CannotJoin(_("You made this invitation for somebody else. Log out, and let them open it."))
    with transaction.atomic():
        _take(invitation, viewer.at)
        if invitation.person_id != person.pk:
            _hand_over(User.objects.select_for_update().get(pk=invitation.person_id), person)
        _arrive(invitation, person, viewer.at)
    return person


def _take(invitation: Invitation, at: datetime) -> None:
    """Use the link up: of two at once, one finds it used."""
    open_now = Invitation.objects.unanswered().filter(pk=invitation.pk, expires_at__gt=at)
    if not open_now.update(accepted_at=at):
        raise InvitationClosed(standing_of(Invitation.objects.get(pk=invitation.pk), at))


def _is_used(person: User) -> bool:
    """Whether somebody logs in with this account, or could have it sent a new password."""
    held = Membership.objects.filter(user=person).accepted()
    return person.has_usable_password() or bool(person.email) or not person.is_active or held.exists()


def _refuse_wrong_input(person: User, password: str) -> None:
    wrong: dict[str, list[str]] = {}
    if not person.name or len(person.name) > LONGEST_NAME or not person.name.isprintable():
        wrong["name"] = [_("Enter the name, at most 120 letters.")]
    if person.language not in dict(settings.LANGUAGES):
        wrong["language"] = [_("Choose one of the languages.")]
    try:
        validate_password(password, person)
    except ValidationError as error:
        wrong["password"] = [str(message) for message in error.messages]
    if wrong:
        raise ComingInInvalid(wrong)


def _arrive(invitation: Invitation, person: User, at: datetime) -> None:
    """From now on the roles give their rights."""
    Membership.objects.filter(sponsor=invitation.sponsor_id, user=person, pending=True).update(pending=False)
    note_event(
        "invitation_accepted",
        at=at,
        actor_id=person.pk,
        sponsor_id=invitation.sponsor_id,
        subject=f"user:{person.pk}",
        data={"invitation": str(invitation.pk), "made_for": str(invitation.person_id)},
    )


# ------------------------------------------------------------------ two accounts, one person


def _hand_over(place: User, to: User) -> None:
    """Let everything that was prepared for `place`, an account that nobody ever used, be that of `to`.

    What was signed names an account for good: where a row that can't be changed names `place`, this is refused.
    """
    refused = CannotJoin(
        _("Your place here can’t be moved to the account you are logged in with. Log out and choose a password below.")
    )
    if _is_used(place):
        raise CannotJoin(_("This invitation is for another account. Log out, and log in with that one."))
    for relation in User._meta.related_objects:
        model, field = relation.related_model, relation.field.name
        rows = model._base_manager.filter(**{field: place.pk})
        if not rows.exists():
            continue
        if model._meta.label in settings.INSERT_ONLY:
            raise refused
        try:
            with transaction.atomic():
                rows.update(**{field: to.pk})
        except (IntegrityError, InternalError):  # they hold the same there already
            raise refused from None
    User.objects.filter(pk=place.pk).update(is_active=False)
