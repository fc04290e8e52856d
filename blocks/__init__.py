"""What Prefect holds for the flows, as code: `python -m blocks` makes it so."""
