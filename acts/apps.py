from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ActsConfig(AppConfig):
    name = "acts"

    def ready(self) -> None:
        """After every migrate the guards are made again: a remade table has lost them."""
        from acts import guards  # models must be loaded first

        pre_migrate.connect(guards.drop_before_migrate, sender=self, dispatch_uid="guards")
        post_migrate.connect(guards.create_after_migrate, sender=self, dispatch_uid="guards")
