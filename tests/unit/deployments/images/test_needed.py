"""Which images are built, in which order, and from what."""

import re
from pathlib import Path, PurePosixPath

from deployments.catalog import Catalog, CatalogFlow
from deployments.images.needed import USER, needed_images, without_built
from tests.unit.deployments.made_wanted import COMMIT, REPOSITORY, make_wanted

ROOT = Path(__file__).parents[4]
BASE = f"{REPOSITORY}:{COMMIT}"
OWN = f"{BASE}-people"


def make_catalog() -> Catalog:
    file = PurePosixPath("flows/people.py")
    orders = CatalogFlow(
        "orders", "orders", "flows.orders", PurePosixPath("flows/orders.py"), 1, "", ()
    )
    own = CatalogFlow(
        "people", "people", "flows.people", file, 1, "", (), own_image=PurePosixPath("flows/people")
    )
    return Catalog((orders, own))


def test_one_root_image_serves_every_flow(tmp_path: Path) -> None:
    """Deployments without own requirements share one image; those of process pools need none."""
    wanted = [
        make_wanted("orders"),
        make_wanted("reports"),
        make_wanted("chores", image_repository=None),
    ]
    (image,) = needed_images(tmp_path, make_catalog(), wanted, COMMIT)
    assert image.content() == {
        "image": BASE,
        "name": "root",
        "repository": REPOSITORY,
        "tag": COMMIT,
        "dockerfile": "Dockerfile",
        "dockerfile_inline": None,
        "context": ".",
        "from": None,
        "build_args": {},
        "needs": [],
        "no_cache": False,
    }


def test_own_requirements_stand_on_the_root_image_of_the_commit(tmp_path: Path) -> None:
    """A flow with a requirements.txt alone gets a recipe, and the root image comes first."""
    wanted = [make_wanted("people", own_image="people")]
    root, own = needed_images(tmp_path, make_catalog(), wanted, COMMIT)
    assert (root.address, own.address) == (BASE, OWN)
    assert own.dockerfile is None
    assert own.dockerfile_inline == (
        f"FROM {BASE}\n"
        "USER 0\n"
        "COPY flows/people/requirements.txt /tmp/requirements.txt\n"
        "RUN python -m pip install --no-cache-dir --requirement /tmp/requirements.txt\n"
        "USER 10001\n"
    )
    assert (own.base, own.needs) == (BASE, ("root",))


def test_own_dockerfile_is_given_the_root_image(tmp_path: Path) -> None:
    """A flow's Dockerfile is built as it is, with the root image as its argument."""
    (tmp_path / "flows/people").mkdir(parents=True)
    (tmp_path / "flows/people/Dockerfile").write_text("ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\n")
    wanted = [make_wanted("people", own_image="people")]
    _, own = needed_images(tmp_path, make_catalog(), wanted, COMMIT)
    assert own.dockerfile == "flows/people/Dockerfile"
    assert own.dockerfile_inline is None
    assert own.build_args == {"BASE_IMAGE": BASE}


def test_what_exists_is_not_built_again(tmp_path: Path) -> None:
    """With the root image there already, the own image is built alone and waits for nothing."""
    wanted = [make_wanted("orders"), make_wanted("people", own_image="people")]
    images = needed_images(tmp_path, make_catalog(), wanted, COMMIT)
    (own,) = without_built(images, {BASE})
    assert (own.address, own.base, own.needs) == (OWN, BASE, ())
    assert without_built(images, {BASE, OWN}) == ()
    assert without_built(images, set()) == images


def test_a_rebuild_uses_no_cached_layer(tmp_path: Path) -> None:
    """Every image of a rebuild says so, because the same commit would be found in the cache."""
    wanted = [make_wanted("people", own_image="people")]
    tag = f"{COMMIT}-r20261121T1405"
    images = needed_images(tmp_path, make_catalog(), wanted, tag, is_rebuild=True)
    assert [image.tag for image in images] == [tag, f"{tag}-people"]
    assert all(image.content()["no_cache"] for image in images)


def test_own_images_run_as_whom_the_root_image_runs_as() -> None:
    """The Dockerfile, what is made for a flow, and the worker's task name one user."""
    places = (
        "Dockerfile",
        "deployments/scaffold/templates/Dockerfile.template",
        "infrastructure/fixed_egress_ecs.yaml",
    )
    for place in places:
        users = re.findall(r'^ *(?:USER|User:) "?(\d+)"?$', (ROOT / place).read_text(), re.M)
        assert set(users) - {"0"} == {str(USER)}, place
