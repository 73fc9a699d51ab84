# Plenum. `make run` starts the product with a demo organisation, `make test` runs every test; both set up all they need.
SHELL := /bin/sh
.DEFAULT_GOAL := help

PORT ?= 8443
RELAY_PORT ?= 7443
BOTS ?= 0
DATA ?= var/demo$(if $(filter-out 0,$(BOTS)),-$(BOTS)-bots)
SOAK_SECONDS ?= 3600
PLANE ?= native
FUZZ_SECONDS ?= 60
UV_VERSION := 0.13.9
UV := .build/uv/bin/uv
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
export UV_COMPILE_BYTECODE := 1
# What Python compiles is kept in any case: the tests start some hundred processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test check bench bench-media soak fuzz bundle fmt generate lock clean

help:
	@echo 'make run     start the product with a demo organisation (PORT=8443 RELAY_PORT=7443 DATA=var/demo);'
	@echo '             BOTS=6 lets six members take part by themselves'
	@echo 'make test    run every test; installs the browser they need where it may (ARGS=… go to pytest)'
	@echo 'make check   formatting, lint, types, import directions, client checks, generated files'
	@echo 'make bench   measurements, one JSON line each; make bench-media those of the relay, beside Janus (ARGS=--quick);'
	@echo '             make soak an hour of load on the relay (SOAK_SECONDS=3600 PLANE=native)'
	@echo 'make fuzz    look for inputs that break the parsers of the relay (FUZZ_SECONDS=60 for each; ARGS=stun rtp …)'
	@echo 'make bundle  everything for a machine without package registries, in one archive below .build/'
	@echo 'make fmt     format the sources'

run: .build/ready
	@exec $(BIN)/plenum run --demo --bots $(BOTS) --data '$(DATA)' --port $(PORT) --relay-port $(RELAY_PORT)

test: .build/ready
	@$(BIN)/python .ci/browsers.py
	@$(BIN)/python .ci/npm.py run --silent test
	@$(BIN)/python -m pytest -n auto --dist loadfile --ignore tests/e2e --ignore tests/deployment $(ARGS)
	@$(BIN)/python -m pytest -n auto --dist loadfile tests/e2e tests/deployment -m 'not conference' $(ARGS)
	@$(BIN)/python -m pytest tests/e2e -m conference $(ARGS)

check: .build/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/npm.py run --silent check
	$(BIN)/python .ci/generated_files.py

bench: .build/ready
	@$(BIN)/python -m bench

bench-media: .build/ready
	@$(BIN)/python .ci/browsers.py
	@$(BIN)/python .ci/programs.py bench
	@$(BIN)/python -m bench.media $(ARGS)

soak: .build/ready
	@$(BIN)/python -m bench.media.soak --plane $(PLANE) --seconds $(SOAK_SECONDS)

fuzz: .build/ready
	@$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS) $(ARGS)
	@$(BIN)/python .ci/programs.py fuzz
	@$(BIN)/python -m tests.fuzz.native --seconds $(FUZZ_SECONDS)

bundle: .build/ready
	@$(BIN)/python .ci/bundle.py

fmt: .build/ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

generate: .build/ready
	$(BIN)/python .ci/generated_files.py --write

lock: $(UV)
	$(UV) lock --python "$$(cat .build/python)"

clean:
	rm -rf .build .venv web_client/dist web_client/node_modules

# The environment follows what it is made of; a changed source of the client or of the data plane in C is rebuilt with it.
BUILT_SOURCES := $(shell find web_client/src web_client/index.html web_client/*.json web_client/*.ts media/dataplane/native/src \
	media/dataplane/native/compile.py -type f 2>/dev/null)

.build/ready: pyproject.toml uv.lock build_hook.py $(UV) $(BUILT_SOURCES)
	$(UV) sync --locked --python "$$(cat .build/python)"
	@touch $@

$(UV): .ci/bootstrap.sh
	@sh .ci/bootstrap.sh $(UV_VERSION)
