"""The verdict on a release as JSON; fields may be added, never changed."""

from __future__ import annotations

import json
from typing import Any

from archlint import __version__
from archlint.judging.release.verdict import ContractVersion, GateVerdict, Part, Waived
from archlint.reports.characters import safe_json
from archlint.reports.formats.json import finding_fields, unread_fields

VERSION = 1


def gate_json(verdict: GateVerdict) -> str:
    """One object with the verdict, its parts and their findings; fields that do not apply are left out."""
    layout = {
        "version": VERSION,
        "tool": {"version": __version__},
        "verdict": "pass" if verdict.passes else "fail",
        "policy": verdict.policy,
        "commits": dict(verdict.commits),
        "released": verdict.released,
        "safeguards": [
            {"path": each.path, "line": each.line, "said": each.said} for each in verdict.safeguards
        ],
        "excused": [item.fingerprint for item in verdict.excused],
        "failed": [item.message for item in verdict.result.notices if item.level == "error"],
        "parts": [_part(part) for part in verdict.parts],
        "unread": [unread_fields(item) for item in verdict.result.unread],
        "versions": [_version(item) for item in verdict.versions],
        "waived": [_waived(item) for item in verdict.waived],
        "skipped": list(verdict.skipped),
    }
    return safe_json(json.dumps(_without_null(layout), indent=2, ensure_ascii=False)) + "\n"


def _part(part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "outcome": part.outcome.value,
        "told": list(part.told),
        "unknown": list(part.unknown),
        "findings": [finding_fields(item) for item in part.findings],
    }


def _version(item: ContractVersion) -> dict[str, Any]:
    return _without_null(
        {
            "contract": item.path,
            "carrier": item.carrier,
            "before": item.before,
            "now": item.now,
            "needed": item.needed.label,
            "had": None if item.had is None else item.had.label,
            "least": item.least,
            "unknown": item.unknown,
            "enough": item.is_enough,
            "cause": None if item.cause is None else item.cause.rule,
        }
    )


def _waived(item: Waived) -> dict[str, Any]:
    terms = item.waiver
    return {
        "finding": finding_fields(item.finding),
        "reason": terms.reason,
        "approver": terms.approver,
        "until": terms.until.isoformat(),
    }


def _without_null(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}
