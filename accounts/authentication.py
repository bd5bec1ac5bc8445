"""`Authorization: Bearer jb_…`: who stands behind a token, and what it leaves of their permissions."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.access import SCOPES
from accounts.middleware import viewer_of
from accounts.models import ApiToken, TokenScope, User
from accounts.tokens import digest_of
from accounts.viewer import Viewer, build_viewer
from acts.models import Authentication

REALM = 'Bearer realm="Journeybook"'


@dataclass(frozen=True)
class TokenGrant:
    """What a valid token opens: itself, and its owner narrowed to its scopes and its sponsor."""

    token: ApiToken
    viewer: Viewer


class TokenAuthentication(BaseAuthentication):
    """Finds the token of a request. One answer for unknown, revoked, run out and no role left."""

    def authenticate(self, request: Request) -> tuple[User, TokenGrant] | None:
        scheme, _space, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        grant = self._grant(request, secret.decode("latin-1").strip())
        if grant is None:
            raise AuthenticationFailed(_("This token is unknown, revoked or has run out, or its owner has left."))
        ApiToken.objects.used(grant.token, at=grant.viewer.at)
        return grant.token.user, grant

    def authenticate_header(self, request: Request) -> str:
        return REALM

    def _grant(self, request: Request, secret: str) -> TokenGrant | None:
        at = viewer_of(request).at
        token = ApiToken.objects.select_related("user").filter(digest=digest_of(secret)).first()
        if token is None or not token.is_live(at):
            return None
        viewer = build_viewer(
            token.user,
            at=at,
            authentication=Authentication.TOKEN,
            allowed={permission for scope in token.scopes for permission in SCOPES[TokenScope(scope)]},
            bound_to=token.sponsor_id,
        )
        return TokenGrant(token, viewer) if viewer.memberships else None
