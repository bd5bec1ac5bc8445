"""The tool that finds texts and holds the Spanish to them."""

import polib
import pytest

from config import translations
from config.translations import Key, Message, check_language, extracted, faults_of

pytestmark = pytest.mark.one_lane("sqlite")


@pytest.fixture(scope="module")
def found() -> dict[Key, Message]:
    """All texts of the project; finding them takes seconds."""
    return extracted()


def test_texts_of_code_and_pages_are_found(found: dict[Key, Message]) -> None:
    assert "accounts/states.py" in found["", "Due again"].files
    assert "templates/glossary/glossary.html" in found["", "Glossary"].files
    assert ("format of a moment this year", "M j, H:i") in found


def test_a_plural_is_found_as_one_text(found: dict[Key, Message]) -> None:
    assert any(message.plural for message in found.values())


@pytest.mark.parametrize(
    ("english", "spanish", "fault"),
    [
        ("Signed", "", "not translated"),
        ("%(part)s of %(whole)s", "%(part)s de %(todo)s", "placeholders differ"),
        ("{name} signed", "firmado", "placeholders differ"),
        ("Two\n", "Dos", "line break"),
    ],
)
def test_a_wrong_translation_is_named(english: str, spanish: str, fault: str) -> None:
    assert any(fault in found for found in faults_of(polib.POEntry(msgid=english, msgstr=spanish)))


def test_an_unsure_translation_does_not_count() -> None:
    assert list(faults_of(polib.POEntry(msgid="Signed", msgstr="Firmada", flags=["fuzzy"]))) == ["not translated"]


def test_a_plural_may_leave_the_number_out_of_the_singular() -> None:
    entry = polib.POEntry(
        msgid="%(n)s skill", msgid_plural="%(n)s skills", msgstr_plural={0: "una habilidad", 1: "%(n)s habilidades"}
    )
    assert list(faults_of(entry)) == []


def test_a_text_that_left_the_code_and_one_that_is_new_are_named(found: dict[Key, Message]) -> None:
    changed = {key: message for key, message in found.items() if key != ("", "Glossary")}
    changed["", "Brand new"] = Message(files={"somewhere.py"})
    faults = check_language("es", changed)
    assert {"es: missing: 'Brand new' (somewhere.py)", "es: stale: 'Glossary'"} <= set(faults)


def test_a_compiled_file_that_lags_behind_is_named(found: dict[Key, Message], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations, "_contents", lambda _path: {})
    assert any("older than the .po file" in fault for fault in check_language("es", found))
