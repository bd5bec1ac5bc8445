"""Who says what signing asks for, and what is kept of it."""

import uuid

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.access import NotPermitted
from accounts.models import SigningPolicy, Sponsor, User
from accounts.proofs import Proof, ProofKind, ProofNeeded
from accounts.signing_policy import PolicyUnknown, set_signing_policy
from accounts.viewer import Viewer, build_viewer
from acts.models import AuditEvent
from tests.cast import NOW, PASSWORD


def proved(user: User, *, fresh: bool = True) -> Viewer:
    return build_viewer(user, at=NOW, proof=Proof(ProofKind.PASSWORD, NOW, fresh=fresh))


def test_the_administrator_sets_it_and_the_trace_says_what_held_before(administrator: User, sponsor: Sponsor) -> None:
    for _press in range(2):
        changed = set_signing_policy(viewer=proved(administrator), key="k", sponsor=sponsor, policy="every")
    event = AuditEvent.objects.get(kind="signing_policy_set")
    assert (changed.signing_policy, event.actor_id) == (SigningPolicy.EVERY, administrator.pk)
    assert event.data == {"from": "session", "to": "every"}


def test_saying_what_holds_leaves_no_trace(administrator: User, sponsor: Sponsor) -> None:
    set_signing_policy(viewer=proved(administrator), key="k", sponsor=sponsor, policy="session")
    assert not AuditEvent.objects.filter(kind="signing_policy_set").exists()


@pytest.mark.parametrize("who", ["coordinator", "mentor", "apprentice", "instructor", "auditor", "outsider"])
def test_nobody_else_sets_it(sponsor: Sponsor, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        set_signing_policy(viewer=proved(request.getfixturevalue(who)), key="k", sponsor=sponsor, policy="every")


def test_it_takes_a_proof_with_the_act_itself(administrator: User, sponsor: Sponsor) -> None:
    for viewer in (build_viewer(administrator, at=NOW), proved(administrator, fresh=False)):
        with pytest.raises(ProofNeeded):
            set_signing_policy(viewer=viewer, key="k", sponsor=sponsor, policy="every")


def test_there_are_three_policies(administrator: User, sponsor: Sponsor) -> None:
    with pytest.raises(PolicyUnknown):
        set_signing_policy(viewer=proved(administrator), key="k", sponsor=sponsor, policy="never")
    with pytest.raises(IntegrityError), transaction.atomic():
        Sponsor.objects.filter(pk=sponsor.pk).update(signing_policy="never")


def test_everybody_of_the_sponsor_reads_it_and_the_administrator_changes_it(
    administrator: User, mentor: User, sponsor: Sponsor
) -> None:
    where = reverse("signing_policy", args=[sponsor.pk])
    sent = {"key": str(uuid.uuid4()), "policy": "every"}
    with time_machine.travel(NOW, tick=False):
        reader, writer = Client(), Client()
        reader.force_login(mentor)
        writer.force_login(administrator)
        assert "It asks less than 21 CFR 11.200." in reader.get(where).content.decode()
        assert "<form" not in reader.get(where).content.decode().split("<main")[1]
        assert writer.post(where, sent).status_code == 400
        assert writer.post(where, {**sent, "password": PASSWORD}).status_code == 302
    sponsor.refresh_from_db()
    assert sponsor.signing_policy == SigningPolicy.EVERY
