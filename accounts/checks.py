"""System check: every address of the site declares who may open it."""

from collections.abc import Iterator
from typing import Any

from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.pages import Declared


def every_pattern(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site with its pattern, in the order of the resolver."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from every_pattern(pattern, address)
        else:
            yield address, pattern


def declaration_of(pattern: URLPattern) -> str | None:
    """What the view of `pattern` declares: a permission, "public" or "signed in"; None for nothing."""
    view = pattern.callback
    for candidate in (view, getattr(view, "cls", None), getattr(view, "view_class", None)):
        if isinstance(candidate, Declared):
            return str(candidate.declared)
    return None


@checks.register(checks.Tags.urls)
def every_view_declares(**_kwargs: Any) -> list[checks.CheckMessage]:
    """An error for each address whose view declares nothing."""
    return [
        checks.Error(
            f"The address /{address} does not say who may open it.",
            hint="Decorate the view with page(...), signed_in or public of accounts/pages.py.",
            id="journeybook.E003",
        )
        for address, pattern in every_pattern()
        if declaration_of(pattern) is None
    ]
