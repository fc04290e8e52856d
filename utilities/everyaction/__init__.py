"""EveryAction / NGPVAN: parsons, with time limits, retries and a rate that is kept."""
