"""The hook that `archlint init` writes, run by the real pre-commit, with this source tree as its source."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.inside import archlint
from tests.support.process import git

ROOT = Path(__file__).parents[2]
SOURCE = (
    "src",
    "rules",
    "pyproject.toml",
    "hatch_build.py",
    "README.md",
    "LICENSE",
    ".pre-commit-hooks.yaml",
)
GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata:\n  LEVEL: debug\n"
BAD = GOOD.replace("data:\n", "data:\n  LEVEL: info\n")
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: cart}
spec:
  containers:
    - name: cart
      image: shop/cart:1.0
      envFrom:
        - configMapRef: {name: colors}
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with one commit: what this source tree has now, committed or not."""
    folder = tmp_path_factory.mktemp("source")
    for name in SOURCE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "-q")
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "-m", "source")
    return folder


@pytest.fixture
def repository(source: Path, tmp_path: Path) -> Path:
    (tmp_path / "settings.yaml").write_text(GOOD)
    git(tmp_path, "init", "-q")
    spec = f"git+file://{source}@{git(source, 'rev-parse', 'HEAD')}"
    assert archlint("init", "--source", spec, cwd=tmp_path).code == 0
    git(tmp_path, "add", "-A")
    return tmp_path


@pytest.fixture(scope="module")
def pre_commit(tmp_path_factory: pytest.TempPathFactory, offered: dict[str, str]):
    """Runs pre-commit with a home of its own, so that it installs the hook anew, once for all tests."""

    def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = (sys.executable, "-m", "pre_commit", *arguments)
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=600)

    with pytest.MonkeyPatch.context() as patch:
        for name, value in offered.items():
            patch.setenv(name, value)
        patch.setenv("PRE_COMMIT_HOME", str(tmp_path_factory.mktemp("pre-commit")))
        yield run


def test_a_commit_passes_then_fails_then_passes(repository: Path, pre_commit) -> None:
    run = pre_commit(repository, "run")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Passed" in run.stdout

    (repository / "settings.yaml").write_text(BAD)
    git(repository, "add", "-A")
    run = pre_commit(repository, "run")
    assert run.returncode == 1
    assert re.search(r"settings\.yaml\b.*\n +6:3 +error LINT005 duplicate-key", run.stdout), run.stdout

    (repository / "settings.yaml").write_text(GOOD)
    run = pre_commit(repository, "run")
    assert run.returncode == 1, "what is not staged is set aside: the staged text is judged"
    git(repository, "add", "-A")
    assert pre_commit(repository, "run").returncode == 0


def test_a_deletion_that_breaks_the_rest_is_seen(repository: Path, pre_commit) -> None:
    """A hook that looked at staged files alone would have nothing to look at."""
    config = yaml.safe_load((repository / ".pre-commit-config.yaml").read_text())
    config["repos"][0]["hooks"][0]["args"] = ["--select", "KUBE504", "--ignore", "ALL"]
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    (repository / "colors.yaml").write_text(GOOD.replace("settings", "colors"))
    (repository / "pod.yaml").write_text(POD)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "whole")
    run = pre_commit(repository, "run", "--all-files")
    assert run.returncode == 0, run.stdout

    git(repository, "rm", "-q", "colors.yaml")
    run = pre_commit(repository, "run")
    assert run.returncode == 1, run.stdout
    assert re.search(r"pod\.yaml\b.*\n +9:\d+ +error KUBE504", run.stdout), run.stdout


def test_the_installed_hook_stops_a_commit(repository: Path, pre_commit) -> None:
    assert pre_commit(repository, "install").returncode == 0
    (repository / "settings.yaml").write_text(BAD)
    git(repository, "add", "-A")
    with pytest.raises(subprocess.CalledProcessError) as stopped:
        git(repository, "commit", "-m", "broken")
    assert "LINT005" in stopped.value.stdout + stopped.value.stderr
