"""The commands ``rules``, ``explain``, ``config`` and ``init``, and configuration in ``check``."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.support.inside import archlint
from tests.support.process import commit_all, git

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: cart}
spec:
  containers:
    - name: cart
      image: shop/cart:1.0
"""
CONFIGURATION = """\
profile: strict
ignore: [tag:cost]
rules:
  image-tag-missing: {severity: info}
suppress: [{rules: [NET], paths: ["dev/**"], reason: "local only", until: 2027-01-01}]
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "pod.yaml").write_text(POD)
    return folder


def test_rules_as_json_have_the_documented_fields(shop: Path) -> None:
    rules = json.loads(archlint("rules", "--format", "json", cwd=shop).out)
    fields = "code, name, area, severity, confidence, profile, status, tags, aliases, summary"
    assert {", ".join(rule) for rule in rules} == {fields}
    assert [rule["code"] for rule in rules] == sorted(rule["code"] for rule in rules)
    assert all(rule["summary"] for rule in rules)


def test_rules_can_be_chosen(shop: Path) -> None:
    assert {line[:3] for line in archlint("rules", "NET", cwd=shop).out.splitlines()[:-2]} == {"NET"}
    table = archlint("rules", "KUBE101,NET101", "--format", "markdown", cwd=shop).out
    assert table.count("\n| ") == 4
    minimal = json.loads(archlint("rules", "--profile", "minimal", "--format", "json", cwd=shop).out)
    assert {rule["profile"] for rule in minimal} == {"minimal"}
    done = archlint("rules", "NETT", cwd=shop)
    assert (done.code, done.out) == (2, "")
    assert "did you mean 'NET'" in done.err


@pytest.mark.parametrize(
    "name",
    [
        "KUBE101",
        "kube101",
        "memory-limit-missing",
        "polaris:memoryLimitsMissing",
        "POLARIS:memorylimitsmissing",
    ],
)
def test_explain_finds_a_rule_by_any_name(shop: Path, name: str) -> None:
    done = archlint("explain", name, cwd=shop)
    assert done.code == 0
    assert done.out.startswith("KUBE101 memory-limit-missing\nerror, ")
    assert "\x1b" not in done.out
    assert "```" not in done.out


def test_explain_in_colours_and_as_markdown(shop: Path) -> None:
    assert archlint("explain", "KUBE101", "--color", "always", cwd=shop).out.startswith("\x1b[1mKUBE101")
    assert archlint("explain", "KUBE101", "--format", "markdown", cwd=shop).out.startswith("# ")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("memory-limits-missing", "did you mean 'memory-limit-missing'?"),
        ("KUBE", "`archlint rules KUBE` lists them"),
        ("xyzzy-plugh", "`archlint rules` lists all"),
    ],
)
def test_explain_tells_what_to_type(shop: Path, name: str, said: str) -> None:
    done = archlint("explain", name, cwd=shop)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_config_tells_what_is_in_force_and_from_where(shop: Path) -> None:
    (shop / "archlint.yaml").write_text(CONFIGURATION)
    done = archlint("config", "--exclude", "x/**", cwd=shop)
    assert done.code == 0
    assert "profile: strict  # archlint.yaml:1" in done.out
    assert 'exclude: ["x/**"]  # --exclude' in done.out
    assert "select: []  # default" in done.out
    said = yaml.load(done.out, Loader=yaml.BaseLoader)
    assert said["rules"] == {"image-tag-missing": {"severity": "info"}}
    assert said["suppress"][0]["until"] == "2027-01-01"


def test_what_config_prints_is_a_configuration_that_says_the_same(shop: Path) -> None:
    (shop / "archlint.yaml").write_text(CONFIGURATION)
    first = json.loads(archlint("config", "--format", "json", cwd=shop).out)
    (shop / "archlint.yaml").write_text(archlint("config", cwd=shop).out)
    second = json.loads(archlint("config", "--format", "json", cwd=shop).out)
    assert first["rules"] == second["rules"]
    assert {key: item["value"] for key, item in first["settings"].items()} == {
        key: item["value"] for key, item in second["settings"].items()
    }


def test_config_in_json_lists_the_rules_in_force(shop: Path) -> None:
    said = json.loads(archlint("config", "--select", "KUBE603", "--format", "json", cwd=shop).out)
    assert said["settings"]["select"] == {"value": ["KUBE603"], "origin": "--select"}
    assert "KUBE603" in {rule["code"] for rule in said["rules"]}
    assert archlint("config", "nowhere", cwd=shop).code == 2


def test_a_wrong_configuration_ends_every_command_with_2(shop: Path) -> None:
    (shop / "archlint.yaml").write_text("profil: strict\n")
    for command in (["check"], ["rules"], ["explain", "KUBE101"], ["config"], ["graph"]):
        done = archlint(*command, cwd=shop)
        assert (done.code, done.out) == (2, ""), command
        assert "archlint.yaml:1:1: unknown key 'profil'; did you mean 'profile'?" in done.err


def test_flags_replace_the_lists_of_the_file(shop: Path) -> None:
    (shop / "archlint.yaml").write_text("profile: minimal\nselect: [KUBE101]\n")
    assert archlint("check", "--format", "json", cwd=shop).rules() == ["memory-limit-missing"]
    flagged = archlint("check", "--select", "KUBE102", "--format", "json", cwd=shop)
    assert flagged.rules() == ["memory-request-missing"]


def test_today_decides_about_dates(shop: Path) -> None:
    (shop / "archlint.yaml").write_text(
        "profile: minimal\nselect: [KUBE101]\n"
        "suppress: [{rules: [KUBE101], paths: [pod.yaml], reason: soon, until: 2026-05-01}]\n"
    )
    before = archlint("check", "--today", "2026-05-01", "--format", "json", cwd=shop)
    assert (before.code, before.rules()) == (0, [])
    assert before.report["summary"]["suppressed"] == 1
    after = archlint("check", "--today", "2026-05-02", "--format", "json", cwd=shop)
    assert (after.code, sorted(after.rules())) == (1, ["invalid-suppression", "memory-limit-missing"])
    told = next(item for item in after.report["findings"] if item["code"] == "LINT003")
    assert (told["path"], told["line"]) == ("archlint.yaml", 3)


def test_an_unused_entry_of_the_configuration_is_told_in_a_whole_run(shop: Path) -> None:
    (shop / "dev").mkdir()
    (shop / "archlint.yaml").write_text(
        "suppress:\n  - {rules: [KUBE101], paths: [dev/**], reason: local}\nselect: [KUBE101]\n"
    )
    found = archlint("check", ".", "--format", "json", cwd=shop).report["findings"]
    assert [(item["path"], item["line"]) for item in found if item["code"] == "LINT002"] == [
        ("archlint.yaml", 2)
    ]
    assert "unused-suppression" not in archlint("check", "pod.yaml", "--format", "json", cwd=shop).rules()


def test_a_baseline_from_flag_and_file(shop: Path) -> None:
    commit_all(shop)
    assert archlint("check", cwd=shop).code == 1
    missing = archlint("check", "--baseline", "known.json", cwd=shop)
    assert missing.code == 2
    assert "--update-baseline" in missing.err
    assert archlint("check", "--baseline", "known.json", "--update-baseline", cwd=shop).code == 0
    assert archlint("check", "--baseline", "known.json", cwd=shop).code == 0
    (shop / "archlint.yaml").write_text("baseline: known.json\n")
    assert archlint("check", cwd=shop).code == 0
    (shop / "pod.yaml").rename(shop / "renamed.yaml")
    assert archlint("check", cwd=shop).code == 0
    (shop / "known.json").write_text("{")
    damaged = archlint("check", cwd=shop)
    assert damaged.code == 2
    assert "known.json" in damaged.err


def test_new_only_leaves_out_what_the_base_says_about_suppressions(shop: Path) -> None:
    void = "# archlint: ignore[KUBE1O1] known\n# archlint: ignore[KUBE301] known\n"
    (shop / "archlint.yaml").write_text("profile: minimal\nselect: [LINT, KUBE101, KUBE301]\n")
    (shop / "pod.yaml").write_text(void + POD)
    commit_all(shop)
    arguments = ("check", "--base", "HEAD", "--new-only", "--format", "json")
    assert archlint(*arguments, cwd=shop).rules() == []
    (shop / "pod.yaml").write_text(void + POD.replace("a:", "a: # archlint: ignore[KUBE101]\n ", 1))
    assert archlint(*arguments, cwd=shop).rules() == ["invalid-suppression"]


def test_taking_a_suppression_away_brings_its_finding(shop: Path) -> None:
    (shop / "archlint.yaml").write_text("profile: minimal\nselect: [LINT, KUBE101]\n")
    (shop / "pod.yaml").write_text("# archlint: ignore-file[KUBE101] known\n" + POD)
    commit_all(shop)
    (shop / "pod.yaml").write_text(POD)
    found = archlint("check", "--base", "HEAD", "--new-only", "--format", "json", cwd=shop)
    assert found.rules() == ["memory-limit-missing"]


def test_init_writes_what_works_and_keeps_what_is_there(shop: Path) -> None:
    (shop / ".pre-commit-config.yaml").write_text(
        "repos: # ours\n- repo: meta\n  hooks:\n  - id: identity # why\n"
    )
    source = ("--source", "archlint==0.1.0")
    first = archlint("init", *source, cwd=shop)
    assert first.code == 0
    assert [line.split()[0] for line in first.out.splitlines()[:3]] == ["created", "changed", "created"]
    hooks = (shop / ".pre-commit-config.yaml").read_text()
    assert "# ours" in hooks
    assert "# why" in hooks
    assert "id: archlint" in hooks
    assert yaml.safe_load((shop / ".github/workflows/archlint.yml").read_text())["jobs"]
    assert archlint("config", cwd=shop).code == 0
    assert "LINT" not in archlint("check", cwd=shop).out
    (shop / "archlint.yaml").write_text("profile: strict\n")
    again = archlint("init", *source, cwd=shop)
    assert [line.split()[0] for line in again.out.splitlines()[:3]] == ["kept", "kept", "kept"]
    assert (shop / "archlint.yaml").read_text() == "profile: strict\n"
    assert "archlint==0.1.0" in first.out
    assert "archlint==0.1.0" not in again.out, "nothing is said about what was not written"
    forced = archlint("init", *source, "--force", cwd=shop)
    assert [line.split()[0] for line in forced.out.splitlines()[:3]] == ["replaced", "kept", "replaced"]
    assert (shop / ".pre-commit-config.yaml").read_text() == hooks


def test_init_with_a_source(shop: Path) -> None:
    archlint("init", "--source", "https://github.com/acme/archlint", "--rev", "v9", cwd=shop)
    [repo] = yaml.safe_load((shop / ".pre-commit-config.yaml").read_text())["repos"]
    assert repo == {"repo": "https://github.com/acme/archlint", "rev": "v9", "hooks": [{"id": "archlint"}]}
    assert "uses: acme/archlint@v9" in (shop / ".github/workflows/archlint.yml").read_text()
    assert archlint("init", "--source", "x\n- y", cwd=shop).code == 2
    assert archlint("init", "--rev", "v9", cwd=shop).code == 2


@pytest.mark.parametrize(("rev", "is_same"), [("v9", True), ("v8", False)])
def test_init_says_what_to_write_for_a_hook_of_another_revision(shop: Path, rev: str, is_same: bool) -> None:
    source = ("init", "--source", "git+file:///tools/archlint")
    first = archlint(*source, "--rev", "v9", cwd=shop)
    assert "git ls-remote file:///tools/archlint v9" in first.out
    again = archlint(*source, "--rev", rev, "--force", cwd=shop)
    assert "has the hook already" in again.out
    assert ("rev: v8" in again.out.split("Next:")[0]) is not is_same
    assert "rev: v9" in (shop / ".pre-commit-config.yaml").read_text()


def test_init_installs_what_renders_charts(shop: Path) -> None:
    pinned = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]["helm"]
    source = ("--source", "https://github.com/acme/archlint", "--rev", "v9")
    (shop / "deploy").mkdir()
    (shop / "deploy" / "Chart.yaml").write_text("apiVersion: v2\nname: cart\nversion: 1.0.0\n")
    archlint("init", *source, cwd=shop)
    [repo] = yaml.safe_load((shop / ".pre-commit-config.yaml").read_text())["repos"]
    assert repo["hooks"] == [{"id": "archlint", "additional_dependencies": pinned}]
    (step,) = [
        each
        for each in yaml.safe_load((shop / ".github/workflows/archlint.yml").read_text())["jobs"]["archlint"][
            "steps"
        ]
        if "archlint" in each.get("uses", "")
    ]
    assert step["with"]["packages"].split() == pinned


def test_init_without_a_source_asks_for_one_and_writes_no_path(shop: Path) -> None:
    """The tests run an archlint that was installed from the folder of its sources."""
    done = archlint("init", cwd=shop)
    assert done.code == 2
    assert "archlint init --source git+https://" in done.err
    assert "created  archlint.yaml" in done.out
    assert not (shop / ".pre-commit-config.yaml").exists()
    assert not (shop / ".github").exists()
    (shop / "archlint.yaml").unlink()
    done = archlint("init", "--source", "none", cwd=shop)
    assert (done.code, done.err) == (0, "")
    assert sorted(item.name for item in shop.iterdir()) == [".git", "archlint.yaml", "pod.yaml"]


def test_init_refuses_a_secret_before_it_writes_anything(shop: Path) -> None:
    done = archlint("init", "--source", "https://me:s3cret@git.example.com/a", cwd=shop)
    assert (done.code, done.out) == (2, "")
    assert "s3cret" not in done.err
    assert "https://git.example.com/a" in done.err
    assert sorted(item.name for item in shop.iterdir()) == [".git", "pod.yaml"]


def test_init_does_not_write_through_links(shop: Path) -> None:
    outside = shop.parent / "outside"
    outside.mkdir()
    (shop / ".github").symlink_to(outside)
    done = archlint("init", "--source", "archlint==0.1.0", cwd=shop)
    assert done.code == 2
    assert "symbolic link" in done.err
    assert list(outside.iterdir()) == []


def test_team_rules_are_known_to_all_commands(shop: Path) -> None:
    folder = shop / ".archlint" / "rules"
    folder.mkdir(parents=True)
    (folder / "names.md").write_text(
        "---\ncode: TEAM001\nname: our-names\nseverity: error\nmatch: {kind: Pod}\n"
        "assert: object.metadata.name.startsWith('shop-')\nplace: metadata.name\n"
        "messages: {default: \"Name '{value}' does not begin with 'shop-'.\"}\n---\n# Names\n\nWhy \x1b[2J.\n"
    )
    (shop / "archlint.yaml").write_text(
        "rule-folders: [.archlint/rules]\nprofile: minimal\nselect: [TEAM001]\n"
    )
    done = archlint("check", "--format", "json", cwd=shop)
    assert (done.code, done.rules()) == (1, ["our-names"])
    assert done.report["findings"][0]["message"] == "Name 'cart' does not begin with 'shop-'."
    assert "TEAM001" in archlint("rules", "TEAM", cwd=shop).out
    assert archlint("graph", cwd=shop).report["version"] == 1
    assert "\x1b" not in archlint("explain", "our-names", cwd=shop).out
    (shop / "pod.yaml").write_text(POD.replace("metadata", "# archlint: ignore[TEAM001] old\nmetadata"))
    assert archlint("check", cwd=shop).code == 0
