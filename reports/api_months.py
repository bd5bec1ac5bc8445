"""A month in the API: "2026-02", as the first day of it."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field(OpenApiTypes.STR)
class MonthField(serializers.Field[date, str, str, date]):
    """A month by its year and number; its value is the first day."""

    default_error_messages = {"invalid": _('Write the month as in "2026-02".')}

    def to_internal_value(self, data: str) -> date:
        try:
            return datetime.strptime(data, "%Y-%m").date()  # noqa: DTZ007  # a month has no zone
        except (TypeError, ValueError):
            self.fail("invalid")

    def to_representation(self, value: date) -> str:
        return f"{value:%Y-%m}"
