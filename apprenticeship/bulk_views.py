"""Signing many at once: several skills of one apprentice, or one skill for several apprentices; one act each."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Permission
from accounts.addresses import by_htmx
from accounts.middleware import viewer_of
from accounts.pages import Reach, at_station, page
from accounts.proving import Proving
from acts.acting import KeyReused
from apprenticeship.assignments import get_one_to_sign
from apprenticeship.attachments import Attachments, GroupAttachments
from apprenticeship.bulk_forms import ManyForm
from apprenticeship.bulk_sheet import (
    AskedSkills,
    ManySheet,
    sheet_of_apprentices,
    sheet_of_skills,
    skills_to_sign,
)
from apprenticeship.models import Apprenticeship
from apprenticeship.signoff import AlreadySigned, SignOffInvalid, sign_off_many
from apprenticeship.views import forms_methods
from competencies.models import Skill


@dataclass(frozen=True)
class ManySigning:
    """One visit to a sheet: how to read it (again), and what its page needs beyond it."""

    request: HttpRequest
    read: Callable[[], ManySheet]
    context: dict[str, object]

    def answer(self) -> HttpResponse:
        """The sheet; POST signs what is ticked, all of it or nothing."""
        sheet = self.read()
        proving = Proving(self.request, [book.sponsor for book in sheet.books])
        proving.require_readiness()
        attachments = _attachments(self.request, sheet)  # what is uploaded goes with every line
        if self.request.method != "POST":
            return self._show(ManyForm(sheet=sheet), HTTPStatus.OK)
        form = ManyForm(self.request.POST, sheet=sheet)
        well = proving.succeeds() & form.can_be_sent() & (attachments is None or attachments.succeeds())
        if not well or not sheet.lines:
            return self._refused(form, HTTPStatus.BAD_REQUEST)
        return self._sign(form, attachments.ids if attachments else ())

    def _sign(self, form: ManyForm, evidence: Sequence[uuid.UUID]) -> HttpResponse:
        try:
            key = str(form.cleaned_data["key"])
            made = sign_off_many(viewer=viewer_of(self.request), key=key, lines=form.lines(evidence))
        except SignOffInvalid as refusal:
            return self._refused(form, HTTPStatus.BAD_REQUEST, refusal)
        except AlreadySigned:
            return self._refused(form, HTTPStatus.CONFLICT)
        except KeyReused:
            again = self._over(form)
            again.add_error(None, _("This sheet was signed before. Look at what stands now, then sign again."))
            return self._show(again, HTTPStatus.UNPROCESSABLE_ENTITY)
        signed = reverse("signed_together", args=[made[0].entry.act_id])
        return HttpResponse(headers={"HX-Redirect": signed}) if by_htmx(self.request) else redirect(signed)

    def _refused(self, form: ManyForm, status: HTTPStatus, refusal: SignOffInvalid | None = None) -> HttpResponse:
        """The sheet read again, with what was typed: somebody may have been quicker."""
        return self._show(self._over(form, refusal), status)

    def _over(self, form: ManyForm, refusal: SignOffInvalid | None = None) -> ManyForm:
        return form.over(self.read(), refusal)

    def _show(self, form: ManyForm, status: HTTPStatus) -> HttpResponse:
        in_place = by_htmx(self.request) and bool(form.sheet.lines)
        context = {**self.context, "form": form, "sheet": form.sheet, "in_place": in_place}
        template = "apprenticeship/many_sheet.html" if in_place else "apprenticeship/sign_many.html"
        return render(self.request, template, context, status=status)


@page(Permission.SIGN_OFF, on=get_one_to_sign)
@at_station(Reach.TURN)
@forms_methods
def sign_many(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """The sheet on which a mentor signs several skills of one apprentice; the address names the skills."""
    viewer, asked = viewer_of(request), _asked_skills(request.GET)
    return ManySigning(
        request,
        lambda: sheet_of_skills(viewer, apprenticeship, asked),
        {"book": apprenticeship, "back": reverse("record", args=[apprenticeship.pk])},
    ).answer()


@page(Permission.SIGN_OFF)
@forms_methods
def sign_group(request: HttpRequest) -> HttpResponse:
    """One skill for several apprentices: first the choice of the skill, then the sheet with everybody on it."""
    viewer = viewer_of(request)
    skills = skills_to_sign(viewer)
    if not request.GET.get("skill"):
        return _choose_skill(request, skills)
    skill = next((skill for skill in skills if str(skill.pk) == request.GET["skill"]), None)
    if skill is None:
        raise Http404
    context = {"skill": skill, "back": reverse("sign_group")}
    return ManySigning(request, lambda: sheet_of_apprentices(viewer, skill), context).answer()


def _attachments(request: HttpRequest, sheet: ManySheet) -> Attachments | None:
    """The files of a sheet: for the one book it is about, or for each of several; None where it has nobody."""
    if len(sheet.people) > 1:
        return GroupAttachments(request, sheet.people)
    return Attachments(request, sheet.people[0]) if sheet.people else None


def _choose_skill(request: HttpRequest, skills: list[Skill]) -> HttpResponse:
    """The skills to choose from, narrowed by the words of `?q=`; a POST without a skill is asked for one."""
    query = request.GET.get("q", "").strip()
    words = query.casefold().split()
    found = [skill for skill in skills if all(word in _searched(skill) for word in words)]
    context = {
        "skills": found,
        "query": query,
        "any": bool(skills),
        "several_standards": len({skill.skill_set.version_id for skill in skills}) > 1,
    }
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    return render(request, "apprenticeship/sign_group.html", context, status=status)


def _searched(skill: Skill) -> str:
    return f"{skill.code} {skill.text} {skill.skill_set.title} {skill.skill_set.role_track}".casefold()


def _asked_skills(query: QueryDict) -> AskedSkills:
    return AskedSkills(_ids(query, "skill"), _ids(query, "family"), _ids(query, "set"))


def _ids(query: QueryDict, name: str) -> frozenset[uuid.UUID]:
    """The ids that the address gives under `name`; what is none is left out."""
    found = set()
    for text in query.getlist(name):
        try:
            found.add(uuid.UUID(text))
        except ValueError:
            continue
    return frozenset(found)
