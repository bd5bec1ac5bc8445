"""Long numbers of hours are read as each language writes them."""

from decimal import Decimal

import pytest
from django.utils import translation

from apprenticeship.plain_hours import in_words, plain_hours, read_hours


@pytest.mark.one_lane("sqlite")
@pytest.mark.parametrize(
    ("hours", "english", "spanish"),
    [
        ("7.50", "7.5", "7.5"),
        ("999.75", "999.75", "999.75"),
        ("1000", "1,000", "1000"),
        ("12345.25", "12,345.25", "12\N{NO-BREAK SPACE}345.25"),
        ("-2000", "-2,000", "-2000"),
    ],
)
def test_thousands_are_set_apart_by_language(hours: str, english: str, spanish: str) -> None:
    for language, read in (("en", english), ("es", spanish)):
        with translation.override(language):
            assert read_hours(Decimal(hours)) == read
    assert in_words(Decimal(500), Decimal(2000)) == "500 of 2,000 hours; 1,500 to go"
    assert plain_hours(Decimal("1000")) == "1000"  # what fields and files carry
