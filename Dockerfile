# One image for the worker and for every run. The last stage is what deployments name; `local` is
# the local stack of docker-compose.yml, and part of no other image.

# The patch of Python and the release of Debian are chosen here. No digest: a rebuild is to get the
# newest image of this tag (`docker build --pull`), and Debian's own repairs on top.
ARG PYTHON_IMAGE=python:3.11.17-slim-trixie

# ---- packages: what requirements.txt locks, and nothing else ------------------------------------
FROM ${PYTHON_IMAGE} AS packages

# parsons has no wheel. Without isolation it is built by a setuptools with a checksum, instead of by
# whatever is newest on that day.
ARG SETUPTOOLS="setuptools==84.2.1 --hash=sha256:ca140b45d5325a9478f880e351484f62fef15f336462e449ca0c03c873d589c2"

ENV PATH=/opt/venv/bin:$PATH \
    PIP_DISABLE_PIP_VERSION_CHECK=1

RUN python -m venv /opt/venv \
    && echo "${SETUPTOOLS}" > /tmp/setuptools.txt \
    && pip install --no-cache-dir --require-hashes --only-binary :all: --requirement /tmp/setuptools.txt

WORKDIR /tmp
COPY requirements.txt requirements.txt
# The lock is complete, so nothing is resolved here; `pip check` says whether it is.
RUN pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: --no-binary parsons \
        --no-build-isolation --requirement requirements.txt \
    && pip uninstall --yes setuptools \
    && pip check

# ---- runtime: those packages, and the code of a run ---------------------------------------------
FROM ${PYTHON_IMAGE} AS runtime

# Debian's security repairs that are newer than the base image. The user has a number, so that a
# volume's owner stays the same; all that it may write to is /tmp, its home.
RUN apt-get update \
    && apt-get upgrade --yes \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-log-init --no-create-home --home-dir /tmp --shell /usr/sbin/nologin flows

COPY --from=packages /opt/venv /opt/venv

# The folder that the pull step of prefect.yaml names.
WORKDIR /opt/prefect-flows
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/prefect-flows \
    PYTHONUNBUFFERED=1

# With everything else read-only, /tmp stays writable: Docker makes a volume of it, and ECS gives a
# volume that is mounted here the permissions of this folder.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
VOLUME ["/tmp"]

# The packages of environments.yaml.
COPY flows flows
COPY utilities utilities
COPY blocks blocks
RUN python -m compileall -q flows utilities blocks

USER 10001

# A container of this image may be a run, which answers no question about its health. Whoever starts
# a worker asks it: the task definition (ECS looks at no check of an image) and docker-compose.yml.
HEALTHCHECK NONE

# ---- local: the local stack beside the same packages and code -----------------------------------
FROM runtime AS local

USER 0
COPY requirements-dev.txt /opt/requirements-dev.txt
RUN pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: --no-binary parsons \
        --requirement /opt/requirements-dev.txt \
    && pip check \
    && install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/local-stack
COPY infrastructure/__init__.py infrastructure/__init__.py
COPY infrastructure/local infrastructure/local
USER 10001

# ---- what deployments name: the labels come last, so that a commit alone makes no layer anew ----
FROM runtime

ARG COMMIT_HASH=unknown
LABEL org.opencontainers.image.title="prefect-flows" \
      org.opencontainers.image.description="Flows into Amazon Redshift and back, and the Prefect worker that starts them" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="${COMMIT_HASH}"
