"""`python -m deployments images --environment E`."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from deployments.connection import connect
from deployments.desired import desired
from deployments.images.image import Image
from deployments.images.listing import Listing, changing, list_images, unchanged
from deployments.images.rebuild import rebuild_tag
from deployments.live.reading import read_live
from deployments.moves.choosing import choose_matching
from deployments.output import print_json, print_table, print_text
from deployments.redeploy import require_release
from utilities.errors import ParameterInvalid


def images(
    *patterns: str, environment: str, rebuild: str | None = None, json: bool = False
) -> None:
    """Show which images to build before `apply`, which exist, and which nobody needs any longer.

    One image serves all flows; a flow that brings its own requirements.txt or Dockerfile has one
    of its own, FROM that one. Only deployments that change get a new image. With --json `build`
    is a matrix for CI. Registries other than Amazon ECR are not asked what they have.

    Args:
        patterns: of names, as 'van-*', with --rebuild; all of them without one.
        environment: of environments.yaml.
        rebuild: list instead what `redeploy --rebuild` of the same name needs: the same commit
            built again.
        json: print for machines.
    """
    if patterns and rebuild is None:
        raise ParameterInvalid("Patterns choose what is rebuilt; they need --rebuild.")
    wanted = desired(Path.cwd(), environment)
    require_release(wanted)
    names = [each.identity.name for each in wanted.wanted]
    tag = None if rebuild is None else rebuild_tag(wanted.head.commit, rebuild)
    with connect(environment) as api:
        live = read_live(api, wanted.declaration.project)
        if tag is None:
            deployments = changing(wanted, live)
        else:
            deployments = unchanged(wanted, live, choose_matching(patterns or ("*",), names))
        listing = list_images(api, wanted, live, deployments, tag)
    if json:
        print_json(_content(listing))
    else:
        _print(listing)


def _print(listing: Listing) -> None:
    rows = [("to build", *_row(image)) for image in listing.build]
    rows += [("exists", *_row(image)) for image in listing.existing]
    if rows:
        print_table(("", "Name", "Image", "From", "Dockerfile"), rows)
    else:
        print_text("No image has to be built.")
    if listing.unreferenced:
        print_text("\nNo deployment runs these, or would go back to them:")
        for address in listing.unreferenced:
            print_text(f"  {address}")
    for repository in listing.unknown:
        print_text(f"{repository} is not at Amazon ECR: nobody was asked what exists there.")


def _row(image: Image) -> tuple[str, ...]:
    recipe = image.dockerfile or "(made from its requirements.txt: see --json)"
    return (image.name, image.address, image.base or "–", recipe)


def _content(listing: Listing) -> dict[str, Any]:
    return {
        "build": [image.content() for image in listing.build],
        "existing": [replace(image, needs=()).content() for image in listing.existing],
        "unreferenced": list(listing.unreferenced),
        "unknown": list(listing.unknown),
    }
