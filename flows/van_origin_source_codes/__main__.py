"""`python -m flows.van_origin_source_codes`: see `--help`."""

from flows.van_origin_source_codes import van_origin_source_codes
from utilities.command_line import run

if __name__ == "__main__":
    run(van_origin_source_codes)
