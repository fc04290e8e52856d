"""Every error that a person is meant to read, classed by what the reader does next.

    FlowError
    ├── TryAgain                 wait, then run the same thing again
    │   ├── WarehouseUnavailable     Redshift did not answer, or dropped the connection
    │   ├── StorageUnavailable       S3 did not answer, or asked to slow down
    │   ├── ApiUnavailable           an API did not answer, or asked to slow down
    │   ├── PrefectUnavailable       Prefect's server did not answer
    │   ├── LinkExpired              a link to a file is too old: ask the API for a new one
    │   └── ExportIncomplete         an export failed at the API, or is not whole
    ├── MendConfiguration        change a setting, a permission or a flow's parameter
    │   ├── SettingsInvalid          a variable is missing or malformed
    │   ├── AccessDenied             a credential was refused
    │   ├── ParameterInvalid         a flow or task was called with something it cannot use
    │   ├── SourceNotFound           no such file, prefix or bucket
    │   ├── WatermarkTooOld          the source no longer tells what changed since then
    │   ├── EgressMismatch           a run reaches others from an address that is not declared
    │   ├── LimitMissing             a limit that Prefect is to hold does not exist there
    │   ├── DiskFull                 the folder for temporary files has no room
    │   ├── QueryRefused             Redshift refused a statement of a query or a file
    │   ├── DeclarationInvalid       prefect.yaml or environments.yaml says what cannot be
    │   ├── RepositoryNotReady       git has no such commit, or files differ from the commit
    │   ├── FlowBroken               a flow's module does not import
    │   ├── PrefectRefused           Prefect's server refused what it was sent
    │   └── ChangeRefused            a guard stopped a change that was probably not meant
    ├── MendData                 change the file or the table
    │   ├── FileUnreadable           the bytes are not the format they claim to be
    │   ├── SchemaMismatch           a column's values do not fit the column they go to
    │   ├── KeyInvalid               an upsert key is missing, null or not unique
    │   ├── LoadRejected             Redshift refused rows
    │   ├── ApiRefused               an API refused what it was sent
    │   └── ChecksFailed             a table breaks rules that were declared for it
    ├── OutcomeUnknown           look whether it took effect, then decide whether to run it again
    └── InvariantBroken          a fault in this software: report it

A message names the object, what was found, what was expected and the next step. No message
holds a credential.
"""


class FlowError(Exception):
    """Base of every error raised on purpose by this repository."""


class TryAgain(FlowError):
    """Nothing is wrong with the data or the configuration: a retry may succeed."""


class WarehouseUnavailable(TryAgain):
    """Redshift did not answer, or the connection was lost."""


class StorageUnavailable(TryAgain):
    """S3 did not answer, or asked to slow down."""


class ApiUnavailable(TryAgain):
    """An API did not answer, or asked to slow down; nothing that was sent took effect."""


class PrefectUnavailable(TryAgain):
    """Prefect's server, which shares a limit out among runs, did not answer."""


class LinkExpired(TryAgain):
    """A link to a file is no longer valid; the API gives new ones."""


class ExportIncomplete(TryAgain):
    """An export failed at the API, or has not all the rows that it claims; a new one may."""


class MendConfiguration(FlowError):
    """A setting, a permission or a parameter has to change first."""


class SettingsInvalid(MendConfiguration):
    """One or more environment variables are missing or malformed; the message lists all."""


class AccessDenied(MendConfiguration):
    """A credential was refused by Redshift, AWS or an API."""


class ParameterInvalid(MendConfiguration):
    """A flow or a task was called with a value that it cannot use."""


class SourceNotFound(MendConfiguration):
    """A file, a prefix or a bucket does not exist."""


class WatermarkTooOld(MendConfiguration):
    """The source keeps changes for a while only, and the last load is older than that."""


class EgressMismatch(MendConfiguration):
    """A run reaches others from an address that is not declared, so not on their allow lists."""


class LimitMissing(MendConfiguration):
    """A limit that Prefect is to hold does not exist there; without it nothing is limited."""


class DiskFull(MendConfiguration):
    """The folder for temporary files has no room."""


class QueryRefused(MendConfiguration):
    """Redshift refused a statement: its text, or what it does with the data, has to change."""


class DeclarationInvalid(MendConfiguration):
    """prefect.yaml or environments.yaml says what cannot be; the message lists everything."""


class RepositoryNotReady(MendConfiguration):
    """Git has no such commit or branch, or the files are not those of a commit."""


class FlowBroken(MendConfiguration):
    """A flow cannot be imported, so nobody knows its parameters."""


class PrefectRefused(MendConfiguration):
    """Prefect's server refused what it was sent.

    Attributes:
        status: of the HTTP answer.
    """

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class ChangeRefused(MendConfiguration):
    """A guard stopped a change that was probably not meant; the message says how to insist."""


class MendData(FlowError):
    """A file or a table has to change first."""


class FileUnreadable(MendData):
    """The bytes of a file are not what its format requires."""


class SchemaMismatch(MendData):
    """Values do not fit the column that they go to."""


class KeyInvalid(MendData):
    """An upsert key is missing, null, or occurs twice in one batch."""


class LoadRejected(MendData):
    """Redshift refused rows; nothing was loaded."""


class ApiRefused(MendData):
    """An API refused what it was sent; its reason is in the message.

    Attributes:
        status: of the HTTP answer; 0 when the refusal was not one.
        reasons: the API's own (code, text) pairs, in its order.
    """

    def __init__(
        self, message: str, *, status: int = 0, reasons: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(message)
        self.status = status
        self.reasons = reasons

    @property
    def reason(self) -> str:
        """The API's own words, without its codes."""
        return "; ".join(text for _, text in self.reasons)


class ChecksFailed(MendData):
    """A table breaks rules of severity 'fail' that were declared for it."""


class OutcomeUnknown(FlowError):
    """The answer was lost to something that cannot be repeated safely and may have happened."""


class InvariantBroken(FlowError):
    """A promise of this software did not hold; nothing was committed."""
