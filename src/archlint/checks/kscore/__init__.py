"""What kube-score remarks, at the place where it is fixed."""

from archlint.files import Kind

KINDS = frozenset({Kind.KUBERNETES})
