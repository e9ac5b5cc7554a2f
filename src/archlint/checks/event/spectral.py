"""What Spectral calls rules about AsyncAPI documents."""

from __future__ import annotations

from archlint.model.asyncapi import AsyncDescription


def rule_of(description: AsyncDescription, name: str) -> tuple[str]:
    """The alias of a rule that Spectral has twice: once for version 2 and once for version 3."""
    return (f"spectral:asyncapi{'-3' if description.is_third else ''}-{name}",)
