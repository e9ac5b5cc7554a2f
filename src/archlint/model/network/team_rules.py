"""What a team says of connections in its configuration: which must not be, and which must."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from archlint.documents import TextFile
from archlint.finding import Place, Span
from archlint.finding.records import dataclass
from archlint.model.network.connectivity.connections import ConnectionSet


class RuleKind(StrEnum):
    """The key of the configuration below which a rule stands."""

    FORBID = "forbid"
    REQUIRE = "require"


@dataclass(frozen=True, slots=True)
class PeerPattern:
    """One side of a rule. What it says holds together; what it does not say is open."""

    labels: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Labels of the pods, each with the values that are meant."""
    namespaces: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    """Addresses and CIDRs outside of the cluster, and no pods."""
    anywhere: bool = False
    """Everybody: all pods, whatever is outside, and the ingress controller."""
    excepted: PeerPattern | None = None
    """Pods that are not meant."""

    @property
    def text(self) -> str:
        """Such as ``labels tier=db; namespaces prod``."""
        lists = {
            "labels": [f"{key}={'|'.join(values)}" for key, values in self.labels],
            "namespaces": self.namespaces,
            "owners": self.owners,
            "kinds": self.kinds,
            "names": self.names,
            "addresses": self.addresses,
        }
        said = [f"{key} {','.join(values)}" for key, values in lists.items() if values]
        said += ["anywhere"] if self.anywhere else []
        said += [f"except {self.excepted.text}"] if self.excepted else []
        return "; ".join(said) or "everybody"

    def parts(self) -> Iterator[PeerPattern]:
        """Patterns with one name each, of those where this one lists several."""
        yield from (PeerPattern(namespaces=(name,)) for name in _several(self.namespaces))
        yield from (PeerPattern(owners=(name,)) for name in _several(self.owners))
        yield from (PeerPattern(kinds=(name,)) for name in _several(self.kinds))
        yield from (PeerPattern(names=(name,)) for name in _several(self.names))


def _several(names: tuple[str, ...]) -> tuple[str, ...]:
    return names if len(names) > 1 else ()


@dataclass(frozen=True, slots=True)
class TeamRule:
    """One entry below ``forbid`` or ``require``."""

    kind: RuleKind
    source: PeerPattern
    target: PeerPattern
    ports: ConnectionSet | None
    """``None`` for any port."""
    reason: str
    path: str
    """The configuration file, with places in it."""
    span: Span
    source_span: Span
    target_span: Span

    @property
    def place(self) -> Place:
        """The entry in the configuration."""
        return TextFile(self.path).place(self.span)

    @property
    def text(self) -> str:
        """What it is about; the same as long as that is."""
        ports = "" if self.ports is None else f" on {self.ports}"
        return f"{self.kind.value} {self.source.text} to {self.target.text}{ports}"
