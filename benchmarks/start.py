"""How long `./run demo` takes from a fresh copy of the project, and a second time.

`./run bench start [--keep-downloads]`: the project as git knows it (or as it lies here, where there is
no git) is copied into a temporary folder, and `./run demo --once` is run there twice. A time is taken
when the demo says its address, because that is when somebody can begin. Without `--keep-downloads` pip's
cache is not used, so that the first figure holds for a machine that never saw the packages.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
GOALS = {"cold_seconds": 120.0, "warm_seconds": 5.0}
LEFT_OUT = shutil.ignore_patterns("var", ".venv", ".venv.lock", ".git", "__pycache__", ".*_cache")


def copy_project(target: Path) -> None:
    """The files of the project in `target`, as a clone would have them."""
    listed = (
        subprocess.run(["git", "-C", str(PROJECT), "ls-files", "-z"], capture_output=True, text=True, check=False)
        if shutil.which("git")
        else None
    )
    if listed is None or listed.returncode != 0:
        shutil.copytree(PROJECT, target, ignore=LEFT_OUT)
        return
    for name in filter(None, listed.stdout.split("\0")):
        source = PROJECT / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)


def seconds_until_address(project: Path, *, use_cache: bool) -> float:
    """Seconds from the start of `./run demo --once` to the line with its address; RuntimeError if it fails."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("JOURNEYBOOK", "DJANGO"))}
    for name in ("DATABASE_URL", "CELERY_BROKER_URL"):
        env.pop(name, None)
    if not use_cache:
        env["PIP_NO_CACHE_DIR"] = "1"
    began = time.monotonic()
    process = subprocess.Popen(
        [str(project / "run"), "demo", "--once", "--port", "0"], env=env, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    ready: float | None = None
    said = []
    for line in process.stdout:
        said.append(line)
        if ready is None and "http://127.0.0.1:" in line:
            ready = time.monotonic() - began
    if process.wait() != 0 or ready is None:
        raise RuntimeError(f"./run demo --once ended with {process.returncode} and said:\n{''.join(said)}")
    return round(ready, 1)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench start")
    parser.add_argument("--keep-downloads", action="store_true", help="let pip use its cache")
    use_cache = parser.parse_args().keep_downloads
    with tempfile.TemporaryDirectory(prefix="journeybook-start-") as folder:
        project = Path(folder) / "journeybook"
        copy_project(project)
        figures = {}
        for name in GOALS:
            figures[name] = seconds_until_address(project, use_cache=use_cache)
            print(f"{name}: {figures[name]} (goal: at most {GOALS[name]:g})")
    holds = all(figures[name] <= goal for name, goal in GOALS.items())
    print(json.dumps({"benchmark": "start", "figures": figures, "goals": GOALS, "holds": holds}))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
