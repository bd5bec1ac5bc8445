"""Two imports at the same instant, on real connections: nothing is doubled and nothing is lost."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connection

from competencies.builtin import builtin_path
from competencies.document import StandardDocument
from competencies.models import Skill, Standard, StandardVersion
from competencies.publishing import Imported, import_document
from competencies.reading import read_file
from tests.competencies.test_publishing import OPERATOR

pytestmark = pytest.mark.django_db(transaction=True)


def import_at_once(documents: Sequence[StandardDocument]) -> list[Imported]:
    """Import each document on a connection of its own, all starting together."""
    start = Barrier(len(documents))

    def work(document: StandardDocument) -> Imported:
        try:
            start.wait(10)
            return import_document(viewer=OPERATOR, document=document)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(documents)) as pool:
        return list(pool.map(work, documents))


def test_the_same_content_at_once_is_one_version() -> None:
    document, _ = read_file(builtin_path())
    imported = import_at_once([document] * 4)
    assert sorted(result.is_new for result in imported) == [False, False, False, True]
    assert len({result.version.pk for result in imported}) == 1
    assert (Standard.objects.count(), StandardVersion.objects.count(), Skill.objects.count()) == (1, 1, 49)


def test_different_contents_at_once_are_versions_of_one_standard_with_their_own_numbers() -> None:
    document, _ = read_file(builtin_path())
    imported = import_at_once([replace(document, source=f"Source {n}") for n in range(4)])
    assert all(result.is_new for result in imported)
    assert sorted(result.version.number for result in imported) == [1, 2, 3, 4]
    assert Standard.objects.count() == 1
