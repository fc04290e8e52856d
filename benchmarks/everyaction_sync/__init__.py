"""The sync of changed entities: proven at full size, and compared with a plain parsons script."""
