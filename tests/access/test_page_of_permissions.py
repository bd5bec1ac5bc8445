"""`docs/permissions.md` says what `accounts/access.py` does."""

from accounts.access import ROLES, SCOPES, Permission
from accounts.models import Role, TokenScope
from tests.processes import PROJECT

PAGE = (PROJECT / "docs" / "permissions.md").read_text()
HEADING, _, *ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in PAGE.splitlines() if line[:1] == "|"]


def test_every_role_and_every_permission_stand_in_the_table() -> None:
    assert ["permission", *Role.values, "token that reads"] == HEADING
    assert [row[0] for row in ROWS] == [f"`{permission}`" for permission in Permission]


def test_the_table_gives_each_role_its_permissions() -> None:
    columns = [*(ROLES[role] for role in Role), SCOPES[TokenScope.READ]]
    for permission, row in zip(Permission, ROWS, strict=True):
        assert [cell == "yes" for cell in row[1:]] == [permission in column for column in columns]
