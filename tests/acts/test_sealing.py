"""A sealed text is known by a digest that tells nothing of it, and may be removed one day."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Sponsor
from acts.guards import lifted
from acts.models import SealedText
from acts.sealing import can_be_kept, digest_of, is_intact, seal, seal_many
from tests.cast import NOW


def test_the_same_words_have_another_digest_each_time(sponsor: Sponsor) -> None:
    first, second = seal_many([("Well done.", sponsor.pk)] * 2, at=NOW)
    assert first.digest != second.digest
    assert first.digest == digest_of(first.salt, "Well done.")
    assert (len(first.salt), len(first.digest), first.sealed_at) == (64, 64, NOW)


def test_a_kept_text_that_was_changed_is_not_intact(sponsor: Sponsor) -> None:
    sealed = seal("Well done.", sponsor_id=sponsor.pk, at=NOW)
    assert is_intact(sealed)
    for change in ({"text": "Badly done."}, {"salt": "0" * 64}, {"salt": "no number"}, {"salt": ""}):
        forged = SealedText(**{"digest": sealed.digest, "salt": sealed.salt, "text": sealed.text, **change})
        assert not is_intact(forged)


def test_a_removed_text_is_intact_only_when_it_is_really_gone(sponsor: Sponsor) -> None:
    sealed = seal("Well done.", sponsor_id=sponsor.pk, at=NOW)
    assert is_intact(SealedText(digest=sealed.digest, removed_at=NOW))
    assert not is_intact(SealedText(digest=sealed.digest, text="Badly done.", removed_at=NOW))


def test_the_database_keeps_no_words_of_a_removed_text(sponsor: Sponsor) -> None:
    sealed = seal("Well done.", sponsor_id=sponsor.pk, at=NOW)
    with lifted(connection), pytest.raises(IntegrityError), transaction.atomic():
        SealedText.objects.filter(pk=sealed.pk).update(removed_at=NOW)


@pytest.mark.parametrize(("text", "kept"), [("Größe, 9 > 8", True), ("", True), ("a\x00b", False), ("\ud800", False)])
def test_what_a_database_cannot_hold_is_known_before(text: str, kept: bool) -> None:
    assert can_be_kept(text) is kept
