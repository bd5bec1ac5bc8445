"""What each signing policy asks of a signer, and what the entry then says."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import IdentityConfirmation, SignatureAcceptance, SigningPolicy, Sponsor, User
from accounts.proofs import NotYetAccepted, Proof, ProofKind, ProofNeeded, require_proof
from accounts.viewer import Viewer, build_viewer
from acts.guards import lifted
from acts.models import Act, Authentication
from apprenticeship.models import Apprenticeship, SignOff, Worksite
from apprenticeship.signoff import sign_off
from apprenticeship.takingback import take_back
from tests.cast import NOW, fresh, line, signed
from tests.stations.standing import registered, standing_at, turn_at

Policy = Callable[[SigningPolicy], Apprenticeship]


@pytest.fixture
def under(sponsor: Sponsor, apprenticeship: Apprenticeship) -> Policy:
    """`under(policy)` is Rosa's book where the sponsor asks that."""

    def changed(policy: SigningPolicy) -> Apprenticeship:
        Sponsor.objects.filter(pk=sponsor.pk).update(signing_policy=policy)
        return apprenticeship

    return changed


def who_proved(mentor: User, kind: ProofKind | None, minutes: float = 0, *, fresh: bool = False) -> Viewer:
    """`mentor`, who proved who they are so many minutes ago; None: never."""
    proof = Proof(kind, NOW - timedelta(minutes=minutes), fresh=fresh) if kind else None
    return build_viewer(mentor, at=NOW, proof=proof)


def authentication_of(viewer: Viewer, book: Apprenticeship) -> str:
    """How the signature that `viewer` now gives says they were authenticated."""
    made = sign_off(viewer=viewer, key="k", line=line(book))
    return str(json.loads(made.entry.canonical)["act"]["authentication"])


PASSWORD, PASSKEY = ProofKind.PASSWORD, ProofKind.PASSKEY
SESSION, REAUTHENTICATE, EVERY = SigningPolicy.SESSION, SigningPolicy.REAUTHENTICATE, SigningPolicy.EVERY


@pytest.mark.parametrize(
    ("policy", "kind", "minutes", "fresh", "says"),
    [
        (SESSION, None, 0, False, "session"),
        (SESSION, PASSWORD, 16, False, "session"),
        (SESSION, PASSWORD, 3, False, "reauthenticated"),
        (REAUTHENTICATE, PASSWORD, 14.9, False, "reauthenticated"),
        (REAUTHENTICATE, PASSKEY, 14.9, False, "passkey"),
        (EVERY, PASSWORD, 0, True, "reauthenticated"),
        (EVERY, PASSKEY, 0, True, "passkey"),
    ],
)
def test_a_proof_that_is_enough_stands_in_the_entry(
    policy: SigningPolicy, kind: ProofKind | None, minutes: float, fresh: bool, says: str, under: Policy, mentor: User
) -> None:
    assert authentication_of(who_proved(mentor, kind, minutes, fresh=fresh), under(policy)) == says


@pytest.mark.parametrize(
    ("policy", "kind", "minutes"),
    [
        (REAUTHENTICATE, None, 0),
        (REAUTHENTICATE, PASSWORD, 15),
        (EVERY, None, 0),
        (EVERY, PASSWORD, 1),  # of the login a minute ago
        (EVERY, PASSKEY, 1),
    ],
)
def test_without_enough_proof_nothing_is_signed(
    policy: SigningPolicy, kind: ProofKind | None, minutes: float, under: Policy, mentor: User
) -> None:
    with pytest.raises(ProofNeeded) as refusal:
        sign_off(viewer=who_proved(mentor, kind, minutes), key="k", line=line(under(policy)))
    assert refusal.value.sponsor
    assert refusal.value.sponsor.signing_policy == policy
    assert not SignOff.objects.exists()
    assert not Act.objects.filter(key="k").exists()


@pytest.mark.parametrize("policy", list(SigningPolicy))
def test_at_a_station_the_pin_of_the_turn_signs_whatever_the_policy(
    policy: SigningPolicy, under: Policy, mentor: User, administrator: User, worksite: Worksite
) -> None:
    book = under(policy)
    station = registered(administrator, worksite).station
    assert authentication_of(standing_at(station, mentor), book) == "pin"
    logged_in = replace(who_proved(mentor, PASSWORD, 1), station=turn_at(station))
    with pytest.raises(ProofNeeded):
        sign_off(viewer=logged_in, key="another", line=line(book, "1.2"))


def test_the_same_press_again_asks_for_no_proof(under: Policy, mentor: User) -> None:
    book = under(EVERY)
    first = sign_off(viewer=who_proved(mentor, PASSWORD, fresh=True), key="k", line=line(book))
    again = sign_off(viewer=who_proved(mentor, None), key="k", line=line(book))
    assert again == first


def test_taking_back_asks_as_signing_does(under: Policy, mentor: User) -> None:
    made = signed(under(SESSION), mentor)
    under(EVERY)
    made.apprenticeship = fresh(made.apprenticeship)
    with pytest.raises(ProofNeeded):
        take_back(viewer=who_proved(mentor, PASSWORD, 1), key="t", sign_off=made, kind="mistake")
    taken = take_back(viewer=who_proved(mentor, PASSWORD, fresh=True), key="t", sign_off=made, kind="mistake")
    assert taken.entry.act.authentication == Authentication.REAUTHENTICATED


@pytest.mark.parametrize(
    ("missing", "accepted", "identified"),
    [(SignatureAcceptance, False, True), (IdentityConfirmation, True, False)],
)
def test_who_has_not_accepted_or_is_not_identified_signs_nothing(
    missing: type[SignatureAcceptance | IdentityConfirmation],
    accepted: bool,
    identified: bool,
    under: Policy,
    mentor: User,
) -> None:
    book = under(SESSION)
    with lifted(connection):
        missing.objects.filter(person=mentor).delete()
    with pytest.raises(NotYetAccepted) as refusal:
        sign_off(viewer=who_proved(mentor, PASSWORD, fresh=True), key="k", line=line(book))
    assert (refusal.value.accepted, refusal.value.identified) == (accepted, identified)
    assert not SignOff.objects.exists()


def test_a_token_proves_nothing(mentor: User, sponsor: Sponsor) -> None:
    viewer = build_viewer(mentor, at=NOW, authentication=Authentication.TOKEN, proof=Proof(PASSWORD, NOW, fresh=True))
    assert viewer.authentication == Authentication.TOKEN
    with pytest.raises(ProofNeeded):
        require_proof(viewer, [sponsor])


def test_a_command_of_the_operator_passes(sponsor: Sponsor) -> None:
    require_proof(Viewer(user=None, at=NOW, authentication=Authentication.COMMAND), [sponsor])
