from django.apps import AppConfig
from django.db.models.signals import post_migrate


class InstructionConfig(AppConfig):
    name = "instruction"

    def ready(self) -> None:
        """After every migrate the kinds of certificates that every sponsor has are there."""
        from instruction import certificate_kinds  # models must be loaded first

        post_migrate.connect(certificate_kinds.keep_shared_kinds, sender=self, dispatch_uid="certificate_kinds")
