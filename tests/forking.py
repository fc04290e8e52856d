"""Where processes of tests are forked from: a server that has imported already what they need.

An import of Prefect, pyarrow and boto3 costs more than most of what is then done with them. The
server is multiprocessing's own, of which a session has one; it has no threads, runs nothing of
what it has imported, and ends with the session.
"""

import multiprocessing

FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(
    [
        "prefect",
        "prefect.artifacts",
        "prefect.concurrency.sync",
        "prefect.events",
        "prefect.flow_engine",
        "prefect.task_engine",
        "prefect.task_runners",
        "prefect.utilities.visualization",
        "boto3.s3.inject",
        "cyclopts.help",
        "fastapi.encoders",
        "pandas",
        "psycopg2.extras",
        "utilities.redshift",
        "utilities.staging",
    ]
)
