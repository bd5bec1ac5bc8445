"""Programs that demand more than the standard does, and tests that apprentices took."""

import uuid
from decimal import Decimal
from typing import Any

from accounts.models import User
from apprenticeship.models import Apprenticeship, Terms, TestResult
from apprenticeship.taken import TestTaken
from apprenticeship.testing import record_test
from tests.cast import TODAY, fresh, skill_of, viewer_for

PROCEDURE = {"number": "SOP-12", "version": "3"}


def with_additions(terms: Terms, **additions: Any) -> Terms:
    """The next terms of the same program, with these additions by skill code (`_1_1` for "1.1")."""
    by_code = {name.strip("_").replace("_", "."): added for name, added in additions.items()}
    return Terms.objects.create(
        program=terms.program,
        number=terms.number + 1,
        standard_version=terms.standard_version,
        adopted_on=terms.adopted_on,
        additions=by_code,
    )


def held_to(book: Apprenticeship, **additions: Any) -> Apprenticeship:
    """The book under terms with these additions; the last ones before anything was signed."""
    loaded = fresh(book)
    loaded.terms = with_additions(loaded.terms, **additions)
    loaded.save(update_fields=["terms"])
    return fresh(loaded)


def taken(**changes: Any) -> TestTaken:
    """A hands-on test that was passed today before a named third party; `changes` replaces members."""
    told: dict[str, Any] = {
        "kind": "practical",
        "taken_on": TODAY,
        "passed": True,
        "instrument": "Gowning checklist, revision 4",
        "examiner_name": "Petra Lindqvist",
        "examiner_organization": "Hudson Valley Testing",
        "score": Decimal(41),
        "pass_mark": Decimal("37.50"),
    }
    return TestTaken(**{**told, **changes})


def record_taken(book: Apprenticeship, by: User, code: str = "1.1", **changes: Any) -> TestResult:
    """A test of the skill `code`, recorded by `by`."""
    return record_test(
        viewer=viewer_for(by),
        key=str(uuid.uuid4()),
        apprenticeship=fresh(book),
        skill=skill_of(book, code),
        taken=taken(**changes),
    )
