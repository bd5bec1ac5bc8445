"""Whom the API takes the asker for: the first thing to ask with a new token."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import Endpoint
from accounts.authentication import TokenGrant
from accounts.describing import operation
from accounts.models import ApiToken, Sponsor
from accounts.pages import SIGNED_IN
from accounts.viewer import Viewer


class PersonShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class SponsorRoles(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    time_zone = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())


class TokenShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    prefix = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    expires_at = serializers.DateTimeField()


class WhoAmI(serializers.Serializer[Any]):
    """The asker, their roles now, and the token that was sent, if any."""

    person = PersonShape()
    authentication = serializers.CharField()
    sponsors = SponsorRoles(many=True)
    token = TokenShape(allow_null=True)


class Me(Endpoint):
    declared = SIGNED_IN

    @operation("me", {200: WhoAmI}, tag="access")
    def get(self, request: Request) -> Response:
        """Who you are here, with which sponsors and roles, and until when your token is good."""
        viewer, grant = self.viewer, request.auth
        return Response(
            {
                "person": {"id": viewer.person.pk, "name": viewer.person.name},
                "authentication": viewer.authentication,
                "sponsors": [_with_roles(sponsor, viewer) for sponsor in viewer.sponsors],
                "token": _token(grant.token) if isinstance(grant, TokenGrant) else None,
            }
        )


def _with_roles(sponsor: Sponsor, viewer: Viewer) -> dict[str, Any]:
    roles = sorted(viewer.roles_with(sponsor.pk))
    return {"id": sponsor.pk, "name": sponsor.name, "time_zone": sponsor.time_zone, "roles": roles}


def _token(token: ApiToken) -> dict[str, Any]:
    names = ("name", "prefix", "scopes", "expires_at")
    return {name: getattr(token, name) for name in names}
