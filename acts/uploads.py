"""How much a request may bring in files: what is beyond is let go while it arrives, never kept.

A file over the limit is dropped alone, so that the rest of the form arrives and nothing typed is lost;
the form asks `let_go` for what to say. Set in settings.FILE_UPLOAD_HANDLERS before Django's own.
"""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


@dataclass
class LetGo:
    """What a request brought too much of: the names of files that are too large, and how many were too many."""

    too_large: list[str] = field(default_factory=list)
    too_many: int = 0


def let_go(request: HttpRequest) -> LetGo:
    """What was let go of this request's files; read after request.POST."""
    found: LetGo | None = getattr(request, "_files_let_go", None)
    return found or LetGo()


class LimitHandler(FileUploadHandler):
    """Counts files and bytes as they arrive, before anything holds them."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.files = 0
        self.bytes = 0
        self.let_go = LetGo()
        if request is not None:
            request._files_let_go = self.let_go  # type: ignore[attr-defined]  # handed to `let_go` with the request

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.files, self.bytes = self.files + 1, 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        # Not before the first piece: by then the handlers behind hold this file, and close this one alone.
        if self.files > settings.EVIDENCE_MOST_FILES:
            self.let_go.too_many += 1
            raise SkipFile
        self.bytes += len(raw_data)
        if self.bytes > settings.EVIDENCE_LARGEST_BYTES:
            self.let_go.too_large.append(str(self.file_name or ""))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind."""
