"""Rules about documentation that must agree with what is deployed."""

from archlint.files import Kind

KINDS = frozenset({Kind.MARKDOWN, Kind.DIAGRAM})
