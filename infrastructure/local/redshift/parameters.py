"""SET, RESET and SHOW: parameters that only Redshift has are kept without an effect.

Source: https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html
"""

import re

from infrastructure.local.redshift.steps import Forward, Settings, Step, encode
from infrastructure.local.redshift.translation.spelling import spell_names

CASE_SENSITIVE = "enable_case_sensitive_identifier"

WITHOUT_EFFECT = frozenset(f"""
    analyze_threshold_percent cast_super_null_on_error {CASE_SENSITIVE} describe_field_name_in_uppercase
    downcase_delimited_identifier enable_case_sensitive_super_attribute enable_numeric_rounding
    enable_result_cache_for_session enable_vacuum_boost error_on_nondeterministic_update
    json_serialization_enable json_serialization_parse_nested_strings max_concurrency_scaling_clusters
    max_cursor_result_set_size mv_enable_aqmv_for_session navigate_super_null_on_error
    parse_super_null_on_error pg_federation_repeatable_read query_group
    r_enable_default_spectrum_query_acceleration spectrum_enable_pseudo_columns
    spectrum_query_maxerror stored_proc_log_min_messages use_fips_ssl wlm_query_slot_count
    """.split())

_PARAMETER = re.compile(
    r"(?P<start>\s*(?:SET|RESET|SHOW)\s+(?:(?:SESSION|LOCAL)\s+)?)(?P<name>\w+)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_VALUE = re.compile(r"\s*(?:TO|=)\s*'?(\w+)", re.IGNORECASE)


def set_parameter(sql: str, settings: Settings) -> Step:
    """SET name TO value."""
    found = _PARAMETER.fullmatch(sql)
    if found is not None and found["name"].lower() == CASE_SENSITIVE:
        value = _VALUE.match(found["rest"])
        settings.case_sensitive = value is not None and value[1].lower() in ("true", "on", "1", "t")
    return Forward(encode(_prefixed(spell_names(sql, settings))))


def reset_parameter(sql: str, settings: Settings) -> Step:
    """RESET name, or ALL."""
    found = _PARAMETER.fullmatch(sql)
    if found is not None and found["name"].lower() in (CASE_SENSITIVE, "all"):
        settings.case_sensitive = False
    return Forward(encode(_prefixed(sql)))


def show(sql: str, settings: Settings) -> Step:
    """SHOW name."""
    return Forward(encode(_prefixed(sql)))


def _prefixed(sql: str) -> str:
    """PostgreSQL keeps any parameter whose name has a prefix."""
    found = _PARAMETER.fullmatch(sql)
    if found is None or found["name"].lower() not in WITHOUT_EFFECT:
        return sql
    return f"{found['start']}redshift.{found['name']}{found['rest']}"
