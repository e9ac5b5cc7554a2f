"""The key ``gate``: what a team asks of a release."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from archlint.config.patterns import is_pattern
from archlint.config.texts import texts_of, texts_schema
from archlint.config.validation import Problem
from archlint.documents import Node

if TYPE_CHECKING:
    from archlint.judging.release.policy import GatePolicy, Waiver

PARTS = {
    "contracts": ("fail", "Breaking changes of contracts, and contracts that cannot be compared."),
    "versions": ("fail", "Contracts whose version was not raised as far as their changes ask for."),
    "files": ("fail", "Other new errors: in manifests, policies, contracts, and between files."),
    "connections": ("tell", "Connections between workloads that the release opens."),
    "rollback": ("fail", "Errors about the way back."),
    "graph": ("tell", "Services and calls that come and go."),
}
"""The parts of a verdict that a policy decides about: the default and what each is."""
_TAGS = ("v[0-9]*", "[0-9]*.[0-9]*")
"""What releases are called if nothing is said."""
_FAIL, _TELL, _SKIP = "fail", "tell", "skip"


_WAIVER: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["rules", "paths", "reason", "approver", "until"],
    "properties": {
        "rules": texts_schema(
            "Rules by code, name, area, tag:NAME, TOOL:NAME of another tool, or ALL.", "OAS501"
        ),
        "paths": texts_schema("Patterns of files, relative to the root, as in .gitignore.", "api/**"),
        "elements": texts_schema(
            "Pointers of elements, also in the base, or names of objects, and no others.", "GET /carts/{id}"
        ),
        "reason": {
            "type": "string",
            "pattern": r"\S",
            "description": "Why the release may go out with it.",
            "examples": ["no client calls v1 any more (CHG-311)"],
        },
        "approver": {
            "type": "string",
            "pattern": r"\S",
            "description": "Who answers for it. archlint shows the name and asks nobody.",
            "examples": ["ana@shop.example"],
        },
        "until": {
            "type": "string",
            "format": "date",
            "description": "The last day on which this holds, as YYYY-MM-DD.",
            "examples": ["2027-01-31"],
        },
    },
    "examples": [
        {
            "rules": ["OAS501"],
            "paths": ["api/**"],
            "reason": "no client calls v1 any more (CHG-311)",
            "approver": "ana@shop.example",
            "until": "2027-01-31",
        }
    ],
}

GATE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "description": "What 'archlint gate' asks of a release, by the policy of its base and never its own.",
    "properties": {
        **{
            name: {
                "type": "string",
                "enum": [_FAIL, _TELL],
                "default": default,
                "description": f"{description} 'fail' holds up the release, 'tell' lets it through.",
                "examples": [_TELL if default == _FAIL else _FAIL],
            }
            for name, (default, description) in PARTS.items()
        },
        "unknown": {
            "type": "string",
            "enum": [_SKIP, _FAIL],
            "default": _SKIP,
            "description": "What becomes of a release where files cannot tell of versions, rollback and"
            " ticket. Contracts that cannot be compared always fail.",
            "examples": [_FAIL],
        },
        "tags": texts_schema("Patterns of the tags that are releases; '*' stands for any.", "v[0-9]*"),
        "ticket": {
            "type": "object",
            "additionalProperties": False,
            "description": "What is asked of --ticket.",
            "properties": {
                "required": {
                    "type": "boolean",
                    "default": False,
                    "description": "Whether a release needs one.",
                    "examples": [True],
                },
                "pattern": {
                    "type": "string",
                    "description": "A regular expression that the whole ticket has to match.",
                    "examples": ["CHG-[0-9]+"],
                },
            },
            "examples": [{"required": True, "pattern": "CHG-[0-9]+"}],
        },
        "waivers": {
            "type": "array",
            "items": _WAIVER,
            "default": [],
            "description": "Findings that hold up no release, with a reason, an approver and a last day.",
            "examples": [[_WAIVER["examples"][0]]],
        },
    },
    "examples": [{"connections": _FAIL, "ticket": {"required": True}}],
}


def gate_problems(node: Node) -> Iterator[Problem]:
    """What is wrong with the policy besides its shape."""
    pattern = node.get("ticket", "pattern")
    if pattern.text is not None and not is_pattern(pattern.text):
        yield pattern.value_place(), f"'{pattern.text[:80]}' is no regular expression"


def default_policy() -> GatePolicy:
    """What is asked of a release where no policy says anything."""
    from archlint.judging.release.policy import GatePolicy

    return GatePolicy(frozenset(name for name, (default, _) in PARTS.items() if default == _FAIL), tags=_TAGS)


def gate_policy(node: Node) -> GatePolicy:
    """What the key says, with its defaults."""
    from archlint.judging.release.policy import GatePolicy, TicketTerms

    ticket = node.get("ticket")
    return GatePolicy(
        fails=frozenset(
            name for name, (default, _) in PARTS.items() if (node.get(name).text or default) == _FAIL
        ),
        unknown_fails=node.get("unknown").text == _FAIL,
        tags=texts_of(node.get("tags")) or _TAGS,
        ticket=TicketTerms(ticket.get("required").value is True, ticket.get("pattern").text),
        waivers=tuple(map(_waiver, node.get("waivers").elements())),
    )


def _waiver(item: Node) -> Waiver:
    from archlint.judging.release.policy import Waiver

    return Waiver(
        rules=texts_of(item.get("rules")),
        paths=texts_of(item.get("paths")),
        reason=" ".join((item.get("reason").text or "").split()),
        approver=" ".join((item.get("approver").text or "").split()),
        until=date.fromisoformat(item.get("until").text or ""),
        elements=texts_of(item.get("elements")),
        place=item.get("until").place(),
    )
