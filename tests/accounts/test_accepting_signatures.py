"""Accepting what one's electronic signature stands for, and confirming who somebody is."""

import uuid

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.acceptance import IdentityInvalid, accept_signature, confirm_identity
from accounts.access import NotPermitted
from accounts.models import IdentityConfirmation, IdentityMeans, Role, SignatureAcceptance, Sponsor, User
from accounts.proofs import Proof, ProofKind, ProofNeeded
from accounts.viewer import Viewer, build_viewer
from acts.guards import lifted
from acts.models import AuditEvent
from tests.cast import NOW, PASSWORD, make_person


@pytest.fixture
def newcomer(sponsor: Sponsor) -> User:
    """A mentor who has accepted nothing and whom nobody has confirmed."""
    person = make_person("Nell New", Role.MENTOR, sponsor=sponsor)
    with lifted(connection):
        person.signature_acceptances.all().delete()
        person.identity_confirmations.all().delete()
    return person


def proved(user: User) -> Viewer:
    return build_viewer(user, at=NOW, proof=Proof(ProofKind.PASSWORD, NOW, fresh=True))


def browser_of(person: User) -> Client:
    with time_machine.travel(NOW, tick=False):
        client = Client()
        client.force_login(person)
    return client


def test_accepting_keeps_the_words_and_is_traced(newcomer: User, sponsor: Sponsor) -> None:
    made = accept_signature(viewer=proved(newcomer), key="k", sponsor=sponsor)
    assert "I, Nell New, accept that my electronic signature with Empire Compounding" in made.statement
    assert (made.accepted_at, made.authentication) == (NOW, "reauthenticated")
    assert AuditEvent.objects.get(kind="signature_accepted").subject == f"user:{newcomer.pk}"


def test_accepting_again_gives_the_first_acceptance(newcomer: User, sponsor: Sponsor) -> None:
    first = accept_signature(viewer=proved(newcomer), key="k", sponsor=sponsor)
    assert accept_signature(viewer=proved(newcomer), key="k", sponsor=sponsor) == first
    assert accept_signature(viewer=proved(newcomer), key="other", sponsor=sponsor) == first


def test_accepting_needs_a_proof_whatever_the_policy(newcomer: User, sponsor: Sponsor) -> None:
    with pytest.raises(ProofNeeded):
        accept_signature(viewer=build_viewer(newcomer, at=NOW), key="k", sponsor=sponsor)


def test_an_auditor_signs_nothing_and_accepts_nothing(auditor: User, sponsor: Sponsor) -> None:
    with pytest.raises(NotPermitted):
        accept_signature(viewer=proved(auditor), key="k", sponsor=sponsor)


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_who_runs_the_program_confirms_who_somebody_is(
    newcomer: User, sponsor: Sponsor, who: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    made = confirm_identity(viewer=proved(by), key="k", sponsor=sponsor, person=newcomer, how="document")
    assert (made.confirmed_by, made.confirmed_at, made.how) == (by, NOW, IdentityMeans.DOCUMENT)
    assert confirm_identity(viewer=proved(by), key="k", sponsor=sponsor, person=newcomer, how="document") == made
    assert AuditEvent.objects.get(kind="identity_confirmed").actor_id == by.pk


def test_nobody_confirms_themselves(coordinator: User, sponsor: Sponsor) -> None:
    with pytest.raises(NotPermitted):
        confirm_identity(viewer=proved(coordinator), key="k", sponsor=sponsor, person=coordinator, how="known")
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityConfirmation.objects.create(
            sponsor=sponsor, person=coordinator, how="known", confirmed_by=coordinator, confirmed_at=NOW
        )


@pytest.mark.parametrize("who", ["mentor", "apprentice", "instructor", "auditor", "outsider"])
def test_nobody_else_confirms(newcomer: User, sponsor: Sponsor, who: str, request: pytest.FixtureRequest) -> None:
    viewer = proved(request.getfixturevalue(who))
    with pytest.raises(NotPermitted):
        confirm_identity(viewer=viewer, key="k", sponsor=sponsor, person=newcomer, how="known")


def test_what_is_no_way_to_confirm_is_refused(newcomer: User, coordinator: User, sponsor: Sponsor) -> None:
    with pytest.raises(IdentityInvalid):
        confirm_identity(viewer=proved(coordinator), key="k", sponsor=sponsor, person=newcomer, how="by feeling")


def test_a_stranger_to_the_sponsor_is_not_confirmed(coordinator: User, outsider: User, sponsor: Sponsor) -> None:
    with pytest.raises(IdentityInvalid):
        confirm_identity(viewer=proved(coordinator), key="k", sponsor=sponsor, person=outsider, how="known")


def test_confirming_needs_a_proof(newcomer: User, coordinator: User, sponsor: Sponsor) -> None:
    viewer = build_viewer(coordinator, at=NOW)
    with pytest.raises(ProofNeeded):
        confirm_identity(viewer=viewer, key="k", sponsor=sponsor, person=newcomer, how="known")


def test_after_accepting_one_is_back_where_one_was(newcomer: User, sponsor: Sponsor) -> None:
    browser, where = browser_of(newcomer), reverse("accept_signature", args=[sponsor.pk])
    with time_machine.travel(NOW, tick=False):
        page = browser.get(f"{where}?next=/records/").content.decode()
        assert "I accept, as Nell New" in page
        sent = {"key": str(uuid.uuid4()), "next": "/records/", "password": PASSWORD}
        wrong = browser.post(where, {**sent, "password": "not-my-password"})
        assert (wrong.status_code, SignatureAcceptance.objects.filter(person=newcomer).exists()) == (400, False)
        assert browser.post(where, sent)["Location"] == "/records/"
        assert browser.post(where, {**sent, "next": "https://elsewhere.example/"})["Location"] == "/"
        assert "You accepted" in browser.get(where).content.decode()


def test_the_list_shows_first_whom_nobody_has_confirmed(newcomer: User, coordinator: User, sponsor: Sponsor) -> None:
    browser, where = browser_of(coordinator), reverse("identities", args=[sponsor.pk])
    with time_machine.travel(NOW, tick=False):
        page = browser.get(where).content.decode().split("<main")[1]
        assert page.index("Nell New") < page.index("Carol Jones")
        assert "Carol Jones" not in browser.get(f"{where}?q=nell").content.decode().split("<main")[1]
        confirming = reverse("confirm_identity", args=[sponsor.pk, newcomer.pk])
        sent = {"key": str(uuid.uuid4()), "how": "document", "password": PASSWORD}
        assert browser.post(confirming, {**sent, "how": ""}).status_code == 400
        assert browser.post(confirming, sent).status_code == 302
        assert "Identity confirmed by Carol Jones" in browser.get(f"{where}?q=nell").content.decode()


def test_the_coordinators_first_page_says_that_somebody_waits_to_be_confirmed(
    newcomer: User, coordinator: User
) -> None:
    browser = browser_of(coordinator)
    with time_machine.travel(NOW, tick=False):
        page = browser.get(reverse("coordinator_home")).content.decode()
    assert "1 person can't sign, because nobody has confirmed who they are." in page


def test_the_operator_confirms_a_first_administrator(
    newcomer: User, sponsor: Sponsor, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("confirm_identity", "nell", sponsor.slug)
    made = IdentityConfirmation.objects.get(person=newcomer)
    assert (made.confirmed_by, made.how) == (None, "document")
    assert "Confirmed: Nell New" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("confirm_identity", "nobody", sponsor.slug)
