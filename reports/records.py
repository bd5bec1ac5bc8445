"""The pages of one record: all skills, one row of it, and one skill with its history."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.pages import at_station, page
from accounts.templatetags.look import full
from accounts.viewer import Viewer
from acts.acting import new_key
from apprenticeship.asking import obstacles
from apprenticeship.completion import Requirement
from apprenticeship.demands import demands_of
from apprenticeship.getters import get_apprenticeship, get_skill
from apprenticeship.models import (
    Apprenticeship,
    RecordHead,
    Revocation,
    RevocationKind,
    SignOff,
    TakeBackRequest,
    Transcription,
)
from apprenticeship.signoff import may_sign
from apprenticeship.take_back_rights import may_undo
from apprenticeship.testing import may_record
from apprenticeship.work_sums import work_requirements, work_words
from competencies.models import Skill
from instruction.sums import BookHours, hours_of, plain_hours
from reports.asks import Asked, asks_of
from reports.greeting import greeting
from reports.history import history_of
from reports.progress import Progress, SetProgress, Signature, SkillProgress, progress_of, signature_of
from reports.shown import Shown, ShownSet, ShownSkill, next_up, shown
from reports.signed import just_together
from reports.statuses import ShownStatus, status_of
from reports.verified import VerifiedBook, verified_of


@dataclass(frozen=True)
class RecordPage:
    """One record as one viewer sees it. What can be pressed depends on their permissions alone."""

    viewer: Viewer
    apprenticeship: Apprenticeship
    progress: Progress
    asks: Mapping[uuid.UUID, Asked]

    @property
    def is_own(self) -> bool:
        return self.viewer.user_id == self.apprenticeship.apprentice_id

    @property
    def greeting(self) -> str:
        return greeting(self.viewer, self.apprenticeship.sponsor)

    @property
    def may_download(self) -> bool:
        return permits(self.viewer, Permission.REQUEST_DOCUMENT, on=self.apprenticeship)

    @property
    def shows_cohort(self) -> bool:
        """Whether the way back to the apprentice's cohort is offered."""
        cohort = self.apprenticeship.cohort
        return cohort is not None and permits(self.viewer, Permission.READ_COHORT, on=cohort)

    def may_sign(self, role_track: str) -> bool:
        """Whether the viewer may sign skills of this role track."""
        return self.apprenticeship.is_running and may_sign(self.viewer, self.apprenticeship, role_track)

    @property
    def signs(self) -> bool:
        """Whether the viewer may sign at least what is for everybody."""
        return self.may_sign("")

    @cached_property
    def hours(self) -> BookHours:
        return BookHours(hours_of(self.apprenticeship))

    @property
    def hours_recorded(self) -> str:
        return plain_hours(self.hours.recorded)

    @property
    def hours_required(self) -> str:
        """The hours that the standard asks for; blank where it names none."""
        return plain_hours(self.hours.required) if self.hours.required else ""

    @cached_property
    def requirements(self) -> Sequence[Requirement]:
        """What the standard asks of hours on the job."""
        return work_requirements(self.apprenticeship, at=self.viewer.at)

    @cached_property
    def work_words(self) -> str:
        """The hours on the job of the whole, against the standard's number where it names one."""
        return work_words(self.apprenticeship, at=self.viewer.at)

    @cached_property
    def status(self) -> ShownStatus:
        """The status of the apprenticeship, and every change of it."""
        return status_of(self.apprenticeship, viewer=self.viewer)

    @cached_property
    def verified(self) -> VerifiedBook:
        """What the sponsor has verified, and what is ready for it."""
        return verified_of(self.apprenticeship, self.progress, viewer=self.viewer)

    @property
    def may_verify(self) -> bool:
        return permits(self.viewer, Permission.VERIFY, on=self.apprenticeship)

    @cached_property
    def head(self) -> RecordHead | None:
        """The end of the book; None before the first entry."""
        return RecordHead.objects.filter(apprenticeship=self.apprenticeship, sequence__gt=0).first()

    @cached_property
    def next_up(self) -> list[SkillProgress]:
        return next_up(self.progress, role_track=self.apprenticeship.role_track)

    @property
    def may_credit(self) -> bool:
        book = self.apprenticeship
        return book.is_running and permits(self.viewer, Permission.GRANT_CREDIT, on=book)

    @property
    def may_transcribe(self) -> bool:
        """Whether the viewer may write off here what was signed on paper."""
        book = self.apprenticeship
        return book.is_running and permits(self.viewer, Permission.TRANSCRIBE, on=book)

    @cached_property
    def papers_waiting(self) -> int:
        """How many lines transcribed from paper nobody has verified yet."""
        return Transcription.objects.waiting().filter(apprenticeship=self.apprenticeship).count()

    @property
    def may_purge(self) -> bool:
        """Whether the viewer may remove files of this record for good."""
        return permits(self.viewer, Permission.PURGE, on=self.apprenticeship)

    @property
    def may_ask(self) -> bool:
        return permits(self.viewer, Permission.ASK, on=self.apprenticeship)

    @cached_property
    def obstacles(self) -> Mapping[uuid.UUID, str]:
        """By skill why the apprentice cannot ask for it now."""
        return obstacles(self.apprenticeship, viewer=self.viewer)

    def may_ask_for(self, skill: SkillProgress) -> bool:
        """Whether the viewer may ask for a sign-off of this skill now."""
        return self.may_ask and self.apprenticeship.is_running and skill.skill_id not in self.obstacles

    @cached_property
    def waiting(self) -> list[Asked]:
        """What the apprentice has asked for and waits for, the oldest first."""
        return [ask for ask in self.asks.values() if ask.is_open]

    @cached_property
    def came_back(self) -> list[Asked]:
        """What was sent back with a comment and not asked for again."""
        return [ask for ask in self.asks.values() if not ask.is_open]

    @property
    def may_agree(self) -> bool:
        """Whether it is the viewer's own word that counts here."""
        return permits(self.viewer, Permission.AGREE, on=self.apprenticeship)

    @cached_property
    def needs_ok(self) -> list[SkillProgress]:
        """What waits for the apprentice's OK and is not disagreed with."""
        return [s for s in self.progress.all_skills if s.waits_for_ok and not (s.said and s.said.is_open)]

    @cached_property
    def disagreed(self) -> list[SkillProgress]:
        """What the apprentice disagrees with and nobody has answered."""
        return [s for s in self.progress.all_skills if s.said and s.said.is_open]

    def stands_open(self, part: SetProgress) -> bool:
        """Finished sets are folded; in one's own record all are, because "next up" stands above them."""
        return not self.is_own and part.attained < part.total


@dataclass(frozen=True)
class JustSigned:
    """The signature that the viewer made a moment ago, with the key for taking it back at once."""

    sign_off: SignOff
    may_undo: bool
    key: str

    @cached_property
    def says(self) -> Signature | None:
        """What the signature says, from its entry's bytes."""
        return signature_of(self.sign_off)

    @property
    def recorded_in_full(self) -> str:
        """When it was recorded: date, time and the zone that the entry names."""
        return full(self.says.at.astimezone(ZoneInfo(self.says.zone))) if self.says else ""


@page(Permission.READ_RECORD, on=get_apprenticeship)
@at_station(instead="station_book")
@require_safe
def record(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """One apprentice's skills by set, what stands for each, and what the viewer may do about it."""
    return show_record(request, apprenticeship)


def show_record(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """The page of a record; the caller has asked for the permission to read it."""
    shown_page = _page(request, apprenticeship)
    signed = just_signed(request, apprenticeship)
    context = {
        "page": shown_page,
        "shown": _shown(request, shown_page, signed),
        "signed": signed,
        "together": just_together(request, request.GET.get("together", "")),
        "document_key": new_key(),
    }
    return render(request, "reports/record.html", context)


@page(Permission.READ_RECORD, on=get_apprenticeship)
@at_station(instead="station_book")
@require_safe
def record_row(request: HttpRequest, apprenticeship: Apprenticeship, skill_pk: uuid.UUID) -> HttpResponse:
    """One row of the record and the figures that changed with it, for htmx; a plain visit is led to the record."""
    if request.headers.get("HX-Request") != "true":
        return redirect(f"{reverse('record', args=[apprenticeship.pk])}#skill-{skill_pk}")
    row_page = _page(request, apprenticeship)
    part = next((s for s in row_page.progress.sets if any(k.skill_id == skill_pk for k in s.all_skills)), None)
    if part is None:
        raise Http404
    done = {"signed": just_signed(request, apprenticeship), "undone": _just_undone(request, apprenticeship)}
    context = {"page": row_page, **done, **_row(row_page, part, skill_pk)}
    return render(request, "reports/record_row.html", context)


@page(Permission.READ_RECORD, on=get_apprenticeship)
@at_station(instead="station_book")
@require_safe
def record_skill(request: HttpRequest, apprenticeship: Apprenticeship, skill_pk: uuid.UUID) -> HttpResponse:
    """One skill in full: its words, what stands, and every entry about it, newest first."""
    skill = get_skill(apprenticeship, skill_pk)
    skill_page = _page(request, apprenticeship)
    now = skill_page.progress.skill(skill_pk)
    context = {
        "page": skill_page,
        "skill": skill,
        "now": now,
        "steps": now.steps if now else (),
        "history": history_of(apprenticeship, skill, viewer=skill_page.viewer),
        "why_not": (skill_page.status.rests or skill_page.obstacles.get(skill_pk, "")) if skill_page.may_ask else "",
        "may_answer": _may_answer(skill_page, now),
        **_taking_back(skill_page, skill),
        **_signing(skill_page, skill),
    }
    return render(request, "reports/record_skill.html", context)


def _signing(skill_page: RecordPage, skill: Skill) -> dict[str, object]:
    """What a sign-off of the skill demands, and whether signing it and recording a test of it are offered."""
    book = skill_page.apprenticeship
    return {
        "may_sign": skill_page.may_sign(skill.skill_set.role_track),
        "demands": demands_of(skill, book.terms).words,
        "may_record_test": book.is_running and may_record(skill_page.viewer, book, skill.skill_set.role_track),
    }


def _taking_back(skill_page: RecordPage, skill: Skill) -> dict[str, object]:
    """Whether taking back is offered, and what mentors asked about the signature that stands: open, or declined."""
    if not permits(skill_page.viewer, Permission.TAKE_BACK, on=skill_page.apprenticeship):
        return {"may_take_back": False}
    asked = TakeBackRequest.objects.filter(
        apprenticeship=skill_page.apprenticeship, sign_off__skill=skill, sign_off__standing__isnull=False
    )
    return {"may_take_back": True, "take_backs": asked.select_related("asked_by", "ended_by").order_by("-asked_at")}


def _page(request: HttpRequest, apprenticeship: Apprenticeship) -> RecordPage:
    viewer = viewer_of(request)
    reads = permits(viewer, Permission.READ_REQUESTS, on=apprenticeship)
    asks = asks_of(apprenticeship, viewer=viewer) if reads else {}
    return RecordPage(viewer, apprenticeship, progress_of(apprenticeship, at=viewer.at, asks=asks), asks)


def _may_answer(record_page: RecordPage, now: SkillProgress | None) -> bool:
    """Whether the viewer may answer what the apprentice disagrees with here; who signed it may not."""
    if not (now and now.said and now.said.is_open and now.signature):
        return False
    allowed = permits(record_page.viewer, Permission.ANSWER_DISAGREEMENT, on=record_page.apprenticeship)
    signed = SignOff.objects.filter(pk=now.signature.sign_off_id, signer=record_page.viewer.user_id)
    return allowed and not signed.exists()


def _shown(request: HttpRequest, record_page: RecordPage, signed: JustSigned | None) -> Shown:
    """What is on the screen; the set of what was just signed stands open, even when that finished it."""
    fresh = signed.sign_off.skill.skill_set_id if signed else None
    everything = request.GET.get("open") == "all"
    return shown(
        record_page.progress,
        show=request.GET.get("show", ""),
        query=request.GET.get("q", "").strip(),
        may_sign=record_page.may_sign,
        opened=lambda part: everything or part.skill_set_id == fresh or record_page.stands_open(part),
        may_ask=record_page.may_ask_for,
    )


def _row(record_page: RecordPage, part: SetProgress, skill_pk: uuid.UUID) -> dict[str, object]:
    """The row, the row of its parent (which may be attained with it), and the set's new count."""
    allowed = record_page.may_sign(part.role_track)
    rows = [
        ShownSkill(inner, is_step=inner is not root, may_sign=allowed, may_ask=record_page.may_ask_for(inner))
        for root in part.skills
        for inner in root.with_steps
    ]
    row = next(row for row in rows if row.skill.skill_id == skill_pk)
    parent = next((r for r in rows if row.is_step and row.skill in r.skill.steps), None)
    return {"row": row, "parent": parent, "shown_set": ShownSet(part, tuple(rows), opened=True)}


def just_signed(request: HttpRequest, apprenticeship: Apprenticeship) -> JustSigned | None:
    """What `?signed=` names, if the viewer signed it in this record and nothing has followed it."""
    pk = _named(request, "signed")
    if pk is None:
        return None
    signed = (
        SignOff.objects.filter(pk=pk, apprenticeship=apprenticeship, signer=viewer_of(request).user_id)
        .filter(standing__isnull=False)
        .select_related("entry", "level", "skill", "apprenticeship__sponsor")
        .first()
    )
    return JustSigned(signed, may_undo(viewer_of(request), signed), new_key()) if signed else None


def _just_undone(request: HttpRequest, apprenticeship: Apprenticeship) -> bool:
    """Whether the viewer took back, as a mistake, what `?undone=` names in this record."""
    mistakes = Revocation.objects.filter(kind=RevocationKind.MISTAKE, by=viewer_of(request).user_id)
    return mistakes.filter(sign_off=_named(request, "undone"), sign_off__apprenticeship=apprenticeship).exists()


def _named(request: HttpRequest, key: str) -> uuid.UUID | None:
    """The sign-off that the address names under `key`, if it names one at all."""
    try:
        return uuid.UUID(request.GET.get(key, ""))
    except ValueError:
        return None
