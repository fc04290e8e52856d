"""Our loads against those of others: same rows, same servers, same run, same verified result."""
