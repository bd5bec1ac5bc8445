"""Paper in the demo: a sheet was transcribed for Ingrid; one line was verified, two wait for the second look."""

import io
from datetime import datetime, timedelta

from apprenticeship.evidence import upload
from apprenticeship.models import Apprenticeship, Method, RequestedSkill
from apprenticeship.signoff import SignOffLine, sign_off_many
from apprenticeship.transcribing import Paper, PaperLine, transcribe_many
from competencies.models import RatingLevel, Skill
from config.demo.people import DemoWorld
from config.demo.pictures import log_sheet
from config.demo.verified import signing_as


def signed_on_paper(world: DemoWorld, *, now: datetime) -> None:
    """Ruth copies three skills of one sheet; Sam compares the first with its scan."""
    book = Apprenticeship.objects.with_context().get(pk=world.books["ingrid"].pk)
    skills = Skill.objects.filter(skill_set__version=book.terms.standard_version_id, parent=None, steps=None)
    asked = RequestedSkill.objects.filter(apprenticeship=book)
    skills = skills.exclude(standings__apprenticeship=book).exclude(pk__in=asked.values("skill"))
    fresh = skills.select_related("skill_set", "parent", "scale").order_by("skill_set__order", "order")[:3]
    levels = {level.scale_id: level for level in RatingLevel.objects.select_related("scale").filter(is_threshold=True)}
    day = book.starts_on + timedelta(days=5)
    ruth = signing_as(world.people["ruth"], at=now - timedelta(days=2, hours=3))
    scan = upload(viewer=ruth, key="demo-paper", apprenticeship=book, file=io.BytesIO(log_sheet()), name="sheet.jpg")
    made = transcribe_many(
        viewer=ruth,
        key="demo-paper",
        apprenticeship=book,
        lines=[PaperLine(skill, levels[skill.scale_id], day) for skill in fresh],
        paper=Paper("R. Alvarez", "Lead technician", (scan.pk,)),
    )
    if not made:
        return
    first = SignOffLine(
        apprenticeship=book,
        skill=made[0].skill,
        level=made[0].level,
        method=Method.TRANSCRIBED,
        observed_on=made[0].signed_on,
        replaces=None,
        transcription=made[0],
    )
    sam = signing_as(world.people["sam"], at=now - timedelta(days=1, hours=5))
    sign_off_many(viewer=sam, key="demo-paper-verified", lines=[first])
