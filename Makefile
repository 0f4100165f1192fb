# Everything a developer or a newcomer runs. `make` alone lists it.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
# The demo's Airflow: a database of its own beside the local node, and the DAGs of this folder.
export AIRFLOW_HOME := $(CURDIR)/.whosaid/airflow
export AIRFLOW__CORE__DAGS_FOLDER := $(CURDIR)/dags
export AIRFLOW__CORE__LOAD_EXAMPLES := False

help:  ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 16

setup: .venv/ready  ## Create .venv with everything that is pinned in requirements.lock

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv==0.13.9
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	touch $@

setup-training: .venv-training/ready  ## Create .venv-training, what `make train-…` needs beside .venv: PyTorch and more, 6 GB

.venv-training/ready: training/requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv-training
	.venv-training/bin/pip install --quiet --disable-pip-version-check uv==0.13.9
	.venv-training/bin/uv pip sync --quiet --python .venv-training/bin/python --require-hashes training/requirements.lock
	.venv-training/bin/uv pip install --quiet --python .venv-training/bin/python --no-deps --editable .
	touch $@

data: setup  ## Fetch the corpora to train on and check them; WHOSAID_DATA names a folder that has them
	$(BIN)/python -m training.data

model: setup setup-training  ## Put build/encoder's network into pipeline/model, and score it (WHOSAID_DATA names the corpora)
	.venv-training/bin/python -m training.assemble_model build/encoder/whosaid_names
	$(BIN)/python -m training.score_model --write

train-encoder: setup-training  ## Train the encoder of names, trees and quotes: build/encoder, goes on where it was stopped
	.venv-training/bin/python -m training.encoder.prepare
	OMP_NUM_THREADS=2 OMP_WAIT_POLICY=PASSIVE .venv-training/bin/python -m training.encoder.train --threads 2 $(TRAINING)
	.venv-training/bin/python -m training.encoder.distil --threads 2 $(filter --bfloat16,$(TRAINING))
	.venv-training/bin/python -m training.encoder.export

demo: setup  ## Start a local Elasticsearch, run the DAG on seeds/ and print who said what
	$(BIN)/whosaid node start
	@mkdir -p $(AIRFLOW_HOME)
	@echo "Running the DAG ingest_articles on seeds/ (its log: $(AIRFLOW_HOME)/demo.log)"
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash -c 'airflow db migrate && airflow dags test ingest_articles --conf "{\"paths\": [\"$(CURDIR)/seeds\"]}"' \
		> $(AIRFLOW_HOME)/demo.log 2>&1 || { tail -n 40 $(AIRFLOW_HOME)/demo.log; exit 1; }
	@grep -ho "read [0-9,]* = indexed.* failed [0-9,]*" $(AIRFLOW_HOME)/demo.log | tail -n 1
	$(BIN)/whosaid search --size 100
	@echo
	@echo "Search on, for example:  $(BIN)/whosaid search --speaker Peskov"
	@echo "Your own articles:       $(BIN)/whosaid ingest FOLDER"
	@echo "End the local node:      $(BIN)/whosaid node stop"

test: setup  ## Run the tests against a real node and real DAG runs
	$(BIN)/pytest -m "not soak" --numprocesses 3 --dist loadfile --no-loadscope-reorder

soak: setup  ## Run the long tests
	$(BIN)/pytest -m soak

check: setup  ## Format, lint, types, imports between rooms, documentation
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/ruff check --select AIR --preview dags
	$(BIN)/mypy
	$(BIN)/mypy docker
	$(BIN)/lint-imports
	$(BIN)/python -m pipeline.kibana check
	$(BIN)/python docker/check.py
	$(BIN)/pytest tests/test_docs.py

fix: setup  ## Format the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

kibana: setup  ## Write what Kibana imports (mappings/kibana) anew, after a change in pipeline/kibana
	$(BIN)/python -m pipeline.kibana write

score: setup  ## Score quotes and speakers beside the peers, and the model (WHOSAID_DATA names the corpora)
	$(BIN)/python -m training.score
	$(BIN)/python -m training.score_model

screenshots: setup  ## Take the README's pictures of the page anew (needs chromium; .ci/apt installs it)
	$(BIN)/python -m tests.web.screenshots

lock: setup  ## Pin the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --upgrade --no-header --no-emit-index-url \
		--python-version 3.11 --all-extras --group dev pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --upgrade --no-header --no-emit-index-url --python-version 3.11 \
		--constraint requirements.lock pyproject.toml training/requirements.in -o training/requirements.lock

STACK := docker compose --env-file .stack/env
PROFILE ?= search

stack-up:  ## Start Elasticsearch and Kibana in Docker, with PROFILE=full Airflow too (docs/stack.md)
	$(PYTHON) docker/make_secrets.py .stack
	$(STACK) --profile $(PROFILE) up --build --detach
	$(STACK) --profile $(PROFILE) logs --no-log-prefix --follow setup dashboards

stack-down:  ## End what runs in Docker; what is stored stays
	$(STACK) --profile full down

clean:  ## Remove .venv, the local node and its data (what it downloaded stays in ~/.cache/whosaid)
	-test -x $(BIN)/whosaid && $(BIN)/whosaid node stop
	rm -rf .venv .venv-training .whosaid

.PHONY: help setup setup-training data train-encoder model demo test soak check fix kibana score lock stack-up stack-down clean
