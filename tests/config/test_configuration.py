"""Configuration: where it is found, what it says, and how its mistakes are told."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from archlint.config import (
    ConfigurationError,
    Settings,
    load_settings,
    locate,
    read_configuration,
)
from archlint.finding import Confidence, Profile, Rule, Severity, Status
from archlint.registry import Registry
from tests.support.rules import own_rules


def rule(code: str, name: str, **given) -> Rule:
    return Rule(
        code=code,
        name=name,
        title=name,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        profile=Profile.RECOMMENDED,
        status=Status.STABLE,
        messages={"default": "x"},
        **given,
    )


@cache
def registry() -> Registry:
    return Registry(
        [
            rule("KUBE101", "memory-limit-missing", formerly=("memory-missing",), tags=("cost",)),
            rule(
                "KUBE105",
                "memory-out-of-range",
                options={
                    "max": {"type": "string", "default": "8Gi"},
                    "share": {"type": "number", "minimum": 0, "maximum": 1, "default": 1},
                    "kinds": {"type": "array", "items": {"enum": ["Pod", "Job"]}, "default": []},
                    "step": {"type": "integer", "multipleOf": 5, "default": 5},
                },
            ),
        ]
    )


def settings(folder: Path, text: str, name: str = "archlint.yaml") -> Settings:
    (folder / name).write_text(text, "utf-8")
    return load_settings(read_configuration(folder / name, folder), registry())


def problems(folder: Path, text: str, name: str = "archlint.yaml") -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        settings(folder, text, name)
    return caught.value.problems


FULL = """\
profile: strict
select: [tag:cost]
ignore: [KUBE105]
exclude: ["legacy/**"]
rules:
  memory-limit-missing: {severity: info}
  KUBE105: {max: 16Gi, share: 0.5, kinds: [Job], step: 10}
suppress: [{rules: [KUBE], paths: ["dev/**"], reason: "local\n  only", until: 2027-01-01}]
baseline: .archlint-baseline.json
breaking: {stability: alpha, deprecation-days: {stable: 90}}
rule-folders: [.archlint/rules]
help-url: https://docs.example.com/archlint/
"""
FULL_TOML = """\
[tool.other]
x = "[tool.archlint]"
[tool.archlint]
profile = "strict"
select = ["tag:cost"]
ignore = ["KUBE105"]
exclude = ["legacy/**"]
baseline = ".archlint-baseline.json"
rule-folders = [".archlint/rules"]
help-url = "https://docs.example.com/archlint/"
[tool.archlint.rules]
memory-limit-missing.severity = "info"
KUBE105 = {max = "16Gi", share = 0.5, kinds = ["Job"], step = 10}
[[tool.archlint.suppress]]
rules = ["KUBE"]
paths = ["dev/**"]
reason = "local only"
until = 2027-01-01
[tool.archlint.breaking]
stability = "alpha"
deprecation-days = {stable = 90}
"""


@pytest.mark.parametrize(("name", "text"), [("archlint.yaml", FULL), ("pyproject.toml", FULL_TOML)])
def test_everything_that_can_be_said(tmp_path: Path, name: str, text: str) -> None:
    found = settings(tmp_path, text, name)
    assert found.profile is Profile.STRICT
    assert (found.select, found.ignore, found.exclude) == (("tag:cost",), ("KUBE105",), ("legacy/**",))
    assert found.severities == {"KUBE101": Severity.INFO}
    assert found.options == {"KUBE105": {"max": "16Gi", "share": 0.5, "kinds": ["Job"], "step": 10}}
    [entry] = found.suppress
    assert (entry.rules, entry.paths) == (("KUBE",), ("dev/**",))
    assert (entry.reason, entry.until) == ("local only", date(2027, 1, 1))
    assert found.baseline == ".archlint-baseline.json"
    assert found.breaking.stability == "alpha"
    assert found.breaking.deprecation_days == {"beta": 0, "stable": 90}
    assert found.rule_folders == (".archlint/rules",)
    assert found.help_url == "https://docs.example.com/archlint/"
    assert found.origins["profile"] == f"{name}:{1 if name == 'archlint.yaml' else 4}"


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "{}\n"])
def test_an_empty_file_means_defaults(tmp_path: Path, text: str) -> None:
    assert settings(tmp_path, text).profile is Profile.RECOMMENDED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("profil: strict\n", "archlint.yaml:1:1: unknown key 'profil'; did you mean 'profile'?"),
        (
            "profile: recomended\n",
            "archlint.yaml:1:10: 'profile' is 'recomended'; write one of minimal, recommended, strict"
            "; did you mean 'recommended'?",
        ),
        (
            "select: KUBE\n",
            "archlint.yaml:1:9: 'select' must be a list, not 'KUBE'; write select: [\"tag:security\"]",
        ),
        (
            "ignore:\n  - KUBE1O1\n",
            "archlint.yaml:2:5: no rule, area or tag is called 'KUBE1O1'; did you mean 'KUBE101'?",
        ),
        (
            "rules:\n  memory-limits-missing: {}\n",
            "archlint.yaml:2:3: no rule, area or tag is called 'memory-limits-missing'; "
            "did you mean 'memory-limit-missing'?",
        ),
        (
            "rules: {KUBE: {}}\n",
            "archlint.yaml:1:9: 'KUBE' names several rules; severity and options belong to one rule: "
            "write its name or code",
        ),
        (
            "rules: {KUBE105: {maximum: 1Gi}}\n",
            "archlint.yaml:1:19: rule 'memory-out-of-range' has no option 'maximum'; did you mean 'max'?",
        ),
        (
            "rules: {KUBE105: {max: 16}}\n",
            "archlint.yaml:1:24: 'max' must be a text, not 16; write max: \"8Gi\"",
        ),
        ("rules: {KUBE105: {share: 2}}\n", "archlint.yaml:1:26: 'share' is 2; the most that is allowed is 1"),
        (
            "rules: {KUBE105: {kinds: [Pod, Jobs]}}\n",
            "archlint.yaml:1:32: 'kinds[1]' is 'Jobs'; write one of Pod, Job; did you mean 'Job'?",
        ),
        ("rules: {KUBE105: {step: 7}}\n", "archlint.yaml:1:25: 'step': 7 is not a multiple of 5"),
        (
            "rules: {KUBE101: {severity: off}}\n",
            "archlint.yaml:1:29: 'severity' is false; write one of error, warning, info. "
            "To switch a rule off, list it under 'ignore'",
        ),
        (
            "rules: {KUBE101: {}, memory-limit-missing: {}}\n",
            "archlint.yaml:1:22: 'memory-limit-missing' and 'KUBE101' are the same rule; write it once",
        ),
        (
            "suppress: [{rules: [KUBE], paths: [a]}]\n",
            "archlint.yaml:1:13: 'reason' is missing in 'suppress[0]'; write reason: \"local only\"",
        ),
        (
            "suppress: [{rules: [KUBE], paths: [a], reason: x, until: soon}]\n",
            "archlint.yaml:1:58: 'until' is 'soon'; write a date as YYYY-MM-DD",
        ),
        (
            "baseline: ../known.json\n",
            "archlint.yaml:1:11: '../known.json' lies outside of the repository; name a path inside it",
        ),
        (
            "rule-folders: [/etc]\n",
            "archlint.yaml:1:16: '/etc' lies outside of the repository; name a path inside it",
        ),
        ("select: []\nselect: []\n", "archlint.yaml:2:1: 'select' is set twice (first on line 1)"),
        ("- profile\n", "archlint.yaml:1:1: the configuration must be a map, not a list"),
        ("a: 1\n---\nb: 1\n", "archlint.yaml: a configuration is one document; remove the lines '---'"),
        ("a: some text\x00", "archlint.yaml:1:13: The file contains a NUL character. Remove it."),
    ],
)
def test_mistakes_are_told_with_place_and_advice(tmp_path: Path, text: str, expected: str) -> None:
    assert problems(tmp_path, text) == (expected,)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, "a: 1\nb: 2\nprofile: x\n")) == 3
    many = problems(tmp_path, "".join(f"key{number}: 1\n" for number in range(50)))
    assert many[-1] == "archlint.yaml: and 30 more"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[tool.archlint]\nprofil = 'strict'\n", "2:1: unknown key 'profil'; did you mean 'profile'?"),
        ("[tool.archlint]\n\n[tool.archlint.breaking]\nstability = 'x'\n", "4:13: 'stability' is 'x'"),
        ("[tool.archlint.rules.KUBE105]\nmax = 1\n", "2:7: 'max' must be a text, not 1"),
        (
            "[tool.archlint]\nselect = [\n  'KUBE', # [\n  'X' ]\nignore = 3\n",
            "5:10: 'ignore' must be a list, not 3",
        ),
        ("[tool.archlint]\nselect = [\n", "The file is not valid TOML"),
    ],
)
def test_mistakes_in_toml(tmp_path: Path, text: str, expected: str) -> None:
    [problem] = problems(tmp_path, text, "pyproject.toml")
    assert problem.startswith("pyproject.toml:")
    assert expected in problem


@pytest.mark.parametrize(
    "text", ["a: [\n", "\tb: 1\n", "a: *b\n", "[" * 5000, "&a [*a]\n", "a: !!python/object:os.system {}\n"]
)
def test_hostile_texts_are_errors(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text)[0].startswith(("archlint.yaml:1:", "archlint.yaml:2:"))


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.yaml").write_text("secret: 1\n")
    (root / "archlint.yaml").symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(ConfigurationError, match="symbolic link leads out"):
        read_configuration(root / "archlint.yaml", root)


def test_a_rule_folder_may_not_be_a_link_out_of_the_repository(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "rules").symlink_to(tmp_path)
    assert "lies outside" in problems(root, "rule-folders: [rules]\n")[0]


def test_a_file_of_the_user_may_name_paths_anywhere(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "mine.yaml").write_text("baseline: /var/known.json\n")
    found = load_settings(read_configuration(tmp_path / "mine.yaml", root), registry())
    assert found.baseline == "/var/known.json"


def test_old_names_are_accepted_with_a_warning(tmp_path: Path) -> None:
    found = settings(tmp_path, "ignore: [memory-missing]\n")
    assert [notice.message for notice in found.notices] == [
        "line 1: rule 'memory-missing' is now called 'memory-limit-missing'; write that"
    ]


def test_found_upwards_but_not_above_the_root(tmp_path: Path) -> None:
    (tmp_path / "archlint.yaml").write_text("")
    repository = tmp_path / "repository"
    inner = repository / "a" / "b"
    inner.mkdir(parents=True)
    (repository / ".git").mkdir()
    (repository / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    assert locate([inner]).file is None
    (repository / "pyproject.toml").write_text("[tool.archlint]\n")
    assert locate([inner]).file == repository / "pyproject.toml"
    (repository / "a" / "archlint.yaml").write_text("")
    assert locate([inner]).file == repository / "a" / "archlint.yaml"
    assert locate([inner]).root == repository.resolve()
    (repository / "a" / "pyproject.toml").write_text("[tool.archlint]\n")
    assert locate([inner]).file == repository / "a" / "archlint.yaml"


def test_a_project_file_without_our_table_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "archlint.yaml").write_text("")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[project]\ndependencies = ['archlint']\n")
    assert locate([inner]).file == tmp_path / "archlint.yaml"
    (inner / "pyproject.toml").write_text("[project\n# archlint\n")
    assert locate([inner]).file == tmp_path / "archlint.yaml"


def test_outside_of_git_the_folder_of_the_configuration_is_the_root(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "archlint.yaml").write_text("")
    assert locate([inner]).root == tmp_path.resolve()


def test_a_likely_slip_is_told(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / "archlint.yml").write_text("")
    assert locate([tmp_path]).slip == "archlint.yml"


def test_a_named_file_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nothing\.yaml: the configuration file does not exist"):
        locate([tmp_path], tmp_path / "nothing.yaml")


def test_one_version_of_the_clusters_is_set_for_all_rules_that_ask(tmp_path: Path) -> None:
    text = 'kubernetes-version: "1.30"\nrules: {api-version-removed: {kubernetes-version: "1.20"}}\n'
    (tmp_path / "archlint.yaml").write_text(text)
    everything = Registry(own_rules())
    options = load_settings(read_configuration(tmp_path / "archlint.yaml", tmp_path), everything).options
    chosen = {rule.name: options.get(rule.code, {}).get("kubernetes-version") for rule in everything.rules}
    assert chosen["api-version-removed"] == "1.20"
    assert chosen["api-version-deprecated"] == "1.30"
    assert chosen["memory-limit-missing"] is None
