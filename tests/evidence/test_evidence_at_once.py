"""Two at the same instant: the same bytes, and a purge beside a signature."""

from functools import partial
from pathlib import Path

import pytest

from accounts.models import User
from acts.models import StoredFile
from acts.outbox import relay
from apprenticeship.lines import SignOffInvalid
from apprenticeship.models import Apprenticeship, Evidence, EvidenceDraft, Purge, SignOff
from apprenticeship.purging import UsedMeanwhile, purge
from apprenticeship.verifying import verify_record
from tests.at_once import at_once
from tests.cast import NOW, signed, viewer_for
from tests.evidence.files import PDF, photo, uploaded

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_bytes_uploaded_at_once_are_kept_once(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, deputy: User, tmp_path: Path
) -> None:
    people, data = (apprentice, mentor, deputy, mentor), photo()
    made = at_once([partial(uploaded, apprenticeship, who, data, key="k") for who in people])
    assert {type(draft) for draft in made} == {EvidenceDraft}
    assert (EvidenceDraft.objects.count(), StoredFile.objects.count()) == (3, 2)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2


def test_a_purge_beside_a_signature_leaves_no_file_that_nobody_accounts_for(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    signed(apprenticeship, mentor, evidence=(uploaded(apprenticeship, mentor, PDF).pk,))
    evidence = Evidence.objects.select_related("file", "apprenticeship__sponsor").get()
    again = uploaded(apprenticeship, mentor, PDF).pk
    outcomes = at_once(
        [
            lambda: signed(apprenticeship, mentor, "2.1", evidence=(again,)),
            lambda: purge(viewer=viewer_for(coordinator), key="p", evidence=evidence, reason="A label can be read."),
        ]
    )
    assert isinstance(outcomes[0], SignOff | SignOffInvalid)
    assert isinstance(outcomes[1], list | UsedMeanwhile)
    relay(at=NOW, clock=lambda: NOW)
    assert verify_record(apprenticeship).is_intact
    assert Purge.objects.exists() == StoredFile.objects.filter(removed_at__isnull=False).exists()
