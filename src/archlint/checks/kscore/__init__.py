"""What kube-score remarks, at the place where it is mended."""

from archlint.files import Kind

KINDS = frozenset({Kind.KUBERNETES})
