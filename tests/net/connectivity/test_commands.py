"""`archlint network` from files to what it says: of several clusters, below a path, with what is unread."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.net.connectivity.clusters import namespace, pod
from tests.net.worlds import custom, deployment, policy
from tests.support.inside import archlint, said

EVERYWHERE = "0.0.0.0-255.255.255.255[External]"


def laid_out(folder: Path, files: dict[str, list[dict[str, Any]]]) -> None:
    for path, objects in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}), "utf-8")


@pytest.fixture
def clusters(tmp_path: Path) -> Path:
    """``web`` runs in both clusters, ``db`` in one; there it takes nothing from anybody."""
    web = policy("web", "shop", selector={"app": "web"}, ingress=[{}])
    db = policy("db", "shop", selector={"app": "db"})
    files = {
        "dev/all.json": [pod("web"), web, pod("cache")],
        "prod/all.json": [pod("web"), web, pod("db"), db],
        "common/all.json": [pod("far", "bank"), pod("far", "club")],
    }
    laid_out(tmp_path, files)
    (tmp_path / "archlint.yaml").write_text("", "utf-8")
    return tmp_path


def explained(folder: Path, *ends: str) -> list[dict[str, Any]]:
    done = archlint("network", "explain", "--format", "json", *ends, cwd=folder)
    assert done.code == 0, done.err
    found: list[dict[str, Any]] = json.loads(done.out)["explanations"]
    return found


def test_each_cluster_that_has_both_is_explained(clusters: Path) -> None:
    assert [item["edition"] for item in explained(clusters, "bank/far", "web")] == ["dev", "prod"]
    (found,) = explained(clusters, "web", "db")
    assert (found["edition"], found["src"], found["dst"]) == ("prod", "shop/web[Pod]", "shop/db[Pod]")
    assert found["conn"] == "No Connections"


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (("cache", "db"), "no cluster has both 'cache' and 'db'"),
        (("far", "web"), "'far' may be bank/far[Pod], club/far[Pod]; name one of them"),
        (("web", "far"), "'far' may be bank/far[Pod], club/far[Pod]; name one of them"),
        (("web", "dv"), "no workload is called 'dv'"),
        (("wbe", "db"), "no workload is called 'wbe'"),
        (("ingress-controller", "nobody"), "no workload is called 'nobody'"),
        (("10.0.0.1", "10.0.0.2"), "'10.0.0.1' and '10.0.0.2' are both outside of the cluster"),
    ],
)
def test_names_that_mean_none_or_several_are_told(
    clusters: Path, ends: tuple[str, ...], expected: str
) -> None:
    code, text = said("network", "explain", *ends, cwd=clusters)
    assert (code, expected in " ".join(text.split())) == (2, True), text


def test_below_a_path_are_connections_with_one_end_there(clusters: Path) -> None:
    """All of the repository is read all the same: a policy elsewhere may restrict what lies below."""

    def ends(*paths: str) -> set[tuple[str, str]]:
        done = archlint("network", "list", "--format", "json", *paths, cwd=clusters)
        return {(item["src"], item["dst"]) for item in json.loads(done.out)["connections"]}

    every = ends()
    assert ("bank/far[Pod]", "club/far[Pod]") in every
    below = ends("prod")
    told = {pair for pair in every if {"shop/web[Pod]", "shop/db[Pod]"} & {*pair}}
    assert below == {pair for pair in told if "shop/cache[Pod]" not in pair}
    assert ("shop/web[Pod]", "shop/db[Pod]") not in below
    assert ends("common") == {pair for pair in every if any("/far[" in end for end in pair)}


def test_what_was_not_looked_at_is_told_once(tmp_path: Path) -> None:
    """By each command, with its place: a file that cannot be read, and kinds whose meaning is not known."""
    foreign = {"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": {"name": "a"}}
    for side in ("old", "new"):
        laid_out(tmp_path, {f"{side}/all.json": [pod("web"), pod("db"), foreign, foreign]})
        (tmp_path / side / "bad.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: [\n", "utf-8")
    laid_out(tmp_path, {"new/more.json": [policy("db", "shop", selector={"app": "db"}), namespace("shop")]})
    for command in (("list", "old"), ("explain", "web", "db"), ("diff", "old", "new")):
        cwd = tmp_path / "old" if command[0] == "explain" else tmp_path
        done = archlint("network", command[0], "--no-cache", *command[1:], cwd=cwd)
        assert done.code == 0
        text = " ".join(done.err.split())
        assert "2 x CiliumNetworkPolicy" in text, command
        assert text.count("bad.yaml:") == (2 if command[0] == "diff" else 1), text


def test_a_diff_tells_what_opens_and_closes(tmp_path: Path) -> None:
    shut = policy("db", "shop", selector={"app": "db"})
    laid_out(
        tmp_path, {"old/all.json": [pod("web"), pod("db")], "new/all.json": [pod("web"), pod("db"), shut]}
    )
    done = archlint("network", "diff", "old", "new", "--format", "json", cwd=tmp_path)
    closed = {(item["src"], item["dst"]) for item in json.loads(done.out)["changes"]}
    assert closed == {("shop/web[Pod]", "shop/db[Pod]"), (EVERYWHERE, "shop/db[Pod]")}
    again = archlint("network", "diff", "new", "old", "--format", "json", cwd=tmp_path)
    kinds = {item["change"] for each in (done, again) for item in json.loads(each.out)["changes"]}
    assert kinds == {"removed", "added"}


def test_pictures_of_a_list_and_of_a_change(clusters: Path) -> None:
    """A page or a drawing, the same for the same files, also of what has no connections."""
    page = archlint("network", "list", "--format", "html", "--exposure", cwd=clusters)
    assert page.code == 0 and page.out.startswith("<!DOCTYPE html>") and "club/far" in page.out
    assert page.out == archlint("network", "list", "--format", "html", "--exposure", cwd=clusters).out
    drawing = archlint("network", "list", "dev", "--format", "svg", cwd=clusters)
    assert drawing.code == 0 and drawing.out.startswith("<svg") and "below dev" in drawing.out
    change = archlint("network", "diff", "dev", "prod", "--format", "html", cwd=clusters)
    assert change.code == 0 and "from dev to prod" in change.out and '"removed"' in change.out
    assert archlint("network", "diff", "dev", "prod", "--format", "svg", cwd=clusters).out.startswith("<svg")


def test_exposure_names_the_clusters_in_which_it_is_so(clusters: Path) -> None:
    code, text = said("network", "list", "--exposure", cwd=clusters)
    rows = text.partition("Open to addresses outside")[2].partition("Not selected by any policy")[0]
    assert code == 0
    assert any(row.startswith("[prod] shop/db[Pod] ") for row in rows.splitlines()), text
    assert any(row.startswith("bank/far[Pod] ") for row in rows.splitlines()), text
    found = json.loads(archlint("network", "list", "--exposure", "--format", "json", cwd=clusters).out)
    by_name = {item["workload"]: item.get("editions") for item in found["exposure"] + found["unprotected"]}
    assert by_name["shop/db[Pod]"] == ["prod"] and by_name["bank/far[Pod]"] is None


def test_what_is_deployed_for_tests_is_no_cluster_unless_it_is_named(tmp_path: Path) -> None:
    """Whatever the folder is called in which tests stand; a world of tests alone is one like others."""
    web = policy("web", "shop", selector={"app": "web"}, ingress=[{}])
    files = {
        "deploy/base/all.json": [pod("web"), pod("db")],
        "deploy/tests/small/all.json": [pod("web"), pod("stub"), web],
        "deploy/test/all.json": [pod("web"), pod("probe")],
    }
    laid_out(tmp_path, files)
    (tmp_path / "archlint.yaml").write_text("", "utf-8")

    def clusters_of(*paths: str) -> tuple[set[str], str]:
        done = archlint("network", "list", "--format", "json", *paths, cwd=tmp_path)
        found = json.loads(done.out)["connections"]
        return {name for item in found for name in item.get("editions", ())}, " ".join(done.err.split())

    named = "deployed for tests, and taken for no cluster: deploy/tests; name a PATH in it"
    for outside in ((), (".",), ("deploy",), ("deploy/test", "deploy/base")):
        names, told = clusters_of(*outside)
        assert names == {"deploy/base", "deploy/test"} and named in told, outside
    for inside in (("deploy/tests",), ("deploy/tests/small",), ("deploy/tests/small/all.json",)):
        names, told = clusters_of(*inside)
        assert "deploy/tests" in names and "for tests" not in told, inside
    names, told = clusters_of("deploy", "deploy/tests/small")
    assert names == {"deploy/base", "deploy/test", "deploy/tests"} and "for tests" not in told
    for path in ("deploy/base/all.json", "deploy/test/all.json"):
        (tmp_path / path).unlink()
    done = archlint("network", "list", cwd=tmp_path)
    assert "shop/web[Pod]" in done.out and "for tests" not in done.err


def test_suggestions_name_the_clusters_that_have_the_workload_and_cut_its_calls(tmp_path: Path) -> None:
    shut = policy("db", "shop", selector={"app": "db"})
    web, db = deployment("web", "shop"), deployment("db", "shop")
    for made, url in ((web, "http://db.shop:8080"), (db, "http://nobody-knows.shop:80")):
        made["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "PEER_URL", "value": url}]
    spec = {"selector": {"app": "db"}, "ports": [{"port": 8080}]}
    common = [web, db, custom("Service", "v1", "db", "shop", spec=spec)]
    files = {
        "dev/all.json": [*common, deployment("probe", "shop")],
        "prod/all.json": [*common, shut],
        "stage/all.json": [*common, shut],
    }
    laid_out(tmp_path, files)
    (tmp_path / "archlint.yaml").write_text("", "utf-8")
    done = archlint("network", "suggest", "--format", "json", cwd=tmp_path)
    found = json.loads(done.out)
    left = {item["workload"]: item for item in found["left_out"]}
    (reason,) = left["shop/web[Deployment]"]["reasons"]
    assert reason.startswith("[prod; stage] policies that are there cut its calls to pods with app=db")
    assert "editions" not in left["shop/web[Deployment]"]
    made = {item["workload"]: item.get("editions") for item in found["policies"]}
    assert made["shop/probe[Deployment]"] == ["dev"], found
    text = archlint("network", "suggest", cwd=tmp_path).out
    assert "# [dev] shop/probe[Deployment]\n" in text and "#     [prod; stage] policies" in text
