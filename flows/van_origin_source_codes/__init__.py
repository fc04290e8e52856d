"""Apply origin source codes from a Redshift table to people at EveryAction, each once.

For codes that are decided in the warehouse. Each pair of person and code is applied at most once,
however often this runs, whatever dies on the way and however many runs work at the same time.
"""

from pathlib import Path

from prefect import flow

from utilities.tasks.changed_entities import check_api_access
from utilities.tasks.codes import Delivered, DeliveryOptions, apply_codes
from utilities.tasks.deliveries_report import publish_deliveries
from utilities.tasks.reading import execute_sql_file

FOLDER = Path(__file__).parent


@flow(name="van_origin_source_codes")
def van_origin_source_codes(
    *, dry_run: bool = False, retry_refused: bool = False, lease_seconds: int = 300
) -> Delivered:
    """Apply the codes of van.origin_source_codes (van_id, code_id) to people at EveryAction.

    People who do not exist and codes that do not apply are set aside with the API's reason, in
    prefect_flows.deliveries; the rest goes on.

    Args:
        dry_run: show what would be sent; send nothing.
        retry_refused: send once more what was refused before.
        lease_seconds: how long the pairs that a run has claimed belong to it; another run takes
            over those of a run that was killed when that time is over.

    Returns:
        How many were sent, were done before, were refused, are left.
    """
    options = DeliveryOptions(retry_refused=retry_refused, lease_seconds=lease_seconds)
    execute_sql_file(FOLDER / "schema.sql")
    check_api_access()
    query = (FOLDER / "people_and_codes.sql").read_text(encoding="utf-8")
    delivered = apply_codes(query, options=options, dry_run=dry_run)
    publish_deliveries(delivered, dry_run=dry_run)
    return delivered
