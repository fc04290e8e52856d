"""How fast deployments are brought up to date, against `prefect deploy --all` on the same files.

Run: .venv/bin/python -m benchmarks.deployments
"""
