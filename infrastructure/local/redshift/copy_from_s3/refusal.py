"""Why Redshift refuses a row: codes and reasons as stl_load_errors shows them.

Codes: https://docs.aws.amazon.com/redshift/latest/dg/r_Load_Error_Reference.html
"""

EXTRA_COLUMNS = 1202
FEWER_COLUMNS = 1203
OUT_OF_RANGE = 1204
BAD_DATE = 1205
BAD_TIMESTAMP = 1206
BAD_DIGIT = 1207
BAD_FLOAT = 1208
BAD_DECIMAL = 1209
BAD_BOOLEAN = 1210
MISSING_VALUE = 1213
DELIMITER_NOT_FOUND = 1214
BAD_LINE = 1216
BAD_UTF8 = 1220
OVERFLOW = 1222
BAD_SUPER = 1224


class Refusal(Exception):
    """One value, or one line, that Redshift would not load.

    Attributes:
        code: Redshift's error code.
        reason: its text.
        position: offset of the fault inside the field, in bytes.
    """

    def __init__(self, code: int, reason: str, position: int = 0) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.position = position
