"""What the workers do about hours at its time."""

from celery import shared_task
from django.utils import timezone

from acts.leases import take_lease
from instruction import certificate_reminding
from instruction.models import ClassFile, StaffFile
from instruction.sponsor_files import clear_drafts


@shared_task(name="instruction.remind_of_certificates")
def remind_of_certificates() -> None:
    """Every half hour: certificates that run out. Safe to run twice; a second scheduler's call does nothing."""
    at = timezone.now()
    if take_lease("instruction.remind_of_certificates", seconds=1200, at=at):
        certificate_reminding.remind(at=at)


@shared_task(name="instruction.clear_drafts")
def clear_unused_files() -> None:
    """Once an hour: files of staff and of classes uploaded a day ago and never given."""
    at = timezone.now()
    if take_lease("instruction.clear_drafts", seconds=1800, at=at):
        for table in (StaffFile, ClassFile):
            clear_drafts(table, at=at)
