"""How callers prove who they are: schemes, flows, scopes, and who may do what."""

from __future__ import annotations

import json
from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.matching import fitter
from archlint.checks.oas.wording import joined, label, owasp, spectral
from archlint.documents import Node
from archlint.finding import OperationName
from archlint.model.openapi import Contract, Dialect, Operation, operations_of

_WRITES = frozenset(("POST", "PUT", "PATCH", "DELETE"))
_READS = frozenset(("GET", "HEAD"))


@check(Contract)
def scheme_http_basic(contract: Contract, options: Options) -> Iterator[Observation]:
    """Security schemes that send the password with every request."""
    for name, scheme in contract.security_schemes.items():
        stated = scheme.get("type") if contract.is_v2 else scheme.get("scheme")
        if (stated.text or "").lower() == "basic":
            yield observe(
                stated.value_place(),
                aliases=owasp(contract, "api2:2023-no-http-basic")
                if stated.text == "basic" and not contract.is_v2
                else (),
                name=name,
            )


@check(Contract)
def scheme_outdated(contract: Contract, options: Options) -> Iterator[Observation]:
    """HTTP authentication schemes that are known to be weak, and OAuth flows that are given up."""
    schemes = frozenset(options["schemes"])
    flows = frozenset(options["flows"])
    for name, scheme in contract.security_schemes.items():
        stated = scheme.get("scheme")
        if scheme.get("type").text == "http" and (stated.text or "").lower() in schemes:
            known = stated.text in ("negotiate", "oauth") and not contract.is_v2
            yield observe(stated.value_place(), aliases=None if known else (), name=name, scheme=stated.text)
        for flow in (scheme.get("flow"), *(entry for _, entry in scheme.get("flows").items())):
            kind = flow.text or (str(flow.route[-1]) if flow.is_map else "")
            if kind in flows:
                yield observe(flow.place(), "flow", aliases=(), name=name, flow=kind)


@check(Contract)
def api_key_in_url(contract: Contract, options: Options) -> Iterator[Observation]:
    """API keys in the query or path."""
    for name, scheme in contract.security_schemes.items():
        where = scheme.get("in")
        if scheme.get("type").text == "apiKey" and where.text in ("query", "path"):
            yield observe(
                where.value_place(), aliases=None if not contract.is_v2 else (), name=name, where=where.text
            )


@check(Contract)
def jwt_practice_unstated(contract: Contract, options: Options) -> Iterator[Observation]:
    """Schemes with JSON Web Tokens that do not say by which rules they are made and checked."""
    for name, scheme in contract.security_schemes.items():
        is_jwt = (scheme.get("bearerFormat").text or "").lower() == "jwt"
        described = scheme.get("description")
        text = described.text or ""
        if (is_jwt or scheme.get("type").text == "oauth2") and "RFC8725" not in text:
            known = not contract.is_v2 and "RFC 8725" not in text
            if "RFC 8725" not in text:
                yield observe(described.place(), aliases=None if known else (), name=name)


@check(Contract)
def refresh_url_missing(contract: Contract, options: Options) -> Iterator[Observation]:
    """OAuth flows of users without a way to renew a token."""
    for name, scheme in contract.security_schemes.items():
        if scheme.get("type").text != "oauth2":
            continue
        for kind, flow in scheme.get("flows").items():
            if kind != "clientCredentials" and not kind.startswith("x-") and not flow.get("refreshUrl").value:
                yield observe(flow.get("refreshUrl").place(), name=name, flow=kind)


@check(Operation)
def operation_public(operation: Operation, options: Options) -> Iterator[Observation]:
    """An operation that anybody may call, on purpose or not."""
    if operation.method not in _WRITES | _READS:
        return
    security = operation.security
    if security.value:
        return
    kind = "write" if operation.method in _WRITES else "read"
    yield observe(
        operation.node.get("security").place(),
        operations=[operation.name],
        aliases=[f"owasp:api2:2023-{kind}-restricted"],
        operation=label(operation),
    )


@check(Contract)
def admin_security_shared(contract: Contract, options: Options) -> Iterator[Observation]:
    """Requirements of administrative operations that others have as well."""
    marker = options["marker"]
    others: dict[str, OperationName] = {}
    admin: list[tuple[Node, Operation]] = []
    for operation in operations_of(contract.path_items):
        for requirement in operation.node.get("security").elements():
            if marker in operation.item.template:
                admin.append((requirement, operation))
            else:
                others.setdefault(_written(requirement), operation.name)
    for requirement, operation in admin:
        other = others.get(_written(requirement))
        if other is not None:
            yield observe(
                requirement.place(),
                object=operation.object,
                operations=[operation.name],
                operation=label(operation),
                other=f"{other.method} {other.path}",
            )


def _written(requirement: Node) -> str:
    return json.dumps(requirement.value, default=str)


@check(Contract)
def scope_undefined(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each scope that a requirement asks for and its scheme does not have, at the first use."""
    uses: dict[tuple[str, str], list[tuple[Node, Operation | None]]] = {}
    for operation, requirement in _requirements(contract):
        for name, scopes in requirement.items():
            if name not in contract.security_schemes:
                continue
            known = _scopes(contract, contract.security_schemes[name])
            for scope in scopes.elements() if known is not None else ():
                if scope.text is not None and scope.text not in (known or ()):
                    uses.setdefault((name, scope.text), []).append((scope, operation))
    bare: dict[str, list[tuple[Node, Operation | None]]] = {}
    for (name, wanted), found in uses.items():
        if contract.security_schemes[name].get("type").text != "oauth2":
            bare.setdefault(name, []).extend(found)
            continue
        yield observe(
            found[0][0].value_place(),
            identity=("scopes", name, wanted),
            operations=[operation.name for _, operation in found if operation is not None],
            aliases=spectral(contract, "operation-security-defined"),
            name=name,
            scope=wanted,
            uses="" if len(found) == 1 else f" (asked for {len(found)} times)",
        )
    for name, found in bare.items():
        yield _without_scopes(contract, name, found)


def _without_scopes(contract: Contract, name: str, uses: list[tuple[Node, Operation | None]]) -> Observation:
    """One finding for all scopes that are asked of a scheme of a type that has none."""
    asked = list(dict.fromkeys(scope.text or "" for scope, _ in uses))
    kind = contract.security_schemes[name].get("type").text
    return observe(
        uses[0][0].value_place(),
        "none" if kind else "untyped",
        identity=("scopes", name),
        operations=[operation.name for _, operation in uses if operation is not None],
        aliases=spectral(contract, "operation-security-defined"),
        name=name,
        type=kind or "",
        version=contract.dialect.label if contract.dialect is not None else "",
        scopes=joined(asked, 3),
    )


def _requirements(contract: Contract) -> Iterator[tuple[Operation | None, Node]]:
    for requirement in contract.root.get("security").elements():
        yield None, requirement
    for operation in operations_of((*contract.path_items, *contract.webhooks)):
        for requirement in operation.node.get("security").elements():
            yield operation, requirement


def _scopes(contract: Contract, scheme: Node) -> frozenset[str] | None:
    """The scopes of a scheme; ``None`` if nobody can know them from the document."""
    kind = scheme.get("type").text
    if kind == "openIdConnect" or (kind is None and scheme.is_map and not contract.is_v2):
        return None  # that it has no type is told by itself
    if contract.dialect in (Dialect.V3_1, Dialect.V3_2) and kind in ("http", "apiKey", "mutualTLS"):
        return None  # since 3.1 the list of any scheme may name roles
    if contract.is_v2:
        return frozenset(name for name, _ in scheme.get("scopes").items())
    return frozenset(
        name for _, flow in scheme.get("flows").items() for name, _ in flow.get("scopes").items()
    )


@check(Contract)
def scope_name_irregular(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each scope whose name is not of the agreed form."""
    is_regular = fitter(options["pattern"])
    for scheme in contract.security_schemes.values():
        flows = [scheme] if contract.is_v2 else [flow for _, flow in scheme.get("flows").items()]
        for scopes in (flow.get("scopes") for flow in flows):
            for name, scope in scopes.items():
                if not is_regular(name) and name not in options["allow"]:
                    yield observe(scope.place(), scope=name, pattern=options["pattern"])
