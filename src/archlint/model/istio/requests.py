"""A call between pods of the mesh, as far as authorization policies look at it."""

from __future__ import annotations

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.istio.truth import Truth
from archlint.model.kubernetes.images import is_placeholder

LOCAL = "cluster.local"
"""The trust domain that stands for that of the mesh, whatever it is called.

Source: Istio, "Trust Domain Migration" and Global Mesh Options (``trustDomain``)."""
_PRINCIPAL = regex(r"(?P<domain>[^/]++)/ns/(?P<namespace>[^/]++)/sa/(?P<account>[^/]++)\Z")


def fits(pattern: str, value: str) -> bool:
    """Whether a value is meant. Source: Istio's reference of AuthorizationPolicy, Rule: exact, prefix
    (``abc*``), suffix (``*abc``) and presence (``*``) matches."""
    if pattern.startswith("*"):
        return value.endswith(pattern[1:])
    return value.startswith(pattern[:-1]) if pattern.endswith("*") else value == pattern


def is_open(pattern: str) -> bool:
    """Whether some other program fills in a part of a name."""
    return any(map(is_placeholder, (pattern, *pattern.split("/"))))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls; what is not known is ``None``."""

    namespace: str | None
    account: str
    shows_identity: Truth = True
    """Whether the call is made with mutual TLS, without which nothing tells who calls."""

    @property
    def principal(self) -> str:
        """The identity that the proxy of the callee sees; ``NAMESPACE`` stands for one not known."""
        return f"{LOCAL}/ns/{self.namespace or 'NAMESPACE'}/sa/{self.account}"

    def has_principal(self, pattern: str) -> Truth:
        """Whether it is called as a pattern says."""
        return self._shown(self._named(pattern))

    def is_in(self, pattern: str) -> Truth:
        """Whether it is in a namespace; this is known from its certificate alone."""
        if pattern == "*":
            return self._shown(True)
        if self.namespace is None or is_open(pattern):
            return self._shown(None)
        return self._shown(fits(pattern, self.namespace))

    def runs_as(self, pattern: str, home: str | None) -> Truth:
        """Whether it runs as a service account: ``namespace/name``, or a name in the policy's namespace."""
        namespace, slash, name = pattern.rpartition("/")
        where = namespace if slash else home
        if is_open(pattern):
            return self._shown(None)
        if name != self.account:
            return False
        if where is None or self.namespace is None:
            return self._shown(None)
        return self._shown(where == self.namespace)

    def _shown(self, answer: Truth) -> Truth:
        """An answer that needs an identity to be shown."""
        if not answer and answer is not None:
            return False
        return answer if self.shows_identity else self.shows_identity

    def _named(self, pattern: str) -> Truth:
        if pattern == "*":
            return True
        if is_open(pattern):
            return None
        if self.namespace is None:
            match = _PRINCIPAL.match(pattern)
            is_other = match is not None and "*" not in match["account"] and match["account"] != self.account
            return False if is_other else None
        if fits(pattern, self.principal):
            return True
        domain, _, rest = pattern.partition("/ns/")
        if not rest:  # a domain alone, or no identity at all
            return None if pattern.endswith("*") and ":" not in pattern else False
        is_of_another = domain not in (LOCAL, "*") and not domain.startswith("*")
        own = self.principal.removeprefix(f"{LOCAL}/ns/")
        return None if is_of_another and fits(rest, own) else False


@dataclass(frozen=True, slots=True)
class MeshRequest:
    """One call; what is not known is ``None``."""

    caller: Caller
    ports: frozenset[int]
    """The ports of the pod that it may arrive at; none if they are not known."""
    is_http: Truth = None
    """Whether the proxy reads it as HTTP, and not as a connection alone."""
    method: str | None = None

    def arrives_at(self, port: str) -> Truth:
        """Whether it arrives at a port."""
        if not self.ports or is_placeholder(port):
            return None
        if port not in map(str, self.ports):
            return False
        return True if len(self.ports) == 1 else None
