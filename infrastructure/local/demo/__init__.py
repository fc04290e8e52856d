"""What `make demo` shows: real data, loaded by a real flow, looked at with SQL."""
