"""Questions to AWS, and its refusals told apart by their codes.

Stands on boto3, which takes credentials, profile and AWS_ENDPOINT_URL from the surroundings. Loaded
when something is asked for the first time: it takes half a second.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from utilities.errors import AccessDenied, ApiRefused, ApiUnavailable, FlowError

CONNECT_SECONDS = 10
SERVER_FAILED = 500

LATER = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "TooManyUpdates",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "InternalFailure",
    "InternalServerError",
    "ServerException",
}
MAY_NOT = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "OptInRequired"}
ENDED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
UNKNOWN = {
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "AuthFailure",
}
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html and the
pages of the same name of SSM, ECS, IAM and EC2, which spell them in other ways."""

SIGN_IN = "Sign in again (`aws sso login`, or new AWS_* variables), then run again."


class Aws:
    """AWS in one region, as the surroundings let one in."""

    def __init__(self, region: str) -> None:
        self.region = region
        self._session: Any = None
        self._clients: dict[str, Any] = {}

    def ask(self, service: str, operation: str, what: str, /, **arguments: Any) -> Any:
        """Return the answer to one request.

        Args:
            service: as boto3 calls it.
            operation: the method of its client, such as describe_stacks.
            what: it is about, for messages.
            arguments: of the operation.

        Raises:
            AccessDenied: there are no credentials, or they may not.
            ApiUnavailable: AWS did not answer, or asked to slow down, several times.
            ApiRefused: AWS refused for another reason; its code is the first of `reasons`.
        """
        with _explained(service, operation, what):
            return getattr(self._client(service), operation)(**arguments)

    def pages(self, service: str, operation: str, what: str, /, **arguments: Any) -> Iterator[Any]:
        """Yield the answers to a request whose answer may have several pages; raises as `ask`."""
        with _explained(service, operation, what):
            yield from self._client(service).get_paginator(operation).paginate(**arguments)

    def accepted(self, service: str, operation: str) -> frozenset[str]:
        """Return the names of what an operation takes, such as RegisterTaskDefinition."""
        with _explained(service, operation, service):
            model = self._client(service).meta.service_model.operation_model(operation)
            return frozenset(model.input_shape.members)

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            import boto3
            from botocore.config import Config

            # How often is left to AWS_MAX_ATTEMPTS; the older mode does not wait when throttled.
            settings = Config(retries={"mode": "standard"}, connect_timeout=CONNECT_SECONDS)
            self._session = self._session or boto3.Session()
            self._clients[service] = self._session.client(
                service, region_name=self.region, config=settings
            )
        return self._clients[service]


def code_of(refusal: ApiRefused) -> str:
    """Return AWS's code of a refusal."""
    return refusal.reasons[0][0]


@contextmanager
def _explained(service: str, operation: str, what: str) -> Iterator[None]:
    from botocore import exceptions as aws
    from botocore.parsers import ResponseParserError

    try:
        yield
    except aws.ClientError as error:
        raise _from_answer(service, what, error) from None
    except (aws.SSOError, aws.LoginError, aws.TokenRetrievalError):
        raise AccessDenied(f"{what}: the sign-in to AWS has ended. {SIGN_IN}") from None
    except (aws.NoCredentialsError, aws.PartialCredentialsError, aws.CredentialRetrievalError):
        raise AccessDenied(
            f"{what}: no AWS credentials were found, or they are not whole. Sign in (`aws sso "
            "login`), set AWS_PROFILE or the AWS_* variables, or run where a role is attached."
        ) from None
    except (aws.ConnectionError, aws.HTTPClientError, ResponseParserError) as error:
        raise ApiUnavailable(
            f"{what}: AWS could not be reached for {service}:{operation} ({type(error).__name__}). "
            "Check the network, the region and AWS_ENDPOINT_URL, then run again."
        ) from None
    except aws.BotoCoreError as error:
        raise AccessDenied(
            f"{what}: the AWS client could not be used: {error}. Check the AWS_* settings and the "
            "region in environments.yaml."
        ) from None


def _from_answer(service: str, what: str, error: Any) -> FlowError:
    answer = error.response.get("Error", {})
    code = str(answer.get("Code", "unknown"))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    action = f"{service}:{error.operation_name}"
    if code in ENDED:
        return AccessDenied(f"{what}: the sign-in to AWS has ended ({code}). {SIGN_IN}")
    if code in UNKNOWN:
        return AccessDenied(
            f"{what}: AWS does not accept the credentials ({code}). Check AWS_PROFILE and the "
            "AWS_* variables."
        )
    if code in MAY_NOT:
        return AccessDenied(
            f"{what}: the credentials in use may not do {action} ({code}). Use a role that may, or "
            f"add the permission. AWS says: {answer.get('Message', '')}"
        )
    if code in LATER or status >= SERVER_FAILED:
        return ApiUnavailable(f"{what}: AWS answered {code} to {action}. Run again later.")
    message = str(answer.get("Message", ""))
    return ApiRefused(
        f"{what}: AWS refused {action} ({code}): {message}",
        status=status,
        reasons=((code, message),),
    )
