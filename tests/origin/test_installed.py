"""What others install is what was installed here, as PEP 610 records it; else the home, or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from archlint import __version__
from archlint.config.starter import hook_entry, workflow
from archlint.origin.installed import installed_source
from archlint.origin.metadata import Metadata, own_metadata

COMMIT = "0123456789abcdef0123456789abcdef01234567"
HOME = {"repository": "https://git.example.com/home/archlint"}
HASH = "ab" * 32


def git(url: str, **more: Any) -> dict[str, Any]:
    return {"url": url, "vcs_info": {"vcs": "git", "commit_id": COMMIT, **more}}


def requirement(said: Any, urls: dict[str, str] | None = None) -> str | None:
    source = installed_source(Metadata(urls or {}, said)).source
    return None if source is None else source.requirement


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, f"archlint=={__version__}"),
        (git("https://example.com/a.git"), f"archlint @ git+https://example.com/a.git@{COMMIT}"),
        (
            git("https://example.com/a.git", requested_revision="main"),
            f"archlint @ git+https://example.com/a.git@{COMMIT}",
        ),
        (git("ssh://git@example.com/a.git"), f"archlint @ git+ssh://git@example.com/a.git@{COMMIT}"),
        (git("git@example.com:a/b.git"), f"archlint @ git+ssh://git@example.com/a/b.git@{COMMIT}"),
        (git("https://${TOKEN}@example.com/a.git"), f"archlint @ git+https://example.com/a.git@{COMMIT}"),
        (git("https://me:pw@example.com/a.git"), f"archlint @ git+https://example.com/a.git@{COMMIT}"),
        (git("ssh://alice@example.com/a.git"), f"archlint @ git+ssh://example.com/a.git@{COMMIT}"),
        (
            {**git("https://example.com/a.git"), "subdirectory": "tools/lint"},
            f"archlint @ git+https://example.com/a.git@{COMMIT}#subdirectory=tools/lint",
        ),
        (
            {**git("https://example.com/a.git"), "subdirectory": "."},
            f"archlint @ git+https://example.com/a.git@{COMMIT}",
        ),
        ({"url": "https://example.com/a.whl", "archive_info": {}}, "archlint @ https://example.com/a.whl"),
        (
            {"url": "https://example.com/a.whl", "archive_info": {"hash": f"sha256={HASH}"}},
            f"archlint @ https://example.com/a.whl#sha256={HASH}",
        ),
        (
            {
                "url": "https://example.com/a.zip",
                "archive_info": {"hashes": {"sha256": HASH}},
                "subdirectory": "b",
            },
            f"archlint @ https://example.com/a.zip#sha256={HASH}&subdirectory=b",
        ),
        (
            {"url": "https://example.com/a.zip", "archive_info": {"hash": "md5=0123"}},
            "archlint @ https://example.com/a.zip",
        ),
    ],
)
def test_what_was_installed_is_what_others_install(said: Any, expected: str) -> None:
    assert requirement(said) == expected
    assert requirement(said, HOME) == expected


UNUSABLE = [
    git("file:///home/me/archlint"),
    {"url": "file:///home/me/archlint", "dir_info": {"editable": True}},
    {"url": "file:///home/me/archlint-0.1.0-py3-none-any.whl", "archive_info": {}},
    {"url": "https://example.com/a.whl?token=s3cret", "archive_info": {}},
    {"url": "http://example.com/a.whl", "archive_info": {}},
    {"url": "https://example.com/a", "vcs_info": {"vcs": "hg", "commit_id": COMMIT}},
    {"url": "https://example.com/a", "vcs_info": {"vcs": "git", "commit_id": "main"}},
    {"url": "https://example.com/a b", "archive_info": {}},
    {"url": "/home/me/archlint", "dir_info": {}},
    {"url": 7},
    {},
]


@pytest.mark.parametrize("said", UNUSABLE, ids=str)
def test_what_others_cannot_use_gives_way_to_the_home_or_to_nothing(said: Any) -> None:
    alone = installed_source(Metadata({}, said))
    assert alone.source is None
    assert alone.remark
    revision = (
        COMMIT
        if said.get("vcs_info", {}).get("commit_id") == COMMIT and "hg" not in str(said)
        else f"v{__version__}"
    )
    assert requirement(said, HOME) == f"archlint @ git+{HOME['repository']}@{revision}"


def test_what_is_not_installed_has_no_source() -> None:
    assert installed_source(None).source is None


PARTS = st.sampled_from(
    ["/home/me", "s3cret", "C:\\Users\\me", "pass word", "'\"\n- x: y", "${{ secrets.X }}", "me:pw"]
)


@given(PARTS, st.integers(0, 9), st.booleans())
def test_no_private_path_and_no_secret_is_written(part: str, form: int, archive: bool) -> None:
    urls = (
        f"file://{part}",
        f"file:///{part}/x",
        part,
        f"https://{part}@example.com/a.git",
        f"https://u:{part}@example.com/a.git",
        f"https://example.com/a.git?x={part}",
        f"https://example.com/a.git#{part}",
        f"ssh://{part}@example.com/a.git",
        f"git+file://{part}",
        f"https://{part}/a.git",
    )
    said: dict[str, Any] = {"url": urls[form], "archive_info": {}} if archive else git(urls[form])
    found = installed_source(Metadata({}, said))
    written = found.remark
    if found.source is not None:
        written += hook_entry(found.source) + workflow(found.source).replace("${{ github", "")
        yaml.safe_load(hook_entry(found.source))
    if part != "s3cret" or form != 9:  # a host name is no secret
        assert part not in written


def test_a_requested_release_is_told_beside_the_commit() -> None:
    source = installed_source(
        Metadata({}, git("https://github.com/acme/archlint", requested_revision="v1.2.0"))
    ).source
    assert source is not None
    assert f"rev: {COMMIT} # v1.2.0\n" in hook_entry(source)
    assert f"uses: acme/archlint@{COMMIT} # v1.2.0\n" in workflow(source)
    moving = installed_source(
        Metadata({}, git("https://github.com/acme/archlint", requested_revision="main"))
    ).source
    assert moving is not None
    assert f"rev: {COMMIT}\n" in hook_entry(moving)


def install(folder: Path, name: str, **files: str) -> None:
    (folder / name).mkdir(parents=True)
    for file, text in files.items():
        (folder / name / file).write_text(text)


def test_metadata_is_read_where_modules_are_imported_from(tmp_path: Path) -> None:
    assert own_metadata([str(tmp_path), str(tmp_path / "missing"), ""]) is None
    head = "Name: archlint\nProject-URL: Source Code, https://example.com/a\n\nProject-URL: Docs, x\n"
    install(tmp_path, "archlint-0.0.9.dist-info", METADATA="Name: archlint\n")
    install(tmp_path, f"archlint-{__version__}.dist-info", METADATA=head)
    install(tmp_path, "archlint_shop-9.dist-info", METADATA=head)
    package = tmp_path / "archlint"
    found = own_metadata([str(tmp_path)], package)
    assert found == Metadata({"sourcecode": "https://example.com/a"}, None)
    record = tmp_path / f"archlint-{__version__}.dist-info" / "direct_url.json"
    for text, expected in ((json.dumps(git("x")), git("x")), ("[]", {}), ("{", {}), ("[" * 100_000, {})):
        record.write_text(text)
        found = own_metadata([str(tmp_path)], package)
        assert found is not None
        assert found.direct_url == expected


def test_the_metadata_of_another_archlint_says_nothing_of_this_one(tmp_path: Path) -> None:
    """As where a checkout on PYTHONPATH runs before the archlint that is installed."""
    install(tmp_path, f"archlint-{__version__}.dist-info", METADATA="Name: archlint\n")
    elsewhere = tmp_path / "checkout" / "src" / "archlint"
    assert own_metadata([str(tmp_path)], elsewhere) is None
    editable = {"url": "file:///home/me/archlint", "dir_info": {"editable": True}}
    (tmp_path / f"archlint-{__version__}.dist-info" / "direct_url.json").write_text(json.dumps(editable))
    assert own_metadata([str(tmp_path)], elsewhere) == Metadata({}, editable)
