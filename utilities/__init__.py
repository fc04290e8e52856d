"""The shelf: reusable tasks (`utilities.tasks`) on top of a core that knows no Prefect."""
