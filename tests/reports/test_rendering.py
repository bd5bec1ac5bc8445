"""The progress record as a PDF, rendered from a paper made by hand: no database, no clock, no network."""

from dataclasses import replace

import pytest
from django.conf import settings

from reports.papers import ProgressRecord, frozen, thaw
from reports.rendering import AssetRefused, render_paper, to_pdf
from tests.reports.reading import open_structure, tags_of, text_of, texts_of
from tests.reports.sample import HASH, sample

pytestmark = pytest.mark.one_lane("sqlite")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render_paper(sample())


def test_thawing_gives_back_what_was_frozen() -> None:
    assert thaw(frozen(sample())) == sample()


def test_a_frozen_record_with_a_number_for_a_word_is_refused() -> None:
    text = frozen(sample()).replace('"apprentice":"Rosa Diaz"', '"apprentice":7')
    with pytest.raises(TypeError, match="7 is no str"):
        thaw(text)


def test_the_same_paper_gives_the_same_bytes(pdf: bytes) -> None:
    assert render_paper(thaw(frozen(sample()))) == pdf


def test_another_state_gives_other_bytes(pdf: bytes) -> None:
    assert render_paper(sample(head_sequence=41)) != pdf


def test_all_49_skills_stand_on_it_word_for_word(pdf: bytes) -> None:
    text = text_of(pdf)
    missing = [skill.text for part in sample().sets for skill in part.skills if not _stands_in(skill.text, text)]
    assert missing == []
    assert sum(len(part.skills) for part in sample().sets) == 49


def _stands_in(words: str, text: str) -> bool:
    # A line may break after a hyphen or a slash, where the text of the page has a space.
    return _bare(words) in _bare(text)


def _bare(words: str) -> str:
    return "".join(letter for letter in words if letter.isalnum())


def test_each_signature_says_who_when_in_which_role_and_what_it_means(pdf: bytes) -> None:
    text = text_of(pdf)
    signature = (
        "Maria Alvarez, Mentor, Certified pharmacy technician, CPhT February 2, 2026, 10:05 EST · signed-in session"
        " · entry 1 I watched the apprentice do this on the date given and judge that the level stated was shown."
    )
    assert _stands_in(signature, text)


def test_what_no_longer_stands_is_said_in_words(pdf: bytes) -> None:
    words = "No longer stands since February 28, 2026, 10:12 EST: so recorded by Carol Jones, Program coordinator"
    assert _stands_in(words, text_of(pdf))


def test_the_first_page_shows_the_whole_at_a_glance(pdf: bytes) -> None:
    first = texts_of(pdf)[0]
    for words in ("Rosa Diaz", "29 of 49 skills signed off", "28.5 of 44 class hours", "6.5 of 6.5", "2021-NY-0815"):
        assert words in first


def test_every_page_carries_its_number_the_apprentice_and_the_record_code(pdf: bytes) -> None:
    pages = texts_of(pdf)
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Rosa Diaz · as of February 28, 2026, 10:12 EST · Record code 40-9F3A-C2D1-E4B0-7A55" in page


def test_the_whole_hash_and_the_contact_for_complaints_are_printed(pdf: bytes) -> None:
    assert _stands_in(HASH, text_of(pdf))
    assert "518 555 0100" in text_of(pdf)


def test_blank_codes_are_not_filled(pdf: bytes) -> None:
    assert "O*NET code not stated RAPIDS code not stated On-the-job hours not stated" in text_of(pdf)


def test_it_says_what_it_is_not(pdf: bytes) -> None:
    assert "It is no certificate of completion" in text_of(pdf)
    assert "nothing is said about hours per year" in text_of(pdf)


def test_it_is_tagged_and_names_its_language_and_title(pdf: bytes) -> None:
    with open_structure(pdf) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "en"
        assert str(document.docinfo["/Title"]) == "Progress record of Rosa Diaz"
        assert "pdfaid" in document.Root.Metadata.read_bytes().decode()


def test_its_tables_and_headings_are_told_to_a_screen_reader(pdf: bytes) -> None:
    tags = tags_of(pdf)
    assert tags["H1"] == 1
    assert tags["Table"] >= 14
    assert tags["TH"] > 100
    assert {"TD", "TR", "THead", "TBody", "H2", "H3", "L", "Figure"} <= set(tags)


def test_in_spanish_and_on_a4_the_standard_keeps_its_own_words(pdf: bytes) -> None:
    letter, pdf = pdf, render_paper(sample(language="es", paper="a4"))
    for printed, size, language in ((letter, (612, 792), "en"), (pdf, (595, 842), "es")):
        with open_structure(printed) as document:
            box = document.pages[0].MediaBox
            assert (round(float(box[2])), round(float(box[3])), str(document.Root.Lang)) == (*size, language)
    assert _stands_in("Receive prescriptions electronically and enter data into CRM databases.", text_of(pdf))


def test_every_sign_of_a_name_is_printed() -> None:
    record = sample()
    record = replace(record, who=replace(record.who, apprentice="Dvořák Nguyễn Θάλεια Жанна"))
    assert "Dvořák Nguyễn Θάλεια Жанна" in text_of(render_paper(record))


@pytest.mark.parametrize(
    "text", ["<img src=http://127.0.0.1:1/x>", "<script>alert(1)</script>", "{{ 7|add:7 }}{% now 'Y' %}", "&lt;b&gt;"]
)
def test_markup_in_a_name_is_printed_as_it_is(text: str) -> None:
    record = _named(text)
    assert _stands_in(text, text_of(render_paper(record)))


def _named(name: str) -> ProgressRecord:
    record = sample(sets=sample().sets[:1])
    return replace(record, who=replace(record.who, apprentice=name))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/x.png",
        "https://[::1]:1/x.png",
        "//127.0.0.1:1/x.png",
        "file:///etc/hostname",
        "FILE:///etc/hostname",
        "ftp://127.0.0.1:1/x.png",
        "data:image/png;base64,iVBORw0KGgo=",
        "asset:../settings.py",
        "asset:missing.ttf",
        "gopher://127.0.0.1:1/",
        "http://127.0.0.1:1/redirect?to=file:///etc/hostname",
    ],
)
@pytest.mark.parametrize(
    "markup",
    [
        '<img src="{}" alt="">',
        '<link rel="stylesheet" href="{}">',
        '<p style="background: url({})">x</p>',
        '<object data="{}">x</object>',
        '<style>@import url("{}");</style>',
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{}" width="9" height="9"/></svg>',
    ],
)
def test_nothing_but_the_own_assets_is_ever_fetched(markup: str, address: str) -> None:
    if address.startswith("//"):
        markup = f'<base href="http://127.0.0.1:1/">{markup}'
    with pytest.raises(AssetRefused):
        to_pdf(f'<html lang="en"><title>x</title>{markup.format(address)}', identifier=b"x")


def test_only_one_module_imports_weasyprint() -> None:
    layers = ("acts", "accounts", "competencies", "apprenticeship", "instruction", "reports", "config")
    files = [path for layer in layers for path in (settings.BASE_DIR / layer).rglob("*.py")]
    importers = [
        path.name for path in files if "import weasyprint" in (text := path.read_text()) or "from weasyprint" in text
    ]
    assert importers == ["rendering.py"]
