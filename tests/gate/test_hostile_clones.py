"""Clones that are not what they seem: whatever git may be told in one, the gate judges the commits."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archlint.files import releases
from tests.gate.releases import CONTRACT, DEPLOYMENT, MANIFEST, Repository
from tests.gate.test_attacks import EXCUSES, STRICT, break_it
from tests.gate.test_gate import gate, part
from tests.support.inside import archlint
from tests.support.process import git

PROGRAMS = (
    *("core.fsmonitor", "core.sshCommand", "core.pager", "core.askPass", "core.alternateRefsCommand"),
    *("core.editor", "diff.external", "diff.x.command", "diff.x.textconv", "filter.x.clean"),
    *("filter.x.smudge", "filter.x.process", "merge.x.driver", "gpg.program", "credential.helper"),
    *("uploadpack.packObjectsHook", "pager.ls-tree", "alias.ls-tree", "alias.rev-parse"),
)
"""Keys with which a repository's configuration names programs."""
HOOKS = ("post-index-change", "fsmonitor-watchman", "reference-transaction", "post-checkout")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "shop", **{"archlint.yaml": STRICT})
    made.tag("v1.4.0")
    return made


def test_no_program_is_run_that_the_repository_names(repository: Repository, tmp_path: Path) -> None:
    seen, program = tmp_path / "seen", tmp_path / "program"
    break_it(repository)
    repository.write(".gitattributes", "* filter=x diff=x merge=x export-ignore ident\n*.yaml export-subst\n")
    repository.commit()
    repository.edit(MANIFEST, "replicas: 2", "replicas: 20")
    program.write_text(f"#!/bin/sh\ntouch {seen}\ncat\n", "utf-8")
    program.chmod(0o755)
    settings = [f'[filter "x"]\n\trequired = true\n[core]\n\thooksPath = {tmp_path}\n']
    for key in PROGRAMS:
        section, _, name = key.rpartition(".")
        first, _, second = section.partition(".")
        settings.append(f'[{first} "{second}"]\n' if second else f"[{first}]\n")
        settings.append(f"\t{name} = {program}\n")
    with (repository.folder / ".git/config").open("a", encoding="utf-8") as config:
        config.write("".join(settings))
    (repository.folder / ".git/info/attributes").write_text("* filter=x diff=x -text\n", "utf-8")
    for hook in HOOKS:
        for folder in (tmp_path, repository.folder / ".git/hooks"):
            folder.mkdir(exist_ok=True)
            (folder / hook).symlink_to(program)
    done = gate(repository)
    assert (done.code, part(done, "contracts")["outcome"]) == (1, "failed")
    assert not seen.exists()
    assert f"'{MANIFEST}'" in done.err, "what differs here is told all the same"


OTHERS_FOLDER = ("GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_INDEX_FILE")


@pytest.mark.parametrize("name", [*OTHERS_FOLDER, "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE", "GIT_TRACE"])
def test_variables_of_git_lead_to_no_other_repository(
    repository: Repository, tmp_path: Path, name: str
) -> None:
    break_it(repository)
    repository.commit()
    other = Repository(tmp_path / "other")
    other.tag("v1.4.0")
    other.edit(MANIFEST, "replicas: 2", "replicas: 3")
    other.commit()
    below = {"GIT_DIR": ".git", "GIT_COMMON_DIR": ".git", "GIT_WORK_TREE": "", "GIT_INDEX_FILE": ".git/index"}
    value = str(other.folder / below.get(name, ".git/objects"))
    value = value if name in OTHERS_FOLDER else "refs/tags/"
    done = archlint("gate", "--base", "v1.4.0", "--format", "json", cwd=repository.folder, **{name: value})
    assert (done.code, part(done, "contracts")["outcome"]) == (1, "failed")


def test_what_git_is_told_not_to_look_at_is_looked_at(repository: Repository) -> None:
    repository.edit(CONTRACT, "description: The cart.", "description: The whole cart.")
    repository.write("deploy/sparse.yaml", DEPLOYMENT.replace("cart", "sparse"))
    repository.commit()
    git(repository.folder, "update-index", "--assume-unchanged", MANIFEST)
    git(repository.folder, "update-index", "--skip-worktree", CONTRACT, "deploy/sparse.yaml")
    repository.write(MANIFEST, "x: 1\n")
    repository.write(CONTRACT, "x: 1\n")
    (repository.folder / "deploy/sparse.yaml").unlink()
    said = gate(repository).err
    assert MANIFEST in said
    assert CONTRACT in said
    assert "sparse" not in said, "a sparse checkout has not all files"


def test_ignored_manifests_are_told_and_ignored_folders_are_not(repository: Repository) -> None:
    repository.edit(MANIFEST, "replicas: 2", "replicas: 3")
    repository.write(".gitignore", "deploy/local.yaml\nnode_modules\n*.log\n")
    repository.commit()
    (repository.folder / ".git/info/exclude").write_text("secret.yaml\n", "utf-8")
    for path in ("deploy/local.yaml", "secret.yaml", "node_modules/x.yaml", "run.log"):
        repository.write(path, DEPLOYMENT)
    assert "2 files here differs: 'deploy/local.yaml' and 'secret.yaml'" in gate(repository).err


def test_what_has_only_another_time_is_not_told(repository: Repository) -> None:
    repository.edit(MANIFEST, "replicas: 2", "replicas: 3")
    repository.commit()
    os.utime(repository.folder / CONTRACT, (1, 1))
    assert "differs" not in gate(repository).err


def test_a_file_in_gits_own_folder_is_no_base(repository: Repository) -> None:
    break_it(repository)
    head = repository.commit()
    repository.edit(MANIFEST, "replicas: 2", "replicas: 3")
    repository.commit()
    (repository.folder / ".git/v1.4.0").write_text(f"{head}\n", "ascii")
    assert gate(repository).code == 2
    assert gate(repository, base="refs/tags/v1.4.0").code == 1


def test_grafted_history_is_not_believed(repository: Repository) -> None:
    base = git(repository.folder, "rev-parse", "v1.4.0^{commit}")
    break_it(repository)
    head = repository.commit()
    repository.edit(MANIFEST, "replicas: 2", "replicas: 3")
    repository.commit()
    (repository.folder / ".git/info").mkdir(exist_ok=True)
    (repository.folder / ".git/info/grafts").write_text(f"{base} {head}\n", "ascii")
    assert gate(repository).code == 1


@pytest.mark.parametrize("kind", ["submodule", "link"])
def test_a_folder_that_becomes_a_link_fails(repository: Repository, tmp_path: Path, kind: str) -> None:
    head = git(repository.folder, "rev-parse", "HEAD")
    git(repository.folder, "rm", "-rq", "deploy")
    if kind == "link":
        (repository.folder / "deploy").symlink_to("../elsewhere")
        git(repository.folder, "add", "deploy")
    else:
        git(repository.folder, "update-index", "--add", "--cacheinfo", f"160000,{head},deploy")
    git(repository.folder, "commit", "-qm", "moved")
    done = gate(repository)
    told = "'deploy' is a link or submodule now, so that 1 file of the base in it cannot be read"
    assert (done.code, part(done, "files")["unknown"]) == (1, [told])


def test_all_excuses_together_excuse_nothing(repository: Repository) -> None:
    break_it(repository)
    for files in EXCUSES.values():
        for path, text in files.items():
            repository.write(path, text)
    loose = "suppress: [{rules: [ALL], paths: ['**'], reason: x}]\nexclude: ['**']\nignore: [ALL]\n"
    repository.write("archlint.yaml", f"{loose}{EXCUSES['a waiver']['archlint.yaml']}")
    archlint("check", ".", "--update-baseline", cwd=repository.folder)
    for path in (CONTRACT, MANIFEST):
        text = (repository.folder / path).read_text("utf-8")
        repository.write(path, f"# archlint: ignore-file[ALL] fine\n{text}")
    repository.commit()
    done = gate(repository)
    assert {name: part(done, name)["outcome"] for name in ("contracts", "files")} == dict.fromkeys(
        ("contracts", "files"), "failed"
    )
    assert len(done.report["safeguards"]) >= 6
    assert done.report["waived"] == []


def test_a_shallow_clone_is_told(repository: Repository, tmp_path: Path) -> None:
    repository.edit(MANIFEST, "replicas: 2", "replicas: 3")
    repository.commit()
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{repository.folder}", "clone")
    done = archlint("gate", "--base", "HEAD~1", "--format", "json", cwd=tmp_path / "clone")
    assert done.code == 0
    assert "this clone is shallow" in done.err
    assert "fetch-depth: 0" in archlint("gate", "--base", "v1.3.0", cwd=tmp_path / "clone").err


def test_links_and_submodules_as_they_were_committed_are_not_told(repository: Repository) -> None:
    head = git(repository.folder, "rev-parse", "HEAD")
    (repository.folder / "notes").symlink_to("nowhere")
    git(repository.folder, "add", "notes")
    git(repository.folder, "update-index", "--add", "--cacheinfo", f"160000,{head},module")
    (repository.folder / "module").mkdir()
    git(repository.folder, "commit", "-qm", "links")
    assert "differs" not in gate(repository).err
    (repository.folder / "notes").unlink()
    (repository.folder / "notes").symlink_to("anywhere")
    assert "1 file here differs: 'notes'" in gate(repository).err


def test_large_files_are_compared_in_parts(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "_LARGE", 10)
    monkeypatch.setattr(releases, "_CHUNK", 7)
    repository.edit(MANIFEST, "replicas: 2", "replicas: 3")
    repository.commit()
    assert "differs" not in gate(repository).err
    repository.edit(MANIFEST, "replicas: 3", "replicas: 4")
    assert f"'{MANIFEST}'" in gate(repository).err
