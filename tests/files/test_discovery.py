"""Which files belong to the world."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from archlint.files import FileProblem, FileSet, InputError, discover, find_root, git_top

Put = Callable[..., None]
Commit = Callable[..., str]


def found(root: Path, *paths: str, cwd: Path | None = None, exclude: tuple[str, ...] = ()) -> FileSet:
    return discover(paths, root=root, cwd=cwd or root, exclude=exclude)


def test_root_is_the_git_top_above_the_first_path(repository: Path, put: Put, tmp_path: Path) -> None:
    put({"a/b/c.yaml": ""})
    assert find_root([repository / "a/b/c.yaml"]) == repository
    assert find_root([repository / "a/b"], tmp_path) == repository
    assert find_root([tmp_path, repository]) == tmp_path


def test_root_outside_git(tmp_path: Path) -> None:
    (tmp_path / "x/y").mkdir(parents=True)
    (tmp_path / "x/y/a.yaml").write_text("")
    assert find_root([tmp_path / "x/y/a.yaml"]) == tmp_path / "x/y"
    assert find_root([tmp_path / "x/y"]) == tmp_path / "x/y"
    assert find_root([tmp_path / "x/y"], tmp_path / "x") == tmp_path / "x"


def test_only_a_real_git_entry_makes_a_top(tmp_path: Path) -> None:
    for name in ("empty", "text", "linked"):
        (tmp_path / name).mkdir()
    (tmp_path / "empty/.git").mkdir()
    (tmp_path / "text/.git").write_text("hello")
    (tmp_path / "linked/.git").write_text("gitdir: ../somewhere\n")
    assert git_top(tmp_path / "empty") is None
    assert git_top(tmp_path / "text") is None
    assert git_top(tmp_path / "linked") == tmp_path / "linked"


def test_world_is_tracked_and_untracked_but_not_ignored(repository: Path, put: Put, commit: Commit) -> None:
    put({".gitignore": "out/\n*.log\n", "a.yaml": "", "gone.yaml": "", "d/e.yaml": ""})
    commit()
    put({"new.yaml": "", "out/x.yaml": "", "b.log": ""})
    (repository / "gone.yaml").unlink()
    files = found(repository)
    assert files.paths == (".gitignore", "a.yaml", "d/e.yaml", "new.yaml")
    assert files.named == frozenset()
    assert files.notices == ()
    assert files.tree().paths() == files.paths


def test_subfolder_path_keeps_paths_relative_to_the_root(repository: Path, put: Put, commit: Commit) -> None:
    put({"a.yaml": "", "d/e.yaml": "", "d/f.yaml": "", "dx/g.yaml": ""})
    commit()
    assert found(repository, ".", cwd=repository / "d").paths == ("d/e.yaml", "d/f.yaml")
    files = found(repository, "d", "d/e.yaml", "./a.yaml")
    assert files.paths == ("a.yaml", "d/e.yaml", "d/f.yaml")
    assert files.named == {"a.yaml", "d/e.yaml"}


def test_a_named_path_is_read_though_ignored_or_excluded(repository: Path, put: Put, commit: Commit) -> None:
    put({".gitignore": "out/\n", "out/x.yaml": "", "vendor/y.yaml": "", "vendor/vendor/z.yaml": ""})
    commit()
    assert found(repository).paths == (".gitignore",)
    assert found(repository, "out").paths == ("out/x.yaml",)
    assert found(repository, "out/x.yaml").paths == ("out/x.yaml",)
    assert found(repository, "vendor").paths == ("vendor/y.yaml",)
    assert found(repository, "vendor", exclude=("!vendor",)).paths == (
        "vendor/vendor/z.yaml",
        "vendor/y.yaml",
    )
    everything = discover(["."], root=repository, cwd=repository, default_exclude=False)
    assert "vendor/vendor/z.yaml" in everything.paths


def test_scope_covers_paths_that_are_gone(repository: Path, put: Put, commit: Commit) -> None:
    put({"d/a.yaml": "", "b.yaml": ""})
    commit()
    files = found(repository, "d", "b.yaml")
    assert files.covers("d/gone.yaml")
    assert files.covers("b.yaml")
    assert not files.covers("other.yaml")
    assert not files.covers("d/vendor/gone.yaml")
    assert found(repository).covers("anything.yaml")


@pytest.mark.parametrize("path", ["nothing.yaml", "a.yaml/b", "-", "a\0b"])
def test_a_missing_path_is_a_usage_error(repository: Path, put: Put, path: str) -> None:
    put({"a.yaml": ""})
    with pytest.raises(InputError, match="does not exist"):
        found(repository, path)


@pytest.mark.parametrize("path", [".git", ".git/config", ".git/objects", "sub/.git"])
def test_gits_own_files_are_no_input(repository: Path, put: Put, path: str) -> None:
    put({"sub/.git": "gitdir: ../.git\n"})
    with pytest.raises(InputError, match="git itself"):
        found(repository, path)


def test_outside_git_folders_of_tools_are_skipped(tmp_path: Path, put: Put) -> None:
    files = {
        "a.yaml": "",
        ".github/CODEOWNERS": "",
        ".venv/x.yaml": "",
        "env/pyvenv.cfg": "",
        "env/x.yaml": "",
        "node_modules/x.yaml": "",
        "vendor/x.yaml": "",
        ".git/config": "",
    }
    put(files, tmp_path / "plain")
    assert found(tmp_path / "plain").paths == (".github/CODEOWNERS", "a.yaml")


def test_outside_a_walk_and_its_exclusions_stay_below_the_path(tmp_path: Path, put: Put) -> None:
    put({"a/b/c.yaml": "", "a/x/d.yaml": "", "e.yaml": ""}, tmp_path / "plain")
    files = discover(["a"], root=tmp_path / "plain", cwd=tmp_path / "plain", exclude=["a/x/"])
    assert files.paths == ("a/b/c.yaml",)


def test_embedded_repositories_belong_only_if_named(
    repository: Path, put: Put, commit: Commit, run_git
) -> None:
    put({"a.yaml": "", "inner/b.yaml": "", "inner/deep/c.yaml": ""})
    run_git(repository / "inner", "init", "-q")
    run_git(repository, "add", "a.yaml")
    assert found(repository).paths == ("a.yaml",)
    assert found(repository, "inner").paths == ("inner/b.yaml", "inner/deep/c.yaml")
    assert found(repository, ".", "inner/deep").paths == ("a.yaml", "inner/deep/c.yaml")


def test_submodules_belong_only_if_named(
    repository: Path, tmp_path: Path, put: Put, commit: Commit, run_git
) -> None:
    other = tmp_path / "other"
    put({"b.yaml": ""}, other)
    run_git(other, "init", "-q")
    commit(root=other)
    run_git(repository, "submodule", "--quiet", "add", str(other), "sub")
    put({"a.yaml": ""})
    assert found(repository).paths == (".gitmodules", "a.yaml")
    assert found(repository, "sub").paths == ("sub/b.yaml",)


def test_paths_outside_of_the_root_keep_their_given_names(repository: Path, tmp_path: Path, put: Put) -> None:
    put({"a.yaml": "inside"})
    put({"a.yaml": "outside", "d/b.yaml": "", "d/vendor/c.yaml": ""}, tmp_path / "other")
    files = found(repository, ".", "../other/a.yaml", "../other/d")
    assert files.paths == ("../other/a.yaml", "../other/d/b.yaml", "a.yaml")
    assert files.named == {"../other/a.yaml"}
    assert files.tree().read("../other/a.yaml") == b"outside"
    with pytest.raises(FileProblem, match="out of the repository"):
        files.tree().read("../other/d/vendor/c.yaml")


def test_an_outside_name_never_stands_for_an_inside_file(repository: Path, tmp_path: Path, put: Put) -> None:
    put({"a.yaml": "inside"})
    put({"a.yaml": "outside"}, tmp_path / "other")
    files = found(repository, "a.yaml", str(repository / "a.yaml"), cwd=tmp_path / "other")
    assert files.paths == (str(tmp_path / "other/a.yaml"), "a.yaml")
    assert files.tree().read("a.yaml") == b"inside"


def test_a_folder_around_the_root_names_its_files_once(repository: Path, tmp_path: Path, put: Put) -> None:
    put({"a.yaml": ""})
    (tmp_path / "b.yaml").write_text("")
    files = found(repository, "repo/a.yaml", ".", cwd=tmp_path)
    assert "a.yaml" in files.paths
    assert "b.yaml" in files.paths
    assert not any(path.startswith("repo/") for path in files.paths)


def test_links_below_a_path_are_skipped(repository: Path, tmp_path: Path, put: Put, commit: Commit) -> None:
    put({"a.yaml": "", "d/b.yaml": ""})
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/s.yaml").write_text("secret")
    (repository / "inside.yaml").symlink_to("a.yaml")
    (repository / "out.yaml").symlink_to(tmp_path / "secret/s.yaml")
    (repository / "out").symlink_to(tmp_path / "secret")
    (repository / "loop").symlink_to(".")
    assert found(repository).paths == ("a.yaml", "d/b.yaml")
    commit()
    assert found(repository).paths == ("a.yaml", "d/b.yaml")


def test_a_folder_replaced_by_a_link_is_not_followed(
    repository: Path, tmp_path: Path, put: Put, commit: Commit
) -> None:
    put({"a.yaml": "", "d/e/b.yaml": ""})
    commit()
    (repository / "d").rename(tmp_path / "moved")
    (repository / "d").symlink_to(tmp_path / "moved")
    assert found(repository).paths == ("a.yaml",)


def test_a_named_link_is_read_only_inside(repository: Path, tmp_path: Path, put: Put) -> None:
    put({"a.yaml": "inside"})
    (tmp_path / "s.yaml").write_text("secret")
    (repository / "inside.yaml").symlink_to("a.yaml")
    (repository / "out.yaml").symlink_to(tmp_path / "s.yaml")
    files = found(repository, "inside.yaml", "out.yaml")
    assert files.paths == ("inside.yaml", "out.yaml")
    assert files.tree().read("inside.yaml") == b"inside"
    with pytest.raises(FileProblem, match="symbolic link leads out"):
        files.tree().read("out.yaml")


def test_a_named_folder_that_leaves_its_repository_is_refused(
    repository: Path, tmp_path: Path, put: Put
) -> None:
    put({"x.yaml": ""}, tmp_path / "secret")
    (repository / "out").symlink_to(tmp_path / "secret")
    for path in ("out", "out/x.yaml"):
        with pytest.raises(InputError, match="symbolic link"):
            found(repository, path)
    (tmp_path / "shortcut").symlink_to(repository)
    put({"a.yaml": ""})
    assert find_root([tmp_path / "shortcut"]) == repository
    assert found(repository, str(tmp_path / "shortcut")).paths == ("a.yaml",)


def test_odd_names_survive(repository: Path, commit: Commit) -> None:
    for name in (
        b"new\nline.yaml",
        b"not-\xff-utf8.yaml",
        "ünï.yaml".encode(),
        b'"quoted".yaml',
        b" lead.yaml",
    ):
        (repository / os.fsdecode(name)).write_bytes(name)
    commit()
    files = found(repository)
    assert set(files.paths) == {
        "new\nline.yaml",
        "not-\udcff-utf8.yaml",
        "ünï.yaml",
        '"quoted".yaml',
        " lead.yaml",
    }
    for path in files.paths:
        assert files.tree().read(path) == os.fsencode(path)
    assert found(repository, "not-\udcff-utf8.yaml", "new\nline.yaml").named


def test_names_that_look_like_patterns_are_plain(repository: Path, put: Put, commit: Commit) -> None:
    put({"*/a.yaml": "", "x/b.yaml": "", ":(top)/c.yaml": ""})
    commit()
    assert found(repository, "*").paths == ("*/a.yaml",)
    assert found(repository, ":(top)").paths == (":(top)/c.yaml",)


def test_charts_around_a_path_are_known(repository: Path, put: Put) -> None:
    put({"charts/cart/Chart.yaml": "", "charts/cart/templates/sub/a.yaml": "", "b/Chart.yaml": ""})
    assert found(repository, "charts/cart/templates/sub").charts == {"charts/cart"}
    assert found(repository, "charts/cart/templates/sub/a.yaml").charts == {"charts/cart"}
    assert found(repository).charts == {"b", "charts/cart"}


def test_no_commits_and_no_files(repository: Path) -> None:
    assert found(repository).paths == ()
    (repository / "empty").mkdir()
    assert found(repository, "empty").paths == ()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_may_not_be_read_is_a_notice(tmp_path: Path, put: Put) -> None:
    put({"a.yaml": "", "closed/b.yaml": ""}, tmp_path / "plain")
    (tmp_path / "plain/closed").chmod(0)
    try:
        files = found(tmp_path / "plain")
    finally:
        (tmp_path / "plain/closed").chmod(0o755)
    assert files.paths == ("a.yaml",)
    assert "closed" in files.notices[0].message
