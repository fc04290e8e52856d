"""Blocks: where results are kept, and where messages go.

A block has no room for a mark: its name, which begins with project and environment and which
nothing else gives, says whose it is. https://docs.prefect.io/v3/concepts/blocks
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from httpx import HTTPError

from blocks.ecs.ground import results_block
from blocks.objects import Api, Hidden, Live, Wanted, pages
from blocks.scope import Scope
from utilities.errors import PrefectUnavailable

if TYPE_CHECKING:
    from prefect.blocks.core import Block

RESULTS, SLACK, WEBHOOK = "s3-bucket", "slack-webhook", "custom-webhook"
TYPES = {"slack": SLACK, "webhook": WEBHOOK}
"""Of notifications: what Prefect calls those of environments.yaml."""

FOLDER = "results"
"""Where runs may write in the bucket: the role of the stacks ends there."""

ADDRESS = "address"
MESSAGE = {"subject": "{{subject}}", "body": "{{body}}", "text": "{{subject}}\n{{body}}"}
"""What a webhook gets as JSON: Prefect fills it in."""

KEYS = (
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "profile_name",
    "assume_role_arn",
    "minio_root_user",
    "minio_root_password",
)
"""What credentials inside a bucket's block could hold. Runs have their task's role."""


class Documents:
    """Those of an environment."""

    noun = "block"

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def wanted(self) -> Sequence[Wanted]:
        """Return those that stacks and environments.yaml ask for."""
        return list(self._wanted())

    def live(self, api: Api) -> Sequence[Live]:
        """Return those whose names are this environment's, and which are of their type."""
        names = {results_block(self._scope): RESULTS}
        names |= {notification_block(self._scope, kind): slug for kind, slug in TYPES.items()}
        items = _items(api, list(names), include_secrets=True)
        return [
            Live(item["name"], item["id"], _fields(item), self._scope.owner)
            for item in items
            if names[item["name"]] == item["block_type"]["slug"]
        ]

    def refusal(self, live: Live, wanted: Wanted) -> str | None:
        """Any can hold any values."""
        return None

    def create(self, api: Api, wanted: Wanted) -> None:
        """Make one, and its type if this Prefect does not know it."""
        block = _class(wanted.fields["type"])
        try:
            block.register_type_and_schema()
        except HTTPError as error:
            raise PrefectUnavailable(
                f"{wanted.name}: Prefect did not take the type of this block "
                f"({type(error).__name__}). Run the command again: it goes on where it stopped."
            ) from error
        content = {
            "name": wanted.name,
            "data": _data(wanted),
            "block_type_id": str(block._block_type_id),
            "block_schema_id": str(block._block_schema_id),
        }
        api.request("POST", "/block_documents/", content)

    def update(self, api: Api, live: Live, wanted: Wanted) -> None:
        """Replace what it holds."""
        schema = api.request("GET", f"/block_documents/{live.id}")["block_schema_id"]
        content = {
            "data": _data(wanted),
            "block_schema_id": schema,
            "merge_existing_data": False,
        }
        api.request("PATCH", f"/block_documents/{live.id}", content)

    def delete(self, api: Api, live: Live) -> None:
        """Remove one; what lies in its bucket stays."""
        api.request("DELETE", f"/block_documents/{live.id}")

    def _wanted(self) -> Iterator[Wanted]:
        bucket = self._scope.outputs.get("ResultsBucketName")
        if bucket:
            kept = {"type": RESULTS, "bucket_name": bucket, "bucket_folder": FOLDER, "keys": []}
            yield Wanted(results_block(self._scope), kept)
        told = self._scope.platform.notifications
        if told is None:
            return
        name = notification_block(self._scope, told.type)
        fields: dict[str, Any] = {"type": TYPES[told.type]}
        if told.type == "webhook":
            fields |= {"url": f"{{{{{ADDRESS}}}}}", "method": "POST", "json_data": MESSAGE}
        if self._scope.address is not None:
            fields[ADDRESS] = self._scope.address
        yield Wanted(name, fields)


def notification_block(scope: Scope, kind: str) -> str:
    """Return the name of the block that messages go through.

    Args:
        scope: the environment.
        kind: of notifications; one block for each, because a block keeps its type.
    """
    return f"{scope.prefix}-{kind}"


def document_names(api: Api, scope: Scope) -> dict[str, str]:
    """Return the blocks that messages may go through: their names by their ids."""
    names = [notification_block(scope, kind) for kind in TYPES]
    return {item["id"]: item["name"] for item in _items(api, names)}


def _items(api: Api, names: list[str], include_secrets: bool = False) -> list[dict[str, Any]]:
    wanted = {"block_documents": {"name": {"any_": names}}, "include_secrets": include_secrets}
    return pages(api, "/block_documents/filter", wanted)


def _fields(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a block holds, as in `Wanted`."""
    slug, data = item["block_type"]["slug"], item["data"]
    if slug == RESULTS:
        credentials = data.get("credentials") or {}
        keys = [name for name in KEYS if credentials.get(name)]
        told = {name: data.get(name) for name in ("bucket_name", "bucket_folder")}
        return {"type": slug, **told, "keys": keys}
    if slug == SLACK:
        return {"type": slug, ADDRESS: Hidden(data.get("url"))}
    # A webhook that somebody else wrote may have its address in the open.
    is_ours = "{{" in str(data.get("url"))
    address = (data.get("secrets") or {}).get(ADDRESS) if is_ours else data.get("url")
    return {
        "type": slug,
        "url": data["url"] if is_ours else Hidden(data.get("url")),
        "method": data.get("method"),
        "json_data": data.get("json_data"),
        ADDRESS: Hidden(address),
    }


def _data(wanted: Wanted) -> dict[str, Any]:
    """Return what a block is to hold, as Prefect keeps it."""
    fields = wanted.fields
    if fields["type"] == RESULTS:
        told = {name: fields[name] for name in ("bucket_name", "bucket_folder")}
        return {**told, "credentials": {"block_type_slug": "aws-credentials"}}
    if fields["type"] == SLACK:
        return {"url": fields[ADDRESS]}
    told = {name: fields[name] for name in ("url", "method", "json_data")}
    return {"name": wanted.name, **told, "secrets": {ADDRESS: fields[ADDRESS]}}


def _class(slug: str) -> "type[Block]":
    if slug == RESULTS:
        from prefect_aws import S3Bucket

        return S3Bucket
    from prefect.blocks.notifications import CustomWebhookNotificationBlock, SlackWebhook

    return SlackWebhook if slug == SLACK else CustomWebhookNotificationBlock
