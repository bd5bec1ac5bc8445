"""What the demo's apprentices say of signatures: one waits for an OK, one disagreement waits, one was answered."""

from datetime import datetime, timedelta

from django.utils.translation import override

from apprenticeship.agreeing import disagree
from apprenticeship.disagreements import answer_disagreement
from apprenticeship.models import AnswerOutcome, Apprenticeship, Method, SignOff, SkillStanding
from apprenticeship.signoff import SignOffLine, sign_off
from config.demo.histories import signing
from config.demo.people import DemoWorld


def say_what_they_think(world: DemoWorld, *, now: datetime) -> None:
    """Jonah disagreed and was answered, Sofía's disagreement waits, and Priya's OK is wanted since this morning."""
    _jonah_was_answered(world, now)
    _sofia_disagrees(world, now)
    _priya_has_not_read_it_yet(world, now)


def _jonah_was_answered(world: DemoWorld, now: datetime) -> None:
    word = disagree(
        viewer=signing(world.people["jonah"], at=now - timedelta(days=12, hours=2)),
        key="demo-jonah-disagrees",
        sign_off=_last_signed(world, "jonah"),
        reason="I finished this without any help that week. The rating should be higher.",
    )
    answer_disagreement(
        viewer=signing(world.people["ruth"], at=now - timedelta(days=9, hours=1)),
        key="demo-jonah-answered",
        disagreement=word,
        outcome=AnswerOutcome.STANDS,
        words="Elena and I read the log together: two steps were still checked. Show her one more and ask again.",
    )


def _sofia_disagrees(world: DemoWorld, now: datetime) -> None:
    sofia = world.people["sofia"]
    with override(sofia.language):
        disagree(
            viewer=signing(sofia, at=now - timedelta(days=1, hours=6)),
            key="demo-sofia-disagrees",
            sign_off=_last_signed(world, "sofia"),
            reason="Ese día trabajé con Elena y no necesité ayuda. ¿Podemos hablarlo?",
        )


def _priya_has_not_read_it_yet(world: DemoWorld, now: datetime) -> None:
    """Dana watched it once more and signed it anew, so Priya's earlier OK is not enough."""
    book = Apprenticeship.objects.with_context().get(pk=world.books["priya"].pk)
    live = SkillStanding.objects.select_related("skill", "sign_off__level").get(apprenticeship=book, skill__code="2.3")
    if live.sign_off is None:
        return
    at = now - timedelta(hours=3)
    line = SignOffLine(
        apprenticeship=book,
        skill=live.skill,
        level=live.sign_off.level,
        method=Method.OBSERVED,
        observed_on=world.sponsor.local_date(at),
        replaces=live.sign_off_id,
        worksite=book.worksite,
        note="Found both controlled prescriptions of the morning and sent them on at once.",
    )
    sign_off(viewer=signing(world.people["dana"], at=at), key="demo-priya-again", line=line)


def _last_signed(world: DemoWorld, username: str) -> SignOff:
    """The newest signature below the threshold that stands in this book."""
    standing = SkillStanding.objects.filter(
        apprenticeship=world.books[username], sign_off__isnull=False, sign_off__level__is_threshold=False
    )
    newest = standing.order_by("-sign_off__entry__sequence").values_list("sign_off", flat=True)[:1]
    return SignOff.objects.select_related(
        "entry", "level", "apprenticeship__sponsor", "apprenticeship__terms", "skill__skill_set", "skill__parent"
    ).get(pk__in=newest)
