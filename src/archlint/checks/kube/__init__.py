"""Rules about Kubernetes manifests."""

from archlint.files import Kind

KINDS = frozenset({Kind.KUBERNETES})
