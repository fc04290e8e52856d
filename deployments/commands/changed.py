"""`python -m deployments changed`."""

from pathlib import Path

from deployments.changed import changed as find_changes
from deployments.changed import telling
from deployments.output import print_json, print_table, print_text


def changed(*, base: str, json: bool = False, markdown: bool = False) -> None:
    """Show which deployments the working tree changes, and why; asks git alone.

    Compares with the commit in which HEAD and the base part. Files that are not committed yet count
    too.

    Args:
        base: branch, tag or commit to compare with, such as origin/main.
        json: print for machines.
        markdown: print for a pull request.
    """
    changes = find_changes(Path.cwd(), base)
    if json:
        print_json(telling.content(changes))
    elif markdown:
        print_text(telling.markdown(changes))
    else:
        if changes.deployments:
            print_table(telling.COLUMNS, telling.rows(changes))
        print_text(telling.summary(changes))
