# Everything a person runs by hand. Each target works on a fresh clone by itself.
PYTHON ?= python3.11
VENV := .venv
RUN := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
# What we compare our loads with needs other versions of some packages.
PEERS := .venv-peers
PEERS_INSTALLED := $(PEERS)/.installed
PEERS_LOCK := benchmarks/requirements-peers
# Static checkers of templates, workflows and the Dockerfile need other versions too.
LINTERS := .venv-linters
LINTERS_INSTALLED := $(LINTERS)/.installed
LINTERS_LOCK := tests/linters/requirements
LINTERS_NODE := tests/linters/package.json tests/linters/package-lock.json tests/linters/.npmrc
# A company's own certificate authority is known to the system, and to uv only when it looks there.
CERTIFICATES := $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),--system-certs)
# Tests wait for servers about half of their time, and start hundreds of programs: compiled modules
# are kept between them.
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN); echo $$(( n < 5 ? n + 1 : 6 )))
CODE := flows utilities blocks deployments infrastructure tests benchmarks .acme_portal_sdk

.DEFAULT_GOAL := help
.PHONY: help demo test check format up bench lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' Makefile

$(INSTALLED): requirements-dev.txt
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found. Install Python 3.11, or name yours: make PYTHON=python3.12 ..."; exit 1; }
	@echo "==> installing the locked packages into $(VENV)"
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check "$$(sed -n 's/^\(uv==[0-9.]*\).*/\1/p' requirements-dev.txt)"
	@$(RUN) -m uv pip sync --quiet $(CERTIFICATES) --python $(RUN) --require-hashes --compile-bytecode requirements-dev.txt
	@touch $(INSTALLED)

demo: $(INSTALLED) ## load real data into a warehouse on this laptop and look at it
	@$(RUN) -m infrastructure.local.demo

$(LINTERS_INSTALLED): $(LINTERS_LOCK).txt $(LINTERS_NODE) | $(INSTALLED)
	@echo "==> installing the checkers of templates, workflows and images into $(LINTERS)"
	@test -x $(LINTERS)/bin/python || $(PYTHON) -m venv $(LINTERS)
	@$(RUN) -m uv pip sync --quiet $(CERTIFICATES) --python $(LINTERS)/bin/python --require-hashes --compile-bytecode $(LINTERS_LOCK).txt
	@mkdir -p $(LINTERS)/node && cp $(LINTERS_NODE) $(LINTERS)/node
	@cd $(LINTERS)/node && PATH="$(CURDIR)/$(LINTERS)/bin:$$PATH" npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $(LINTERS_INSTALLED)

test: $(INSTALLED) $(LINTERS_INSTALLED) ## run every test
	@echo "==> tests"
	@PYTHONDONTWRITEBYTECODE= $(RUN) -m pytest --numprocesses $(WORKERS) --dist loadfile

check: $(INSTALLED) ## format, types, import contracts, tests
	@echo "==> format"
	@$(RUN) -m black --quiet --check --diff $(CODE)
	@$(RUN) -m isort --quiet --check --diff $(CODE)
	@echo "==> types"
	@$(RUN) -m mypy
	@echo "==> import contracts"
	@$(RUN) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	@$(MAKE) --no-print-directory test

format: $(INSTALLED) ## rewrite the code as black and isort want it
	@$(RUN) -m isort --quiet $(CODE)
	@$(RUN) -m black --quiet $(CODE)

$(PEERS_INSTALLED): $(PEERS_LOCK).txt | $(INSTALLED)
	@echo "==> installing what our loads are compared with into $(PEERS)"
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	@$(RUN) -m uv pip sync --quiet $(CERTIFICATES) --python $(PEERS)/bin/python --require-hashes --compile-bytecode $(PEERS_LOCK).txt
	@touch $(PEERS_INSTALLED)

bench: $(INSTALLED) $(PEERS_INSTALLED) ## compare our loads with those of others, write docs/benchmarks.md
	@$(RUN) -m benchmarks.loads $(BENCH)

up: $(INSTALLED) ## start the local stack and keep it running
	@$(RUN) -m infrastructure.local up

lock: $(INSTALLED) ## pin every package again from the .in files (make lock UPGRADE=--upgrade for the newest)
	@echo "==> requirements.txt"
	@$(RUN) -m uv pip compile --quiet $(CERTIFICATES) --universal --python-version 3.11 --generate-hashes --no-emit-index-url $(UPGRADE) --custom-compile-command "make lock" requirements.in --output-file requirements.txt
	@echo "==> requirements-dev.txt"
	@$(RUN) -m uv pip compile --quiet $(CERTIFICATES) --universal --python-version 3.11 --generate-hashes --no-emit-index-url $(UPGRADE) --custom-compile-command "make lock" --constraint requirements.txt requirements-dev.in --output-file requirements-dev.txt
	@echo "==> $(LINTERS_LOCK).txt"
	@$(RUN) -m uv pip compile --quiet $(CERTIFICATES) --universal --python-version 3.11 --generate-hashes --no-emit-index-url $(UPGRADE) --custom-compile-command "make lock" $(LINTERS_LOCK).in --output-file $(LINTERS_LOCK).txt
	@echo "==> $(PEERS_LOCK).txt"
	@$(RUN) -m uv pip compile --quiet $(CERTIFICATES) --universal --python-version 3.11 --generate-hashes --no-emit-index-url $(UPGRADE) --custom-compile-command "make lock" $(PEERS_LOCK).in --output-file $(PEERS_LOCK).txt

clean: ## stop the local stack, remove its data, the environment and the caches
	@echo "==> stopping the local stack, removing .local, $(VENV), $(PEERS), $(LINTERS) and caches"
	@if [ -x $(RUN) ] && [ -d .local ]; then $(RUN) -m infrastructure.local reset --yes; fi
	@rm -rf $(VENV) $(PEERS) $(LINTERS) .local .mypy_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
