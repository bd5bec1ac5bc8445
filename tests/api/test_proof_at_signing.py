"""Signing by the API where the sponsor asks for a proof: by the password entered on a page before."""

import pytest
from django.db import connection

from accounts.models import IdentityConfirmation, SigningPolicy, Sponsor, User
from acts.guards import lifted
from apprenticeship.models import Apprenticeship, SignOff
from tests.api.contract import Asker
from tests.api.sending import as_sent
from tests.cast import PASSWORD


@pytest.fixture
def asker(mentor: User, sponsor: Sponsor) -> Asker:
    Sponsor.objects.filter(pk=sponsor.pk).update(signing_policy=SigningPolicy.REAUTHENTICATE)
    return Asker(mentor)


def test_without_a_proof_the_way_to_one_is_told(asker: Asker, apprenticeship: Apprenticeship) -> None:
    answer = asker.post("api_sign_offs", {"lines": [as_sent(apprenticeship)]})
    assert (answer.status, answer.problem) == (403, "proof-needed")
    assert "/accounts/reauthenticate/" in answer.json["detail"]
    assert not SignOff.objects.exists()


def test_the_password_entered_on_the_page_is_good_for_the_api(asker: Asker, apprenticeship: Apprenticeship) -> None:
    asker.client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = asker.post("api_sign_offs", {"lines": [as_sent(apprenticeship)]})
    assert (answer.status, answer.json["results"][0]["authentication"]) == (201, "reauthenticated")


def test_where_each_signature_is_asked_for_one_signs_on_the_pages(
    asker: Asker, apprenticeship: Apprenticeship, sponsor: Sponsor
) -> None:
    Sponsor.objects.filter(pk=sponsor.pk).update(signing_policy=SigningPolicy.EVERY)
    asker.client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = asker.post("api_sign_offs", {"lines": [as_sent(apprenticeship)]})
    assert (answer.status, answer.problem) == (403, "proof-needed")
    assert "sign on the pages" in answer.json["detail"]


def test_whom_nobody_has_confirmed_is_told_so(asker: Asker, apprenticeship: Apprenticeship, mentor: User) -> None:
    with lifted(connection):
        IdentityConfirmation.objects.filter(person=mentor).delete()
    answer = asker.post("api_sign_offs", {"lines": [as_sent(apprenticeship)]})
    assert (answer.status, answer.problem) == (403, "not-yet-accepted")
    assert "Nobody has confirmed yet" in answer.json["detail"]
