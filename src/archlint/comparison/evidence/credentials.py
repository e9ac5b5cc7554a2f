"""Whether a request has the credentials that its operation asks for; never whether they are right."""

from __future__ import annotations

from archlint.comparison.evidence.styles import cookies_of, decoded_form
from archlint.documents import Node
from archlint.model.evidence.exchange import SentRequest, header
from archlint.model.openapi import Operation


def lacking(operation: Operation, request: SentRequest) -> str | None:
    """The schemes of which a request has none, in words; ``None`` if it has enough, or nobody knows."""
    stated = operation.security
    if not stated.is_list or not stated.value or not request.are_credentials_known or request.headers is None:
        return None
    ways: list[str] = []
    for requirement in stated.elements():
        names = [name for name, _ in requirement.items()]
        schemes = [operation.contract.security_schemes.get(name) for name in names]
        if not requirement.is_map or all(scheme is None or _is_there(scheme, request) for scheme in schemes):
            return None
        ways.append(" and ".join(f"'{name}'" for name in names))
    return " or ".join(dict.fromkeys(ways))


def _is_there(scheme: Node, request: SentRequest) -> bool:
    """Whether a request has what a scheme asks for; also where that is not seen in requests."""
    kind = scheme.get("type").text
    authorization = header(request.headers, "authorization")
    sent = "" if authorization is None else authorization.value.strip().lower()
    if kind == "apiKey":
        return _has_key(scheme.get("name").text or "", scheme.get("in").text, request)
    if kind == "http":
        wanted = (scheme.get("scheme").text or "").lower()
        return sent.startswith(wanted) if wanted in ("basic", "bearer", "digest") else bool(sent)
    if kind == "basic":
        return sent.startswith("basic")
    if kind in ("oauth2", "openIdConnect"):
        return bool(sent) or any(pair.name == "access_token" for pair in request.query)
    return True


def _has_key(name: str, location: str | None, request: SentRequest) -> bool:
    if location == "header":
        return header(request.headers, name) is not None
    if location == "query":
        return any(decoded_form(pair.name) == name for pair in request.query)
    if location == "cookie":
        sent = any(pair.name == name for pair in cookies_of(request.headers))
        return sent or not request.are_cookies_known
    return True
