"""Terms that somebody's apprenticeship pins can't be changed any more, not even by SQL."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Sponsor
from apprenticeship.models import Apprenticeship, Terms
from competencies.models import StandardVersion
from tests.cast import make_terms


def test_terms_in_use_refuse_to_change(apprenticeship: Apprenticeship) -> None:
    with pytest.raises(DatabaseError, match="in use"), transaction.atomic():
        Terms.objects.filter(pk=apprenticeship.terms_id).update(term_months=6)


def test_terms_in_use_refuse_to_go(apprenticeship: Apprenticeship) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM apprenticeship_terms")


def test_terms_in_use_refuse_to_be_replaced(apprenticeship: Apprenticeship) -> None:
    replacing = {
        "sqlite": "INSERT OR REPLACE INTO apprenticeship_terms SELECT * FROM apprenticeship_terms",
        "postgresql": "INSERT INTO apprenticeship_terms SELECT * FROM apprenticeship_terms "
        "ON CONFLICT (id) DO UPDATE SET term_months = 6",
    }
    with pytest.raises(DatabaseError, match="in use"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(replacing[connection.vendor])


def test_terms_that_nobody_uses_may_still_change(sponsor: Sponsor, standard_version: StandardVersion) -> None:
    terms = make_terms(sponsor, standard_version)
    terms.term_months = 6
    terms.save(update_fields=["term_months"])
    terms.refresh_from_db()
    assert terms.term_months == 6
