"""`manage import_standard FILE [--publish]`: a printed page or our JSON form into the shared library."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.viewer import Viewer
from acts.models import Authentication
from competencies.defaults import completed
from competencies.document import NotAStandard, StandardDocument, plain
from competencies.models import VersionStatus
from competencies.publishing import ApproachMissing, DoubtsRemain, NewerIsPublished, import_document, publish
from competencies.reading import read_file
from competencies.wording import doubt_words, fault_words


class Command(BaseCommand):
    help = "Import a standard from its printed page as plain text, or from its JSON form."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--publish", action="store_true", help="Publish it too; refused while doubts remain.")

    def handle(self, *args: Any, **options: Any) -> None:
        viewer = Viewer(user=None, at=timezone.now(), authentication=Authentication.COMMAND)
        try:
            document, is_page = read_file(options["file"])
            document = completed(document) if is_page else document
            imported = import_document(viewer=viewer, document=document)
        except NotAStandard as error:
            raise CommandError(fault_words(error)) from error
        version = imported.version
        self._describe(document)
        words = (
            _("Imported as draft version %(n)d.") if imported.is_new else _("Version %(n)d has this content already.")
        )
        self.stdout.write(words % {"n": version.number})
        if not options["publish"]:
            self._list_doubts(document)
            return
        try:
            if version.status == VersionStatus.SUPERSEDED:
                raise NewerIsPublished
            if version.is_draft:
                publish(viewer=viewer, version=version)
        except DoubtsRemain as error:
            lines = "\n".join(f"  {doubt_words(doubt)}" for doubt in error.doubts)
            raise CommandError(_("Not published: these lines must be settled first.") + "\n" + lines) from error
        except ApproachMissing as error:
            raise CommandError(_("Not published: it does not say what decides completion.")) from error
        except NewerIsPublished as error:
            raise CommandError(_("Not published: a newer version is published already.")) from error
        self.stdout.write(_("Version %(n)d is published.") % {"n": version.number})

    def _describe(self, document: StandardDocument) -> None:
        self.stdout.write(f"{document.title} ({document.slug})")
        for number, part in enumerate(document.skill_sets, start=1):
            track = f" [{part.role_track}]" if part.role_track else ""
            self.stdout.write(f"  {number:>2}. {part.title}{track}: {sum(1 for _skill in part.all_skills())}")
        for course in document.courses:
            hours = plain(course.required_hours) if course.required_hours is not None else "?"
            self.stdout.write(
                ngettext(
                    "  %(title)s: %(hours)s hours, %(n)d topic",
                    "  %(title)s: %(hours)s hours, %(n)d topics",
                    len(course.topics),
                )
                % {"title": course.title, "hours": hours, "n": len(course.topics)}
            )
        self.stdout.write(
            _("%(sets)d skill sets, %(skills)d skills.")
            % {"sets": len(document.skill_sets), "skills": sum(1 for _skill in document.all_skills())}
        )

    def _list_doubts(self, document: StandardDocument) -> None:
        if document.doubts:
            self.stdout.write(_("Doubtful lines, to be settled before it can be published:"))
        for doubt in document.doubts:
            self.stdout.write(f"  {doubt_words(doubt)}")
