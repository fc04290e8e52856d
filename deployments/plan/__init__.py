"""What is live against what is wanted, field by field; writes nothing."""
