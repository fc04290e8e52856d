"""Decides for each statement of a query string: pass on, translate, carry out or refuse."""

import logging
import re
from collections.abc import Callable

from infrastructure.local.redshift import definitions, maintenance, merging, parameters
from infrastructure.local.redshift.copy_from_s3 import run_copy
from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.reading import first_words, split
from infrastructure.local.redshift.refusals import not_supported, refusal_sql
from infrastructure.local.redshift.steps import Action, Forward, Settings, Step, encode
from infrastructure.local.redshift.translation import translate_statement
from infrastructure.local.redshift.translation.spelling import spell_names
from infrastructure.local.redshift.unload_to_s3 import run_unload

log = logging.getLogger("redshift")

Reader = Callable[[str, Settings], Step]

TRANSACTION_WORDS = frozenset("BEGIN START COMMIT END ROLLBACK ABORT".split())
DATA_WORDS = frozenset("SELECT WITH INSERT UPDATE DELETE VALUES EXPLAIN DECLARE".split())
POSTGRES_ONLY = frozenset(
    "DO LISTEN NOTIFY UNLISTEN REINDEX CLUSTER CHECKPOINT LOAD IMPORT".split()
)
COPY_STREAM = re.compile(r"\b(?:FROM\s+STDIN|TO\s+STDOUT)\b", re.IGNORECASE)


def plan(sql: bytes, settings: Settings) -> list[Step]:
    """The steps for a query string, at least one.

    A string that means the same to PostgreSQL comes back as one Forward of the same object.
    """
    text = sql.decode("utf-8", "surrogateescape")
    statements = split(text)
    steps = [plan_statement(statement, settings) for statement in statements]
    if all(isinstance(step, Forward) for step in steps):
        if b";".join(encode(statement) for statement in statements) == b";".join(
            step.sql for step in steps if isinstance(step, Forward)
        ):
            return [Forward(sql, any(step.alone for step in steps))]
    return _join(steps)


def plan_statement(sql: str, settings: Settings) -> Step:
    """The step for one statement; a refusal is a statement that raises it."""
    try:
        return _read(sql, settings)
    except FrontError as error:
        return Forward(encode(refusal_sql(error)))
    except Exception as caught:
        log.exception("a statement could not be read")
        what = f"the local Redshift failed to read the statement: {type(caught).__name__}: {caught}"
        return Forward(encode(refusal_sql(FrontError(what))))


def _read(sql: str, settings: Settings) -> Step:
    word, second = first_words(sql)
    if word in DATA_WORDS:
        return Forward(encode(translate_statement(sql, settings)))
    if word in TRANSACTION_WORDS:
        return Forward(encode(sql), alone=True)
    reader = READERS.get(word)
    if reader is not None:
        return reader(sql, settings)
    if word in POSTGRES_ONLY:
        raise not_supported(word)
    return Forward(encode(translate_statement(sql, settings)))


def _copy(sql: str, settings: Settings) -> Step:
    if COPY_STREAM.search(sql):
        return Forward(encode(translate_statement(sql, settings)))
    return Action(spell_names(sql, settings), run_copy)


def _unload(sql: str, settings: Settings) -> Step:
    return Action(sql, run_unload)


READERS: dict[str, Reader] = {
    "COPY": _copy,
    "UNLOAD": _unload,
    "CREATE": definitions.create,
    "ALTER": definitions.alter,
    "DROP": definitions.drop,
    "MERGE": merging.merge,
    "TRUNCATE": maintenance.truncate,
    "VACUUM": maintenance.vacuum,
    "ANALYZE": maintenance.analyze,
    "ANALYSE": maintenance.analyze,
    "SET": parameters.set_parameter,
    "RESET": parameters.reset_parameter,
    "SHOW": parameters.show,
}


def _join(steps: list[Step]) -> list[Step]:
    """Neighbours that PostgreSQL answers become one string for it."""
    joined: list[Step] = []
    for step in steps:
        last = joined[-1] if joined else None
        if isinstance(step, Forward) and isinstance(last, Forward):
            joined[-1] = Forward(last.sql + b";" + step.sql, last.alone or step.alone)
        else:
            joined.append(step)
    return joined or [Forward(b"")]
