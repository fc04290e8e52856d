"""What `ObjectStore` itself does not offer: streams into S3, and links that others may read."""

from typing import IO, TYPE_CHECKING

from utilities.objects import ObjectStore
from utilities.objects.credentials import aws_session
from utilities.objects.refusals import explained
from utilities.references import storage_parts
from utilities.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PART_BYTES = 8 << 20
"""Parts of a multipart upload; at least 5 MiB.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html"""


def put_stream(store: ObjectStore, uri: str, source: IO[bytes]) -> None:
    """Write an S3 object from a stream, in bounded memory; it appears whole, or not at all."""
    from boto3.s3.transfer import TransferConfig

    bucket, key = storage_parts(uri)
    layout = TransferConfig(
        multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, max_concurrency=2
    )
    # Ten parts wait in memory otherwise.
    layout.max_in_memory_upload_chunks = 2
    client: S3Client = store._client
    with explained(uri):
        client.upload_fileobj(source, bucket, key, Config=layout)


def signed_link(uri: str, settings: Settings, seconds: int) -> str:
    """Return a link with which anybody may read an S3 object for a while.

    With temporary credentials it ends with them. Version 4 of the signature, which boto3 does not
    choose by itself, is the only one that newer buckets accept:
    https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    """
    from botocore.config import Config

    bucket, key = storage_parts(uri)
    with explained(uri):
        client = aws_session(settings).client(
            "s3",
            endpoint_url=settings.aws_endpoint_url,
            config=Config(signature_version="s3v4"),
        )
        link: str = client.generate_presigned_url(
            "get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=seconds
        )
        client.close()
    return link
