"""Who makes a release cannot loosen what it is judged by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.gate.releases import CONTRACT, DEPLOYMENT, MANIFEST, Repository
from tests.gate.test_gate import ADDED, FULL, gate, part
from tests.support.inside import archlint
from tests.support.process import git

STRICT = "profile: recommended\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "shop", **{"archlint.yaml": STRICT})
    made.tag("v1.4.0")
    return made


def break_it(repository: Repository) -> None:
    """A breaking change and an error in a manifest."""
    repository.edit(CONTRACT, FULL, FULL + ADDED)
    repository.edit(MANIFEST, "matchLabels: {app: cart}", "matchLabels: {app: other}")


EXCUSES = {
    "policy": {"archlint.yaml": "gate: {contracts: tell, files: tell, versions: tell}\n"},
    "ignored rules": {"archlint.yaml": "ignore: [ALL]\n"},
    "excluded files": {"archlint.yaml": "exclude: ['**']\n"},
    "severities": {
        "archlint.yaml": "rules: {parameter-required: {severity: info}, selector-does-not-match-template:"
        " {severity: info}}\n"
    },
    "a suppression in the configuration": {
        "archlint.yaml": "suppress: [{rules: [ALL], paths: ['**'], reason: fine}]\n"
    },
    "a waiver": {
        "archlint.yaml": "gate: {waivers: [{rules: [ALL], paths: ['**'], reason: fine, approver: me,"
        " until: 2099-01-01}]}\n"
    },
    "another place of the configuration": {"pyproject.toml": "[tool.archlint]\nignore = ['ALL']\n"},
    "no configuration": {"archlint.yaml": ""},
    "a ruleset": {".spectral.yaml": "extends: [[spectral:oas, off], [spectral:asyncapi, off]]\n"},
}


@pytest.mark.parametrize("files", EXCUSES.values(), ids=EXCUSES)
def test_a_release_cannot_loosen_its_own_policy(repository: Repository, files: dict[str, str]) -> None:
    break_it(repository)
    for path, text in files.items():
        repository.write(path, text)
    repository.commit()
    done = gate(repository)
    assert (done.code, part(done, "contracts")["outcome"]) == (1, "failed")
    assert part(done, "files")["outcome"] == "failed"
    assert done.report["safeguards"], "what the release changes of its safeguards is told"


def test_the_ruleset_of_the_base_is_run_over_the_release(tmp_path: Path) -> None:
    rule = (
        "given: '$.paths[*]~', severity: error, then: {function: pattern, functionOptions: {notMatch: admin}}"
    )
    files = {"archlint.yaml": STRICT, ".spectral.yaml": "extends: ./house/rules.yaml\n"}
    made = Repository(
        tmp_path / "shop", **files, **{"house/rules.yaml": f"rules: {{house-no-admin: {{{rule}}}}}\n"}
    )
    made.tag("v1.4.0")
    made.edit(CONTRACT, "/carts/{id}:", "/admin/{id}:")
    made.write("house/rules.yaml", "rules: {}\n")
    made.commit()
    done = gate(made)
    assert "house-no-admin" in {item["rule"] for item in part(done, "files")["findings"]}
    assert "house/rules.yaml" in {each["path"] for each in done.report["safeguards"]}


@pytest.mark.parametrize("at", ["base", "release"])
@pytest.mark.parametrize("config", ["redocly.yaml", "house/redocly.yaml"])
def test_what_redocly_ignores_is_that_of_the_base(tmp_path: Path, config: str, at: str) -> None:
    rule = "{subject: {type: Paths}, assertions: {disallowed: ['/admin/{id}']}, severity: error}"
    folder, _, _ = config.rpartition("redocly.yaml")
    ignored = f"{folder}.redocly.lint-ignore.yaml"
    files = {
        "archlint.yaml": STRICT + (f"ruleset: {config}\n" if folder else ""),
        config: f"apis: {{a: {{root: x.yaml, extends: [./more.yaml]}}}}\nrules: {{rule/no-admin: {rule}}}\n",
        f"{folder}more.yaml": "rules: {}\n",
    }
    place = f"{'../' if folder else ''}{CONTRACT}: {{rule/no-admin: ['#/paths/~1admin~1{{id}}']}}\n"
    made = Repository(tmp_path / "shop", **files, **({ignored: place} if at == "base" else {}))
    made.tag("v1.4.0")
    made.edit(CONTRACT, "/carts/{id}:", "/admin/{id}:")
    made.write(ignored, place if at == "release" else "{}\n")
    made.commit()
    done = gate(made)
    assert ("no-admin" in {item["rule"] for item in part(done, "files")["findings"]}) is (at == "release")
    assert ignored in {each["path"] for each in done.report["safeguards"]}


def test_a_release_cannot_bring_its_own_baseline(repository: Repository) -> None:
    break_it(repository)
    archlint("check", ".", "--update-baseline", cwd=repository.folder)
    assert (repository.folder / ".archlint-baseline.json").exists()
    repository.commit()
    done = gate(repository)
    assert (done.code, part(done, "files")["outcome"]) == (1, "failed")
    assert any("baseline" in item["said"] for item in done.report["safeguards"])


@pytest.mark.parametrize(
    "comment",
    ["# archlint: ignore-file[ALL] fine\n", "# archlint: ignore-file[OAS, KUBE] until=2099-01-01 x\n"],
)
def test_suppressions_that_a_release_brings_hide_nothing(repository: Repository, comment: str) -> None:
    break_it(repository)
    for path in (CONTRACT, MANIFEST):
        repository.write(path, comment + (repository.folder / path).read_text("utf-8"))
    repository.commit()
    done = gate(repository)
    assert (done.code, part(done, "contracts")["outcome"]) == (1, "failed")
    assert part(done, "files")["outcome"] == "failed"
    assert len(done.report["excused"]) >= 2


@pytest.mark.parametrize(
    "annotation",
    [
        "archlint/ignore: 'ALL fine'",
        "kube-score/ignore: deployment-pod-selector-labels-match-template-metadata-labels",
    ],
)
def test_annotations_that_a_release_brings_hide_nothing(repository: Repository, annotation: str) -> None:
    break_it(repository)
    repository.edit(MANIFEST, "  namespace: shop\n", f"  namespace: shop\n  annotations: {{{annotation}}}\n")
    repository.commit()
    assert part(gate(repository), "files")["outcome"] == "failed"


def test_a_suppression_that_was_there_still_counts(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "shop")
    repository.write(
        MANIFEST,
        "# archlint: ignore-file[KUBE] only for tests\n" + (repository.folder / MANIFEST).read_text(),
    )
    repository.commit()
    repository.tag("v1.4.0")
    repository.edit(MANIFEST, "matchLabels: {app: cart}", "matchLabels: {app: other}")
    repository.commit()
    done = gate(repository)
    assert (done.code, done.report["excused"]) == (0, [])


def test_a_suppression_moved_to_another_line_is_another_one(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "shop")
    mark = "  # archlint: ignore[ALL] fine"
    repository.edit(MANIFEST, "kind: Deployment", f"kind: Deployment{mark}")
    repository.commit()
    repository.tag("v1.4.0")
    repository.edit(MANIFEST, f"kind: Deployment{mark}", "kind: Deployment")
    repository.edit(MANIFEST, "matchLabels: {app: cart}", f"matchLabels: {{app: other}}{mark}")
    repository.commit()
    done = gate(repository)
    assert (done.code, part(done, "files")["outcome"]) == (1, "failed")


def test_a_waiver_of_the_base_excuses_and_is_shown(tmp_path: Path) -> None:
    waiver = (
        "{rules: [parameter-required], paths: ['api/**'], reason: nobody calls it, approver: ana,"
        " until: 2099-01-01}"
    )
    policy = f"gate: {{versions: tell, waivers: [{waiver}]}}\n"
    repository = Repository(tmp_path / "shop", **{"archlint.yaml": policy})
    repository.tag("v1.4.0")
    repository.edit(CONTRACT, FULL, FULL + ADDED)
    repository.commit()
    done = gate(repository)
    assert done.code == 0
    assert [item["approver"] for item in done.report["waived"]] == ["ana"]


def test_a_waiver_that_is_past_or_for_nothing_is_told(tmp_path: Path) -> None:
    waivers = [
        {"rules": ["OAS"], "paths": ["api/**"], "reason": "x", "approver": "ana", "until": "2020-01-01"},
        {"rules": ["NET"], "paths": ["api/**"], "reason": "x", "approver": "ana", "until": "2099-01-01"},
    ]
    repository = Repository(
        tmp_path / "shop", **{"archlint.yaml": json.dumps({"gate": {"waivers": waivers}})}
    )
    repository.tag("v1.4.0")
    repository.edit(CONTRACT, FULL, FULL + ADDED)
    repository.commit()
    done = gate(repository)
    assert done.code == 1
    told = {item["code"]: item["message"] for item in part(done, "policy")["findings"]}
    assert "excused by this waiver" in told["LINT002"]
    assert "`waiver: OAS in api/**` ended on 2020-01-01" in told["LINT003"]


def test_a_branch_that_is_called_like_a_remote_one_is_not_taken_for_it(repository: Repository) -> None:
    git(repository.folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    break_it(repository)
    repository.commit()
    git(repository.folder, "branch", "origin/main", "HEAD")
    done = gate(repository, base="origin/main")
    assert (done.code, done.out) == (2, "")
    assert "several things" in done.err


def test_replaced_and_grafted_history_is_not_believed(repository: Repository) -> None:
    break_it(repository)
    head = repository.commit()
    git(repository.folder, "replace", git(repository.folder, "rev-parse", "v1.4.0^{commit}"), head)
    assert gate(repository).code == 1


def test_a_policy_from_elsewhere_is_obeyed(repository: Repository, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("gate: {contracts: tell, files: tell, versions: tell}\n", "utf-8")
    break_it(repository)
    repository.commit()
    assert gate(repository, "--policy", str(policy)).code == 0
    assert gate(repository, "--policy", "v1.4.0:archlint.yaml").code == 1
    assert gate(repository, "--policy", "v1.4.0:nowhere.yaml").code == 2


def test_a_policy_of_the_release_itself_is_told(repository: Repository) -> None:
    repository.write("archlint.yaml", "gate: {contracts: tell}\n")
    repository.edit(CONTRACT, "description: The cart.", "description: The whole cart.")
    repository.commit()
    done = gate(repository, "--policy", "archlint.yaml")
    assert any("is its policy" in item["said"] for item in done.report["safeguards"])
    told = archlint("gate", "--base", "v1.4.0", "--policy", "archlint.yaml", cwd=repository.folder).out
    assert "the policy is its own" in told


@pytest.mark.parametrize(
    "broken",
    [
        "rules: {no-such-rule: {severity: error}}\n",
        "select: [no-such-rule]\n",
        "profile: [\n",
        "baseline: none.json\n",
    ],
)
def test_a_base_whose_policy_is_broken_tells_the_way_out(tmp_path: Path, broken: str) -> None:
    repository = Repository(tmp_path / "shop", **{"archlint.yaml": broken})
    repository.tag("v1.4.0")
    repository.write("archlint.yaml", "gate: {versions: tell}\n")
    repository.edit(MANIFEST, "replicas: 2", "replicas: 3")
    repository.commit()
    done = gate(repository)
    assert (done.code, done.out) == (2, "")
    assert "policy of the base" in done.err
    assert "--policy HEAD:archlint.yaml" in done.err
    mended = gate(repository, "--policy", "HEAD:archlint.yaml")
    assert mended.code == 0
    assert any("is its policy" in item["said"] for item in mended.report["safeguards"])


def test_a_policy_that_the_release_leaves_as_it_was_is_no_change(repository: Repository) -> None:
    repository.edit(MANIFEST, "replicas: 2", "replicas: 3")
    repository.commit()
    assert gate(repository, "--policy", "HEAD:archlint.yaml").report["safeguards"] == []


def test_a_ticket_is_asked_for_by_policy(tmp_path: Path) -> None:
    policy = "gate: {versions: tell, ticket: {required: true, pattern: 'CHG-[0-9]+'}}\n"
    repository = Repository(tmp_path / "shop", **{"archlint.yaml": policy})
    repository.tag("v1.4.0")
    repository.edit(MANIFEST, "replicas: 2", "replicas: 3")
    repository.commit()
    assert gate(repository).code == 1
    assert gate(repository, "--ticket", "CHG-1x").code == 1
    assert gate(repository, "--ticket", "CHG-12").code == 0


def test_a_file_that_is_called_like_a_revision_is_not_taken_for_it(repository: Repository) -> None:
    git(repository.folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    break_it(repository)
    repository.write("origin/main:archlint.yaml", "gate: {contracts: tell, files: tell, versions: tell}\n")
    repository.commit()
    assert gate(repository, "--policy", "origin/main:archlint.yaml").code == 1


@pytest.mark.parametrize("flag", ["--policy=origin/main:archlint.yaml", "--released=origin/main~0"])
def test_names_of_several_things_are_refused_everywhere(repository: Repository, flag: str) -> None:
    git(repository.folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    break_it(repository)
    repository.commit()
    git(repository.folder, "tag", "origin/main", "HEAD")
    done = gate(repository, flag)
    assert (done.code, done.out) == (2, "")


def test_a_tag_that_is_called_like_a_commit_is_not_taken_for_it(repository: Repository) -> None:
    short = git(repository.folder, "rev-parse", "--short", "HEAD")
    break_it(repository)
    repository.commit()
    git(repository.folder, "tag", short, "HEAD~0")
    assert gate(repository, base=short).code == 2


def test_the_policy_is_that_of_the_branch_and_not_of_where_it_was_left(repository: Repository) -> None:
    git(repository.folder, "checkout", "-q", "-b", "topic")
    repository.edit(MANIFEST, "replicas: 2", "replicas: 3")
    repository.commit()
    git(repository.folder, "checkout", "-q", "main")
    repository.write("archlint.yaml", "gate: {ticket: {required: true}}\n")
    repository.commit()
    git(repository.folder, "checkout", "-q", "topic")
    assert gate(repository, base="main").code == 1


SELECTOR = "  selector:  # archlint: ignore[ALL] old names\n"


def test_a_comment_on_a_line_of_the_same_text_elsewhere_is_another_one(tmp_path: Path) -> None:
    other = DEPLOYMENT.replace("name: cart", "name: old").replace("app: cart", "app: old")
    other = other.replace("matchLabels: {app: old}", "matchLabels: {app: x}")
    excused = other.replace("  selector:\n", SELECTOR)
    first = DEPLOYMENT.replace("cart", "b") + "---\n"
    repository = Repository(tmp_path / "shop", **{"deploy/old.yaml": first + excused})
    repository.tag("v1.4.0")
    repository.write("deploy/old.yaml", first + excused.replace("name: old", "name: brandnew"))
    repository.commit()
    assert gate(repository).report["excused"]


def test_a_remark_at_another_item_of_a_list_is_another_one(tmp_path: Path) -> None:
    remark = "x-archlint-ignore: 'OAS ours'"
    before, after = (
        f"{{name: full, in: query, {remark},",
        f"{{name: must, in: query, required: true, {remark},",
    )
    repository = Repository(tmp_path / "shop")
    repository.edit(CONTRACT, "{name: full, in: query,", before)
    repository.commit()
    repository.tag("v1.4.0")
    repository.edit(CONTRACT, before, after)
    repository.commit()
    assert part(gate(repository), "contracts")["outcome"] == "failed"


def test_a_configuration_that_is_a_link_is_refused(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "shop", **{"policies/strict.yaml": STRICT})
    (repository.folder / "archlint.yaml").symlink_to("policies/strict.yaml")
    repository.commit()
    repository.tag("v1.4.0")
    repository.edit(MANIFEST, "replicas: 2", "replicas: 3")
    repository.commit()
    done = gate(repository)
    assert (done.code, done.out) == (2, "")
    assert "is a link" in done.err
