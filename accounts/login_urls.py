"""The pages of allauth that Journeybook uses, by allauth's own names; no others are reachable."""

from allauth.account import views
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_http_methods

from accounts.pages import View, public, signed_in


def door(address: str, view: View, name: str) -> URLPattern:
    """One of allauth's pages; PUT, which Django's forms take for POST, is not among its methods."""
    return path(address, require_http_methods(["GET", "HEAD", "POST"])(view), name=name)


urlpatterns = [
    door("login/", public(views.login), "account_login"),
    door("logout/", public(views.logout), "account_logout"),
    door("signup/", public(views.signup), "account_signup"),
    door("inactive/", public(views.account_inactive), "account_inactive"),
    door("reauthenticate/", signed_in(views.reauthenticate), "account_reauthenticate"),
    door("password/change/", signed_in(views.password_change), "account_change_password"),
    door("password/set/", signed_in(views.password_set), "account_set_password"),
    door("password/reset/", public(views.password_reset), "account_reset_password"),
    door("password/reset/done/", public(views.password_reset_done), "account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        require_http_methods(["GET", "HEAD", "POST"])(public(views.password_reset_from_key)),
        name="account_reset_password_from_key",
    ),
    door(
        "password/reset/key/done/", public(views.password_reset_from_key_done), "account_reset_password_from_key_done"
    ),
]
