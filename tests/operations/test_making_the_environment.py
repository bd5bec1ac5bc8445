"""`./run` makes its environment whole or not at all, and only when it has to."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.processes import PROJECT

pytestmark = pytest.mark.one_lane("sqlite")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that needs no packages, whose manage.py says in which environment it runs; used once."""
    folder = tmp_path_factory.mktemp("made") / "project"
    (folder / "requirements").mkdir(parents=True)
    shutil.copy(PROJECT / "run", folder)
    for name in ("base", "dev"):
        (folder / "requirements" / f"{name}.lock").write_text(f"# {name}: nothing\n")
    (folder / "manage.py").write_text("import sys; print(sys.prefix)\n")
    assert "making .venv" in manage(folder).stderr
    return folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "project", symlinks=True))


def run_manage(project: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(project / "run"), "manage"],
        env={**os.environ, "JOURNEYBOOK_VAR": str(project / "var"), "PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def manage(project: Path) -> "subprocess.CompletedProcess[str]":
    result = run_manage(project)
    assert result.stdout == f"{project / '.venv'}\n", result
    return result


def test_once_made_it_is_used_as_it_is(project: Path) -> None:
    assert manage(project).stderr == ""


def test_one_that_was_interrupted_is_made_again(project: Path) -> None:
    (project / ".venv" / "base.lock").unlink()
    (project / ".venv" / "half").touch()
    assert "making .venv" in manage(project).stderr
    assert not (project / ".venv" / "half").exists()


def test_a_changed_lock_brings_it_up_to_date_in_place(project: Path) -> None:
    (project / "requirements" / "base.lock").write_text("# base: nothing, in a new way\n")
    (project / ".venv" / "kept").touch()
    assert manage(project).stderr == "journeybook: installing requirements/base.lock\n"
    assert (project / ".venv" / "kept").exists()


def test_an_environment_for_development_is_enough_for_the_demo(project: Path) -> None:
    (project / ".venv" / "base.lock").rename(project / ".venv" / "dev.lock")
    shutil.copy(project / "requirements" / "dev.lock", project / ".venv" / "dev.lock")
    assert manage(project).stderr == ""


def test_packages_that_cannot_be_had_leave_nothing_half_made(project: Path) -> None:
    (project / "requirements" / "base.lock").write_text(f"nowhere==1.0 --hash=sha256:{'0' * 64}\n")
    result = run_manage(project)
    assert result.returncode == 2
    assert "the packages could not be installed" in result.stderr
    assert not (project / ".venv").exists()
