"""The documented EveryAction API v4 on loopback, as far as the flows use it."""
