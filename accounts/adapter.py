"""What Journeybook decides about allauth: nobody signs up by themselves, and errors say what to do."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.middleware import viewer_of
from accounts.models import User
from acts.auditing import note_event

WRONG = _("The name or the password is not right. Both may have been mistyped; in a password, capitals count.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
        "too_many_login_attempts": _(
            "Too many tries with a wrong password. Wait five minutes, then try again, or ask for a new password."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come in by invitation of a sponsor, never by signing up."""
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Keep the accounts of the demo out of every other installation: their password is printed on screens."""
        if not settings.DEMO and user.memberships.filter(sponsor__is_demo=True).exists():
            closed: HttpResponse = self.respond_user_inactive(request, user)
            return closed
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Trace that somebody came in."""
        note_event("login", at=viewer_of(request).at, actor_id=user.pk)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count for one person: by sign-in name or mail address, at the login or at a signature.

        allauth counts by what was typed, so that each of the two names would give as many tries again.
        """
        names = {str(credentials[name]) for name in ("username", "email") if credentials.get(name)}
        condition = Q(pk__in=[])
        for name in names:
            condition |= Q(username__iexact=name) | Q(email__iexact=name) | Q(emailaddress__email__iexact=name)
        found = User.objects.filter(condition).values_list("pk", flat=True).order_by("pk").first()
        return f"person:{found}" if found else f"name:{min(names, default='').lower()}"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Trace a wrong password; what was typed is nobody's business, not even as a name."""
        note_event("login_failed", at=viewer_of(request).at)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """The mail speaks the person's own language, not that of whoever asked for it."""
        with override(user.language or settings.LANGUAGE_CODE):
            super().send_password_reset_mail(user, email, context)
