"""The job that `archlint init` writes is for the service that runs the jobs of the repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from archlint.config.ci_service import CiService, ci_service
from archlint.config.starter import gitlab_job, hook_entry, workflow
from archlint.origin.sources import ArchiveSource, GitSource, IndexSource, InstallSource
from tests.project.schemas import problems_of
from tests.support.inside import archlint
from tests.support.process import commit_all, git

SOURCE = ("--source", "git+https://git.example.com/team/archlint.git@v0.1.0")
SOURCES = [
    IndexSource("1.0"),
    ArchiveSource("https://example.com/a.whl", "sha256=" + "ab" * 32),
    GitSource("https://git.example.com/a/b", "1.0", "tools"),
    GitSource("https://github.com/acme/archlint", "v1"),
]
FORMS = ("https://{}/a/b.git", "https://me:pw@{}/a/b", "git@{}:a/b.git", "ssh://git@{}:22/a/b.git", "{}:a/b")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("host", "service"),
    [
        ("github.com", CiService.GITHUB),
        ("gitlab.com", CiService.GITLAB),
        ("gitlab.shop.example", CiService.GITLAB),
        ("GitLab.com", CiService.GITLAB),
        ("git.example.com", CiService.GITHUB),
        ("notgitlab.com", CiService.GITHUB),
        ("bitbucket.org", CiService.NONE),
        ("ssh.dev.azure.com", CiService.NONE),
    ],
)
def test_the_host_of_origin_says_whose_job_it_is(
    shop: Path, host: str, service: CiService, form: str
) -> None:
    git(shop, "remote", "add", "origin", form.format(host))
    done = archlint("init", *SOURCE, cwd=shop)
    assert done.code == 0, done.err
    written = {item.relative_to(shop).as_posix() for item in shop.rglob("*.yml")}
    assert (
        (".gitlab/archlint.yml" in written) == (".gitlab-ci.yml" in written) == (service is CiService.GITLAB)
    )
    assert (".github/workflows/archlint.yml" in written) == (service is CiService.GITHUB)
    told = done.out + done.err + "".join((shop / name).read_text("utf-8") for name in written)
    assert "a/b" not in told.replace("team/archlint.git", "")
    assert "me:pw" not in told


@given(st.text(max_size=40))
def test_any_text_is_a_remote(text: str) -> None:
    for remote in (text, f"https://{text}", f"git@{text}:x"):
        assert ci_service(Path(__file__).parent, remote) in CiService


def test_files_that_are_there_come_before_the_host_and_the_flag_before_both(shop: Path) -> None:
    git(shop, "remote", "add", "origin", "https://github.com/a/b")
    (shop / ".gitlab-ci.yml").write_text("stages: [test]\n")
    done = archlint("init", *SOURCE, cwd=shop)
    assert "include:\n  - local: .gitlab/archlint.yml" in done.out
    assert (shop / ".gitlab-ci.yml").read_text() == "stages: [test]\n"
    assert not (shop / ".github").exists()
    (shop / ".gitlab-ci.yml").write_text("include:\n  - local: .gitlab/archlint.yml\n")
    assert "it includes the job already" in archlint("init", *SOURCE, cwd=shop).out
    assert archlint("init", *SOURCE, "--ci", "github", cwd=shop).code == 0
    assert (shop / ".github/workflows/archlint.yml").exists()


def test_no_job_is_written_if_none_is_wanted(shop: Path) -> None:
    assert archlint("init", *SOURCE, "--ci", "none", cwd=shop).code == 0
    names = sorted(item.name for item in shop.iterdir())
    assert names == [".git", ".pre-commit-config.yaml", "archlint.yaml"]


@pytest.mark.parametrize("source", SOURCES, ids=str)
@pytest.mark.parametrize("packages", [(), ("cel-expr-python>=0.1.3,<1",)])
def test_jobs_hooks_and_workflows_are_well_formed(
    tmp_path: Path, source: InstallSource, packages: tuple[str, ...]
) -> None:
    for name, schema, text in (
        ("job.yml", "gitlab-ci", gitlab_job(source, packages)),
        ("workflow.yml", "github-workflows", workflow(source, packages)),
    ):
        (tmp_path / name).write_text(text)
        assert problems_of(schema, tmp_path / name) == []
        assert all(package in text for package in packages)
    [repo] = yaml.safe_load(hook_entry(source, packages))
    added = repo["hooks"][0].get("additional_dependencies", [])
    assert added == [*([source.requirement] if repo["repo"] == "local" else []), *packages]


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_rules_in_cel_have_what_they_need(shop: Path, ci: str) -> None:
    (shop / "archlint.yaml").write_text("rule-folders: [lint]\n")
    assert archlint("init", *SOURCE, "--ci", ci, cwd=shop).code == 0
    job = {"github": ".github/workflows/archlint.yml", "gitlab": ".gitlab/archlint.yml"}[ci]
    for name in (".pre-commit-config.yaml", job):
        assert "cel-expr-python>=" in (shop / name).read_text("utf-8")


def test_the_script_of_the_job_checks_and_judges(shop: Path) -> None:
    """As a runner does it: each entry of the script by a shell that stops at the first failure."""
    assert archlint("init", *SOURCE, "--ci", "gitlab", cwd=shop).code == 0
    good = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata:\n  LEVEL: debug\n"
    (shop / "settings.yaml").write_text(good)
    base = commit_all(shop)
    job = yaml.safe_load((shop / ".gitlab/archlint.yml").read_text("utf-8"))["archlint"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for text, given_base, code in ((good, "", 0), (good.replace("LEVEL", "LEVEL: info\n  LEVEL"), base, 1)):
        (shop / "settings.yaml").write_text(text)
        variables = {"PATH": path, "CI_MERGE_REQUEST_DIFF_BASE_SHA": given_base}
        done = subprocess.run(
            ["sh", "-e", "-c", job["script"][1]],
            cwd=shop,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        report = yaml.safe_load((shop / job["artifacts"]["reports"]["codequality"]).read_text("utf-8"))
        assert bool(report) == (code == 1)


def test_old_pips_take_the_address_of_a_folder_of_git_without_a_name() -> None:
    source = GitSource("file:///srv/archlint.git", "v0.1.0")
    for text in (gitlab_job(source), workflow(source)):
        assert 'pip install "git+file:///srv/archlint.git@v0.1.0"\n' in text
