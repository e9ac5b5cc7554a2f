"""What is not released yet is well formed, the version stands in one place, and a release is complete."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from archlint import __version__
from tests.support.process import git

ROOT = Path(__file__).parents[2]
KINDS = {
    kind["directory"]
    for kind in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["towncrier"]["type"]
}
FRAGMENTS = sorted(path for path in (ROOT / "changes").iterdir() if path.name != "README.md")


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("release", ROOT / ".ci/release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RELEASE = loaded()


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda path: path.name)
def test_a_fragment_is_one_paragraph_of_a_known_kind(fragment: Path) -> None:
    named = re.fullmatch(r"([a-z0-9][a-z0-9-]*)\.([a-z]+)\.md", fragment.name)
    assert named, "its name is SLUG.KIND.md, in small letters"
    assert named[2] in KINDS, f"one of {sorted(KINDS)}"
    text = fragment.read_text("utf-8")
    assert text.endswith("\n")
    assert text.strip(), "it says nothing"
    assert not re.search(r"\n\s*\n|^\s*(?:[-*#>]|\d+\.)\s", text.strip() + "\n", re.MULTILINE), (
        "one paragraph"
    )
    for link in re.findall(r"\]\((?![a-z]+:)([^)#]+)", text):
        assert (ROOT / link).exists(), f"links are read from the top of the repository: {link}"


def test_the_kinds_are_explained() -> None:
    told = re.findall(r"^\| `(\w+)` \|", (ROOT / "changes/README.md").read_text("utf-8"), re.MULTILINE)
    assert set(told) == KINDS


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "version" in project["project"]["dynamic"]
    assert project["tool"]["hatch"]["version"]["path"] == "src/archlint/__init__.py"
    assert RELEASE.version(ROOT) == __version__
    for name in git(
        ROOT, "ls-files", "--", "src/archlint/*.py", "*.toml", "*.yml", "action", ".ci"
    ).splitlines():
        if name != "src/archlint/__init__.py" and (ROOT / name).is_file():
            text = (ROOT / name).read_text("utf-8")
            stated = re.findall(
                rf"^\W*\w*version\w*\W+{re.escape(__version__)}\b", text, re.MULTILINE | re.IGNORECASE
            )
            assert stated == [], name


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The files of a release, with one fragment."""
    for name in ("pyproject.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "src/archlint").mkdir(parents=True)
    shutil.copy(ROOT / "src/archlint/__init__.py", tmp_path / "src/archlint/__init__.py")
    (tmp_path / "changes").mkdir()
    shutil.copy(ROOT / "changes/README.md", tmp_path / "changes/README.md")
    git(tmp_path, "init", "-q")
    return tmp_path


def test_a_release_moves_the_fragments_and_is_then_ready(tree: Path) -> None:
    (tree / "changes/quicker.feature.md").write_text("Large repositories are read in parallel.\n")
    (tree / "changes/calmer.fix.md").write_text("`KUBE101` leaves jobs alone,\neven in lists.\n")
    said = " ".join(RELEASE.problems(tree, "v7.1.0"))
    assert "the tag is v7.1.0" in said
    assert "changes/quicker.feature.md" in said
    before = (tree / "CHANGELOG.md").read_text("utf-8")
    RELEASE.prepare(tree, "7.1.0")
    assert RELEASE.problems(tree, "v7.1.0") == []
    assert RELEASE.problems(tree, "v7.1.1") != []
    after = (tree / "CHANGELOG.md").read_text("utf-8")
    assert re.search(
        r"^<!-- changes -->\n+## 7\.1\.0 \(\d{4}-\d\d-\d\d\)\n\n### New\n\n- Large", after, re.MULTILINE
    )
    assert "`KUBE101` leaves jobs alone,\n  even in lists." in after
    lost = set(before.splitlines()) - set(after.splitlines())
    assert all(line.endswith("(not yet released)") for line in lost), lost
    (tree / "changes/next.fix.md").write_text("The next one.\n")
    RELEASE.prepare(tree, "7.1.1rc1")
    assert RELEASE.problems(tree, "v7.1.1rc1") == []
    assert (tree / "CHANGELOG.md").read_text("utf-8").count("\n## 7.1.") == 2


@pytest.mark.parametrize("wanted", ["", "v1.0.0", "1.0", "next", "1.0.0'; true"])
def test_what_is_no_version_changes_nothing(tree: Path, wanted: str) -> None:
    (tree / "changes/quicker.feature.md").write_text("Large repositories are read in parallel.\n")
    with pytest.raises(SystemExit):
        RELEASE.prepare(tree, wanted)
    assert RELEASE.version(tree) == __version__


def test_nothing_is_released_without_a_change(tree: Path) -> None:
    with pytest.raises(SystemExit):
        RELEASE.prepare(tree, "7.1.0")


def test_the_state_that_is_not_released_may_not_be_published() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / ".ci/release.py", "check", "v0.0.0"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "the tag is v0.0.0" in done.stderr
