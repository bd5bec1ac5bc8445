"""Habits of every table, checked by looking at all of them."""

import pytest
from django.apps import apps
from django.db import models

from accounts.models import Sponsor

PACKAGES = ("acts", "accounts", "competencies", "apprenticeship", "instruction", "reports")
TABLES = [model for model in apps.get_models() if model._meta.app_label in PACKAGES]
LABELS = [model._meta.label for model in TABLES]

pytestmark = pytest.mark.one_lane("sqlite")
every_table = pytest.mark.parametrize("table", TABLES, ids=LABELS)


def belongs_to_a_sponsor(table: type[models.Model], seen: tuple[type[models.Model], ...] = ()) -> bool:
    """Whether every row leads to a sponsor by foreign keys that are never blank."""
    if table is Sponsor:
        return True
    above = [field.related_model for field in table._meta.concrete_fields if field.is_relation and not field.null]
    return any(
        belongs_to_a_sponsor(model, (*seen, table))
        for model in above
        if isinstance(model, type) and model not in (*seen, table)
    )


def columns_of(constraint: models.BaseConstraint) -> str:
    return str(constraint.deconstruct())


@every_table
def test_what_belongs_to_a_sponsor_says_to_whom_it_is_visible(table: type[models.Model]) -> None:
    if belongs_to_a_sponsor(table):
        assert hasattr(table._default_manager, "visible_to")


@every_table
def test_who_and_when_are_bound_by_a_constraint(table: type[models.Model]) -> None:
    fields = {field.name: field for field in table._meta.concrete_fields}
    stems = {name[:-3] for name in fields if name.endswith("_by") and f"{name[:-3]}_at" in fields}
    constraints = [columns_of(constraint) for constraint in table._meta.constraints]
    for stem in stems:
        if fields[f"{stem}_at"].null:
            assert any(f"{stem}_by" in words and f"{stem}_at" in words for words in constraints), stem


@every_table
def test_the_docstring_says_what_one_row_is(table: type[models.Model]) -> None:
    assert (table.__doc__ or "").startswith(("One row", "The one row"))


@every_table
def test_no_table_has_an_order_of_its_own(table: type[models.Model]) -> None:
    assert not table._meta.ordering
