"""Which protocol Istio takes the ports of Services for.

Source: Istio's documentation, Protocol Selection: ``appProtocol`` goes before the name, which is a protocol,
or one with a suffix after a dash.
"""

from __future__ import annotations

from archlint.documents import Node

PROTOCOLS = frozenset(
    {
        *("http", "http2", "https", "grpc", "grpc-web", "tcp", "tls", "udp"),
        *("mongo", "mysql", "redis", "hbone", "kubernetes.io/h2c", "kubernetes.io/ws", "kubernetes.io/wss"),
        *("auto", "proxy", "https-proxy"),
    }
)
"""What a port may be called."""
_WITH_DASH = "grpc-web"


_SAME = {
    "http": ("http", "kubernetes.io/ws"),
    "http2": ("http2", "grpc", "grpc-web", "kubernetes.io/h2c"),
    "tls": ("tls", "https", "kubernetes.io/wss"),
}
_CLASSES = {name: kind for kind, names in _SAME.items() for name in names}


def protocol_class(protocol: str) -> str:
    """What proxies read as the same protocol, whatever it is called and whatever is spoken inside.

    Sources: Istio's documentation, Protocol Selection; Kubernetes, "Application protocol": ``h2c`` is HTTP/2
    without TLS, ``ws`` and ``wss`` are HTTP and HTTPS at their beginning.
    """
    return _CLASSES.get(protocol.lower(), protocol.lower())


def stated_protocol(port: Node) -> str | None:
    """The protocol that a port of a Service states; ``None`` if it leaves Istio to find out."""
    said = port.get("appProtocol").text
    if said:
        return said.lower() if said.lower() in PROTOCOLS else None
    name = (port.get("name").text or "").lower()
    if name == _WITH_DASH or name.startswith(_WITH_DASH + "-"):
        return _WITH_DASH
    first = name.partition("-")[0]
    return first if first in PROTOCOLS else None
