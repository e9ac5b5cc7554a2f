"""The gate: what holds up a release, what is told, and what is not known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archlint.comparison.graphs import GraphDiff
from archlint.config.gate import default_policy
from archlint.engine.gate.parts import Blind, PartMaker
from archlint.engine.gate.rollback import Rollback
from archlint.finding import Confidence, Finding, Location, Severity, Span
from archlint.finding.records import replace
from archlint.model.graph.graph import ServiceGraph
from tests.gate.releases import CONTRACT, DEPLOYMENT, MANIFEST, Repository
from tests.support.inside import archlint
from tests.support.process import Done, git

ADDED = "        - {name: size, in: query, required: true, schema: {type: integer}}\n"
FULL = "        - {name: full, in: query, schema: {type: boolean}}\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "shop")
    made.tag("v1.4.0")
    return made


def gate(repository: Repository, *flags: str, base: str = "v1.4.0") -> Done:
    return archlint("gate", "--base", base, "--format", "json", *flags, cwd=repository.folder)


def part(done: Done, name: str) -> dict[str, Any]:
    return next(item for item in done.report["parts"] if item["name"] == name)


def test_a_release_that_harms_nobody_may_go_out(repository: Repository) -> None:
    repository.edit(CONTRACT, "description: The cart.", "description: The cart of a customer.")
    repository.edit(CONTRACT, "1.4.0", "1.4.1")
    repository.commit()
    done = gate(repository, "--ticket", "CHG-1")
    assert (done.code, done.report["verdict"]) == (0, "pass")
    assert done.report["released"] == "v1.4.0"
    assert {item["outcome"] for item in done.report["parts"]} == {"passed"}


def test_a_break_with_its_major_version_still_fails_as_a_break(repository: Repository) -> None:
    repository.edit(CONTRACT, FULL, FULL + ADDED)
    repository.edit(CONTRACT, "1.4.0", "2.0.0")
    repository.commit()
    done = gate(repository)
    assert done.code == 1
    assert part(done, "contracts")["outcome"] == "failed"
    assert part(done, "versions")["outcome"] == "passed"
    assert done.report["versions"][0] == {
        "contract": CONTRACT,
        "carrier": CONTRACT,
        "before": "1.4.0",
        "now": "2.0.0",
        "needed": "major",
        "had": "major",
        "least": "2.0.0",
        "enough": True,
        "cause": "parameter-required",
    }


def test_an_addition_needs_a_minor_version(repository: Repository) -> None:
    repository.edit(CONTRACT, FULL, FULL + ADDED.replace("required: true, ", ""))
    repository.edit(CONTRACT, "1.4.0", "1.4.1")
    repository.commit()
    done = gate(repository)
    assert (done.code, part(done, "versions")["outcome"]) == (1, "failed")
    assert done.report["versions"][0]["least"] == "1.5.0"


def test_versions_are_judged_from_the_last_release_and_not_from_the_base(repository: Repository) -> None:
    repository.edit(CONTRACT, FULL, FULL + ADDED.replace("required: true, ", ""))
    repository.edit(CONTRACT, "1.4.0", "1.5.0")
    middle = repository.commit()
    repository.edit(CONTRACT, "description: The cart.", "description: The whole cart.")
    repository.commit()
    done = gate(repository, base=middle)
    assert (done.code, done.report["versions"][0]["had"]) == (0, "minor")


def test_without_a_release_versions_are_a_skipped_safeguard(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "shop")
    base = git(repository.folder, "rev-parse", "HEAD")
    repository.edit(CONTRACT, FULL, FULL + ADDED.replace("required: true, ", ""))
    repository.commit()
    done = gate(repository, base=base)
    assert (done.code, part(done, "versions")["outcome"]) == (0, "skipped")
    assert any("--released" in text for text in done.report["skipped"])


def test_a_broken_contract_is_unknown_and_fails(repository: Repository) -> None:
    repository.write(CONTRACT, "openapi: 3.0.3\ninfo: [\n")
    repository.commit()
    done = gate(repository)
    assert (done.code, part(done, "contracts")["outcome"]) == (1, "failed")


def test_a_contract_that_is_gone_is_a_break(repository: Repository) -> None:
    (repository.folder / CONTRACT).unlink()
    repository.commit()
    done = gate(repository)
    assert (done.code, part(done, "contracts")["outcome"]) == (1, "failed")


def test_what_the_base_has_does_not_count(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "shop")
    repository.edit(MANIFEST, "matchLabels: {app: cart}", "matchLabels: {app: other}")
    repository.commit()
    repository.tag("v1.4.0")
    repository.edit(MANIFEST, "replicas: 2", "replicas: 3")
    repository.commit()
    assert gate(repository).code == 0


def test_a_new_error_in_a_manifest_holds_up_the_release(repository: Repository) -> None:
    repository.edit(MANIFEST, "matchLabels: {app: cart}", "matchLabels: {app: other}")
    repository.commit()
    done = gate(repository)
    assert (done.code, part(done, "files")["outcome"]) == (1, "failed")


def test_uncommitted_changes_are_told_and_not_judged(repository: Repository) -> None:
    repository.edit(CONTRACT, "description: The cart.", "description: The whole cart.")
    repository.edit(CONTRACT, "1.4.0", "1.4.1")
    repository.commit()
    repository.edit(MANIFEST, "matchLabels: {app: cart}", "matchLabels: {app: other}")
    repository.write("new.txt", "")
    done = gate(repository)
    assert done.code == 0
    assert "2 files here differ" in done.err


@pytest.mark.parametrize("base", ["HEAD", "nowhere", "../x", "--help"])
def test_a_base_that_leaves_nothing_to_judge_is_wrong_usage(repository: Repository, base: str) -> None:
    assert archlint("gate", f"--base={base}", cwd=repository.folder).code == 2


def test_text_and_markdown_say_the_same(repository: Repository) -> None:
    repository.edit(CONTRACT, FULL, FULL + ADDED)
    repository.commit()
    text = archlint("gate", "--base", "v1.4.0", "--output", "markdown=out.md", cwd=repository.folder)
    page = (repository.folder / "out.md").read_text("utf-8")
    assert text.code == 1
    assert "The release must not go out: Contracts, Versions." in text.out
    assert "the release must not go out" in page
    assert "OAS504" in text.out
    assert "OAS504" in page


def test_a_candidate_becomes_its_version_without_another_one(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "shop")
    repository.edit(CONTRACT, "version: 1.4.0", "version: 1.5.0-rc.1")
    repository.commit()
    repository.tag("v1.5.0-rc.1")
    repository.edit(CONTRACT, "version: 1.5.0-rc.1", "version: 1.5.0")
    repository.commit()
    done = gate(repository, "--released", "v1.5.0-rc.1", base="v1.5.0-rc.1")
    assert (done.code, part(done, "versions")["outcome"]) == (0, "passed")


@pytest.mark.parametrize("version", ["next", "2026-11-30", "20261130", ""])
def test_a_version_that_cannot_be_compared_any_more_fails(repository: Repository, version: str) -> None:
    repository.edit(CONTRACT, FULL, FULL + ADDED)
    repository.edit(CONTRACT, "version: 1.4.0", f"version: '{version}'")
    repository.commit()
    assert part(gate(repository), "versions")["outcome"] == "failed"


def test_a_version_without_quotes_is_a_version(repository: Repository) -> None:
    repository.edit(CONTRACT, FULL, FULL + ADDED.replace("required: true, ", ""))
    repository.edit(CONTRACT, "version: 1.4.0", "version: 1.5")
    repository.commit()
    assert part(gate(repository), "versions")["outcome"] == "passed"


def test_a_contract_that_is_renamed_keeps_its_version(repository: Repository) -> None:
    repository.edit(CONTRACT, FULL, FULL + ADDED)
    git(repository.folder, "mv", CONTRACT, "api/cart.yaml")
    repository.commit()
    assert part(gate(repository), "versions")["outcome"] == "failed"


def test_the_last_release_is_the_nearest_and_not_the_newest_tag(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "shop")
    first = git(repository.folder, "rev-parse", "HEAD")
    repository.edit(CONTRACT, "version: 1.4.0", "version: 2.0.0")
    repository.commit()
    repository.tag("v2.0.0")
    repository.edit(CONTRACT, FULL, FULL + ADDED)
    repository.commit()
    git(repository.folder, "tag", "-a", "-m", "old", "v9", first)
    done = gate(repository, base="v2.0.0")
    assert (done.report["released"], part(done, "versions")["outcome"]) == ("v2.0.0", "failed")


def test_a_contract_that_was_unreadable_at_the_base_was_not_compared(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "shop")
    repository.edit(CONTRACT, "info:\n", "info: [\n")
    base = repository.commit()
    repository.edit(CONTRACT, "info: [\n", "info:\n")
    repository.commit()
    done = gate(repository, base=base)
    assert (done.code, part(done, "contracts")["outcome"]) == (1, "failed")


def test_a_contract_that_stays_as_broken_as_it_was_fails_nobody(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "shop")
    repository.edit(CONTRACT, "info:\n", "info: [\n")
    base = repository.commit()
    repository.edit(MANIFEST, "replicas: 2", "replicas: 3")
    repository.commit()
    assert part(gate(repository, base=base), "contracts")["outcome"] == "passed"


def test_a_change_that_cannot_be_decided_fails() -> None:
    finding = Finding(
        code="OAS570",
        rule="schema-incompatible",
        severity=Severity.WARNING,
        confidence=Confidence.MEDIUM,
        message="Whether 'code' still means what it did cannot be decided.",
        message_id="unknown",
        arguments={},
        location=Location(CONTRACT, Span(1, 1, 1, 2)),
        fingerprint="x",
    )
    for item, outcome in ((finding, "failed"), (replace(finding, message_id="closed"), "told")):
        found = PartMaker(default_policy(), {}, Blind(frozenset("x")))
        contracts = next(
            iter(
                found.parts(
                    [item],
                    versions=(),
                    is_released=True,
                    rollback=Rollback(True, ()),
                    graph=GraphDiff(ServiceGraph((), ()), {}, {}, {}, {}),
                    ticket=None,
                )
            )
        )
        assert contracts.outcome.value == outcome


def test_a_program_that_was_asked_for_and_is_not_here_is_a_skipped_safeguard(repository: Repository) -> None:
    repository.edit(MANIFEST, "replicas: 2", "replicas: 3")
    repository.commit()
    done = gate(repository, "--kube-score=/nowhere/kube-score")
    assert (done.code, part(done, "files")["outcome"]) == (0, "skipped")
    assert any("kube-score" in text for text in done.report["skipped"])


PROBE = """\
          readinessProbe:
            initialDelaySeconds: 45
            httpGet: {path: /ready, port: 8080}
"""


def test_the_time_of_going_back_is_told_with_its_arithmetic(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "shop")
    repository.edit(MANIFEST, "          resources:\n", PROBE + "          resources:\n")
    repository.commit()
    repository.tag("v1.4.0")
    repository.edit(MANIFEST, "cart:1.4.0", "cart:1.5.0")
    repository.commit()
    way_back = part(gate(repository), "rollback")
    assert way_back["outcome"] == "passed"
    assert "45 s of initialDelaySeconds" in way_back["told"][0]
    assert "pulling images" in way_back["told"][1]


def test_without_a_probe_the_time_of_going_back_is_not_known(repository: Repository) -> None:
    repository.edit(MANIFEST, "cart:1.4.0", "cart:1.5.0")
    repository.commit()
    way_back = part(gate(repository), "rollback")
    assert way_back["outcome"] == "skipped"
    assert "no probe tells" in way_back["unknown"][0]


@pytest.mark.parametrize("name", ["v1.4.0", "tags/v1.4.0", "refs/tags/v1.4.0"])
def test_a_tag_beside_the_branch_is_what_a_release_is_judged_against(tmp_path: Path, name: str) -> None:
    repository = Repository(tmp_path / "shop")
    git(repository.folder, "checkout", "-q", "-b", "release")
    bad = DEPLOYMENT.replace("cart", "till").replace("matchLabels: {app: till}", "matchLabels: {app: x}")
    repository.write("deploy/till.yaml", bad)
    repository.edit(
        CONTRACT, "  /carts/{id}:", "  /tills: {get: {responses: {'200': {description: x}}}}\n  /carts/{id}:"
    )
    repository.commit()
    repository.tag("v1.4.0")
    git(repository.folder, "checkout", "-q", "main")
    repository.write("deploy/till.yaml", bad)
    repository.commit()
    done = gate(repository, base=name)
    assert part(done, "files")["outcome"] != "failed", "the release before had the same error"
    assert part(done, "contracts")["outcome"] == "failed", "an operation that ran is gone"
    branch = gate(repository, base="release")
    assert part(branch, "files")["outcome"] == "failed"
    assert part(branch, "contracts")["outcome"] == "passed"


def test_copies_of_what_others_publish_ask_for_no_version(tmp_path: Path) -> None:
    copy, package = "google/api/http.proto", 'syntax = "proto3";\npackage {};\nmessage X {{ int32 a = 1; }}\n'
    files = {copy: package.format("google.api"), "shop/cart.proto": package.format("shop.v1")}
    repository = Repository(tmp_path / "shop", **files)
    repository.tag("v1.4.0")
    repository.write(copy, package.format("google.api").replace("a = 1", "b = 2"))
    repository.commit()
    assert gate(repository).report["versions"] == []


@pytest.mark.parametrize("name", ["1.4.0", "v1.4.0", "2026.11.30"])
def test_tags_are_releases_with_and_without_a_letter(tmp_path: Path, name: str) -> None:
    repository = Repository(tmp_path / "shop")
    repository.tag("v1.3.0")
    repository.edit(MANIFEST, "replicas: 2", "replicas: 3")
    base = repository.commit()
    repository.tag(name)
    repository.tag("nightly-7.1")
    repository.edit(MANIFEST, "replicas: 3", "replicas: 4")
    repository.commit()
    assert gate(repository, base=base).report["released"] == name


def test_a_refusal_is_seen_where_only_findings_are_shown(repository: Repository) -> None:
    repository.edit(
        CONTRACT, "  /carts/{id}:", "  /tills: {get: {responses: {'200': {description: x}}}}\n  /carts/{id}:"
    )
    repository.commit()
    page = archlint("gate", "--base", "v1.4.0", "--format", "sarif", cwd=repository.folder).report
    told = [
        item["message"]["text"] for item in page["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    ]
    assert [text for text in told if "Versions: api/openapi.yaml: 1.4.0 to 1.4.0 is not enough" in text]


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("''", "states no version"),
        ('""', "states no version"),
        ("0.0.0", "which stands for none"),
        ("0.0.0-development", "which stands for none"),
        ("v0.0.0", "which stands for none"),
    ],
)
def test_an_empty_version_and_a_placeholder_are_none(tmp_path: Path, version: str, said: str) -> None:
    repository = Repository(tmp_path / "shop")
    repository.edit(CONTRACT, "version: 1.4.0", f"version: {version}")
    repository.commit()
    repository.tag("v1.4.0")
    repository.edit(CONTRACT, "description: The cart.", "description: The whole cart.")
    repository.commit()
    assert said in part(gate(repository), "versions")["unknown"][0]
