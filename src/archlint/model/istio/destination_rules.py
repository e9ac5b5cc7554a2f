"""Destination rules: the subsets they define for a host, and how they set TLS."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from operator import itemgetter

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.hosts import Wildcards, is_wildcard, service_host
from archlint.model.istio.objects import of_kind
from archlint.model.kubernetes import ObjectFacet
from archlint.model.world import World


@dataclass(frozen=True)
class DestinationRule(ObjectFacet):
    """One DestinationRule."""

    @classmethod
    def all(cls, world: World) -> Iterable[DestinationRule]:
        """Every destination rule in the world."""
        return [cls(item) for item in of_kind(world, "DestinationRule")]

    @property
    def host(self) -> str:
        """The host it is for, as written."""
        return self.base.get("spec", "host").text or ""

    @cached_property
    def subsets(self) -> tuple[str, ...]:
        """The names of its subsets."""
        nodes = self.base.get("spec", "subsets").elements()
        return tuple(name for node in nodes if (name := node.get("name").text))

    @property
    def tls_modes(self) -> Iterator[Node]:
        """Every place where a TLS mode for its host may stand."""
        policies = [self.base.get("spec", "trafficPolicy")]
        policies.extend(item.get("trafficPolicy") for item in self.base.get("spec", "subsets").elements())
        for policy in policies:
            yield policy.get("tls", "mode")
            for port in policy.get("portLevelSettings").elements():
                yield port.get("tls", "mode")


@dataclass(frozen=True)
class HostRules:
    """The destination rules that count for one host."""

    rules: tuple[DestinationRule, ...]

    @cached_property
    def subsets(self) -> dict[str, None]:
        """The names of all their subsets, in order."""
        return dict.fromkeys(name for rule in self.rules for name in rule.subsets)


class DestinationRules:
    """The destination rules of a world by host."""

    def __init__(self, rules: Sequence[DestinationRule]) -> None:
        self._by_service: dict[str, list[tuple[str | None, DestinationRule]]] = defaultdict(list)
        self._by_name: dict[str, list[DestinationRule]] = defaultdict(list)
        self._wildcards: Wildcards[tuple[int, DestinationRule]] = Wildcards()
        self._found: dict[tuple[str, str | None], HostRules] = {}
        for number, rule in enumerate(rules):
            service = service_host(rule.host, rule.base.namespace)
            if service is not None:
                self._by_service[service.name].append((service.namespace, rule))
            elif is_wildcard(rule.host):
                self._wildcards.add(rule.host, (number, rule))
            else:
                self._by_name[rule.host].append(rule)

    def of_host(self, host: str, namespace: str | None) -> HostRules:
        """The rules for a host as an object in ``namespace`` means it; unknown namespaces fit every other.

        Source: Istio's reference of DestinationRule, ``host``, and "Traffic Management Best Practices": of
        rules that name a host and rules for a wildcard over it only the most exact ones count.
        """
        if (host, namespace) not in self._found:
            self._found[host, namespace] = HostRules(tuple(self._search(host, namespace)))
        return self._found[host, namespace]

    def _search(self, host: str, namespace: str | None) -> Iterator[DestinationRule]:
        named = list(self._named(host, namespace))
        if named:
            yield from named
            return
        wide = sorted(self._wildcards.over(host, namespace), key=itemgetter(0))
        longest = max((len(rule.host) for _, rule in wide), default=0)
        yield from (rule for _, rule in wide if len(rule.host) == longest)

    def _named(self, host: str, namespace: str | None) -> Iterator[DestinationRule]:
        service = service_host(host, namespace)
        if service is None:
            yield from self._by_name.get(host, ())
            return
        for other, rule in self._by_service.get(service.name, ()):
            if service.namespace is None or other is None or other == service.namespace:
                yield rule


def destination_rules(world: World) -> DestinationRules:
    """The destination rules by host; ask for them with ``world.fact(destination_rules)``."""
    return DestinationRules(world.all(DestinationRule))
