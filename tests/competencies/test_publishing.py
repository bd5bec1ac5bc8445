"""Importing the same content changes nothing; other content is a new draft; published is for good."""

from dataclasses import replace

import pytest

from accounts.access import NotPermitted
from accounts.models import Sponsor, User
from accounts.viewer import Viewer
from acts.models import Act, AuditEvent, Authentication
from competencies.builtin import builtin_path, load_builtin
from competencies.document import Doubt, NotAStandard, Question, StandardDocument
from competencies.exporting import document_of
from competencies.models import Skill, Standard, StandardVersion, VersionStatus
from competencies.publishing import (
    ApproachMissing,
    DoubtsRemain,
    NewerIsPublished,
    NotADraft,
    import_document,
    publish,
)
from competencies.reading import read_file
from tests.cast import NOW, viewer_for

pytestmark = pytest.mark.django_db

OPERATOR = Viewer(user=None, at=NOW, authentication=Authentication.COMMAND)


@pytest.fixture
def document() -> StandardDocument:
    return read_file(builtin_path())[0]


def retitled(document: StandardDocument, title: str) -> StandardDocument:
    return replace(document, title=title)


def test_an_import_makes_a_draft_that_exports_as_it_came(document: StandardDocument) -> None:
    imported = import_document(viewer=OPERATOR, document=document)
    assert (imported.is_new, imported.version.number, imported.version.status) == (True, 1, "draft")
    assert document_of(imported.version) == document


def test_importing_the_same_again_changes_nothing(document: StandardDocument) -> None:
    first = import_document(viewer=OPERATOR, document=document)
    again = import_document(viewer=OPERATOR, document=document)
    assert (again.is_new, again.version) == (False, first.version)
    assert (Standard.objects.count(), StandardVersion.objects.count(), Skill.objects.count()) == (1, 1, 49)
    assert (Act.objects.count(), AuditEvent.objects.count()) == (1, 1)


def test_other_content_is_a_second_draft_and_overwrites_nothing(document: StandardDocument) -> None:
    first = import_document(viewer=OPERATOR, document=document).version
    second = import_document(viewer=OPERATOR, document=retitled(document, "Another Title")).version
    assert (second.number, second.standard) == (2, first.standard)
    assert document_of(first) == document
    assert document_of(second).title == "Another Title"


def test_publishing_stamps_the_version_and_supersedes_the_one_before(document: StandardDocument) -> None:
    first = publish(viewer=OPERATOR, version=import_document(viewer=OPERATOR, document=document).version)
    other = import_document(viewer=OPERATOR, document=retitled(document, "Another Title")).version
    second = publish(viewer=OPERATOR, version=other)
    first.refresh_from_db()
    assert (first.status, second.status) == (VersionStatus.SUPERSEDED, VersionStatus.PUBLISHED)
    assert (first.published_at, second.published_at) == (NOW, NOW)


def test_the_library_shows_a_new_title_only_once_it_is_published(document: StandardDocument) -> None:
    first = publish(viewer=OPERATOR, version=import_document(viewer=OPERATOR, document=document).version)
    other = import_document(viewer=OPERATOR, document=retitled(document, "Another Title")).version
    assert Standard.objects.get().title == document.title
    publish(viewer=OPERATOR, version=other)
    first.refresh_from_db()
    assert (Standard.objects.get().title, first.title) == ("Another Title", document.title)


def test_a_second_publish_by_the_same_operator_gives_the_first_result(document: StandardDocument) -> None:
    version = import_document(viewer=OPERATOR, document=document).version
    publish(viewer=OPERATOR, version=version)
    later = replace(OPERATOR, at=NOW.replace(year=2027))
    assert publish(viewer=later, version=version).published_at == NOW


def test_a_version_published_by_another_is_no_draft_any_more(
    document: StandardDocument, sponsor: Sponsor, administrator: User
) -> None:
    version = import_document(viewer=OPERATOR, document=document, owner=sponsor).version
    publish(viewer=viewer_for(administrator), version=version)
    with pytest.raises(NotADraft):
        publish(viewer=OPERATOR, version=version)


def test_doubts_keep_a_version_a_draft(document: StandardDocument) -> None:
    doubt = Doubt(line=7, text="A line", question=Question.NOT_UNDERSTOOD, placed=False)
    version = import_document(viewer=OPERATOR, document=replace(document, doubts=(doubt,))).version
    with pytest.raises(DoubtsRemain) as refusal:
        publish(viewer=OPERATOR, version=version)
    assert refusal.value.doubts == (doubt,)
    version.refresh_from_db()
    assert version.is_draft
    assert Act.objects.count() == 1  # the refused act left no trace


def test_settled_doubts_are_other_content_and_can_be_published(document: StandardDocument) -> None:
    doubt = Doubt(line=7, text="A line", question=Question.NOT_UNDERSTOOD, placed=False)
    import_document(viewer=OPERATOR, document=replace(document, doubts=(doubt,)))
    settled = import_document(viewer=OPERATOR, document=document).version
    assert publish(viewer=OPERATOR, version=settled).number == 2


def test_a_version_without_an_approach_is_not_published(document: StandardDocument) -> None:
    version = import_document(viewer=OPERATOR, document=replace(document, approach="")).version
    with pytest.raises(ApproachMissing):
        publish(viewer=OPERATOR, version=version)


def test_an_older_draft_cannot_be_published_over_a_newer_version(document: StandardDocument) -> None:
    older = import_document(viewer=OPERATOR, document=document).version
    newer = import_document(viewer=OPERATOR, document=retitled(document, "Another Title")).version
    publish(viewer=OPERATOR, version=newer)
    with pytest.raises(NewerIsPublished):
        publish(viewer=OPERATOR, version=older)


def test_a_contradiction_is_refused_and_leaves_no_row(document: StandardDocument) -> None:
    twice = replace(document, skill_sets=(*document.skill_sets, document.skill_sets[0]))
    with pytest.raises(NotAStandard):
        import_document(viewer=OPERATOR, document=twice)
    assert not Standard.objects.exists()


def test_only_the_operator_fills_the_shared_library(
    document: StandardDocument, administrator: User, coordinator: User
) -> None:
    for person in (administrator, coordinator, None):
        with pytest.raises(NotPermitted):
            import_document(viewer=viewer_for(person), document=document)
    assert not Standard.objects.exists()


def test_a_sponsors_administrator_keeps_its_own_standards_and_nobody_else_does(
    document: StandardDocument, sponsor: Sponsor, administrator: User, mentor: User, outsider: User
) -> None:
    for person in (mentor, outsider, None):
        with pytest.raises(NotPermitted):
            import_document(viewer=viewer_for(person), document=document, owner=sponsor)
    version = import_document(viewer=viewer_for(administrator), document=document, owner=sponsor).version
    with pytest.raises(NotPermitted):
        publish(viewer=viewer_for(mentor), version=version)
    assert publish(viewer=viewer_for(administrator), version=version).published_by == administrator


def test_the_same_slug_may_live_in_the_library_and_with_a_sponsor(document: StandardDocument, sponsor: Sponsor) -> None:
    shared = import_document(viewer=OPERATOR, document=document)
    own = import_document(viewer=OPERATOR, document=document, owner=sponsor)
    assert (own.is_new, own.version.number) == (True, 1)
    assert own.version.standard != shared.version.standard


def test_the_built_in_standard_loads_once_and_published(published_standard: StandardVersion) -> None:
    assert published_standard.status == VersionStatus.PUBLISHED
    assert load_builtin(viewer=viewer_for(None)) == published_standard
    assert StandardVersion.objects.count() == 1
