"""Redshift's way of telling a failure: one line, and a boxed detail for the rest."""

from infrastructure.local.redshift.errors import FrontError


def failure(message: str, *, context: str = "", code: int = 8001, hint: str = "") -> FrontError:
    """Return an XX000 error with the detail box that Redshift sends and clients pick apart.

    Args:
        message: one line.
        context: the object that was being worked on.
        code: Redshift's own number: 8001 for COPY, 15007 for a scan of columnar files.
        hint: the next step.
    """
    rule = " -----------------------------------------------"
    lines = [
        "",
        rule,
        f"  error:  {message}",
        f"  code:      {code}",
        f"  context:   {context}",
        rule,
    ]
    return FrontError(message, sqlstate="XX000", detail="\n".join(lines), hint=hint)
