"""Who comes with a session: the account and what its person may be to whom, in one query."""

import uuid

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import Membership, User
from acts.statements import Ready

HELD = Ready(
    lambda user: (
        Membership.objects.filter(user=user).with_readiness().select_related("user", "sponsor").order_by("since", "id")
    ),
    "user",
)


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's way of coming in; every request after that reads the memberships along with the account."""

    def get_user(self, user_id: uuid.UUID) -> User | None:
        """The account of a session with `held` filled; None for one that is closed or gone."""
        held = HELD(user=User._meta.pk.to_python(user_id))
        user = held[0].user if held else User.objects.filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user.held = tuple(held)
        return user
