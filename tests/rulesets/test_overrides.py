"""Overrides mean the same files and change archlint's own rules as in Spectral, over generated rulesets."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest

from archlint.finding.place import pointer_of
from archlint.model.rulesets.file_globs import GlobError, file_matcher
from tests.support.inside import archlint
from tests.support.programs import spectral_modules

LINT = Path(__file__).with_name("lint.js")
SEEDS = range(4)
RULES = {
    "operation-tags": "operation-untagged",
    "operation-description": "operation-undescribed",
    "operation-operationId": "operation-id-missing",
    "info-contact": "contact-missing",
    "oas3-api-servers": "server-list-missing",
    "tag-description": "tag-undescribed",
    "oas3-unused-component": "component-unused",
}
FILES = ["api.yaml", "old/api.yaml", "old/v1/shop.v1.yaml", "other.json"]
GLOBS = [
    *(
        "**",
        "*.yaml",
        "api.yaml",
        "old/*",
        "old/**",
        "**/*.v1.yaml",
        "*.{json,yml}",
        "old/*/*.yaml",
        "o*r.json",
    ),
    *("!old/**", "other.json", "[oa]*", "**/shop.*"),
]
POINTERS = ["#/paths", "#/paths/~1a", "#/paths/~1b/get", "#/paths/~1b", "#/info", "#/components", "#/tags/0"]
LEVELS = {0: "error", 1: "warning", 2: "info", 3: "info"}
NAMES = ["a", "old", "v1", "x.yaml", "api.v1.yaml", ".h", "..", "y.json"]
PARTS = [
    *(
        "a",
        "old",
        "*",
        "**",
        "*.yaml",
        "*.{json,yaml}",
        "?",
        "[!a]*",
        "*.v[0-9].yaml",
        ".*",
        "v{1..3}",
        "!(a)",
    ),
    *("@(a|old)", "*(a|b)", "+(a|o)ld", "?(x)*.yaml", "!(x|y).yaml", "..", "x\\.yaml", "{a}", "[a-", "[^b]"),
]


@pytest.mark.parametrize(
    ("glob", "meant", "others"),
    [
        ("api.yaml", ["api.yaml", "old/api.yaml", ".h/api.yaml"], ["shop-api.yaml", "api.yaml/b"]),
        ("old/*", ["old/api.yaml"], ["old/v1/api.yaml", "old/.h.yaml", "api.yaml"]),
        ("old/**", ["old/api.yaml", "old/v1/api.yaml"], ["old", "old/.h/api.yaml", "a/old/api.yaml"]),
        ("**/v{1..2}/*.{json,yaml}", ["v1/a.json", "a/v2/b.yaml"], ["v3/a.json", "v1/a.yml"]),
        ("!old/**", ["api.yaml"], ["old/api.yaml"]),
        ("a!(b|c).yaml", ["ad.yaml", "a.yaml"], ["ab.yaml", "ac.yaml"]),
        ("../+(a|b)/*.y?ml", ["../ab/x.yaml"], ["../c/x.yaml", "a/x.yaml"]),
    ],
)
def test_patterns_of_files(glob: str, meant: list[str], others: list[str]) -> None:
    is_meant = file_matcher(glob)
    assert [path for path in (*meant, *others) if is_meant(path)] == meant


@pytest.mark.parametrize(
    "glob", ["", "!", "/api.yaml", "./api.yaml", "~/api.yaml", "{a,b}" * 9, "{1..9999}", "!(a)" * 9 + "b"]
)
def test_patterns_that_mean_no_file_are_refused(glob: str) -> None:
    with pytest.raises(GlobError):
        file_matcher(glob)


def document(random: Random) -> dict[str, Any]:
    """A contract that breaks some of the rules."""
    operation = {"responses": {"200": {"description": "ok"}}}
    full = {**operation, "tags": ["t"], "description": "d", "operationId": "o"}
    info: dict[str, Any] = {"title": "t", "version": "1", "description": "d"}
    if random.random() < 0.5:
        info["contact"] = {"name": "n", "url": "https://e.org", "email": "a@e.org"}
    kept = random.sample(sorted(full), random.randint(1, 4))
    return {
        "openapi": "3.0.3",
        "info": info,
        "tags": [{"name": "t"}],
        "paths": {"/a": {"get": operation}, "/b": {"get": {**operation, **{key: full[key] for key in kept}}}},
        "components": {"schemas": {"U": {"type": "string"}}},
    }


def levels(random: Random, *, booleans: bool) -> dict[str, Any]:
    """What a ruleset says of some rules."""
    words = ["error", "warn", "info", "hint", "off", *((True, False) if booleans else ())]
    return {name: random.choice(words) for name in random.sample(sorted(RULES), random.randint(1, 4))}


def ruleset(random: Random) -> dict[str, Any]:
    """A ruleset with overrides of files and of elements."""
    extends = random.choice(["spectral:oas", ["spectral:oas", "off"], ["spectral:oas", "all"]])
    overrides = []
    for _ in range(random.randint(1, 3)):
        if random.random() < 0.4:
            pointers = random.sample(POINTERS, random.randint(1, 2))
            files = [random.choice(GLOBS) + pointer for pointer in pointers]
            overrides.append({"files": files, "rules": levels(random, booleans=False)})
        else:
            files = random.sample(GLOBS, random.randint(1, 2))
            overrides.append({"files": files, "rules": levels(random, booleans=True)})
    # Where a ruleset does not say how grave a rule is, archlint's own severity holds: each is said here.
    rules = {name: random.choice(["error", "warn", "info", "off"]) for name in sorted(RULES)}
    return {"extends": [extends], "rules": rules, "overrides": overrides}


def theirs(folders: list[Path]) -> list[set[tuple[str, str, str, str]]]:
    """What Spectral tells of each folder: file, rule, pointer and severity."""
    asked = [[f"{folder}/.spectral.json", [f"{folder}/{name}" for name in FILES]] for folder in folders]
    done = subprocess.run(
        ["node", str(LINT)],
        input=json.dumps(asked),
        env={**os.environ, "NODE_PATH": spectral_modules()},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return [
        {
            (
                name.removeprefix(f"{folder}/"),
                rule,
                pointer_of(path),
                LEVELS[level],
            )
            for name, rule, level, path, _ in told
            if rule in RULES
        }
        for folder, told in zip(folders, json.loads(done.stdout), strict=True)
    ]


def ours(folder: Path) -> set[tuple[str, str, str, str]]:
    """What archlint tells of a folder, under Spectral's names."""
    done = archlint("check", ".", "--format", "json", "--profile", "minimal", "--no-cache", cwd=folder)
    names = {own: name for name, own in RULES.items()}
    return {
        (each["path"], names[each["rule"]], each["pointer"], each["severity"])
        for each in json.loads(done.out)["findings"]
        if each["rule"] in names
    }


def test_overrides_change_own_rules_as_in_spectral(tmp_path: Path) -> None:
    folders = []
    for seed in SEEDS:
        random = Random(seed)
        folders.append(tmp_path / str(seed))
        for name in FILES:
            target = folders[-1] / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps(document(random)), "utf-8")
        (folders[-1] / ".spectral.json").write_text(json.dumps(ruleset(random)), "utf-8")
    for folder, told in zip(folders, theirs(folders), strict=True):
        assert ours(folder) == told, (folder / ".spectral.json").read_text("utf-8")


def test_patterns_of_files_mean_what_they_mean_in_spectral() -> None:
    random = Random(3)
    asked = [
        (
            random.choice(["", "", "", "!"]) + "/".join(random.choices(PARTS, k=random.randint(1, 4))),
            "/".join(random.choices(NAMES, k=random.randint(1, 4))),
        )
        for _ in range(3_000)
    ]
    program = (
        "const mm = require('minimatch'); const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "console.log(JSON.stringify(asked.map(([glob, path]) => mm(path, glob, { matchBase: true }))))"
    )
    done = subprocess.run(
        ["node", "-e", program],
        input=json.dumps(asked),
        env={**os.environ, "NODE_PATH": spectral_modules()},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    told = json.loads(done.stdout)
    assert sum(told) > 300
    for (glob, path), is_meant in zip(asked, told, strict=True):
        assert file_matcher(glob)(path) is is_meant, (glob, path)
