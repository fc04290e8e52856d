"""Where secrets lie."""

from infrastructure.cloud.secret_names import parameter_name


def test_every_environment_has_a_folder_of_its_own() -> None:
    """Its roles may read below it alone."""
    assert parameter_name("labs", "VAN_API_KEY") == "/PrefectFlows/labs/VAN_API_KEY"
