"""A server that answers like Amazon Redshift, in front of a PostgreSQL on the same machine.

Clients speak PostgreSQL's wire protocol to it. What means the same on both sides passes through
byte for byte; what only Redshift knows is carried out here, and what cannot be is refused.
"""
