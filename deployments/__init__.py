"""What is deployed against what should be: `python -m deployments --help`.

    prefect.yaml + environments.yaml + flows/ ──► Configuration, Fingerprint ──► Wanted ┐
                                                                                       ├─► plan ─► apply
    Prefect server ─────────────────────────────────────────────────► Live ────────────┘

Reads flows as files; imports one only to read its parameters' schema, in a process of its own. Does
not import Prefect: that alone takes longer than to compare two hundred deployments.
"""
