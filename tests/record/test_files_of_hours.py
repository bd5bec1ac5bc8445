"""Files of certificates and of hours earned otherwise are held to their entries, as those of sign-offs are."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from accounts.models import User
from acts.guards import lifted
from acts.models import SealedText, StoredFile
from apprenticeship.evidence_checks import check_files
from apprenticeship.models import Apprenticeship, Evidence, RecordEntry, Terms
from apprenticeship.purging import purge
from apprenticeship.verifying import verify_record
from tests.cast import make_apprenticeship, make_person, viewer_for
from tests.certificates.bringing import brought, confirmed
from tests.instruction.earning import earned, waived

Act = Callable[[User, Apprenticeship], RecordEntry]
ACTS: dict[str, Act] = {
    "certificate": lambda by, book: confirmed(brought(book, by), by).entry,  # type: ignore[dict-item,return-value]  # of a book
    "other_hours": lambda by, book: earned(by, book).entry,
}


@pytest.fixture(params=[*ACTS])
def file(
    request: pytest.FixtureRequest,
    apprenticeship: Apprenticeship,
    coordinator: User,
    settings: Settings,
    tmp_path: Path,
) -> Evidence:
    """The file of the second entry of a book."""
    settings.MEDIA_ROOT = tmp_path
    waived(coordinator, apprenticeship)
    ACTS[request.param](coordinator, apprenticeship)
    return Evidence.objects.select_related("file", "name", "apprenticeship").get()


def named(file: Evidence) -> set[int]:
    return {finding.sequence for finding in verify_record(file.apprenticeship).findings}


# Forgers need real commits: PostgreSQL alters no table with a check still to come in the transaction.
@pytest.mark.django_db(transaction=True)
def test_a_file_that_was_renamed_moved_or_exchanged_is_named(file: Evidence, terms: Terms) -> None:
    twin = make_apprenticeship(make_person("Tom Twin", sponsor=terms.program.sponsor), terms)
    assert named(file) == set()
    for model, pk, forged, honest in (
        (SealedText, file.name.pk, {"text": "other.pdf"}, {"text": file.name.text}),
        (Evidence, file.pk, {"apprenticeship": twin}, {"apprenticeship": file.apprenticeship}),
        (StoredFile, file.file.pk, {"sha256": "0" * 64}, {"sha256": file.file.sha256}),
    ):
        rows = model._default_manager.filter(pk=pk)
        with lifted(connection):
            rows.update(**forged)
        assert named(file) == {2}, model
        with lifted(connection):
            rows.update(**honest)


def test_bytes_that_were_changed_are_named_by_the_entry(file: Evidence, tmp_path: Path) -> None:
    (tmp_path / str(file.file.file)).write_bytes(b"other")
    assert [(found.sequence, "were changed" in found.what) for found in check_files(file.apprenticeship)] == [(2, True)]


def test_a_file_that_was_purged_leaves_the_book_intact(file: Evidence, coordinator: User) -> None:
    purge(viewer=viewer_for(coordinator), key="p", evidence=file, reason="A label can be read.")
    assert named(file) == set()
