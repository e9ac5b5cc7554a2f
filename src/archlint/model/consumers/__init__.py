"""Consumers of contracts: which services of the repository call the one that offers a contract, and where
their source uses an operation or a message of it.
"""

from archlint.model.consumers.changed import Changed, proto_part
from archlint.model.consumers.finding_them import Consumer, Consumers, consumers
from archlint.model.consumers.rollouts import Rollout, rollouts

__all__ = ["Changed", "Consumer", "Consumers", "Rollout", "consumers", "proto_part", "rollouts"]
