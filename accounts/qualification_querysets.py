"""Reading qualifications: those of a sponsor's people, and all of one person along with their roles."""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Aggregate, JSONField, Q
from django.db.models.functions import JSONArray

if TYPE_CHECKING:
    from accounts.qualification_models import Qualification  # noqa: F401  # the name of the generic parameter
    from accounts.viewer import Viewer


class QualificationQuerySet(models.QuerySet["Qualification"]):
    def visible_to(self, viewer: "Viewer") -> "QualificationQuerySet":
        """One's own, and those of people of sponsors that one administers, coordinates or audits."""
        rows = self.filter(Q(person=viewer.user_id) | Q(sponsor__in=viewer.overseen_sponsor_ids))
        return rows.filter(sponsor=viewer.bound_to) if viewer.bound_to else rows

    def not_renewed(self) -> "QualificationQuerySet":
        """Without those whose holder has another one with that sponsor that is good for longer."""
        longer = Q(valid_until=None) | Q(valid_until__gt=models.OuterRef("valid_until"))
        others: models.QuerySet[models.Model] = apps.get_model("accounts", "Qualification")._default_manager.all()
        same = others.filter(longer, person=models.OuterRef("person"), sponsor=models.OuterRef("sponsor"))
        return self.filter(~models.Exists(same.filter(ended_on=None)))


class _Listed(Aggregate):
    """All rows of a group as one JSON list."""

    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSONB_AGG", **extra)


def of_this_membership() -> models.Subquery:
    """The qualifications of a membership's holder with its sponsor, as `qualified_by` reads them."""
    rows: models.QuerySet[models.Model] = apps.get_model("accounts", "Qualification")._default_manager.all()
    mine = rows.filter(person=models.OuterRef("user"), sponsor=models.OuterRef("sponsor")).order_by()
    row = JSONArray("name", "role_tracks", "since", "valid_until", "ended_on")
    return models.Subquery(mine.values("person").annotate(listed=_Listed(row)).values("listed"))
