"""MERGE: PostgreSQL's serves, when it has the two clauses that Redshift's has.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html
"""

from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.reading import tokens
from infrastructure.local.redshift.refusals import not_available
from infrastructure.local.redshift.steps import Forward, Settings, Step, encode
from infrastructure.local.redshift.translation import translate_statement


def merge(sql: str, settings: Settings) -> Step:
    """MERGE INTO target USING source ON ... WHEN MATCHED ... WHEN NOT MATCHED ...

    Raises:
        FrontError: a clause is missing or stands twice, or it asks for REMOVE DUPLICATES.
    """
    words = [token.upper for token in tokens(sql)]
    pairs = list(zip(words, words[1:], strict=False))
    if ("REMOVE", "DUPLICATES") in pairs:
        raise not_available("MERGE ... REMOVE DUPLICATES", "Write both WHEN clauses.")
    matched, unmatched = pairs.count(("WHEN", "MATCHED")), pairs.count(("WHEN", "NOT"))
    if (matched, unmatched) != (1, 1):
        raise FrontError(
            "syntax error: MERGE has one WHEN MATCHED and one WHEN NOT MATCHED clause, "
            f"found {matched} and {unmatched}",
            sqlstate="42601",
        )
    return Forward(encode(translate_statement(sql, settings)))
