"""What other linters are told to leave out is left out here as well, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from archlint.engine.reading import read_world
from archlint.engine.running import Runner
from archlint.files import WorkingTree
from archlint.finding import Finding, Rule
from archlint.judging.foreign_comments import ForeignComments
from archlint.model.kubernetes.foreign_checks import ID_FORMS, is_known, same_check
from archlint.registry import split_page
from tests.rules.pages import cases_of
from tests.support.inside import archlint
from tests.support.rules import own_rules

TODAY = date(2026, 6, 15)
TOOLS = ("kube-score", "kube-linter", "polaris", "checkov", "trivy")
NAMED = [
    rule
    for rule in own_rules()
    if any(_name.startswith(TOOLS) for _name in (*rule.aliases, *rule.ignored_as))
]
NAMED = [rule for rule in NAMED if rule.area in ("KUBE", "NET")]


def names_of(finding: Finding, tool: str) -> list[str]:
    """The checks of a tool that a finding stands for."""
    return [
        name[len(tool) + 1 :]
        for name in (*finding.aliases, *finding.ignored_as)
        if name.startswith(f"{tool}:")
    ]


def annotations(tool: str, checks: list[str]) -> dict[str, str]:
    """Annotations that tell a tool to leave checks out."""
    if tool == "kube-score":
        return {"kube-score/ignore": ", ".join(checks)}
    if tool == "kube-linter":
        return {f"ignore-check.kube-linter.io/{check}": "why not" for check in checks}
    if tool == "polaris":
        return {f"polaris.fairwinds.com/{check}-exempt": "true" for check in checks}
    return {f"checkov.io/skip{number}": f"{check}=why not" for number, check in enumerate(checks, 1)}


def annotated(documents: list[Any], tool: str, checks: list[str]) -> str:
    """Manifests whose objects all tell a tool to leave checks out."""
    texts = []
    for document in documents:
        copy = json.loads(json.dumps(document, default=str))
        for item in copy.get("items", [copy]) if isinstance(copy, dict) else ():
            if tool != "trivy" and isinstance(item, dict) and "kind" in item:
                given = item.setdefault("metadata", {}).setdefault("annotations", {}) or {}
                item["metadata"]["annotations"] = {**given, **annotations(tool, checks)}
        text = yaml.safe_dump(copy, sort_keys=False)
        above = "".join(f"# trivy:ignore:AVD-{check}\n" for check in checks) if tool == "trivy" else ""
        texts.append(f"---\n{above}{text}")
    return "".join(texts)


def write(folder: Path, files: dict[str, str]) -> None:
    """Lay files out in a folder."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def findings_in(rule: Rule, options: dict[str, Any], files: dict[str, str], folder: Path) -> list[Finding]:
    """What a rule finds, as it stands after the ignores of other linters."""
    write(folder, files)
    world = read_world(WorkingTree(folder), sorted(files))
    runner = Runner([rule], {rule.code: options})
    found = [*runner.over_files(world), *runner.over_joins(world)]
    assert not runner.failures
    return ForeignComments([(path, text.encode()) for path, text in files.items()], world, TODAY).apply(found)


def manifests(files: dict[str, str]) -> dict[str, list[Any]] | None:
    """The documents of the files of an example; ``None`` if one is no plain manifest."""
    found = {}
    for path, text in files.items():
        if not path.endswith((".yaml", ".yml")) or "kustomization" in path:
            return None
        found[path] = [item for item in yaml.safe_load_all(text) if item is not None]
    return found


def examples(rule: Rule) -> Iterator[tuple[dict[str, Any], dict[str, list[Any]]]]:
    """Options and manifests of the bad examples of a rule."""
    for case in cases_of(split_page(Path(rule.page).read_text("utf-8"), rule.page).body):
        documents = manifests(case.files) if case.bad else None
        if documents is not None:
            yield case.options, documents


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in NAMED])
def test_what_a_tool_is_told_to_leave_out_is_silent(rule: Rule, tmp_path: Path) -> None:
    for number, (options, documents) in enumerate(examples(rule)):
        plain = {path: annotated(items, "trivy", []) for path, items in documents.items()}
        before = findings_in(rule, options, plain, tmp_path / f"{number}")
        for tool in TOOLS:
            checks = sorted({name for finding in before for name in names_of(finding, tool)})
            files = {path: annotated(items, tool, checks) for path, items in documents.items()}
            after = findings_in(rule, options, files, tmp_path / f"{number}-{tool}") if checks else []
            for finding in after:
                is_silent = finding.suppressed is not None
                assert is_silent == bool(names_of(finding, tool)), (tool, finding.message, finding.suppressed)
                assert not is_silent or re.search(r"\.ya?ml:\d+\)$", finding.suppressed)


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in NAMED])
def test_a_comment_for_trivy_on_the_line_of_a_finding_silences_it(rule: Rule, tmp_path: Path) -> None:
    """Keys are sorted: of a container ``image`` comes before ``name``, where what it lacks is told."""
    for number, (options, documents) in enumerate(examples(rule)):
        files = {
            path: yaml.safe_dump_all(items, width=10_000, sort_keys=True) for path, items in documents.items()
        }
        lines = {path: text.splitlines() for path, text in files.items()}
        before = findings_in(rule, options, files, tmp_path / f"{number}")
        for finding in before:
            at = finding.location
            for check in names_of(finding, "trivy"):
                lines[at.path][at.span.line - 1] += f"  # trivy:ignore:AVD-{check}"
        commented = {path: "\n".join((*told, "")) for path, told in lines.items()}
        if any(list(yaml.safe_load_all(commented[path])) != items for path, items in documents.items()):
            continue  # a line within a text, where nothing is a comment
        after = findings_in(rule, options, commented, tmp_path / f"{number}-commented")
        assert len(after) == len(before)
        for finding in after:
            assert (finding.suppressed is not None) == bool(names_of(finding, "trivy")), finding.message


def test_the_examples_carry_most_of_the_names(tmp_path: Path) -> None:
    """Silence would prove nothing if the examples above carried none."""
    rules = [rule for rule in NAMED if any(True for _ in examples(rule))]
    assert len(rules) > 0.9 * len(NAMED)


@pytest.mark.parametrize("tool", TOOLS)
def test_every_name_of_a_page_is_a_check_of_its_tool(tool: str) -> None:
    pages = [name for rule in own_rules() for name in (*rule.aliases, *rule.ignored_as)]
    names = {name.partition(":")[2] for name in pages if name.startswith(f"{tool}:")}
    assert names
    assert not {name for name in names if not is_known(tool, same_check(tool, name))}


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
{metadata}spec:
  selector: {{matchLabels: {{app: cart}}}}
  template:
    metadata:
      labels: {{app: cart}}
{template}    spec:
      containers:
        - name: cart
          image: shop/cart:latest
          securityContext: {{privileged: true}}
          resources: {{limits: {{memory: 1Gi, cpu: 1}}}}
"""
ASKED = "privileged-container,image-tag-missing,memory-limit-missing"
BOTH = ["image-tag-missing", "privileged-container"]


def report(folder: Path, files: dict[str, str], *flags: str) -> dict[str, Any]:
    """The JSON report on some files, by three rules and what the flags add."""
    write(folder, files)
    done = archlint(
        "check",
        ".",
        "--format",
        "json",
        "--select",
        f"{ASKED},LINT003,LINT007",
        "--ignore",
        "ALL",
        "--today",
        "2026-06-15",
        *flags,
        cwd=folder,
    )
    return done.report


def rules_in(found: dict[str, Any]) -> list[str]:
    """The rules of a report that are told, sorted."""
    return sorted(item["rule"] for item in found["findings"])


def deployment(metadata: str = "", template: str = "") -> str:
    """A Deployment that two rules complain about, with annotations of its own and of its pods."""
    own = f"  annotations: {metadata}\n" if metadata else ""
    pods = f"      annotations: {template}\n" if template else ""
    return DEPLOYMENT.format(metadata=own, template=pods)


PRIVILEGED = ["image-tag-missing"]
TAG = ["privileged-container"]
NONE: list[str] = []


@pytest.mark.parametrize(
    ("own", "pods", "left"),
    [
        ("", "", BOTH),
        ("{kube-score/ignore: container-image-tag}", "", TAG),
        ("{kube-score/ignore: ' container-security-context-privileged , container-image-tag,'}", "", NONE),
        ("{kube-score/ignore: 'container-image-tag'}", "", TAG),
        ("{kube-score/ignore: ''}", "", BOTH),
        ("{kube-score/ignore: container-image-tags}", "", ["ignored-check-unknown", *BOTH]),
        ("", "{kube-score/ignore: container-image-tag}", TAG),
        ("{kube-score/ignore: container-image-tag}", "{kube-score/enable: container-image-tag}", BOTH),
        ("{kube-score/enable: container-image-tag}", "{kube-score/ignore: container-image-tag}", TAG),
        ("{kube-score/ignore: container-image-tag, kube-score/enable: container-image-tag}", "", TAG),
        ("{ignore-check.kube-linter.io/latest-tag: ''}", "", TAG),
        ("{ignore-check.kube-linter.io/privileged-container: node agent}", "", PRIVILEGED),
        ("", "{ignore-check.kube-linter.io/latest-tag: not read by kube-linter}", BOTH),
        ("{kube-linter.io/ignore-all: ''}", "", NONE),
        ("{polaris.fairwinds.com/exempt: 'true'}", "", NONE),
        ("{polaris.fairwinds.com/exempt: 'TRUE'}", "", NONE),
        ("{polaris.fairwinds.com/exempt: true}", "", NONE),
        ("{polaris.fairwinds.com/exempt: 'false'}", "", BOTH),
        ("{polaris.fairwinds.com/tagNotSpecified-exempt: 'true'}", "", TAG),
        ("{polaris.fairwinds.com/tagNotSpecified-exempt: 'no'}", "", BOTH),
        ("", "{polaris.fairwinds.com/exempt: 'true'}", BOTH),
        ("{checkov.io/skip: CKV_K8S_14}", "", TAG),
        ("{checkov.io/skip1: CKV_K8S_16=a node agent, checkov.io/skip22: CKV_K8S_14=why = not}", "", NONE),
        ("{bridgecrew.io/skip1: CKV_K8S_16=a node agent}", "", PRIVILEGED),
        ("", "{checkov.io/skip1: CKV_K8S_16}", PRIVILEGED),
        ("{checkov.io/skip1: 'CKV_K8S_16, CKV_K8S_14'}", "", ["ignored-check-unknown", *BOTH]),
        ("{archlint.io/ignore: container-image-tag, kube-score.io/ignore: container-image-tag}", "", BOTH),
        ("[kube-score/ignore]", "", BOTH),
        ("{kube-score/ignore: [container-image-tag], polaris.fairwinds.com/exempt: {}}", "", BOTH),
        ("\n    kube-score/ignore: >-\n      container-image-tag,\n      pod-probes", "", TAG),
        ('{"kube-score/ignore": "container-image-tag"}', "", TAG),
    ],
)
def test_spellings(own: str, pods: str, left: list[str], tmp_path: Path) -> None:
    found = report(tmp_path, {"cart.yaml": deployment(own, pods)})
    assert rules_in(found) == left
    assert found["summary"]["suppressed"] == len(set(BOTH) - set(left))


def test_the_report_says_by_which_ignore(tmp_path: Path) -> None:
    own = "\n    polaris.fairwinds.com/runAsPrivileged-exempt: true"
    own += "\n    kube-score/ignore: container-image-tag"
    found = report(tmp_path, {"cart.yaml": deployment(own)}, "--show-suppressed")
    assert {item["rule"]: item["suppressed"] for item in found["findings"]} == {
        "image-tag-missing": "kube-score/ignore: container-image-tag (cart.yaml:7)",
        "privileged-container": "polaris.fairwinds.com/runAsPrivileged-exempt (cart.yaml:6)",
    }


def test_a_list_and_json(tmp_path: Path) -> None:
    ignored = yaml.safe_load(deployment("{kube-score/ignore: container-image-tag}"))
    plain = yaml.safe_load(deployment())
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": [plain, ignored]})
    found = report(tmp_path, {"cart.json": text})
    assert rules_in(found) == ["image-tag-missing", "privileged-container", "privileged-container"]
    assert all("/items/0/" in item["pointer"] for item in found["findings"] if item["rule"] == BOTH[0])


def test_a_name_of_two_is_taken_from_what_is_still_told(tmp_path: Path) -> None:
    """kube-linter would still report the mount for another reason."""
    text = (
        deployment("{ignore-check.kube-linter.io/docker-sock: ''}").replace(
            "      containers:\n",
            "      volumes: [{name: s, hostPath: {path: /var/run/docker.sock}}]\n      containers:\n",
        )
        + "          volumeMounts: [{name: s, mountPath: /s}]\n"
    )
    found = report(tmp_path, {"cart.yaml": text}, "--select", "sensitive-host-path")
    names = found["findings"][0]["aliases"]
    assert "kube-linter:writable-host-mount" in names
    assert "kube-linter:docker-sock" not in names


@pytest.mark.parametrize(
    ("comment", "at", "left"),
    [
        ("# trivy:ignore:KSV-0017", "- name: cart", PRIVILEGED),
        ("#trivy:ignore:AVD-KSV-0017", "- name: cart", PRIVILEGED),
        ("#trivy:ignore:avd-ksv-0017", "- name: cart", PRIVILEGED),
        ("#trivy:ignore:KSV017", "- name: cart", PRIVILEGED),
        ("#trivy:ignore:*", "- name: cart", NONE),
        ("#trivy:ignore:KSV-0017 trivy:ignore:KSV-0013", "- name: cart", NONE),
        ("#trivy:ignore:KSV-0017 #trivy:ignore:KSV-0013 both", "- name: cart", NONE),
        ("#trivy:ignore:KSV-0017\n# trivy:ignore:KSV-0013", "- name: cart", NONE),
        ("#trivy:ignore:KSV-0017", "securityContext:", PRIVILEGED),
        ("#trivy:ignore:KSV-0013", "securityContext:", BOTH),
        ("#trivy:ignore:KSV-0017:exp:2026-06-16", "- name: cart", PRIVILEGED),
        ("#trivy:ignore:KSV-0017:exp:2026-06-15", "- name: cart", BOTH),
        ("#trivy:ignore:KSV-0017", "apiVersion:", PRIVILEGED),
        ("#trivy:ignore:KSV-0017", "template:", PRIVILEGED),
        ("#trivy:ignore:KSV-0017", "selector:", BOTH),
        ("#trivy:ignore:KSV-9999", "- name: cart", [BOTH[0], "invalid-suppression", BOTH[1]]),
        ("#trivy:ignore:AVD-AWS-0091", "- name: cart", BOTH),
        ("#tfsec:ignore:KSV-0017", "- name: cart", BOTH),
        ("#checkov:skip=CKV_K8S_16:checkov does not read comments of manifests", "- name: cart", BOTH),
    ],
)
def test_comments_for_trivy(comment: str, at: str, left: list[str], tmp_path: Path) -> None:
    lines = []
    for line in deployment().splitlines():
        if line.strip().startswith(at):
            lines += [" " * (len(line) - len(line.lstrip())) + each for each in comment.split("\n")]
        lines.append(line)
    found = report(tmp_path, {"cart.yaml": "\n".join(lines) + "\n"})
    assert rules_in(found) == left


def test_a_check_that_trivy_does_not_have_is_told_where_it_is_written(tmp_path: Path) -> None:
    text = deployment().replace(
        "      containers:", "      # two  trivy:ignore:KSV-9999 more\n      containers:"
    )
    found = report(tmp_path, {"cart.yaml": text})["findings"]
    [told] = [item for item in found if item["rule"] == "invalid-suppression"]
    line = text.splitlines()[told["line"] - 1]
    assert line[told["column"] - 1 : told["end_column"] - 1].strip() == "trivy:ignore:KSV-9999"
    assert "'KSV-9999'" in told["message"]
    assert ID_FORMS["trivy"] in told["message"]


def test_a_comment_for_trivy_behind_content(tmp_path: Path) -> None:
    text = deployment().replace("shop/cart:latest", "shop/cart:latest  # trivy:ignore:KSV-0013")
    assert rules_in(report(tmp_path, {"cart.yaml": text})) == TAG
    quoted = deployment().replace("name: cart\n", "name: cart\n  labels: {x: '# trivy:ignore:KSV-0017'}\n", 1)
    assert rules_in(report(tmp_path, {"cart.yaml": quoted})) == BOTH


def built(overlays: dict[str, str], base: str = "") -> dict[str, str]:
    """A base and overlays of it, by the text of their kustomizations."""
    files = {"base/cart.yaml": base or deployment(), "base/kustomization.yaml": "resources: [cart.yaml]\n"}
    return files | {
        f"{name}/kustomization.yaml": f"resources: [../base]\n{text}" for name, text in overlays.items()
    }


POINTER = "/metadata/annotations/kube-score~1ignore"
IN_JSON = (
    "patches:\n- target: {kind: Deployment}\n  patch: |-\n    - op: add\n      path: /metadata/annotations\n"
    "      value: {kube-score/ignore: container-image-tag}\n"
)
MERGED = (
    "patches:\n- patch: |-\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata:\n      name: cart\n"
    "      annotations: {kube-score/ignore: container-image-tag}\n"
)
ADDED = "commonAnnotations: {kube-score/ignore: container-image-tag}\n"


@pytest.mark.parametrize("text", [IN_JSON, MERGED, ADDED])
def test_an_overlay_speaks_for_what_it_builds(text: str, tmp_path: Path) -> None:
    alone = report(tmp_path / "a", built({"live": text}), "--show-suppressed")
    told = {item["rule"]: item.get("suppressed", "") for item in alone["findings"]}
    assert "live/kustomization.yaml:" in told["image-tag-missing"]
    assert not told["privileged-container"]

    both = report(tmp_path / "b", built({"live": text, "test": ""}))
    assert rules_in(both) == BOTH
    assert both["summary"]["suppressed"] == 1


@pytest.mark.parametrize("comment", ["  # trivy:ignore:KSV-0013", "  # trivy:ignore:KSV-9998", ""])
def test_a_patch_speaks_for_what_it_sets(comment: str, tmp_path: Path) -> None:
    containers = f"[{{name: cart, image: 'shop/cart:latest'}}]{comment}"
    patch = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart}\nspec:\n  template:\n    spec:\n"
        f"      containers: {containers}\n"
    )
    base = deployment().replace("shop/cart:latest", "shop/cart:1.2.0")
    files = built({"live": "patches: [{path: patch.yaml}]\n"}, base) | {"live/patch.yaml": patch}
    found = report(tmp_path, files)
    told = {item["rule"]: item["path"] for item in found["findings"]}
    assert ("image-tag-missing" in told) is ("0013" not in comment)
    assert told.get("invalid-suppression") == ("live/patch.yaml" if "9998" in comment else None)


def test_a_base_speaks_for_what_is_built_of_it(tmp_path: Path) -> None:
    base = deployment("{kube-score/ignore: 'container-image-tag,container-security-context-privileged'}")
    images = "images: [{name: shop/cart, newTag: latest}]\n"
    found = report(tmp_path, built({"live": images, "test": ""}, base))
    assert rules_in(found) == NONE
    assert found["summary"]["suppressed"] == 3  # two builds set the tag at different places


def test_an_unknown_check_of_an_overlay_is_told_once(tmp_path: Path) -> None:
    base = deployment("{kube-score/ignore: pod-probe}")
    patch = "commonAnnotations: {polaris.fairwinds.com/none-exempt: 'true'}\n"
    found = report(tmp_path, built({"live": patch, "test": ""}, base))
    told = [(item["path"], item["line"]) for item in found["findings"] if item["code"] == "LINT007"]
    assert told == [("base/cart.yaml", 5), ("live/kustomization.yaml", 2)]


ON = "seccomp-profile-missing"
ENABLE = "{kube-score/enable: container-seccomp-profile}"


def strict_rules(folder: Path, files: dict[str, str], *flags: str) -> list[tuple[str, str]]:
    """What the recommended rules find with objects that turn on more, as rule and path, by two rules."""
    write(folder, files)
    done = archlint("check", ".", "--format", "json", *flags, cwd=folder)
    asked = {ON, "requests-differ-from-limits"}
    return sorted((item["rule"], item["path"]) for item in done.report["findings"] if item["rule"] in asked)


def test_an_object_turns_a_check_on(tmp_path: Path) -> None:
    memory = "{kube-score/enable: 'container-seccomp-profile,container-memory-requests-equal-limits'}"
    differing = "requests: {memory: 1Mi}, limits: {memory: 1Gi, cpu: 1}"
    files = {
        "plain.yaml": deployment(),
        "object.yaml": deployment(ENABLE),
        "pods.yaml": deployment("", ENABLE),
        "two.yaml": deployment(memory).replace("limits: {memory: 1Gi, cpu: 1}", differing),
        "off.yaml": deployment(ENABLE, "{kube-score/ignore: container-seccomp-profile}"),
    }
    on = [
        ("requests-differ-from-limits", "two.yaml"),
        (ON, "object.yaml"),
        (ON, "pods.yaml"),
        (ON, "two.yaml"),
    ]
    assert strict_rules(tmp_path, files) == on
    assert strict_rules(tmp_path, files) == on  # from the cache
    assert strict_rules(tmp_path, files, "--ignore", ON) == on[:1]


def test_an_overlay_turns_a_check_on_for_what_it_builds(tmp_path: Path) -> None:
    files = built({"live": f"commonAnnotations: {ENABLE}\n", "test": ""})
    assert strict_rules(tmp_path, files) == [(ON, "base/cart.yaml")]
    assert strict_rules(tmp_path, built({"live": "", "test": ""})) == []


def test_what_an_object_may_turn_on_is_no_rule_in_force(tmp_path: Path) -> None:
    """A suppression of such a rule is not called unused: it was not looked for everywhere."""
    suppressed = deployment().replace("    spec:", f"    # archlint: ignore[{ON}] later\n    spec:")
    write(tmp_path, {"one.yaml": deployment(ENABLE), "two.yaml": suppressed})
    found = archlint("check", ".", "--format", "json", cwd=tmp_path).report["findings"]
    assert "unused-suppression" not in [item["rule"] for item in found]


@pytest.mark.parametrize("number", [1, 59, 102, 125, 1010, 1011])
def test_the_first_and_the_last_checks_of_trivy_are_known(number: int) -> None:
    assert is_known("trivy", f"AVD-KSV-{number:04}")


@pytest.mark.parametrize("number", [0, 60, 101, 126, 1009, 1012])
def test_numbers_beside_those_of_trivy_are_not(number: int) -> None:
    assert not is_known("trivy", f"AVD-KSV-{number:04}")
