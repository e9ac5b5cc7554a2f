"""Commands of runbooks in forms that no longer work."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_COMMANDS = (
    "kafka-topics.sh --zookeeper zk:2181 --list",
    "bin/kafka-configs.sh --alter --zookeeper zk:2181 --entity-type brokers",
    "kubectl -n kafka exec kafka-0 -- kafka-reassign-partitions.sh --zookeeper=zk:2181 --verify",
    "docker compose exec kafka kafka-preferred-replica-election",
    "kafka-consumer-groups --group stock --reset-offsets --to-latest --execute --all-topics",
    "istioctl manifest apply --set profile=default",
    "sudo istioctl operator init",
    "flyway -target=4 migrate",
    "deck sync --state kong.yaml",
    "deck dump -o kong.yaml",
    "ETCDCTL_API=3 etcdctl --endpoints=$ETCD snapshot restore backup.db",
    "kubectl rolling-update stock --image=shop/stock:1.0.0",
    "kubectl drain node-1 --delete-local-data --force",
    "helm delete --purge ledger",
    "helm init --upgrade",
    "kubeval deploy/stock.yaml",
    "fluxctl sync",
)


@seeds("runbook-command-outdated")
def a_form_of_years_ago(files: Files) -> Iterator[Defect]:
    """A section about going back with a command that was right once."""
    for path in ("docs/runbooks/stock.md", "services/stock/README.md"):
        for command in _COMMANDS:
            text = f"# Stock\n\n## Roll back\n\n```sh\n{command} #HERE\n```\n"
            yield marked(files, f"{command} in {path}", {path: text})


@seeds("runbook-command-outdated")
def a_restart_before_its_settings(files: Files) -> Iterator[Defect]:
    """Pods are started anew, and what they should read comes after."""
    for later in ("apply -f stock-configmap.yaml", "create configmap stock --from-file=.", "edit cm stock"):
        lines = f"kubectl rollout restart deployment/cart -n shop #HERE\nkubectl -n shop {later}"
        text = f"# Stock\n\n## Roll back settings\n\n```sh\n{lines}\n```\n"
        yield marked(files, f"restart before {later}", {"docs/runbooks/stock.md": text})
