"""Where a service is reached and what its callers must be allowed, by ``google/api/client.proto``."""

from __future__ import annotations

from archlint.documents.proto.wire import WireMessage
from archlint.model.protobuf.schemas import ProtoService

HOST, SCOPES = 1049, 1050


def default_host(service: ProtoService) -> str:
    """The host that clients call if nobody says another one; empty if none is said."""
    return _options(service).text(HOST)


def oauth_scopes(service: ProtoService) -> tuple[str, ...]:
    """The scopes of OAuth with which clients ask for a token."""
    said = _options(service).text(SCOPES)
    return tuple(dict.fromkeys(part.strip() for part in said.split(",") if part.strip()))


def _options(service: ProtoService) -> WireMessage:
    return service.source.said(service.route)
