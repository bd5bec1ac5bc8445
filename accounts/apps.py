from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Register the check that every address declares who may open it, and note when sessions begin."""
        from accounts import checks, sessions  # noqa: F401  # models must be loaded first
