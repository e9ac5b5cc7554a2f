"""Commands in Markdown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archlint.model.runbooks import NamedWorkload
from tests.arch.worlds import world_of


def named(folder: Path, text: str | bytes) -> list[str]:
    found = world_of(folder, {"docs/a.md": text}).all(NamedWorkload)
    return [f"{item.kind} {item.namespace}/{item.name} {item.span.line}:{item.span.column}" for item in found]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("kubectl rollout restart deployment/cart", ["Deployment None/cart 2:25"]),
        ("$ kubectl -n shop logs -f deploy/cart -c app", ["Deployment shop/cart 2:27"]),
        (
            "kubectl get deploy a b --namespace=shop -o yaml",
            ["Deployment shop/a 2:20", "Deployment shop/b 2:22"],
        ),
        ("kubectl exec -it sts/db -- psql -c 'get deploy/x'", ["StatefulSet None/db 2:18"]),
        ("FOO=1 sudo kubectl scale deploy cart --replicas 3", ["Deployment None/cart 2:33"]),
        ("kubectl set image deployment/cart cart=shop/cart:2", ["Deployment None/cart 2:19"]),
        ("kubectl create job --from=cronjob/report now", ["CronJob None/report 2:27"]),
        ("kubectl get pods | grep x && kubectl delete ds/agent", ["DaemonSet None/agent 2:45"]),
        ("kubectl get po $(kubectl get deploy/cart -o name)", ["Deployment None/cart 2:30"]),
        ('kubectl logs "deployment/cart"', ["Deployment None/cart 2:15"]),
        ("kubectl annotate deployment cart team=web", ["Deployment None/cart 2:29"]),
        ("kubectl describe deployment <name>", []),
        ("kubectl describe deployment $NAME", []),
        ("kubectl describe deployment my-app", []),
        ("kubectl -n <namespace> logs deploy/cart", ["Deployment None/cart 2:29"]),
        ("# kubectl delete deployment/cart", []),
        ("kubectl apply -f deployment/cart.yaml", []),
        ("kubectl delete -f x.yaml deployment/cart", []),
        ("kubectl create deployment cart --image=x", []),
        ("kubectl get deployments", []),
        ("kubectl get deployment --unknown value", []),
        ("kubectl explain deployment spec", []),
        ("echo kubectl get deployment cart", []),
    ],
)
def test_commands(tmp_path: Path, command: str, expected: list[str]) -> None:
    assert named(tmp_path, f"```sh\n{command}\n```\n") == expected


ALIASES = {
    "Deployment": "deployment deployments deploy deployment.apps deployments.apps",
    "StatefulSet": "statefulset statefulsets sts statefulset.apps statefulsets.apps",
    "DaemonSet": "daemonset daemonsets ds daemonset.apps daemonsets.apps",
    "CronJob": "cronjob cronjobs cj cronjob.batch cronjobs.batch",
}
SEVERAL = "get describe scale delete edit patch expose autoscale wait"
ONE = "exec logs port-forward annotate label attach debug"
SWITCHES = (
    "--all --watch --follow --previous --force --show-labels --all-namespaces --overwrite --recursive --rm"
    " --stdin --tty --timestamps --now --no-headers --ignore-not-found --local --list --quiet --help"
    " --all-containers --record --watch-only --prefix --show-managed-fields -w -A -it"
)
VALUES = "--namespace shop,-n shop,-l app=web,-o yaml,-c app,-s api:8080,-L app,--selector app=web,--own me"


def tried(folder: Path, commands: list[str]) -> list[str]:
    """What one command after the other names."""
    found = world_of(folder, {"docs/a.md": "```sh\n" + "\n".join(commands) + "\n```\n"}).all(NamedWorkload)
    return [f"{commands[item.span.line - 2]}: {item.kind} {item.name}" for item in found]


def test_what_kinds_are_called(tmp_path: Path) -> None:
    named = {
        f"kubectl get {alias}/cart": kind for kind, aliases in ALIASES.items() for alias in aliases.split()
    }
    named |= {command.replace("/", " "): kind for command, kind in named.items()}
    assert tried(tmp_path, list(named)) == [f"{command}: {kind} cart" for command, kind in named.items()]
    assert (
        tried(tmp_path / "no", ["kubectl get pod/cart", "kubectl get job cart", "kubectl get svc/cart"]) == []
    )


def test_what_commands_name(tmp_path: Path) -> None:
    several = [*SEVERAL.split(), "rollout status", "rollout undo"]
    one = [*ONE.split(), "set image", "set env"]
    commands = [f"kubectl {verb} deploy cart stock" for verb in (*several, *one)]
    expected = [f"{command}: Deployment cart" for command in commands]
    expected += [f"kubectl {verb} deploy cart stock: Deployment stock" for verb in several]
    assert sorted(tried(tmp_path, commands)) == sorted(expected)


def test_flags_of_commands(tmp_path: Path) -> None:
    """A switch takes no value; what is not known may take one, and then nothing is taken for a name."""
    flags = [*SWITCHES.split(), *VALUES.split(",")]
    commands = [f"kubectl {flag} get deploy cart" for flag in flags]
    commands += [f"kubectl get {flag} deploy cart" for flag in flags]
    commands += [f"kubectl get deploy {flag} cart" for flag in flags]
    commands += [f"kubectl logs {flag} deploy cart" for flag in ("-f", "-p")]
    assert tried(tmp_path, commands) == [f"{command}: Deployment cart" for command in commands]
    assert tried(tmp_path / "no", [f"kubectl get deploy {flag} cart" for flag in ("-n", "-l", "--own")]) == []


@pytest.mark.parametrize(
    "flag", ["-f a.yaml", "--filename a.yaml", "--filename=a.yaml", "-k .", "--kustomize ."]
)
def test_a_command_on_files_names_nothing_else(tmp_path: Path, flag: str) -> None:
    assert tried(tmp_path, [f"kubectl delete {flag} deploy/cart", f"kubectl get deploy cart {flag}"]) == []


PLACEHOLDERS = (
    "my-cart your-cart the-cart some-cart cart-name cart-here name foo bar baz example example-cart x xxx"
    " deployment statefulset daemonset cronjob CART -cart c_art"
)


@pytest.mark.parametrize("name", PLACEHOLDERS.split())
def test_what_stands_for_a_name_is_none(tmp_path: Path, name: str) -> None:
    assert tried(tmp_path, [f"kubectl get deploy/{name}"]) == []
    assert tried(tmp_path / "yes", ["kubectl get deploy/mycart", "kubectl get deploy/foobar"]) != []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("1. Do:\n\n   ```sh\n   kubectl get deploy/a\n   ```\n", [4]),
        ("> ~~~\n> kubectl get deploy/a\n> ~~~\n", [2]),
        ("````md\n```sh\nkubectl get deploy/a\n```\n````\n", []),
        ("```yaml\nkubectl get deploy/a\n```\n", []),
        ("kubectl get deploy/a\n", []),
        ("```\r\nkubectl get \\\r\n  deploy/a\r\n```\r\n", [3]),
        ("```sh\nkubectl get deploy/a\n", [2]),
        ("```console\n$ kubectl get deploy/a\n```\ntext\n```bash\nkubectl get deploy/b\n```\n", [2, 6]),
        ("```sh\nhelm install x ./x\nkubectl get deploy/a\n```\n", []),
        ("```sh\nkubectl apply -f https://example.com/x.yaml\nkubectl get deploy/a\n```\n", []),
        ("```sh\nkubectl create deployment a --image=x\nkubectl get deploy/a\n```\n", []),
    ],
)
def test_blocks(tmp_path: Path, text: str, lines: list[int]) -> None:
    found = world_of(tmp_path, {"a.md": text.encode()}).all(NamedWorkload)
    assert [item.span.line for item in found] == lines


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(
            st.sampled_from(
                ["```", "~~~~", "sh", "kubectl ", "get ", "deploy/", "a", "\n", "\\", " -n", "=", '"', "<"]
            ),
            max_size=60,
        ).map(lambda parts: "".join(parts).encode()),
    )
)
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    named(tmp_path, content)
    named(tmp_path, b"```sh\nkubectl " + content)
