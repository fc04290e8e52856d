"""One module for each command: its arguments, what it calls, how it prints."""
