"""Before somebody's first signature: they accept what it stands for, and another person confirms who they are.

21 CFR 11.100: an electronic signature belongs to one person; their identity is verified before it is
used (b), and it is certified to be the legally binding equivalent of the handwritten one (c).
"""

import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import ROLES, NotPermitted, Permission, permits, require
from accounts.models import (
    IdentityConfirmation,
    IdentityMeans,
    Membership,
    Role,
    SignatureAcceptance,
    Sponsor,
    User,
)
from accounts.proofs import require_recent_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.auditing import note_event

SIGNING_ROLES = [role for role in Role if Permission.ACCEPT_SIGNATURE in ROLES[role]]
CONFIRMING_ROLES = sorted(
    (role for role in Role if Permission.CONFIRM_IDENTITY in ROLES[role]), key=lambda role: role != Role.COORDINATOR
)


class IdentityInvalid(Exception):
    """Wrong input: an unknown way of confirming, or somebody who holds no role there. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


def statement_of(person: User, sponsor: Sponsor) -> str:
    """The sentence that `person` agrees to, in the active language."""
    return _(
        "I, %(name)s, accept that my electronic signature with %(sponsor)s is the legally binding equivalent of "
        "my handwritten signature. I keep my password, passkeys and PIN to myself, and nobody else signs with them."
    ) % {"name": person.name, "sponsor": sponsor.name}


def accept_signature(*, viewer: Viewer, key: str, sponsor: Sponsor) -> SignatureAcceptance:
    """Note that `viewer` accepts what their signature with `sponsor` stands for; once is for good.

    Accepting again gives the first acceptance. Raises NotPermitted, KeyReused, ProofNeeded; after any of
    them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.ACCEPT_SIGNATURE, on=sponsor)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="accept_signature",
            request={"sponsor": str(sponsor.pk)},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return SignatureAcceptance.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        require_recent_proof(viewer, sponsor)
        User.objects.select_for_update().get(pk=viewer.person.pk)  # two tabs at once: the second finds the first's row
        rows = SignatureAcceptance.objects.filter(sponsor=sponsor, person=viewer.person)
        acceptance = rows.first() or _accept(viewer, sponsor)
        finish_act(begun.act, [acceptance.pk])
        return acceptance


def _accept(viewer: Viewer, sponsor: Sponsor) -> SignatureAcceptance:
    acceptance = SignatureAcceptance.objects.create(
        sponsor=sponsor,
        person=viewer.person,
        statement=statement_of(viewer.person, sponsor),
        language=get_language() or "en",
        authentication=viewer.authentication,
        accepted_at=viewer.at,
    )
    note_event(
        "signature_accepted",
        at=viewer.at,
        actor_id=viewer.user_id,
        sponsor_id=sponsor.pk,
        subject=f"user:{viewer.user_id}",
        data={"acceptance": str(acceptance.pk)},
    )
    return acceptance


def confirm_identity(*, viewer: Viewer, key: str, sponsor: Sponsor, person: User, how: str) -> IdentityConfirmation:
    """Note that `viewer` has made sure, by the means `how`, that the account of `person` is that person's.

    Confirmed again, say after a change of name, is another row. Nobody confirms themselves. Raises
    NotPermitted, KeyReused, ProofNeeded, IdentityInvalid; after any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.CONFIRM_IDENTITY, on=sponsor)
        if person.pk == viewer.user_id:
            raise NotPermitted(Permission.CONFIRM_IDENTITY)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="confirm_identity",
            request={"sponsor": str(sponsor.pk), "person": str(person.pk), "how": how},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return IdentityConfirmation.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        require_recent_proof(viewer, sponsor)
        _refuse_wrong_input(sponsor, person, how)
        confirmation = _confirm(sponsor, person, how, by=viewer)
        finish_act(begun.act, [confirmation.pk])
        return confirmation


def confirm_as_operator(*, sponsor: Sponsor, person: User, how: str, operator: Viewer) -> IdentityConfirmation:
    """The confirmation of a sponsor's first administrator, whom nobody else could confirm. Raises IdentityInvalid.

    It may come before they do: the operator hands the link to nobody else.
    """
    _refuse_wrong_input(sponsor, person, how, pending=True)
    return _confirm(sponsor, person, how, by=operator)


def _confirm(sponsor: Sponsor, person: User, how: str, *, by: Viewer) -> IdentityConfirmation:
    confirmation = IdentityConfirmation.objects.create(
        sponsor=sponsor, person=person, how=how, confirmed_by=by.user, confirmed_at=by.at
    )
    note_event(
        "identity_confirmed",
        at=by.at,
        actor_id=by.user_id,
        sponsor_id=sponsor.pk,
        subject=f"user:{person.pk}",
        data={"confirmation": str(confirmation.pk), "how": how},
    )
    return confirmation


def people_of(viewer: Viewer, sponsor: Sponsor) -> "QuerySet[User]":
    """Everybody who may sign with `sponsor` today, those whom nobody has confirmed yet first.

    With `accepted_at`, `is_confirmed`, `confirmed` (the latest first) and `held_here`: three queries for all.
    """
    held = Membership.objects.filter(sponsor=sponsor, role__in=SIGNING_ROLES).in_force(viewer.today(sponsor)).accepted()
    confirmations = IdentityConfirmation.objects.filter(sponsor=sponsor).select_related("confirmed_by")
    accepted = SignatureAcceptance.objects.filter(sponsor=sponsor, person=OuterRef("pk")).values("accepted_at")
    return (
        User.objects.filter(pk__in=held.values("user"), is_active=True)
        .annotate(
            accepted_at=Subquery(accepted[:1]),
            is_confirmed=Exists(IdentityConfirmation.objects.filter(sponsor=sponsor, person=OuterRef("pk"))),
        )
        .prefetch_related(
            Prefetch("identity_confirmations", confirmations.order_by("-confirmed_at"), to_attr="confirmed"),
            Prefetch("memberships", held.order_by("since", "id"), to_attr="held_here"),
        )
        .order_by("is_confirmed", "name", "pk")
    )


def unconfirmed(viewer: Viewer) -> list[tuple[Sponsor, int]]:
    """How many people can't sign because nobody has confirmed them, by sponsor that `viewer` may confirm them for.

    One query for each such sponsor; those with nobody are left out.
    """
    mine = (sponsor for sponsor in viewer.sponsors if permits(viewer, Permission.CONFIRM_IDENTITY, on=sponsor))
    counted = [(sponsor, _unconfirmed(viewer, sponsor).count()) for sponsor in mine]
    return [(sponsor, people) for sponsor, people in counted if people]


def _unconfirmed(viewer: Viewer, sponsor: Sponsor) -> "QuerySet[User]":
    confirmed = IdentityConfirmation.objects.filter(sponsor=sponsor).values("person")
    held = Membership.objects.filter(sponsor=sponsor, role__in=SIGNING_ROLES).in_force(viewer.today(sponsor)).accepted()
    return User.objects.filter(pk__in=held.values("user"), is_active=True).exclude(pk__in=confirmed)


def who_may_confirm(viewer: Viewer, sponsor: Sponsor) -> list[str]:
    """The names of those whom `viewer` can ask to confirm who they are, coordinators first."""
    held = Membership.objects.filter(sponsor=sponsor, role__in=CONFIRMING_ROLES, user__is_active=True)
    rows = held.in_force(viewer.today(sponsor)).accepted().exclude(user=viewer.user_id).select_related("user")
    ordered = sorted(rows, key=lambda m: (CONFIRMING_ROLES.index(Role(m.role)), m.user.name))
    return list(dict.fromkeys(m.user.name for m in ordered))


def _refuse_wrong_input(sponsor: Sponsor, person: User, how: str, *, pending: bool = False) -> None:
    if how not in IdentityMeans.values:
        raise IdentityInvalid("how", _("Choose how you made sure who it is."))
    held = Membership.objects.filter(sponsor=sponsor, user=person)
    if not (held if pending else held.accepted()).exists():
        raise IdentityInvalid("person", _("This person holds no role with this sponsor."))
