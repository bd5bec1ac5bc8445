"""Who is held to a version keeps its words, whatever a later version is called."""

from dataclasses import replace

import pytest

from accounts.models import User
from apprenticeship.models import Apprenticeship
from apprenticeship.record import read
from apprenticeship.signoff import sign_off
from competencies.exporting import document_of
from competencies.publishing import import_document, publish
from reports.gathering import gather
from tests.cast import NOW, line, viewer_for
from tests.competencies.test_publishing import OPERATOR

pytestmark = pytest.mark.django_db


def test_a_later_version_changes_no_word_of_an_older_one(apprenticeship: Apprenticeship, mentor: User) -> None:
    version = apprenticeship.terms.standard_version
    title, source = version.title, version.printed("source")
    later = replace(document_of(version), title="Another Title", source="Another Publisher", onet_code="29-2052.00")
    publish(viewer=OPERATOR, version=import_document(viewer=OPERATOR, document=later).version)
    version.standard.refresh_from_db()
    assert version.standard.title == "Another Title"
    made = sign_off(viewer=viewer_for(mentor), key="k", line=line(apprenticeship, "1.1"))
    assert read(made.entry)["body"]["standard"]["title"] == title
    against = gather(apprenticeship.pk, at=NOW, language="en", paper="letter").against
    assert (against.title, against.source, against.onet_code) == (title, source, "")
