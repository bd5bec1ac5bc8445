"""Files go into a folder of each test's own; people open pages at the instant of the cast."""

from tests.evidence.conftest import files_go_into_a_folder_of_the_test
from tests.pages.conftest import at, at_ten_in_the_morning

__all__ = ["at", "at_ten_in_the_morning", "files_go_into_a_folder_of_the_test"]
