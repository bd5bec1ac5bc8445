"""The life of an access token: made, used, narrowed, run out, revoked."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.access import NotPermitted, Permission
from accounts.models import ApiToken, Membership, Role, Sponsor, User
from accounts.tokens import AlreadyRevoked, TokenInvalid, make_token, revoke_token
from accounts.viewer import build_viewer
from acts.acting import KeyReused
from acts.models import AuditEvent
from apprenticeship.models import Apprenticeship
from competencies.models import StandardVersion
from tests.api.conftest import token_of
from tests.api.contract import Asker
from tests.cast import LONG_AGO, NOW, TODAY, make_apprenticeship, make_terms, viewer_for


def wanted(user: User, sponsor: Sponsor, **changes: Any) -> dict[str, Any]:
    plain = {"key": "k", "sponsor": sponsor, "name": "HR system", "scopes": ["read"], "days": 30}
    return {"viewer": viewer_for(user), **plain, **changes}


def test_only_the_digest_of_a_token_is_kept(coordinator: User, sponsor: Sponsor) -> None:
    made = make_token(**wanted(coordinator, sponsor))
    kept = ApiToken.objects.values().get()
    assert made.secret not in str(kept)
    assert (made.secret.startswith(kept["prefix"]), len(kept["prefix"]), len(kept["digest"])) == (True, 11, 64)
    assert made.secret not in str(list(AuditEvent.objects.values()))


def test_making_one_twice_with_one_key_makes_one_and_shows_it_once(coordinator: User, sponsor: Sponsor) -> None:
    first, second = (make_token(**wanted(coordinator, sponsor)) for _ in range(2))
    assert (first.token, bool(first.secret), second.secret) == (second.token, True, "")
    with pytest.raises(KeyReused):
        make_token(**wanted(coordinator, sponsor, name="Another"))


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": "  "}, "name"), ({"scopes": []}, "scopes"), ({"scopes": ["sign"]}, "scopes"), ({"days": 366}, "days")],
)
def test_a_token_needs_a_name_a_known_scope_and_an_end(
    change: dict[str, Any], field: str, coordinator: User, sponsor: Sponsor
) -> None:
    with pytest.raises(TokenInvalid) as refused:
        make_token(**wanted(coordinator, sponsor, **change))
    assert (refused.value.field, ApiToken.objects.count()) == (field, 0)


def test_a_token_for_a_sponsor_of_others_is_refused(coordinator: User, other_sponsor: Sponsor) -> None:
    with pytest.raises(NotPermitted):
        make_token(**wanted(coordinator, other_sponsor))


def test_a_token_reads_and_tells_when_it_was_last_used(
    apprenticeship: Apprenticeship, coordinator: User, sponsor: Sponsor, at_ten_on_a_monday: Any
) -> None:
    asker = Asker(token=token_of(coordinator, sponsor))
    seen = []
    for seconds in (0, 59, 61):
        at_ten_on_a_monday.move_to(NOW + timedelta(seconds=seconds))
        assert asker.get("api_apprenticeship", pk=apprenticeship.pk).status == 200
        seen.append(ApiToken.objects.get().last_used_at)
    assert seen == [NOW, NOW, NOW + timedelta(seconds=61)]


@pytest.mark.parametrize("secret", ["jb_" + "A" * 43, "", "é", "jb_x" * 1000])
def test_an_unknown_token_opens_nothing_not_even_the_library(secret: str, coordinator: User) -> None:
    asker = Asker(coordinator)
    asker.headers["Authorization"] = f"Bearer {secret}"
    answer = asker.get("api_standards")
    assert (answer.status, answer.problem) == (401, "not-authenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_runs_out(coordinator: User, sponsor: Sponsor, at_ten_on_a_monday: Any) -> None:
    asker = Asker(token=token_of(coordinator, sponsor, days=30))
    at_ten_on_a_monday.move_to(NOW + timedelta(days=30) - timedelta(seconds=1))
    assert asker.get("api_apprenticeships").status == 200
    at_ten_on_a_monday.move_to(NOW + timedelta(days=30))
    assert asker.get("api_apprenticeships").status == 401


def test_a_revoked_token_opens_nothing_more(coordinator: User, sponsor: Sponsor) -> None:
    asker, viewer = Asker(token=token_of(coordinator, sponsor)), viewer_for(coordinator)
    for _ in range(2):
        revoke_token(viewer=viewer, key="revoke", token=ApiToken.objects.get())
    assert asker.get("api_apprenticeships").status == 401
    assert list(AuditEvent.objects.order_by("id").values_list("kind", flat=True)) == ["token_made", "token_revoked"]
    with pytest.raises(AlreadyRevoked):
        revoke_token(viewer=viewer, key="once more", token=ApiToken.objects.get())


def test_who_has_left_revokes_their_own_token_and_it_stays_shut(
    client: Client, sponsor: Sponsor, coordinator: User
) -> None:
    asker = Asker(token=token_of(coordinator, sponsor))
    client.force_login(coordinator)
    coordinator.memberships.update(until=TODAY)
    page = client.get(reverse("tokens")).content.decode()
    assert ("Revoke this token" in page, "Make the token" in page) == (True, False)
    assert client.post(reverse("make_token"), {}).status_code == 403
    assert client.post(reverse("revoke_token", args=[ApiToken.objects.get().pk]), {"key": "r"}).status_code == 302
    coordinator.memberships.update(until=None)
    assert asker.get("api_apprenticeships").status == 401


def test_a_token_revokes_no_token(coordinator: User, sponsor: Sponsor) -> None:
    token_of(coordinator, sponsor)
    with pytest.raises(NotPermitted):
        revoke_token(
            viewer=build_viewer(coordinator, at=NOW, allowed=Permission), key="k", token=ApiToken.objects.get()
        )


def test_nobody_revokes_the_token_of_another(coordinator: User, administrator: User, sponsor: Sponsor) -> None:
    token_of(coordinator, sponsor)
    with pytest.raises(NotPermitted):
        revoke_token(viewer=viewer_for(administrator), key="k", token=ApiToken.objects.get())


def test_who_has_left_or_is_closed_has_no_token_that_works(coordinator: User, sponsor: Sponsor) -> None:
    asker = Asker(token=token_of(coordinator, sponsor))
    coordinator.memberships.update(until=NOW.date())
    assert asker.get("api_apprenticeships").status == 401
    coordinator.memberships.update(until=None)
    User.objects.filter(pk=coordinator.pk).update(is_active=False)
    assert asker.get("api_apprenticeships").status == 401


def test_a_token_sees_its_own_sponsor_only_even_of_ones_own_books(
    apprenticeship: Apprenticeship,
    apprentice: User,
    sponsor: Sponsor,
    other_sponsor: Sponsor,
    standard_version: StandardVersion,
) -> None:
    Membership.objects.create(user=apprentice, sponsor=other_sponsor, role=Role.APPRENTICE, since=LONG_AGO)
    elsewhere = make_apprenticeship(apprentice, make_terms(other_sponsor, standard_version, "Elsewhere"))
    for asker, seen in ((Asker(apprentice), 2), (Asker(token=token_of(apprentice, sponsor)), 1)):
        assert len(asker.get("api_apprenticeships").json["results"]) == seen
        assert asker.get("api_apprenticeship", pk=elsewhere.pk).status == (200 if seen == 2 else 404)


def test_a_token_beside_a_session_counts_alone(
    apprenticeship: Apprenticeship, coordinator: User, outsider: User, other_sponsor: Sponsor
) -> None:
    asker = Asker(coordinator)
    asker.headers["Authorization"] = f"Bearer {token_of(outsider, other_sponsor)}"
    assert asker.get("api_apprenticeship", pk=apprenticeship.pk).status == 404


def test_the_database_wants_who_and_when_of_a_revocation_together(coordinator: User, sponsor: Sponsor) -> None:
    token_of(coordinator, sponsor)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.update(revoked_at=NOW)
