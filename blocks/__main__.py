"""`python -m blocks`: see `--help`."""

from blocks.command_line import main

if __name__ == "__main__":
    main()
