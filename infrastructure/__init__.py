"""What flows stand on: the same services in production and on a laptop."""
