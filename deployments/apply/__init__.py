"""A plan carried out: each deployment whole or not at all."""
