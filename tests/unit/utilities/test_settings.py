"""Settings: read once, complete in their complaints, silent about secrets."""

from pathlib import Path

import pytest
from dotenv import dotenv_values

from utilities.errors import SettingsInvalid
from utilities.settings import Settings, is_warehouse_configured, load_settings

REPOSITORY = Path(__file__).parents[3]

COMPLETE = {
    "REDSHIFT_HOST": "warehouse.example.org",
    "REDSHIFT_DB": "dev",
    "REDSHIFT_USERNAME": "loader",
    "REDSHIFT_PASSWORD": "not-a-real-password",
    "S3_TEMP_BUCKET": "staging-bucket",
}


@pytest.fixture
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment without any of our variables, in a folder without a .env."""
    for field in Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def test_a_complete_environment_is_read(nothing_set: pytest.MonkeyPatch) -> None:
    """The variables that parsons and boto3 use are all that is needed; the port has a default."""
    for name, value in COMPLETE.items():
        nothing_set.setenv(name, value)
    settings = load_settings()
    assert settings.redshift_host == "warehouse.example.org"
    assert settings.redshift_port == 5439
    assert settings.redshift_iam_role is None


def test_the_env_file_is_read_and_the_environment_wins(
    nothing_set: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """.env fills what the environment leaves open."""
    lines = [f"{name}={value}" for name, value in COMPLETE.items()]
    (tmp_path / ".env").write_text("\n".join(lines))
    nothing_set.setenv("REDSHIFT_DB", "other")
    settings = load_settings()
    assert (settings.redshift_host, settings.redshift_db) == ("warehouse.example.org", "other")


def test_every_problem_is_named_at_once(nothing_set: pytest.MonkeyPatch) -> None:
    """One message lists each variable, what was found, what was expected and where to set it."""
    nothing_set.setenv("REDSHIFT_HOST", "warehouse.example.org")
    nothing_set.setenv("REDSHIFT_PORT", "54x9")
    nothing_set.setenv("S3_TEMP_BUCKET", "No_Bucket")
    with pytest.raises(SettingsInvalid) as caught:
        load_settings()
    assert str(caught.value).splitlines() == [
        "5 settings need attention. Set them in the environment or in .env "
        "(.env.example describes each):",
        "  REDSHIFT_PORT: found '54x9'; expected a whole number, 1 to 65535.",
        "  REDSHIFT_DB: missing; expected name of the database.",
        "  REDSHIFT_USERNAME: missing; expected name of the database user.",
        "  REDSHIFT_PASSWORD: missing; expected password of the database user.",
        "  S3_TEMP_BUCKET: found 'No_Bucket'; expected name of the bucket for staged files: "
        "3 to 63 of a-z, 0-9, '.' and '-'.",
    ]


def test_settings_cannot_be_changed_and_hide_their_secrets(
    nothing_set: pytest.MonkeyPatch,
) -> None:
    """The object is frozen, and printing it shows no password."""
    for name, value in COMPLETE.items():
        nothing_set.setenv(name, value)
    settings = load_settings()
    assert "not-a-real-password" not in repr(settings)
    with pytest.raises(ValueError, match="frozen"):
        settings.redshift_db = "other"  # type: ignore[misc]


def test_an_empty_variable_is_as_good_as_none(nothing_set: pytest.MonkeyPatch) -> None:
    """A copied, unfilled .env.example configures no warehouse."""
    nothing_set.setenv("REDSHIFT_HOST", "")
    assert not is_warehouse_configured()
    nothing_set.setenv("REDSHIFT_HOST", "warehouse.example.org")
    assert is_warehouse_configured()


def test_the_example_documents_every_variable_and_no_other() -> None:
    """.env.example and the settings class name the same variables, plus Prefect's own two."""
    documented = dotenv_values(REPOSITORY / ".env.example")
    expected = {field.upper() for field in Settings.model_fields}
    assert set(documented) == expected | {"PREFECT_API_URL", "PREFECT_API_KEY"}


def test_the_example_holds_no_values_but_defaults() -> None:
    """Nothing in .env.example could be a credential of somebody."""
    documented = dotenv_values(REPOSITORY / ".env.example")
    assert {name: value for name, value in documented.items() if value} == {
        "REDSHIFT_PORT": "5439",
        "VAN_DB": "EveryAction",
        "VAN_REQUESTS_PER_SECOND": "2",
    }
