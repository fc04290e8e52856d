"""One module for each kind of objects at Prefect."""
