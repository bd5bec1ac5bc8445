"""The one way in which a file is refused."""


class FileRefused(Exception):
    """A file that is not taken: not what it says, or too much. `message` tells its owner why; the edge answers 400."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
