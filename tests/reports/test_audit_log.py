"""The audit log of a sponsor tells in words what was done, of its own people only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Sponsor, User
from acts.auditing import note_event
from reports.audit_words import GROUPS
from tests.cast import NOW

pytestmark = pytest.mark.django_db
KNOWN = {kind for _title, words in GROUPS.values() for kind in words}


@pytest.fixture
def log(client: Client, auditor: User, sponsor: Sponsor) -> str:
    client.force_login(auditor)
    return reverse("audit_log", args=[sponsor.pk])


def noted(kind: str, by: User | None, sponsor: Sponsor | None, about: str = "", **data: str) -> None:
    actor, tenant = by.pk if by else None, sponsor.pk if sponsor else None
    note_event(kind, at=NOW, actor_id=actor, sponsor_id=tenant, subject=about, data=data)


def test_it_says_who_did_what_to_whom(
    client: Client, log: str, sponsor: Sponsor, administrator: User, mentor: User, outsider: User
) -> None:
    noted("role_given", administrator, sponsor, f"user:{mentor.pk}", role="instructor")
    noted("signing_policy_set", outsider, outsider.memberships.get().sponsor)
    page = client.get(log).content.decode()
    assert f'Role given: Instructor</strong> <span class="breaks">{mentor.name}' in page
    assert administrator.name in page
    assert "Signing policy set</strong>" not in page


def test_signing_in_is_shown_of_those_who_have_a_role_here(
    client: Client, log: str, mentor: User, outsider: User
) -> None:
    noted("login", mentor, None)
    noted("login", outsider, None)
    page = client.get(log, {"group": "sign_ins"}).content.decode()
    assert (page.count("Logged in</strong>"), mentor.name in page, outsider.name in page) == (1, True, False)


def test_it_is_filtered_by_name_and_day_and_comes_as_a_file(
    client: Client, log: str, sponsor: Sponsor, administrator: User, coordinator: User
) -> None:
    noted("employer_added", administrator, sponsor)
    noted("cohort_added", coordinator, sponsor)
    rows = client.get(reverse("audit_log_csv", args=[sponsor.pk]), {"q": coordinator.name}).content.decode()
    assert ("Cohort added" in rows, "Employer added" in rows) == (True, False)
    later = client.get(log, {"since": "2026-03-03"}).content.decode()
    assert "Nothing found" in later
    assert "Enter a valid date." in client.get(log, {"since": "never"}).content.decode()


def test_as_many_queries_for_thirty_events_as_for_one(
    client: Client, log: str, sponsor: Sponsor, administrator: User, mentor: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(log)
        return len(captured)

    noted("role_given", administrator, sponsor, f"user:{mentor.pk}")
    queries()
    one = queries()
    for _number in range(30):
        noted("role_ended", administrator, sponsor, f"user:{mentor.pk}")
    assert queries() == one


@pytest.mark.one_lane("sqlite")
def test_every_kind_that_the_code_names_has_words() -> None:
    found = set()
    for app in ("accounts", "apprenticeship", "instruction", "reports", "competencies"):
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            text = path.read_text()
            if "note_event" in text:
                found |= {name for name in _first_words(ast.parse(text)) if name != "login_failed"}
    assert len(found) > 40
    assert found <= KNOWN


def _first_words(tree: ast.AST) -> Iterator[str]:
    """The literal first words of calls that write events, by the names that such functions have."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            first = node.args[0]
            if node.func.id in ("note_event", "note_events", "_tell", "_note") and isinstance(first, ast.Constant):
                yield str(first.value)
