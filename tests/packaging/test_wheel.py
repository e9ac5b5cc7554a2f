"""The wheel, built and installed into an environment of its own, works away from the source tree."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from archlint.origin.home import home_page, repository, rule_pages
from archlint.origin.metadata import own_metadata
from archlint.registry import read_pages, rules_folder

ROOT = Path(__file__).parents[2]
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: cart\n  name: cart\n"


def done(
    *command: str | Path, cwd: Path | None = None, check: bool = True, **variables: str
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    run = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env=environment)
    assert run.returncode == 0 or not check, f"{command}\n{run.stdout}\n{run.stderr}"
    return run


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    done(*pip, "--wheel-dir", folder, ROOT, cwd=folder)
    return next(folder.glob("archlint-*.whl"))


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory, offered: dict[str, str]) -> Path:
    """The folder of the programs in a fresh environment that has the wheel and what it depends on."""
    home = tmp_path_factory.mktemp("environment")
    done(sys.executable, "-m", "venv", "--without-pip", home)
    found = home / ("Scripts" if os.name == "nt" else "bin")
    pip = (sys.executable, "-m", "pip", "--python", found / "python")
    done(*pip, "install", "--quiet", wheel, cwd=home, **offered)
    return found


def test_the_wheel_has_pages_their_index_and_types(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        index = json.loads(archive.read("archlint/rules/index.json"))
    pages = {f"archlint/rules/{path.parent.name}/{path.name}" for path in rules_folder().glob("*/*.md")}
    assert pages <= names
    assert "archlint/py.typed" in names
    assert {f"archlint/rules/{rule['page']}" for rule in index["rules"]} == pages
    assert set(index) == {"rules"}, "the index says nothing of the machine that built it"


def test_no_file_of_the_project_lies_beside_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"archlint"}


def test_check_works_elsewhere(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    command = (programs / "archlint", "check", "--format", "json", "--no-cache", ".")
    run = done(*command, cwd=tmp_path, check=False)
    assert run.returncode == 1, run.stderr
    assert "LINT005" in {finding["code"] for finding in json.loads(run.stdout)["findings"]}


def test_rules_lists_every_rule_from_the_index(programs: Path, tmp_path: Path) -> None:
    run = done(programs / "archlint", "rules", "--format", "json", cwd=tmp_path)
    assert [rule["code"] for rule in json.loads(run.stdout)] == sorted(
        rule.code for rule in read_pages(rules_folder())
    )


def test_explain_shows_the_page(programs: Path, tmp_path: Path) -> None:
    run = done(programs / "archlint", "explain", "duplicate-key", cwd=tmp_path)
    assert "Key is set twice in one map" in run.stdout


COMMIT = "0123456789abcdef0123456789abcdef01234567"
GIT = {"url": "https://git.example.com/a.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}


@pytest.mark.parametrize(
    ("recorded", "repository", "requirement"),
    [
        (None, "local", "archlint=="),
        (GIT, "https://git.example.com/a.git", f"archlint @ git+https://git.example.com/a.git@{COMMIT}"),
        (
            {"url": "https://example.com/a.whl", "archive_info": {}},
            "local",
            "archlint @ https://example.com/a.whl",
        ),
    ],
)
def test_init_writes_what_it_was_installed_from(
    programs: Path, tmp_path: Path, recorded: dict[str, Any] | None, repository: str, requirement: str
) -> None:
    [record] = programs.parent.glob("[Ll]ib/**/archlint-*.dist-info/direct_url.json")
    kept = record.read_text("utf-8")
    try:
        record.unlink()
        if recorded is not None:
            record.write_text(json.dumps(recorded), "utf-8")
        done(programs / "archlint", "init", cwd=tmp_path)
    finally:
        record.write_text(kept, "utf-8")
    [hook] = yaml.safe_load((tmp_path / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert hook["repo"] == repository
    assert requirement in (tmp_path / ".github/workflows/archlint.yml").read_text("utf-8")


def test_init_writes_no_path_of_the_wheel(programs: Path, wheel: Path, tmp_path: Path) -> None:
    run = done(programs / "archlint", "init", cwd=tmp_path, check=False)
    assert run.returncode == 2
    assert "archlint init --source " in run.stderr
    assert [item.name for item in tmp_path.iterdir()] == ["archlint.yaml"]
    assert str(wheel.parent) not in (tmp_path / "archlint.yaml").read_text("utf-8") + run.stderr


METADATA = """\
import sys
from hatchling.build import prepare_metadata_for_build_wheel
prepare_metadata_for_build_wheel(sys.argv[1])
"""


@pytest.mark.parametrize("home", [None, "https://github.com/acme/archlint"])
def test_links_are_written_if_there_is_a_home_and_only_then(tmp_path: Path, home: str | None) -> None:
    copy = source_tree(tmp_path / "source")
    pyproject = copy / "pyproject.toml"
    urls = f'\n[project.urls]\nRepository = "{home}"\n' if home else ""
    pyproject.write_text(pyproject.read_text("utf-8") + urls, "utf-8")
    done(sys.executable, "-c", METADATA, tmp_path, cwd=copy)
    metadata = own_metadata([str(tmp_path)], tmp_path / "archlint")
    assert metadata is not None
    assert repository(metadata.urls) == home
    assert (home_page(metadata.urls) is None) == (rule_pages(metadata.urls) is None) == (home is None)
    [file] = tmp_path.glob("archlint-*.dist-info/METADATA")
    links = re.findall(r"\]\(([^)]+)\)", file.read_text("utf-8"))
    assert [link for link in links if not link.startswith("https://")] == []
    assert bool([link for link in links if link.startswith(f"{home}/blob/HEAD/")]) == (home is not None)


def source_tree(copy: Path) -> Path:
    """A copy of what the build reads."""
    files = done("git", "ls-files", "-z", "--", "src", "rules", cwd=ROOT).stdout.split("\0")
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", *filter(None, files)):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    return copy


def test_a_page_that_cannot_be_read_stops_the_build(tmp_path: Path) -> None:
    copy = source_tree(tmp_path / "source")
    (copy / "rules" / "lint" / "broken.md").write_text("no front matter\n")
    pip = (sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path)
    run = done(*pip, copy, check=False)
    assert run.returncode != 0
    assert "broken.md: a rule page begins with front matter" in run.stdout + run.stderr
