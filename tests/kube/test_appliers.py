"""Folders are judged as Flux and Argo CD apply them, at the places that say how."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from archlint.documents import load_text
from archlint.documents.kustomize.resource import Resource
from archlint.documents.kustomize.substitution import Variables
from archlint.documents.kustomize.values import Value, from_document, plain
from archlint.files import Kind
from archlint.model.kubernetes.building.builds import builds
from archlint.model.kubernetes.building.kustomized import Builds
from tests.kube.worlds import findings_of, world_of

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: shop/web:1.0.0
        resources:
          limits: {memory: 1Gi}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
"""
COMPONENT = (
    "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {by: component}\n"
)
APP = {"apps/web/web.yaml": WEB, "apps/web/service.yaml": SERVICE, "apps/extra/kustomization.yaml": COMPONENT}
OWN = {"apps/web/kustomization.yaml": "resources: [web.yaml, service.yaml]\nnamespace: own\n"}
FIELDS: dict[str, dict[str, Any]] = {
    "namespace": {"namespace": "shop"},
    "names": {"namePrefix": "a-", "nameSuffix": "-b"},
    "images": {"images": [{"name": "shop/web", "newTag": "2"}]},
    "components": {"components": ["../extra"]},
    "patches": {
        "patches": [
            {"patch": "- {op: replace, path: /spec/replicas, value: 5}", "target": {"kind": "Deployment"}}
        ]
    },
}
"""Fields of a kustomization that both can set, by what they are about."""


def flux(settings: dict[str, Any], name: str = "web", path: str = "./apps/web") -> str:
    """A Flux Kustomization."""
    spec = {"path": path, "sourceRef": {"kind": "GitRepository", "name": "main"}, **settings}
    said = {"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization"}
    return yaml.safe_dump({**said, "metadata": {"name": name}, "spec": spec}, sort_keys=False)


def application(kustomize: dict[str, Any] | None, **source: Any) -> str:
    """An Application of Argo CD, into the namespace ``target``."""
    asked = {"repoURL": "https://example.org/shop", "path": "apps/web", **source}
    if kustomize is not None:
        asked["kustomize"] = kustomize
    spec = {"source": asked, "destination": {"namespace": "target"}}
    said = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "web"}}
    return yaml.safe_dump({**said, "spec": spec}, sort_keys=False)


def made(folder: Path, files: dict[str, str]) -> Builds:
    """What is built of some files."""
    return world_of(folder, files).fact(builds)


def objects(found: Builds) -> list[Any]:
    """The built objects, in an order of their own."""
    return sorted((document.data for document in found.documents), key=lambda data: str(data["kind"]))


def kustomized(folder: Path, kustomization: dict[str, Any]) -> list[Any]:
    """What a kustomization builds that says all by itself."""
    said = {"resources": ["web.yaml", "service.yaml"], **kustomization}
    return objects(made(folder, {**APP, "apps/web/kustomization.yaml": yaml.safe_dump(said)}))


@pytest.mark.parametrize("about", FIELDS)
@pytest.mark.parametrize("has_own", [True, False])
def test_flux_writes_its_settings_into_the_kustomization(tmp_path: Path, about: str, has_own: bool) -> None:
    settings = {
        "targetNamespace" if key == "namespace" else key: value for key, value in FIELDS[about].items()
    }
    files = {**APP, **(OWN if has_own else {}), "clusters/web.yaml": flux(settings)}
    own = {"namespace": "own"} if has_own else {}
    found = objects(made(tmp_path / "flux", files))
    assert found == kustomized(tmp_path / "plain", {**own, **FIELDS[about]})


@pytest.mark.parametrize("about", FIELDS)
def test_argo_edits_the_kustomization(tmp_path: Path, about: str) -> None:
    settings = {**FIELDS[about]}
    if about == "images":
        settings = {"images": ["shop/web:2"]}
    found = objects(made(tmp_path / "argo", {**APP, **OWN, "argo.yaml": application(settings)}))
    assert found == kustomized(tmp_path / "plain", {"namespace": "own", **FIELDS[about]})


@pytest.mark.parametrize(
    ("said", "image"),
    [
        ("shop/web=other:2", "other:2"),
        ("shop/web=reg:5000/other", "reg:5000/other:1.0.0"),
        ("shop/web@sha256:" + "a" * 64, "shop/web@sha256:" + "a" * 64),
    ],
)
def test_images_of_argo(tmp_path: Path, said: str, image: str) -> None:
    found = objects(made(tmp_path, {**APP, **OWN, "argo.yaml": application({"images": [said]})}))
    assert found[0]["spec"]["template"]["spec"]["containers"][0]["image"] == image


def test_plain_manifests_get_the_namespace_of_the_destination_unless_they_have_one(tmp_path: Path) -> None:
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: mine}\n"
    role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: web}\n"
    custom = "apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: web}\n"
    files = {"a.yaml": account, "r.yaml": role, "c.yaml": custom, "web.yaml": WEB}
    found = made(
        tmp_path,
        {f"apps/web/{path}": text for path, text in files.items()} | {"argo.yaml": application(None)},
    )
    spaces = {data["kind"]: data["metadata"].get("namespace") for data in objects(found)}
    assert spaces == {"ServiceAccount": "mine", "ClusterRole": None, "Thing": None, "Deployment": "target"}


def test_directories_of_argo(tmp_path: Path) -> None:
    deep = {
        f"apps/web/{name}": SERVICE.replace("web}\ns", f"{name[-6]}}}\ns")
        for name in ("d/a.yaml", "d/b.yaml")
    }
    files = {**APP, **deep}
    for directory, count in (
        ({}, 2),
        ({"recurse": True}, 4),
        ({"recurse": True, "include": "{d/a.yaml,web.yaml}"}, 2),
        ({"recurse": True, "exclude": "d/*"}, 2),
    ):
        asked = {**files, "argo.yaml": application(None, directory=directory)}
        assert len(made(tmp_path, asked).documents) == count, directory


def test_common_metadata_is_for_the_objects_alone(tmp_path: Path) -> None:
    settings = {"commonMetadata": {"labels": {"team": "shop"}, "annotations": {"by": "flux"}}}
    found = objects(made(tmp_path, {**APP, "clusters/web.yaml": flux(settings)}))
    assert all(data["metadata"]["labels"] == {"team": "shop"} for data in found)
    assert found[0]["spec"]["template"]["metadata"]["labels"] == {"app": "web"}


def test_flux_is_patched_by_flux(tmp_path: Path) -> None:
    patch = "- {op: add, path: /spec/targetNamespace, value: patched}"
    outer = flux(
        {"patches": [{"patch": patch, "target": {"kind": "Kustomization"}}]}, name="all", path="./clusters"
    )
    found = made(tmp_path, {**APP, "clusters/web.yaml": flux({}), "all.yaml": outer})
    spaces = [data["metadata"].get("namespace") for data in objects(found) if data["kind"] == "Service"]
    assert spaces == ["patched"]


def test_two_clusters_apply_one_folder_each_with_its_values(tmp_path: Path) -> None:
    files = {**APP, "apps/web/web.yaml": WEB.replace("1.0.0", "${TAG}")}
    for name in ("a", "b"):
        files[f"clusters/{name}.yaml"] = flux({"postBuild": {"substitute": {"TAG": name}}})
    found = [data for data in objects(made(tmp_path, files)) if data["kind"] == "Deployment"]
    images = [data["spec"]["template"]["spec"]["containers"][0]["image"] for data in found]
    assert sorted(images) == ["shop/web:a", "shop/web:b"]


def test_a_folder_that_is_elsewhere_is_not_applied(tmp_path: Path) -> None:
    others = {f"clusters/{n}.yaml": flux({}, path=f"./there/{n}", name=f"x{n}") for n in range(3)}
    files = {**APP, **others, "clusters/web.yaml": flux({"targetNamespace": "shop"})}
    assert made(tmp_path, files).documents == ()


def test_a_folder_with_a_chart_or_with_nothing_is_no_fault(tmp_path: Path) -> None:
    files = {
        "apps/chart/Chart.yaml": "name: a\nversion: 1.0.0\n",
        "apps/texts/README.md": "nothing",
        "chart.yaml": application(None, path="apps/chart"),
        "texts.yaml": application(None, path="apps/texts"),
    }
    assert made(tmp_path, {**APP, **files}).unbuilt == ()


def test_a_value_is_told_where_it_is_set(tmp_path: Path) -> None:
    text = flux({"postBuild": {"substitute": {"TAG": "latest"}}})
    line = 1 + text.splitlines().index("      TAG: latest")
    files = {**APP, "apps/web/web.yaml": WEB.replace("1.0.0", "${TAG}"), "clusters/web.yaml": text}
    found = [item for item in findings_of(world_of(tmp_path, files)) if item.code == "KUBE301"]
    assert [(item.location.path, item.location.span.line) for item in found] == [("clusters/web.yaml", line)]


SCALARS = ("replicas: 2", "app: web", "name: web", "image: shop/web:1.0.0", "memory: 1Gi", "port: 80")


@pytest.mark.parametrize("scalar", SCALARS)
@pytest.mark.parametrize("use", ["${UNKNOWN}", "${UNKNOWN:=latest}", "x-${UNKNOWN}"])
def test_no_rule_tells_of_a_value_that_nobody_knows(tmp_path: Path, scalar: str, use: str) -> None:
    key = scalar.partition(":")[0]
    files = {path: text.replace(scalar, f"{key}: '{use}'") for path, text in APP.items()}
    secret = {"postBuild": {"substituteFrom": [{"kind": "Secret", "name": "elsewhere"}]}}
    found = findings_of(world_of(tmp_path, {**files, "clusters/web.yaml": flux(secret)}))
    assert [item.message for item in found if "UNKNOWN" in item.message] == []
    told = [item for item in found if str(item.location.pointer).endswith(f"/{key}")]
    assert [item.message for item in told if key != "name"] == []


NAMES = st.sampled_from(["A", "B", "C"])
PIECES = st.one_of(
    st.text("xyz-. ", max_size=3),
    NAMES.map(lambda name: f"${{{name}}}"),
    st.tuples(NAMES, st.sampled_from([":=", ":-", "=", "-"]), st.text("mn", max_size=2)).map(
        lambda said: f"${{{said[0]}{said[1]}{said[2]}}}"
    ),
)


@given(st.lists(PIECES, max_size=5), st.dictionaries(NAMES, st.text("pq", max_size=2)), st.booleans())
def test_substitution(pieces: list[str], values: dict[str, str], is_closed: bool) -> None:
    known = Variables({key: Value(text, (None, None)) for key, text in values.items()}, is_closed)

    def expected(piece: str) -> str:
        if not piece.startswith("${"):
            return piece
        name, rest = piece[2], piece[3:-1]
        operator = rest[:2] if rest[:1] == ":" else rest[:1]
        if name in values:
            return rest[2:] if operator in (":=", ":-") and not values[name] else values[name]
        return rest[len(operator) :] if operator and is_closed else piece

    said = "v" + "".join(pieces)
    text = yaml.safe_dump({"kind": "K", "metadata": {"name": "n"}, "value": said}, width=1000)
    document = load_text("a.yaml", text, Kind.KUBERNETES).documents[0]
    item = Resource(from_document(document))
    known.replace_in(item)
    assert plain(item.root)["value"] == "v" + "".join(map(expected, pieces))


@pytest.mark.parametrize(
    ("said", "value", "read"),
    [
        ("${N}", "3", 3),
        ("${N}", "true", True),
        ("${N}", "03x", "03x"),
        ("${N}m", "3", "3m"),
        ("$${N}", "3", "${N}"),
        ("a: ${N}", "3", "a: 3"),
        ("${N}", "two\nlines", "twolines"),
    ],
)
def test_what_is_filled_in_is_read_again(said: str, value: str, read: Any) -> None:
    text = yaml.safe_dump({"kind": "K", "metadata": {"name": "n"}, "value": said})
    item = Resource(from_document(load_text("a.yaml", text, Kind.KUBERNETES).documents[0]))
    Variables({"N": Value(value, (None, None))}, True).replace_in(item)
    assert plain(item.root)["value"] == read


GENERATORS = {
    "list": {"list": {"elements": [{"path": "apps/web", "name": "w"}]}},
    "git directories": {
        "git": {"directories": [{"path": "apps/*"}, {"path": "apps/extra", "exclude": True}]}
    },
    "git files": {"git": {"files": [{"path": "apps/*/config.json"}]}},
    "matrix": {
        "matrix": {
            "generators": [
                {"git": {"directories": [{"path": "apps/web"}]}},
                {"list": {"elements": [{"name": "w"}]}},
            ]
        }
    },
    "merge": {
        "merge": {
            "mergeKeys": ["name"],
            "generators": [
                {"list": {"elements": [{"name": "w", "path": "nowhere"}]}},
                {"list": {"elements": [{"name": "w", "path": "apps/web"}]}},
            ],
        }
    },
}


@pytest.mark.parametrize("kind", GENERATORS)
@pytest.mark.parametrize("is_go", [True, False])
def test_application_sets(tmp_path: Path, kind: str, is_go: bool) -> None:
    is_map = is_go and kind in ("git directories", "git files", "matrix")
    path = "{{.path.path}}" if is_map else "{{.path}}" if is_go else "{{path}}"
    template = {
        "metadata": {"name": "made"},
        "spec": {
            "source": {"repoURL": "u", "path": path},
            "destination": {"namespace": "{{ index .path.segments 1 }}" if is_map else "web"},
        },
    }
    spec = {"goTemplate": is_go, "generators": [GENERATORS[kind]], "template": template}
    said = {"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "metadata": {"name": "all"}}
    files = {**APP, "apps/web/config.json": "{}", "set.yaml": yaml.safe_dump({**said, "spec": spec})}
    found = made(tmp_path, files)
    assert {data["metadata"].get("namespace") for data in objects(found)} == {"web"}
    assert {data["kind"] for data in objects(found)} == {"Deployment", "Service"}


@pytest.mark.parametrize(
    "generator", [{"clusters": {}}, {"pullRequest": {}}, {"list": {"elements": [{"other": "x"}]}}]
)
def test_what_a_set_makes_of_things_elsewhere_is_told_as_unknown(
    tmp_path: Path, generator: dict[str, Any]
) -> None:
    template = {"metadata": {"name": "made"}, "spec": {"source": {"repoURL": "u", "path": "{{path}}"}}}
    said = {"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "metadata": {"name": "all"}}
    spec = {"generators": [generator], "template": template}
    found = made(tmp_path, {**APP, "set.yaml": yaml.safe_dump({**said, "spec": spec})})
    assert [item.path for item in found.unread()] == ["set.yaml"]


def applied_set(generator: dict[str, Any], source: dict[str, Any], *, is_go: bool = False) -> str:
    """An ApplicationSet with one generator, whose Applications go to the namespace ``web``."""
    template = {
        "metadata": {"name": "made"},
        "spec": {"source": {"repoURL": "u", **source}, "destination": {"namespace": "web"}},
    }
    spec = {"goTemplate": is_go, "generators": [generator], "template": template}
    said = {"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "metadata": {"name": "all"}}
    return yaml.safe_dump({**said, "spec": spec})


def git(path: str, url: str = "u", field: str = "directories", **more: Any) -> dict[str, Any]:
    return {"git": {"repoURL": url, field: [{"path": path}], **more}}


FLUX_COMPONENTS = {"components": ["../extra", "../nowhere"]}


@pytest.mark.parametrize("ignores", [True, False])
@pytest.mark.parametrize("who", ["flux", "argo"])
def test_components_that_are_not_there_are_left_out_where_that_is_asked(
    tmp_path: Path, who: str, ignores: bool
) -> None:
    settings = {**FLUX_COMPONENTS, "ignoreMissingComponents": ignores}
    text = flux(settings) if who == "flux" else application(settings)
    found = made(tmp_path, {**APP, **OWN, "by.yaml": text})
    assert bool(found.unbuilt) is not ignores
    notes = {data["metadata"]["annotations"]["by"] for data in objects(found)}
    assert notes == ({"component"} if ignores else set())


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("$ARGOCD_APP_NAME in ${ARGOCD_APP_NAMESPACE}", "web in target"),
        ("${ARGOCD_APP_SOURCE_PATH}@${ARGOCD_APP_SOURCE_REPO_URL}", "apps/web@https://example.org/shop"),
        ("at ${ARGOCD_APP_REVISION}", "at ${ARGOCD_APP_REVISION}"),
        ("$NOBODY and $$HOME", " and $HOME"),
        ("plain", "plain"),
    ],
)
@pytest.mark.parametrize("is_asked", [True, False])
def test_variables_in_annotations_of_argo(tmp_path: Path, said: str, value: str, is_asked: bool) -> None:
    settings = {"commonAnnotations": {"note": said}, "commonAnnotationsEnvsubst": is_asked}
    found = made(tmp_path, {**APP, **OWN, "by.yaml": application(settings)})
    notes = {data["metadata"]["annotations"]["note"] for data in objects(found)}
    assert notes == {value if is_asked else said}


def test_an_image_with_a_revision_has_an_unknown_tag(tmp_path: Path) -> None:
    settings = {"images": ["shop/web=shop/web:${ARGOCD_APP_REVISION}"]}
    found = findings_of(world_of(tmp_path, {**APP, **OWN, "by.yaml": application(settings)}))
    assert not [item.message for item in found if item.rule.startswith("image-tag")]


@pytest.mark.parametrize(
    ("others", "url", "is_own"),
    [
        ([], "u", True),  # nothing is known of any
        (["apps/web", "apps/extra"], "https://example.org/shop.git", True),
        (["apps/web", "apps/extra"], "git@example.org:shop.git", True),
        (["apps/web", "apps/extra"], "https://example.org/other", False),
        (["charts/a", "charts/b"], "https://example.org/shop", False),
    ],
)
def test_folders_of_other_repositories_are_not_ours(
    tmp_path: Path, others: list[str], url: str, is_own: bool
) -> None:
    files = {f"apps-{number}.yaml": application(None, path=path) for number, path in enumerate(others)}
    files["set.yaml"] = applied_set(git("*/web", url), {"repoURL": url, "path": "{{path}}"})
    found = made(tmp_path, {**APP, **files})
    assert not [item for item in found.unread() if item.reason == "application-set-unknown"]
    assert ("made" in " ".join(name for _, name in found.labels)) is is_own


@pytest.mark.parametrize(
    ("named", "taken"),
    [
        ({"a": ["apps/web"]}, {"a"}),
        ({"a": ["apps/web"], "b": ["apps/web"]}, set()),
        ({"a": ["apps/web", "apps/more"], "b": ["apps/web"]}, {"a"}),
        ({"a": ["apps/web", "apps/more"], "b": ["apps/web", "apps/more"]}, {"a", "b"}),
        ({"a": ["apps/web", "apps/web"], "b": ["apps/more"]}, set()),
        ({"a": ["apps/web"], "b": ["gone"]}, {"a"}),
    ],
)
def test_one_folder_of_several_addresses_fits_by_chance(
    tmp_path: Path, named: dict[str, list[str]], taken: set[str]
) -> None:
    files = {
        f"{source}-{number}.yaml": application(None, path=path)
        .replace("name: web\n", f"name: {source}{number}\n")
        .replace("https://example.org/shop", f"https://example.org/{source}")
        for source, paths in named.items()
        for number, path in enumerate(paths)
    }
    more = {path.replace("apps/web", "apps/more"): text for path, text in APP.items()}
    found = made(tmp_path, {**APP, **more, **files})
    assert {name.split("'")[1][0] for _, name in found.labels if "'" in name} == taken


CLUSTERS: dict[str, Any] = {"clusters": {}}
OTHER = "https://example.org/other"


@pytest.mark.parametrize(
    ("generator", "source", "is_told"),
    [
        (CLUSTERS, {"repoURL": OTHER, "path": "web"}, False),  # nothing of it is here
        (CLUSTERS, {"repoURL": "https://example.org/shop", "path": "{{path}}"}, True),
        (CLUSTERS, {"repoURL": "{{url}}", "path": "web"}, True),
        (
            {"matrix": {"generators": [CLUSTERS, git("*/web", OTHER)]}},
            {"repoURL": OTHER, "path": "{{p}}"},
            False,
        ),
        (
            {"clusters": {"template": {"spec": {"source": {"repoURL": "{{url}}"}}}}},
            {"repoURL": OTHER, "path": "web"},
            True,
        ),
    ],
)
def test_an_unknown_set_is_told_if_it_may_deploy_what_is_here(
    generator: dict[str, Any], source: dict[str, str], is_told: bool, tmp_path: Path
) -> None:
    own = {f"apps-{name}.yaml": application(None, path=f"apps/{name}") for name in ("web", "extra")}
    found = made(tmp_path, {**APP, **own, "set.yaml": applied_set(generator, source)})
    assert bool([item for item in found.unread() if item.reason == "application-set-unknown"]) is is_told


SETS: list[tuple[dict[str, Any], str, bool, bool]] = [
    # generator, path of the source, Go's templates, whether it is known and leads to apps/web
    (git("apps/*", pathParamPrefix="at"), "{{at.path}}", False, True),
    (git("apps/*", pathParamPrefix="at"), "{{.at.path.path}}", True, True),
    (git("**", pathParamPrefix=""), "{{path}}", False, False),  # no '**' in Go's path.Match: one level
    (git("*/*/config.json", field="files"), "{{path}}", False, True),
    (git("*/config.json", field="files"), "{{path}}", False, False),  # a setting of Argo CD decides
    (
        {
            "list": {"elements": [{"p": "apps/web", "env": "a"}, {"p": "x", "env": "b"}]},
            "selector": {"matchLabels": {"env": "a"}},
        },
        "{{p}}",
        False,
        True,
    ),
    (
        {"list": {"elements": [{"p": "apps/web"}], "template": {"spec": {"source": {"path": "{{p}}"}}}}},
        "elsewhere",
        False,
        True,
    ),
    ({"matrix": {"generators": [git("apps/web"), git("apps/extra")]}}, "{{path}}", False, False),
    (
        {"matrix": {"generators": [git("apps/web"), git("apps/extra", pathParamPrefix="b")]}},
        "{{path}}",
        False,
        True,
    ),
    (
        {
            "matrix": {
                "generators": [{"list": {"elements": [{"app": "web"}]}}, git("apps/{{app}}")],
            }
        },
        "{{path}}",
        False,
        True,
    ),
    (
        {
            "merge": {
                "mergeKeys": ["a"],
                "generators": [
                    {"list": {"elements": [{"a": "1", "p": "x"}]}},
                    {"list": {"elements": [{"a": "1", "p": "apps/web"}, {"a": "2", "p": "y"}]}},
                ],
            }
        },
        "{{p}}",
        False,
        True,
    ),
    (
        {
            "merge": {
                "mergeKeys": ["a"],
                "generators": [
                    {"list": {"elements": [{"a": "1", "p": "x"}, {"a": "1", "p": "apps/web"}]}},
                    {"list": {"elements": [{"a": "1"}]}},
                ],
            }
        },
        "{{p}}",
        False,
        False,
    ),
]


@pytest.mark.parametrize("number", range(len(SETS)))
def test_generators_of_sets(tmp_path: Path, number: int) -> None:
    generator, path, is_go, is_known = SETS[number]
    text = applied_set(generator, {"path": path}, is_go=is_go)
    found = made(tmp_path, {**APP, **OWN, "apps/web/config.json": "{}", "set.yaml": text})
    folders = {document.path.rpartition(" of ")[2] for document in found.documents}
    assert ("apps:web" in folders) is is_known


def test_hidden_folders_are_not_looked_at(tmp_path: Path) -> None:
    files = {".hidden/web/web.yaml": WEB, "set.yaml": applied_set(git("*/web"), {"path": "{{path}}"})}
    assert not made(tmp_path, files).documents


@pytest.mark.parametrize("who", ["flux", "argo"])
@pytest.mark.parametrize("at_fault", ["applier", "kustomization"])
def test_a_fault_stands_in_the_file_that_has_it(tmp_path: Path, who: str, at_fault: str) -> None:
    patch = {
        "patches": [
            {"patch": "- {op: replace, path: /spec/nothing/x, value: 5}", "target": {"kind": "Service"}}
        ]
    }
    settings = patch if at_fault == "applier" else {"namePrefix": "a-"}
    own = OWN["apps/web/kustomization.yaml"] + ("" if at_fault == "applier" else yaml.safe_dump(patch))
    files = {**APP, "apps/web/kustomization.yaml": own}
    files["by.yaml"] = flux(settings) if who == "flux" else application(settings)
    wrong = "by.yaml" if at_fault == "applier" else "apps/web/kustomization.yaml"
    world = world_of(tmp_path, files)
    told = [item for item in findings_of(world) if item.rule == "kustomization-not-built"]
    assert [item.location.path for item in told] == [wrong]
    assert {item.path for item in world.fact(builds).unread()} == {wrong}
    kind = "Kustomization" if at_fault == "kustomization" else told[0].object.kind
    assert told[0].object is not None
    assert told[0].object.kind == kind


def test_two_of_one_name_apply_one_folder_each_with_its_values(tmp_path: Path) -> None:
    """Two Flux Kustomizations of one file and name in two namespaces."""
    one, other = (
        flux({"postBuild": {"substitute": {"COUNT": count}}}).replace(
            "name: web", f"name: web\n  namespace: {home}"
        )
        for count, home in (("3", "a"), ("4", "b"))
    )
    web = WEB.replace("replicas: 2", "replicas: ${COUNT}")
    found = made(tmp_path, {**APP, **OWN, "apps/web/web.yaml": web, "by.yaml": f"{one}---\n{other}"})
    counts = sorted(data["spec"]["replicas"] for data in objects(found) if data["kind"] == "Deployment")
    assert counts == [3, 4]
    assert len({document.path for document in found.documents}) == 2


def test_what_is_applied_and_applies_another_repository_builds_nothing_of_ours(tmp_path: Path) -> None:
    """Flux applies the folder of an object that makes it apply the root of another source."""
    other = flux({"sourceRef": {"kind": "GitRepository", "name": "theirs"}}, name="theirs", path="")
    files = {**APP, "live/web.yaml": flux({}), "apps/web/theirs.yaml": other}
    assert [label for _, label in sorted(made(tmp_path, files).labels)] == ["Flux Kustomization 'web'"]


@pytest.mark.parametrize(
    "odd", ["just: data\n", "kind: [List]\nitems: 5\n", "- a\n", "apiVersion: 5\nkind: List\n", "x\n"]
)
def test_what_lies_beside_an_applier_is_no_matter(tmp_path: Path, odd: str) -> None:
    """Documents of the same file without a kind, or of no form at all; and appliers in a list are found."""
    settings = {"namePrefix": "a-"}
    listed = {"apiVersion": "v1", "kind": "List", "items": [yaml.safe_load(flux(settings)), "x", {"a": 1}]}
    for number, by in enumerate((flux(settings), yaml.safe_dump(listed))):
        found = made(tmp_path / str(number), {**APP, **OWN, "by.yaml": f"{by}---\n{odd}---\n{by}"})
        assert {data["metadata"]["name"] for data in objects(found)} == {"a-web"}
