"""SARIF 2.1.0 for code scanning; written directly as plain data, a hundred times faster than objects.

The log holds nothing that differs between two runs over the same input: no time, no machine, no user.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from archlint.finding import Finding, Fix, Notice
from archlint.reports import Report
from archlint.reports.characters import valid
from archlint.reports.encoding import encode, encode_list
from archlint.reports.formats.json import object_fields, operation_fields, schema_fields, witness_fields
from archlint.reports.line_hash import line_hashes
from archlint.reports.sarif_places import ROOT, artifact, primary, region, related
from archlint.reports.sarif_rules import LEVELS, arguments, descriptor, unknown

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report) -> str:
    """The log as text, with one rule and one result a line."""
    findings = report.findings()
    rules = _rules(report, findings)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    hashes = _Hashes(report, findings)
    some_suppressed = any(finding.suppressed is not None for finding in findings)
    results = (
        _result(finding, numbers[finding.code], report, hashes, some_suppressed) for finding in findings
    )
    run = {
        "tool": _tool(report, rules),
        "automationDetails": encode({"id": "archlint/"}),
        "columnKind": encode("unicodeCodePoints"),
        "originalUriBaseIds": encode({ROOT: {"description": {"text": "The root of the repository."}}}),
        **_provenance(report),
        "invocations": encode([_invocation(report)]),
        "results": encode_list(results, "   "),
        **_judged_by(report),
    }
    members = ",\n".join(f'   "{name}": {text}' for name, text in run.items())
    head = f'"$schema": {encode(SCHEMA)},\n "version": "2.1.0"'
    return f'{{\n {head},\n "runs": [\n  {{\n{members}\n  }}\n ]\n}}\n'


def _judged_by(report: Report) -> dict[str, str]:
    """Of which version of Kubernetes the schemas were, and how many objects have one."""
    use = report.result.schemas
    return {} if use is None else {"properties": encode({"schemas": schema_fields(use)})}


class _Hashes:
    """The line hashes of all files with findings, each file hashed once."""

    def __init__(self, report: Report, findings: Sequence[Finding]) -> None:
        self._lines = report.lines
        self._wanted: dict[str, set[int]] = {}
        self._known: dict[str, dict[int, str]] = {}
        for finding in findings:
            place = finding.location
            if place.revision is None:
                self._wanted.setdefault(place.path, set()).add(place.span.line)

    def of(self, finding: Finding) -> str | None:
        """The hash of the line of a finding in the working tree, if that line exists."""
        place = finding.location
        if place.revision is not None:
            return None
        if place.path not in self._known:
            lines = self._lines(place.path, None)
            self._known[place.path] = line_hashes(lines, self._wanted[place.path]) if lines else {}
        return self._known[place.path].get(place.span.line)


def _rules(report: Report, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Descriptors of the rules that found something, by code; of all rules if none did."""
    if not findings:
        return [
            descriptor(rule, report.page(rule), report.url(rule)) for _, rule in sorted(report.rules.items())
        ]
    examples = {finding.code: finding for finding in reversed(findings)}
    described = []
    for code in sorted(examples):
        rule = report.rules.get(code)
        if rule is None:
            described.append(unknown(examples[code]))
        else:
            described.append(descriptor(rule, report.page(rule), report.url(rule)))
    return described


def _tool(report: Report, rules: list[dict[str, Any]]) -> str:
    driver = {
        "name": "archlint",
        "fullName": f"archlint {report.version}",
        "version": report.version,
        "semanticVersion": report.version,
    }
    home = report.home()
    if home is not None:
        driver["informationUri"] = home
    members = ",\n".join(f'     "{name}": {encode(value)}' for name, value in driver.items())
    listed = encode_list(rules, "     ")
    return f'{{\n    "driver": {{\n{members},\n     "rules": {listed}\n    }}\n   }}'


def _provenance(report: Report) -> dict[str, str]:
    """Where the code came from, as far as it has an address; never with a user or token."""
    facts = report.result.revision
    address = _without_secrets(facts.get("repository", ""))
    if address is None:
        return {}
    details: dict[str, Any] = {"repositoryUri": address}
    if facts.get("commit"):
        details["revisionId"] = facts["commit"]
    if facts.get("branch"):
        details["branch"] = valid(facts["branch"])
    details["mappedTo"] = {"uriBaseId": ROOT}
    return {"versionControlProvenance": encode([details])}


def _without_secrets(address: str) -> str | None:
    """The address with host and path alone; ``None`` for what is no address on a network."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("https", "http", "ssh", "git") or not host or not address.isascii():
        return None
    return urlunsplit((parts.scheme, f"{host}:{port}" if port else host, parts.path, "", ""))


def _invocation(report: Report) -> dict[str, Any]:
    notices = report.result.notices
    invocation: dict[str, Any] = {
        "executionSuccessful": all(notice.level != "error" for notice in notices),
    }
    if notices:
        invocation["toolExecutionNotifications"] = [_notification(notice) for notice in notices]
    return invocation


def _notification(notice: Notice) -> dict[str, Any]:
    told: dict[str, Any] = {
        "level": "note" if notice.level == "info" else notice.level,
        "message": {"text": _unlinked(notice.message)},
    }
    if notice.path:
        told["locations"] = [{"physicalLocation": {"artifactLocation": artifact(notice.path)}}]
    return told


def _result(
    finding: Finding, rule_index: int, report: Report, hashes: _Hashes, some_suppressed: bool
) -> dict[str, Any]:
    place = finding.location
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": LEVELS[finding.severity],
        "message": _message(finding, report),
        "locations": [primary(finding, report.lines(place.path, place.revision))],
        "partialFingerprints": {"archlint/v1": finding.fingerprint},
    }
    line_hash = hashes.of(finding)
    if line_hash is not None:
        result["partialFingerprints"]["primaryLocationLineHash"] = line_hash
    if finding.related:
        result["relatedLocations"] = [
            related(number, other, report.lines(other.path, other.revision))
            for number, other in enumerate(finding.related, 1)
        ]
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix)]
    if some_suppressed:
        result["suppressions"] = _suppressions(finding)
    result["properties"] = _properties(finding)
    return result


def _message(finding: Finding, report: Report) -> dict[str, Any]:
    """The text, and the id and arguments that it is made from on the rule's page."""
    message: dict[str, Any] = {"text": _unlinked(finding.message)}
    rule = report.rules.get(finding.code)
    values = arguments(finding, rule.messages) if rule is not None else None
    if values is not None:
        message["id"] = finding.message_id
        if values:
            message["arguments"] = [_unlinked(value) for value in values]
    return message


def _unlinked(text: str) -> str:
    """Text that viewers do not take for an embedded link, as names from files under test could be."""
    return text.replace("](", "] (")


def _suppressions(finding: Finding) -> list[dict[str, str]]:
    if finding.suppressed is None:
        return []
    return [{"kind": "external", "justification": finding.suppressed}]


def _properties(finding: Finding) -> dict[str, Any]:
    properties: dict[str, Any] = {"confidence": finding.confidence.value}
    for name, value in (
        ("object", object_fields(finding)),
        ("operations", operation_fields(finding)),
        ("aliases", list(finding.aliases)),
        ("witness", witness_fields(finding)),
        ("unproved", finding.unproved),
    ):
        if value:
            properties[name] = value
    return properties


def _fix(fix: Fix) -> dict[str, Any]:
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        changes.setdefault(edit.path, []).append(
            {
                "deletedRegion": region(edit.line, edit.column, edit.end_line, edit.end_column),
                "insertedContent": {"text": edit.text},
            }
        )
    meaning = "keeps what else the file means" if fix.safe else "may change what else the file means"
    return {
        "description": {"text": f"An edit that {meaning}."},
        "artifactChanges": [
            {"artifactLocation": artifact(path), "replacements": replacements}
            for path, replacements in changes.items()
        ],
    }
