"""`./run` names what a machine lacks in one line with the remedy, and makes nothing half."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import PROJECT

pytestmark = pytest.mark.one_lane("sqlite")

# The probe of `run` in a real Python under changed conditions.
WITHOUT_VENV = "sys.modules['ensurepip'] = None"
TOO_OLD = "sys.version_info = (3, 9, 2)"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what `run` needs to decide whether it can start."""
    for name in ("run", "requirements/base.lock", "requirements/dev.lock", "config/demo/address.py"):
        (tmp_path / "project" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, tmp_path / "project" / name)
    return tmp_path / "project"


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """The PATH of somebody who is not root: no apt-get, no sudo."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("bash", "env", "dirname", "uname", "tr", "readlink", "cat", "ls"):
        (folder / name).symlink_to(str(shutil.which(name)))
    write_program(folder / "id", "#!/bin/sh\necho 1000\n")  # nobody special, whoever runs the tests
    return folder


def give_python(tools: Path, condition: str) -> None:
    """A `python3` in which `condition` was done before what it is asked to do; a real one otherwise."""
    first = f"import ctypes, sys; {condition}; exec(sys.argv[1])"
    script = (
        "#!/bin/sh\n"
        f'[ "$2" = -c ] || exec {sys.executable} "$@"\n'  # run asks by: python3 -I -c PROGRAM
        f'exec {sys.executable} -I -c {shlex.quote(first)} "$3"\n'
    )
    write_program(tools / "python3", script)


def write_program(path: Path, script: str) -> None:
    path.write_text(script)
    path.chmod(0o755)


def run(project: Path, tools: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(tools / "bash"), str(project / "run"), *words],
        env={"PATH": str(tools), "HOME": str(project)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def refusal(project: Path, tools: Path, *words: str) -> str:
    """The one line with which `./run words` refuses, having made nothing."""
    before = sorted(project.rglob("*"))
    result = run(project, tools, *words)
    assert (result.returncode, result.stdout) == (2, ""), result
    assert result.stderr.count("\n") == 1, result.stderr
    assert sorted(project.rglob("*")) == before
    return result.stderr


@pytest.mark.parametrize("words", [("demo", "--once"), ("test",), ("check",), ("manage", "check")])
def test_a_missing_venv_module_is_named_with_its_package(project: Path, tools: Path, words: tuple[str, ...]) -> None:
    give_python(tools, WITHOUT_VENV)
    (tools / "apt-get").symlink_to(str(shutil.which("false")))
    line = refusal(project, tools, *words)
    assert "missing: Python's venv module. Run as root: apt-get update && apt-get install" in line
    assert line.endswith(" python3-venv\n")


def test_a_missing_pango_is_named_with_its_package(project: Path, tools: Path) -> None:
    give_python(tools, "ctypes.CDLL = lambda name: open('/pango') if 'pango' in name else None")
    (tools / "apt-get").symlink_to(str(shutil.which("false")))
    line = refusal(project, tools, "demo")
    assert line.startswith("journeybook: missing: Pango. ")
    assert line.endswith(" libpangoft2-1.0-0\n")


def test_a_system_without_apt_gets_another_remedy(project: Path, tools: Path) -> None:
    give_python(tools, WITHOUT_VENV)
    assert "with your package manager" in refusal(project, tools, "demo")


def test_a_python_too_old_is_told_which_are_wanted(project: Path, tools: Path) -> None:
    give_python(tools, TOO_OLD)
    assert "Python 3.11, 3.12 or 3.13 is needed" in refusal(project, tools, "demo")


def test_no_python_at_all_is_told_too(project: Path, tools: Path) -> None:
    assert "no python3 was found" in refusal(project, tools, "check")


def test_an_unknown_command_shows_those_there_are(project: Path, tools: Path) -> None:
    result = run(project, tools, "domo")
    assert result.returncode == 2
    assert "./run demo" in result.stderr
    assert "there is no command 'domo'" in result.stderr


def test_the_script_works_from_any_folder_with_a_folder_of_ones_own(tmp_path: Path) -> None:
    result = subprocess.run(
        [
            str(PROJECT / "run"),
            "manage",
            "shell",
            "-v",
            "0",
            "-c",
            "from django.conf import settings; print(settings.VAR_DIR)",
        ],
        cwd=tmp_path,
        env={**os.environ, "JOURNEYBOOK_VAR": "mine"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == str(tmp_path / "mine")


def test_continuous_integration_runs_all_of_it() -> None:
    lines = (PROJECT / ".ci" / "run").read_text().splitlines()
    assert lines[-1] == 'CI=true exec "$(dirname "${BASH_SOURCE[0]}")/../run" test'
    assert os.access(PROJECT / ".ci" / "run", os.X_OK)
