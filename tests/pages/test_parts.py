"""The parts that pages are built from draw what they are told, in either language."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import engines
from django.utils.translation import override
from django_cotton.compiler_regex import CottonCompiler

from accounts.states import State
from accounts.templatetags.look import share
from accounts.viewer import Viewer

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def draw(markup: str, **context: Any) -> str:
    compiled = CottonCompiler().process("{% load look %}" + markup)
    drawn: str = engines["django"].from_string(compiled).render(context)
    return drawn


@pytest.mark.parametrize("state", State)
def test_each_state_has_a_shape_and_a_word(state: State) -> None:
    symbols = (Path(settings.BASE_DIR) / "templates" / "symbols.html").read_text()
    drawn = draw(f'<c-state code="{state}" />')
    assert f'id="s-{state}"' in symbols
    assert f'href="#s-{state}"' in drawn
    assert f">{state.label}</span>" in drawn


def test_a_state_may_be_said_in_the_words_of_its_page() -> None:
    assert ">Needs your OK</span>" in draw('<c-state code="waiting" word="Needs your OK" />')


def test_a_shape_alone_still_has_its_word_for_screen_readers() -> None:
    assert '<span class="sr-only">Credit</span>' in draw('<c-state code="credit" shape_only />')


def test_an_unknown_state_is_refused() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        draw("{{ code|state_word }}", code="nonsense")


@pytest.mark.parametrize("language", ["en", "es"])
def test_geometry_has_decimal_points_in_every_language(language: str) -> None:
    with override(language):
        drawn = draw('<c-ring :part="part" :whole="whole" label="x" />', part=Decimal("28.5"), whole=Decimal(44))
    assert 'stroke-dasharray="28.5 44"' in drawn


def test_a_bar_of_nothing_divides_by_nothing() -> None:
    assert 'viewBox="0 0 1 10"' in draw('<c-progress-bar :part="0" :whole="0" />')


@pytest.mark.parametrize(
    ("part", "whole", "shade"),
    [(0, 8, "none"), (1, 8, "some"), (3, 8, "half"), (7, 8, "most"), (8, 8, "all"), (0, 0, "none")],
)
def test_the_grid_has_five_shades(part: int, whole: int, shade: str) -> None:
    assert share(part, whole) == shade


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(0), "today 10:00"),
        (timedelta(hours=10, minutes=1), "yesterday 23:59"),
        (timedelta(days=10), "Feb 20, 10:00"),
        (timedelta(days=90), "Dec 2, 2025"),
    ],
)
def test_a_moment_is_said_as_seen_from_now_in_the_sponsors_zone(ago: timedelta, words: str) -> None:
    viewer = Viewer(user=None, at=NOW)
    drawn = draw('<c-time :at="at" zone="America/New_York" />', at=NOW - ago, viewer=viewer)
    assert f">{words}</time>" in drawn


def test_a_moment_carries_its_full_date_and_zone() -> None:
    drawn = draw("{% moment at 'America/New_York' %}", at=NOW, viewer=Viewer(user=None, at=NOW))
    assert 'title="March 2, 2026, 10:00 EST"' in drawn
    assert 'datetime="2026-03-02T15:00:00+00:00"' in drawn


def test_a_moment_speaks_spanish() -> None:
    with override("es"):
        drawn = draw("{% moment at 'America/New_York' %}", at=NOW, viewer=Viewer(user=None, at=NOW))
    assert ">hoy 10:00</time>" in drawn
    assert "2 de marzo de 2026" in drawn.lower()


def test_what_people_wrote_is_escaped_in_every_part() -> None:
    nasty = "<b>&\"'"
    for markup in (
        '<c-page-head title="{{ x }}" over="{{ x }}" />',
        '<c-card title="{{ x }}">{{ x }}</c-card>',
        '<c-fact term="{{ x }}" value="{{ x }}" />',
        '<c-alert title="{{ x }}">{{ x }}</c-alert>',
        '<c-state code="waiting" word="{{ x }}" />',
        '<c-button href="{{ x }}">{{ x }}</c-button>',
    ):
        drawn = draw(markup, x=nasty)
        assert "<b>" not in drawn
        assert "&lt;b&gt;&amp;&quot;&#x27;" in drawn, f"escaped twice: {markup}"


def test_a_blank_fact_says_so() -> None:
    assert "not given" in draw('<c-fact term="RAPIDS code" value="{{ x }}" />', x="")
