"""`python -m infrastructure`: see `--help`."""

from infrastructure.cloud.command_line import main

if __name__ == "__main__":
    main()
