# minwon: `make demo` shows it, `make test` proves it. `make help` lists the rest.
# Machines: Debian or Ubuntu. Everything goes into .venv and node_modules here, plus Debian packages (see scripts/setup).

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo setup test lab pjsua2 install-offline check format bench lock clean

# Where it is set, each of the hundred processes of the tests compiles the whole product anew.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
ARGS ?=

help:  ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## */  make \1\t/' | expand -t 24

demo:  ## real calls on this machine, shown on the agent's desk; ARGS="--once --json" and others are passed on
	@scripts/setup demo >&2
	@$(BIN)/minwon demo $(ARGS)

setup:  ## prepare this machine for `test`, `check` and `bench`
	@scripts/setup test

# Real calls in real time, four test files side by side (many only wait): what fails in company is shown, and must then pass alone.
test: setup  ## the whole test suite; ARGS="tests/stt -k gate" for a part
	$(BIN)/python -m pytest --numprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS) || \
		$(BIN)/python -m pytest --last-failed --last-failed-no-failures none $(ARGS)

lab: setup  ## a city exchange, phones and callers on this machine: every flow, one line each; ARGS="-k transfer" for a part
	$(BIN)/python -m tests.lab $(ARGS)

check: setup  ## style, types, floors, pages, and what no committed file may hold
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy scripts
	$(BIN)/lint-imports
	npm run --silent check
	$(BIN)/python scripts/check_tree.py
	$(BIN)/python scripts/check_wheel.py

format: setup  ## put the code into the house's form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

pjsua2:  ## build the pjsua2 that carries hundreds of calls (docs/pjsua2.md); without internet: ARGS=path/to/archive
	@scripts/setup demo >&2
	@docker/pjsua2/build.sh $(ARGS)

install-offline:  ## set up a machine without network: BUNDLE=minwon-....tar (made by `minwon bundle`), PREFIX=/opt/minwon
	@[ -f "$(BUNDLE)" ] || { echo "make install-offline BUNDLE=FILE.tar [PREFIX=/opt/minwon]; 'minwon bundle' makes the file on a machine with network" >&2; exit 1; }
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && tar -C "$$folder" -xf "$(BUNDLE)" && "$$folder"/*/install "$(or $(PREFIX),/opt/minwon)"

bench:  ## measure speed and size: tables here, JSON under bench/results/; ARGS=NAME for one of them
	@scripts/setup test
	@$(BIN)/minwon bench $(ARGS)

lock:  ## write the lock files anew from setup.cfg (needs uv)
	scripts/lock

clean:  ## remove what the commands above made (state in MINWON_HOME is left alone)
	rm -rf .venv node_modules build dist *.egg-info bench/results .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
