"""Extract, compile and check translations in pure Python; gettext's own programs are not needed.

`python -m config.translations extract` brings `locale/*/LC_MESSAGES/django.po` up to date with the
code, `compile` writes the `.mo` files beside them, and `check` names everything that is missing,
wrong or stale and exits with 1. The tools are development requirements (Babel and polib).
"""

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from babel.messages.extract import extract as babel_extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("config", "reports", "instruction", "apprenticeship", "competencies", "accounts", "acts")
LANGUAGES = ("es",)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|(%[sd])|\{(\w*)\}")
METADATA = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "MIME-Version": "1.0",
    "Language": "es",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}

Key = tuple[str, str]
"""A message's context ("" for none) and its English text."""


@dataclass
class Message:
    """One text of the code: its plural, if it has one, and the files that hold it."""

    plural: str = ""
    files: set[str] = field(default_factory=set)


def sources() -> Iterator[tuple[str, str]]:
    """Each file that may hold texts: its path from the root, and its content as Python."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    folders = [ROOT / "templates", *(ROOT / package / "templates" for package in PACKAGES)]
    for path in sorted(p for folder in folders for p in folder.rglob("*") if p.suffix in {".html", ".txt"}):
        python = templatize(path.read_text(encoding="utf-8"))
        # templatize keeps the page's indentation, which Python's tokenizer would refuse
        yield path.relative_to(ROOT).as_posix(), "\n".join(line.strip() for line in python.splitlines()) + "\n"


def extracted() -> dict[Key, Message]:
    """Every text of the code that is marked for translation."""
    found: dict[Key, Message] = {}
    for name, python in sources():
        for _line, text, _comments, context in babel_extract("python", io.BytesIO(python.encode()), KEYWORDS):
            singular, plural = (text[0], text[1]) if isinstance(text, tuple) else (text, "")
            if not singular:
                continue
            message = found.setdefault((context or "", singular), Message())
            message.plural = message.plural or plural
            message.files.add(name)
    return found


def po_path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def update(language: str, found: dict[Key, Message]) -> int:
    """Bring the language's `.po` up to date: new texts come in empty, vanished ones go. Returns how many are empty."""
    path = po_path(language)
    known = {(e.msgctxt or "", e.msgid): e for e in polib.pofile(str(path))} if path.exists() else {}
    po = polib.POFile(wrapwidth=110)
    po.metadata = METADATA | {"Language": language}
    for (context, text), message in sorted(found.items(), key=lambda item: (item[0][1], item[0][0])):
        entry = known.get((context, text)) or polib.POEntry(msgid=text, msgctxt=context or None)
        entry.msgid_plural = message.plural
        if message.plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: entry.msgstr, 1: ""}
        entry.occurrences = [(name, "") for name in sorted(message.files)]
        entry.flags = ["python-format"] if "%(" in text or "%s" in text else []
        entry.previous_msgid = None
        po.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    po.save(str(path))
    return sum(not entry.translated() for entry in po)


def compile_language(language: str) -> None:
    """Write the language's `.mo` from its `.po`."""
    path = po_path(language)
    polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


def placeholders(text: str) -> set[str]:
    return {next(part for part in match.groups() if part is not None) for match in PLACEHOLDER.finditer(text)}


def faults_of(entry: polib.POEntry) -> Iterator[str]:
    """What is wrong with one translation."""
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if entry.fuzzy or not texts or not all(texts):
        yield "not translated"
        return
    wanted = placeholders(entry.msgid_plural or entry.msgid)
    if placeholders(texts[-1]) != wanted or any(placeholders(text) - wanted for text in texts):
        yield f"placeholders differ from {sorted(wanted)}"
    if any(text.endswith("\n") != entry.msgid.endswith("\n") for text in texts):
        yield "one of the two ends with a line break, the other does not"


def check_language(language: str, found: dict[Key, Message]) -> list[str]:
    """Everything that is missing, wrong or stale in one language, a line each."""
    path = po_path(language)
    po = polib.pofile(str(path))
    entries = {(e.msgctxt or "", e.msgid): e for e in po if not e.obsolete}
    faults = [
        f"missing: {text!r} ({sorted(found[context, text].files)[0]})" for context, text in found.keys() - entries
    ]
    faults += [f"stale: {text!r}" for _context, text in entries.keys() - found]
    faults += [f"{fault}: {entry.msgid!r}" for entry in entries.values() for fault in faults_of(entry)]
    if _contents(path.with_suffix(".mo")) != {key: _texts(e) for key, e in entries.items() if e.translated()}:
        faults.append("the .mo file is older than the .po file: run compile")
    return sorted(f"{language}: {fault}" for fault in faults)


def _contents(path: Path) -> dict[Key, list[str]]:
    return {(e.msgctxt or "", e.msgid): _texts(e) for e in polib.mofile(str(path))} if path.exists() else {}


def _texts(entry: "polib.POEntry | polib.MOEntry") -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def main(command: str) -> int:
    found = extracted()
    faults: list[str] = []
    for language in LANGUAGES:
        if command == "extract":
            sys.stdout.write(f"{language}: {update(language, found)} texts to translate\n")
        elif command == "compile":
            compile_language(language)
        elif command == "check":
            faults += check_language(language, found)
        else:
            sys.stderr.write("usage: python -m config.translations extract|compile|check\n")
            return 2
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
