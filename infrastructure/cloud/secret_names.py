"""Where the secrets of an environment lie: parameters of SSM, never their values."""

ROOT = "/PrefectFlows"
"""The roles of the stacks may read below it alone."""


def folder_name(environment: str) -> str:
    """Return the path below which all secrets of an environment are."""
    return f"{ROOT}/{environment}"


def parameter_name(environment: str, name: str) -> str:
    """Return the name of the parameter that holds a secret."""
    return f"{folder_name(environment)}/{name}"
