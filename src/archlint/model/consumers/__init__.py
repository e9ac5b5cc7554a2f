"""Consumers of contracts: which services of the repository call the one that offers a contract, and where
their source uses an operation or a message of it.
"""

from archlint.model.consumers.finding_them import Consumer, Consumers, consumers

__all__ = ["Consumer", "Consumers", "consumers"]
