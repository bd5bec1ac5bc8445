"""Page and API lead to the same transition, so the same act leaves the same entry."""

import json
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship
from tests.api.contract import Asker
from tests.api.sending import as_sent
from tests.cast import signed, skill_of


def said(book: Apprenticeship, sequence: int) -> dict[str, Any]:
    """An entry without what must differ from one act to the next: its place, its key, its skill and its salt."""
    content: dict[str, Any] = json.loads(book.entries.get(sequence=sequence).canonical)
    for name in ("act", "sequence", "previous"):
        assert content.pop(name)
    body = content["body"]
    for name in {"skill", "note", "reason", "sign_off"} & set(body):
        assert body.pop(name)
    return content


def test_signing_by_page_and_by_api_leaves_the_same_entry(
    apprenticeship: Apprenticeship, mentor: User, client: Client
) -> None:
    one, other = (as_sent(apprenticeship, code, note="Steady hands.") for code in ("2.1", "2.2"))
    assert skill_of(apprenticeship, "2.1").scale == skill_of(apprenticeship, "2.2").scale
    client.force_login(mentor)
    form = {**one, "day": "other", "key": "00000000-0000-4000-8000-000000000001"}
    assert client.post(reverse("sign_off", args=[apprenticeship.pk, one["skill"]]), form).status_code == 302
    assert Asker(mentor).post("api_sign_offs", {"lines": [other]}).status == 201
    assert said(apprenticeship, 1) == said(apprenticeship, 2)


def test_taking_back_by_page_and_by_api_leaves_the_same_entry(
    apprenticeship: Apprenticeship, mentor: User, client: Client
) -> None:
    one, other = (signed(apprenticeship, mentor, code) for code in ("2.1", "2.2"))
    body = {"kind": "no_longer_stands", "reason": "Was shown once only."}
    client.force_login(mentor)
    form = {**body, "key": "00000000-0000-4000-8000-000000000001"}
    assert client.post(reverse("take_back", args=[one.pk]), form).status_code == 302
    assert Asker(mentor).post("api_take_back", body, pk=other.pk).status == 201
    assert said(apprenticeship, 3) == said(apprenticeship, 4)
