"""Configurations of other tools become configurations of archlint that switch the same things on and off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.config import ConfigurationError, load_settings, read_configuration
from archlint.config.foreign import ForeignFile, Tool, import_configuration, tools
from archlint.files.globs import Exclusion
from archlint.finding import Profile, Severity
from archlint.registry import Registry
from tests.support.inside import archlint
from tests.support.limits import within
from tests.support.rules import own_rules

REGISTRY = Registry(own_rules())
KUBE_LINTER = """\
checks:
  include: [no-readiness-probe, minimum-three-replicas, no-such-check, team-label]
  exclude: [latest-tag, no-read-only-root-fs]
  ignorePaths: [legacy/**, ~/mine/**, "/**/charts/{a,b}/**", ../elsewhere/**, "*.tmpl.yaml"]
customChecks:
  - {name: team-label, template: required-label, params: {key: team}}
  - {name: four, template: minimum-replicas, params: {minReplicas: 4}}
  - {name: only-jobs, template: host-ipc, scope: {objectKinds: [Job]}}
"""
ONLY_TWO = "checks: {doNotAutoAddDefaults: true, include: [privileged-container, run-as-non-root]}\n"
MAKEFILE = """\
lint:
# kube-score score --ignore-test container-image-tag
\tkube-score score \\
\t  --ignore-test pod-networkpolicy,container-image-pull-policy --ignore-test=pod-probes \\
\t  --ignore-container-cpu-limit --enable-optional-test container-seccomp-profile \\
\t  --min-replicas-deployment 3 deploy/*.yaml
"""
WORKFLOW = """\
jobs:
  score:
    steps:
      - uses: docker://zegl/kube-score
        with:
          args: ["score", "--ignore-test", "container-resources", "--exit-one-on-warning"]
"""
POLARIS = """\
checks:
  hostNetworkSet: danger
  memoryLimitsMissing: warning
  tagNotSpecified: ignore
  imageRegistry: danger
customChecks:
  imageRegistry: {successMessage: ours}
exemptions:
  - {namespace: kube-system, controllerNames: [dns-controller], rules: [hostNetworkSet]}
  - {namespace: dev}
  - {containerNames: [sidecar], rules: [memoryLimitsMissing]}
"""
REDOCLY = """
apis:
  shop@v1:
    root: shop/openapi.yaml
    rules: {operation-2xx-response: off, info-contact: warn}
extends: [recommended, ./house.yaml]
plugins: [./house.js]
rules:
  operation-operationId: error
  tag-description: off
  paths-kebab-case: {severity: warn, exceptions: [x]}
  rule/verbs: {subject: {type: Operation}, assertions: {defined: true}}
  operation-summary: warn
oas2Rules:
  no-unused-components: off
"""
REDOCLY_IGNORED = """
# made by the program
shop/openapi.yaml:
  operation-4xx-response:
    - '#/paths/~1carts/get/responses'
    - '#/paths/~1carts/post/responses'
  operation-summary:
    - '#/paths/~1carts/get/summary'
"""
VACUUM = """
extends: [[vacuum:oas, recommended], [vacuum:owasp, all]]
rules:
  no-http-verbs-in-path: error
  camel-case-properties: warn
  owasp-no-numeric-ids: off
"""
PLAIN = """\
extends:
  - [spectral:oas, recommended]
  - https://example.org/style.yaml
functions: [shout]
rules:
  operation-description: off
  operation-tags: error
  info-contact: hint
  tag-description: true
"""
SPECTRAL = f"""\
{PLAIN}\
  no-such-rule: warn
  all-caps: {{given: $.paths, then: {{function: shout}}}}
overrides:
  - files: ["old/**/*.json", "**#/paths/~1pets~1%7BpetId%7D/get"]
    rules: {{operation-operationId: off, path-params: warn}}
  - {{formats: [oas3], extends: "@house/rules"}}
"""

API_LINTER = """\
- disabled_rules: [core::0140, core::0131::http-method, core::9999::no-such-rule]
- included_paths: ["shop/v1/*.proto"]
  excluded_paths: ["shop/v1/new.proto"]
  disabled_rules: ["core::0192::has-comments"]
- included_paths: ["shop/v2/**"]
  enabled_rules: ["http-method"]
- excluded_paths: ["/mine/**"]
  enabled_rules: ["core::0131::http-body"]
"""


def imported(name: str, text: str, tool: str | None = None) -> tuple[dict[str, Any], list[str]]:
    """What the configuration that is made of one says, and each thing that has no counterpart."""
    made, lost = import_configuration(ForeignFile(name, text), REGISTRY, tool)
    return yaml.safe_load(made), [what for each in lost for what in each.what]


def in_force(said: dict[str, Any]) -> set[str]:
    profile = Profile[said["profile"].upper()]
    chosen = REGISTRY.choose(profile, said.get("select", ()), said.get("ignore", ()))
    return {rule.name for rule in chosen}


def test_kube_linter() -> None:
    said, lost = imported(".kube-linter.yaml", KUBE_LINTER)
    rules = in_force(said)
    assert {"readiness-probe-missing", "single-replica"} <= rules
    assert not {"image-tag-missing", "root-filesystem-writable"} & rules
    assert said["rules"] == {"single-replica": {"min": 4}}
    assert said["exclude"] == ["/legacy/**", "**/charts/a/**", "**/charts/b/**", "/*.tmpl.yaml"]
    unread = {"ignored path '~/mine/**'", "ignored path '../elsewhere/**'", "custom check 'team-label'"}
    assert {*unread, "check 'no-such-check'", "custom check 'only-jobs'"} <= set(lost)


def test_kube_linter_runs_what_is_named_alone() -> None:
    said, _ = imported(".kube-linter.yaml", ONLY_TWO)
    assert {"privileged-container", "container-may-run-as-root"} <= in_force(said)
    assert not {"memory-limit-missing", "service-selects-nothing", "image-tag-missing"} & in_force(said)
    said, _ = imported(".kube-linter.yaml", "checks: {doNotAutoAddDefaults: true, addAllBuiltIn: true}")
    assert {"memory-limit-missing", "liveness-probe-missing"} <= in_force(said)


def test_kube_score_in_a_makefile() -> None:
    said, lost = imported("Makefile", MAKEFILE)
    assert not {"workload-without-policy", "readiness-probe-missing", "cpu-limit-missing"} & in_force(said)
    assert {"image-tag-missing", "cpu-request-missing", "memory-limit-missing"} <= in_force(said)
    assert said["rules"] == {"single-replica": {"min": 3}}
    assert "seccomp-profile-missing" in in_force(said)
    assert "container-image-pull-policy" not in lost


def test_kube_score_in_a_workflow() -> None:
    said, lost = imported("ci.yml", WORKFLOW)
    limits = {"memory-limit-missing", "memory-request-missing", "cpu-limit-missing", "cpu-request-missing"}
    assert not limits & in_force(said)
    assert "--exit-one-on-warning" in lost


def test_polaris() -> None:
    said, lost = imported("conf.yaml", POLARIS)
    assert {"host-namespace-shared", "memory-limit-missing"} <= in_force(said)
    assert not {"image-tag-missing", "readiness-probe-missing", "privileged-container"} & in_force(said)
    assert said["rules"] == {
        "host-namespace-shared": {"namespaces": ["hostNetwork"]},
        "memory-limit-missing": {"severity": "warning"},
    }
    (entry,) = said["suppress"]
    assert entry["rules"] == ["host-namespace-shared"]
    assert entry["elements"] == ["dns-controller"]
    assert {"custom check 'imageRegistry'", "exemption of namespace 'dev'"} <= set(lost)


def test_polaris_under_its_old_names_and_in_the_values_of_its_chart() -> None:
    said, lost = imported("values.yaml", "config: {checks: {multipleReplicasForDeployment: error}}")
    assert "single-replica" in said["select"]
    assert said["rules"] == {"single-replica": {"severity": "error"}}
    assert lost == []


def test_spectral() -> None:
    said, lost = imported(".spectral.yaml", PLAIN)
    assert {"operation-untagged", "contact-missing", "tag-undescribed"} <= in_force(said)
    assert "operation-undescribed" not in in_force(said)
    assert said["rules"] == {"operation-untagged": {"severity": "error"}}
    assert "ruleset" not in said
    assert set(lost) == {"ruleset 'https://example.org/style.yaml'", "key 'functions'"}


@pytest.mark.parametrize(
    "part",
    [
        "rules: {all-caps: {given: $.paths, then: {function: truthy}}}",
        "extends: [./house.yaml]\nrules: {path-params: info}",
        "rules: {path-params: error}\noverrides: [{files: ['old/*'], rules: {path-params: off}}]",
        "extends: spectral:oas\noverrides: [{files: ['**#/info'], rules: {info-contact: error}}]",
        "rules: {path-params: off}\noverrides: [{formats: [oas3], rules: {path-params: hint}}]",
    ],
)
def test_a_ruleset_of_spectral_that_is_run_says_all_itself(part: str) -> None:
    made, lost = import_configuration(ForeignFile("api/.spectral.yaml", part, "api"), REGISTRY)
    assert yaml.safe_load(made) == {"profile": "recommended", "ruleset": "api/.spectral.yaml"}
    assert not lost


def test_what_a_ruleset_of_spectral_that_is_run_cannot_say_is_told() -> None:
    said, lost = imported(".spectral.yaml", SPECTRAL)
    assert said == {"profile": "recommended", "ruleset": ".spectral.yaml"}
    named = {"ruleset 'https://example.org/style.yaml'", "key 'functions'", "ruleset '@house/rules'"}
    assert set(lost) == {*named, "rule 'no-such-rule'"}


def test_api_linter() -> None:
    said, lost = imported(".api-linter.yaml", API_LINTER)
    assert said["select"] == ["tag:preset:aip"]
    assert "api-linter:core::0140::prepositions" in said["ignore"]
    assert "api-linter:core::0131::http-method" not in said["ignore"]
    methods, comments = said["suppress"]
    assert methods["rules"] == ["api-linter:core::0131::http-method"]
    assert comments["rules"] == ["api-linter:core::0192::has-comments"]
    paths = ("shop/v1/a.proto", "shop/v1/new.proto", "shop/v2/deep/a.proto", "b.proto")
    for entry, off in ((methods, {*paths} - {paths[2]}), (comments, {paths[0]})):
        exclusion = Exclusion(entry["paths"])
        assert {path for path in paths if exclusion.excludes_file(path, "")} == off
    assert lost == ["rule 'core::9999::no-such-rule'", "path '/mine/**'"]


def test_paths_of_api_linter_are_those_of_files() -> None:
    """Judged by the program: a folder, or its name, is the path of no file; ``*`` stays in one folder."""
    globs = ["shop/v1", "shop/v1/", "*.proto", "b/*", "**/one.proto", "shop/*/one.proto", "{a,b}/**"]
    entry = [{"included_paths": globs, "disabled_rules": ["core::0140"]}]
    said, lost = imported(".api-linter.yaml", json.dumps(entry))
    assert lost == ["path 'shop/v1'", "path 'shop/v1/'"]
    (suppressed,) = said["suppress"]
    assert suppressed["paths"] == [
        *("/*.proto", "**/b/*.proto", "**/one.proto", "**/shop/*/one.proto"),
        *("**/a/**/*.proto", "**/b/**/*.proto"),
    ]


def test_redocly() -> None:
    said, lost = imported("redocly.yaml", REDOCLY)
    assert {"operation-id-missing", "path-segment-not-kebab-case", "license-url-missing"} <= in_force(said)
    assert not {"tag-undescribed", "contact-missing", "tags-unsorted"} & in_force(said)
    assert said["rules"]["operation-id-missing"] == {"severity": "error"}
    assert [(entry["rules"], entry["paths"]) for entry in said["suppress"]] == [
        (["success-response-missing"], ["/shop/openapi.yaml"])
    ]
    own = {"ruleset './house.yaml'", "plugin './house.js'", "rule 'operation-summary'"}
    parts = {"option 'exceptions' of rule 'paths-kebab-case'", "rule 'no-unused-components' in oas2Rules"}
    assert {*own, *parts, "rule 'info-contact' of API 'shop@v1'"} <= set(lost)


def test_what_redocly_ignores_is_suppressed_at_its_elements() -> None:
    said, lost = imported(".redocly.lint-ignore.yaml", REDOCLY_IGNORED)
    assert said["suppress"] == [
        {
            "rules": ["error-response-missing"],
            "paths": ["/shop/openapi.yaml"],
            "elements": ["#/paths/~1carts/get/responses", "#/paths/~1carts/post/responses"],
            "reason": "ignored in .redocly.lint-ignore.yaml",
        }
    ]
    assert "select" not in said and lost == ["operation-summary"]


@pytest.mark.parametrize("ruleset", ["minimal", "recommended", "recommended-strict", "spec", "all"])
def test_rulesets_of_redocly_hold_what_is_broken_for_everybody(ruleset: str) -> None:
    said, _ = imported("redocly.yaml", f"extends: [{ruleset}]")
    assert {"openapi-structure-invalid", "unresolved-reference", "path-template-duplicate"} <= in_force(said)
    assert ("path-with-verb" in in_force(said)) is (ruleset == "all")


@pytest.mark.parametrize("name", ["vacuum.yaml", ".spectral.yaml"])
def test_vacuum(name: str) -> None:
    said, lost = imported(name, VACUUM)
    assert {"path-with-verb", "array-without-limit", "operation-id-missing"} <= in_force(said)
    assert "id-guessable" not in in_force(said)
    assert said["rules"]["path-with-verb"] == {"severity": "error"}
    assert "rule 'camel-case-properties'" in lost


def single(tool: str, check: str, on: bool) -> str:
    """A configuration that puts one check on or off."""
    if tool == "kube-linter":
        return json.dumps({"checks": {"include" if on else "exclude": [check]}})
    if tool == "kube-score":
        return f"kube-score score --{'enable-optional' if on else 'ignore'}-test {check}"
    if tool == "polaris":
        return json.dumps({"checks": {check: "danger" if on else "ignore"}})
    return json.dumps({"extends": ["spectral:oas"], "rules": {check: "error" if on else "off"}})


ALIASES = [
    (rule.name, tool, check if tool != "owasp" else f"owasp:{check}")
    for rule in REGISTRY.rules
    for tool, _, check in (alias.partition(":") for alias in rule.aliases)
    if tool in ("kube-linter", "kube-score", "polaris", "spectral", "owasp") and rule.name != "kube-score"
]


@pytest.mark.parametrize(("rule", "tool", "check"), ALIASES)
def test_what_is_on_is_on_and_what_is_off_is_off(rule: str, tool: str, check: str) -> None:
    tool = "spectral" if tool == "owasp" else tool
    on, _ = imported("x", single(tool, check, on=True), tool)
    assert rule in in_force(on)
    off, lost = imported("x", single(tool, check, on=False), tool)
    parts = off.get("rules", {}).get(rule, {}).get("namespaces")
    assert rule not in in_force(off) if parts is None else len(parts) == 2
    assert not [what for what in lost if check in what]


def test_a_rule_that_stands_for_two_checks_tells_what_goes_with_the_other() -> None:
    said, lost = imported(".spectral.yaml", "extends: spectral:oas\nrules: {no-eval-in-markdown: off}")
    assert said["ignore"] == ["script-in-text"]
    assert lost == ["no-script-tags-in-markdown"]


def test_a_rule_of_spectral_for_one_version_goes_with_its_twin() -> None:
    said, lost = imported(".spectral.yaml", "extends: spectral:oas\nrules: {oas3-unused-component: off}")
    assert (said["ignore"], lost) == (["component-unused"], [])
    both = "rules: {oas3-unused-component: off, oas2-unused-definition: warn}"
    said, lost = imported(".spectral.yaml", f"extends: spectral:oas\n{both}")
    assert (said["ignore"], lost) == (["component-unused"], ["oas2-unused-definition"])


def test_a_rule_with_parts_is_narrowed() -> None:
    said, lost = imported(".kube-linter.yaml", "checks: {exclude: [host-pid]}")
    assert said["rules"] == {"host-namespace-shared": {"namespaces": ["hostNetwork", "hostIPC"]}}
    assert "ignore" not in said
    assert "host-network" not in lost


def accepted(text: str, folder: Path) -> None:
    """The configuration is one that archlint takes."""
    file = folder / "archlint.yaml"
    file.write_text(text, "utf-8")
    load_settings(read_configuration(file, folder), REGISTRY)


WORDS = st.sampled_from(
    [
        *(
            "checks",
            "include",
            "exclude",
            "ignorePaths",
            "customChecks",
            "name",
            "template",
            "params",
            "scope",
        ),
        *(
            "exemptions",
            "rules",
            "controllerNames",
            "namespace",
            "extends",
            "overrides",
            "files",
            "functions",
        ),
        *("latest-tag", "hostPIDSet", "path-params", "spectral:oas", "off", "danger", "**", "a/**#/b", "yes"),
        *("--ignore-test", "minimum-replicas", "minReplicas", "", " ", "a\n\u2028b: [", "\x1b[31m", "##[x]"),
    ]
)
VALUES = st.recursive(
    WORDS | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("tool", sorted(tools()))
@settings(max_examples=60, deadline=None)
@given(data=st.dictionaries(WORDS, VALUES, max_size=5))
def test_whatever_is_imported_is_accepted_or_refused(tool: str, data: Any, tmp_path_factory: Any) -> None:
    try:
        made, _ = import_configuration(ForeignFile("x.yaml", json.dumps(data)), REGISTRY, tool)
    except ConfigurationError:
        return
    accepted(made, tmp_path_factory.mktemp("imported"))


@pytest.mark.parametrize(
    "text", [API_LINTER, KUBE_LINTER, MAKEFILE, POLARIS, REDOCLY, REDOCLY_IGNORED, SPECTRAL, VACUUM]
)
def test_the_tool_is_recognised_and_the_result_accepted(text: str, tmp_path: Path) -> None:
    made, _ = import_configuration(ForeignFile("settings", text), REGISTRY)
    accepted(made, tmp_path)
    assert max(map(len, made.splitlines())) < 160


@pytest.mark.parametrize("tool", sorted(tools()))
def test_every_check_of_a_tool_that_a_page_names_is_known_to_its_module(tool: str) -> None:
    module: Tool = tools()[tool]
    known = {name for part in vars(module).values() if isinstance(part, tuple) for name in part}
    unknown = {check for _, other, check in ALIASES if other == tool} - known
    assert not unknown, f"rule pages name these checks, and no tuple at the top of {tool}'s module does"


def test_the_command_prints_and_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "archlint.yaml").write_text("profile: minimal\n")
    (folder / ".spectral.yaml").write_text(PLAIN)
    done = archlint("config", "import", ".spectral.yaml", cwd=folder)
    assert done.code == 0
    assert yaml.safe_load(done.out)["ignore"] == ["operation-undescribed"]
    assert "https://example.org/style.yaml" in done.err
    assert (folder / "archlint.yaml").read_text() == "profile: minimal\n"
    assert sorted(path.name for path in folder.iterdir()) == [".spectral.yaml", "archlint.yaml"]
    (folder / "archlint.yaml").write_text(done.out)
    config = json.loads(archlint("config", "--format", "json", cwd=folder).out)
    assert config["settings"]["profile"]["value"] == "recommended"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (".spectral.js", "process.exit(7)", "is a program"),
        (".spectral.yaml", "- a", "is not a map"),
        (".spectral.yaml", "a: [", "not valid YAML"),
        (".kube-linter.yaml", "a: 1\n---\nb: 2\n", "more than one document"),
        ("notes.txt", "hello", "say which with --from"),
        (".kube-linter.yaml", "[" * 5000, "nest"),
    ],
)
def test_what_is_no_configuration_is_told(name: str, text: str, said: str, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / name).write_text(text)
    done = archlint("config", "import", name, cwd=folder)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_no_command_for_a_runner_gets_through_and_the_words_stay(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / ".kube-linter.yaml").write_text(
        'checks: {ignorePaths: ["##[group]x/**"], include: ["##[error]y"]}'
    )
    done = archlint("config", "import", ".kube-linter.yaml", cwd=folder)
    assert "##[" not in done.out + done.err
    assert yaml.safe_load(done.out)["exclude"] == ["/##[group]x/**"]


def test_a_severity_of_spectral_is_the_nearest_of_archlint() -> None:
    assert Severity.INFO < Severity.WARNING < Severity.ERROR
    for word, label in (("hint", "info"), ("warn", "warning"), (0, "error"), ("3", "info")):
        said, _ = imported("x", json.dumps({"rules": {"path-params": word}}), "spectral")
        severity = said.get("rules", {}).get("path-parameter-undeclared", {}).get("severity", "error")
        assert severity == label


MANY = 20_000
LONG = {
    "kube-linter": json.dumps(
        {"checks": {"include": [f"c{n}" for n in range(MANY)], "ignorePaths": ["a"] * MANY}}
    ),
    "api-linter": json.dumps([{"included_paths": ["a"], "disabled_rules": ["all"]}] * MANY),
    "kube-score": "--ignore-test pod-probes --enable-optional-test x,y '\"[`" * (MANY // 4),
    "polaris": json.dumps({"checks": {f"c{n}": "ignore" for n in range(MANY)}}),
    "redocly": json.dumps({"apis": {}, "rules": {f"r{n}": ("off", "warn", {})[n % 3] for n in range(MANY)}}),
    "spectral": json.dumps({"rules": {f"r{n}": ("off", "warn", {})[n % 3] for n in range(MANY)}}),
    "vacuum": json.dumps({"rules": {f"r{n}": ("off", "warn", {})[n % 3] for n in range(MANY)}}),
}


@pytest.mark.parametrize("tool", sorted(tools()))
def test_long_configurations_take_little_time(tool: str) -> None:
    assert tool in LONG, f"give LONG a configuration of {tool} with some ten thousand entries"
    within(10, lambda: imported("x.json" if tool != "kube-score" else "x", LONG[tool], tool))
