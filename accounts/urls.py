"""Addresses of the pages about oneself, and the glossary."""

from django.urls import path

from accounts import (
    invitation_views,
    notice_views,
    passkey_views,
    pin_views,
    signing_views,
    sponsor_views,
    token_views,
    views,
)

urlpatterns = [
    path("language/", views.choose_language, name="choose_language"),
    path("role/", views.choose_role, name="choose_role"),
    path("profile/", views.profile, name="profile"),
    path("notices/", notice_views.notices, name="notices"),
    path("notices/read/", notice_views.read_all, name="read_notices"),
    path("notices/<uuid:pk>/open/", notice_views.open_notice, name="open_notice"),
    path("profile/notices/", notice_views.choices, name="notice_choices"),
    path("profile/pin/", pin_views.signing_pin, name="signing_pin"),
    path("profile/tokens/", token_views.tokens, name="tokens"),
    path("profile/tokens/make/", token_views.make, name="make_token"),
    path("profile/tokens/<uuid:pk>/revoke/", token_views.revoke, name="revoke_token"),
    path("profile/passkeys/", passkey_views.passkeys, name="passkeys"),
    path("profile/passkeys/options/", passkey_views.options, name="passkey_options"),
    path("profile/passkeys/add/", passkey_views.add, name="add_passkey"),
    path("profile/passkeys/<int:pk>/rename/", passkey_views.rename, name="rename_passkey"),
    path("profile/passkeys/<int:pk>/remove/", passkey_views.remove, name="remove_passkey"),
    path("passkey/challenge/", passkey_views.challenge, name="passkey_challenge"),
    path("passkey/login/", passkey_views.log_in, name="passkey_login"),
    path("sponsors/<uuid:pk>/signature/", signing_views.accept, name="accept_signature"),
    path("sponsors/<uuid:pk>/signing-policy/", signing_views.signing_policy, name="signing_policy"),
    path("sponsors/<uuid:pk>/profile/", sponsor_views.sponsor_profile, name="sponsor_profile"),
    path("sponsors/<uuid:pk>/people/", signing_views.identities, name="identities"),
    path("sponsors/<uuid:pk>/people/<uuid:person_pk>/", signing_views.confirm, name="confirm_identity"),
    path("invitations/<str:token>/", invitation_views.accept, name="accept_invitation"),
    path("glossary/", views.glossary, name="glossary"),
]
