# Every target sets up what it needs first; `make help` explains them.
.DEFAULT_GOAL := help
# Parts share two cores and one .venv: which of them run together is said below, whatever -j says.
.NOTPARALLEL:
# Tests start some hundred processes, and each would compile the same modules again.
unexport PYTHONDONTWRITEBYTECODE

root := $(CURDIR)
users_path := $(PATH)
export PATH := $(root)/.venv/bin:$(PATH)
python := .venv/bin/python
set_up := @scripts/house/setup.sh
typed := marketplace indexer api scripts tests

run_parts := @MAKE="$(MAKE_COMMAND)" $(python) -m scripts.house.parts

# Repeats a deep run: `make test-deep SEED=…` with the seed that the first one printed.
# Asked for once: what is printed must be what every part gets, however long set-up takes.
ifndef SEED
SEED := $(shell date +%s)
endif

# What is joined needs one core each, and two of them run at a time.
parts := lint solidity+slither+artifacts-check+conformance+types python-tests simulate

.DEFAULT:
	@echo "There is no target $@; make help lists them." >&2; exit 2

.PHONY: help
help: ## this list
	@echo "make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
		awk -F'|' '{ printf "  %-17s%s\n", $$1, $$2 }'

.PHONY: setup
setup: ## .venv and node_modules with everything, from the lock files; nothing if they are there
	$(set_up) full

.PHONY: setup-runtime
setup-runtime: ## .venv with what the demo needs, and no node
	$(set_up) runtime

# An option for each variable that was set where make was called, and had a value there; a default
# of this file counts for the targets that it is for. Values are quoted for the shell.
set_by_user = $(and $(filter command environment,$(firstword $(origin $(1)))),$($(1)))
option = $(if $(call set_by_user,$(1)),$(2) '$(subst ','\'',$($(1)))')
flag = $(if $(filter-out 0,$(call set_by_user,$(1))),$(2))
# With the user's own path, so that printed commands work in their shell; and in the place of the
# shell, so that what stops make stops it too.
seats_of_user := exec env PATH="$(users_path)" .venv/bin/seats
ports = $(call option,PORT,--port) $(call option,RPC_PORT,--rpc-port)

.PHONY: demo
demo: setup-runtime ## a market of your own: three drops, a seat sold and resold, who gets in; stays up
	@$(seats_of_user) demo $(ports)

.PHONY: smoke
smoke: setup-runtime ## the same with SEED= PRICE_WEI= ROYALTY_BPS= PORT= RPC_PORT= KEEP=, ends in JSON
	@$(seats_of_user) smoke $(ports) $(call option,SEED,--seed) \
		$(call option,PRICE_WEI,--price-wei) $(call option,ROYALTY_BPS,--royalty-bps) \
		$(call flag,KEEP,--keep)

.PHONY: devnet
devnet: setup-runtime ## a development chain with named accounts, for any wallet or client
	@seats devnet

.PHONY: test
test: setup ## everything that CI runs, part by part, with the time of each
	$(run_parts) $(parts)

.PHONY: test-deep
test-deep: export HYPOTHESIS_PROFILE := deep
test-deep: export FOUNDRY_PROFILE := deep
test-deep: export FOUNDRY_FUZZ_SEED := $(SEED)
test-deep: export SEEDS := 2000
test-deep: export FROM := $(SEED)
test-deep: export PYTEST_ADDOPTS := --hypothesis-seed=$(SEED) --timeout=3600
test-deep: setup ## as test, with many more random histories; prints the seed to repeat it
	@echo "seed $(SEED); again with: make test-deep SEED=$(SEED)"
	$(run_parts) $(parts)

.PHONY: quick
quick: setup ## what a commit runs: format, lint, types, unit tests and tests about the repository
	$(run_parts) lint types unit-tests

.PHONY: format
format: setup ## rewrite Python and Solidity to the house's format, and what ruff can repair
	@ruff check --fix-only --quiet .
	@ruff format .
	@$(python) -m scripts.toolchain.foundry fmt

.PHONY: lint
lint: setup ## format, style, spelling, dependencies, import rules, shell syntax
	@ruff format --check .
	@ruff check .
	@codespell
	@deptry .
	@lint-imports --no-logo
	@$(python) -m scripts.house.shell_syntax
	@$(python) -m scripts.toolchain.foundry fmt --check

.PHONY: types
types: setup ## mypy, strict, tests included
	@mypy $(typed)

.PHONY: solidity
solidity: setup ## forge's tests, and gas against the committed snapshots
	@$(python) -m scripts.toolchain.foundry test
	@$(python) -m scripts.toolchain.foundry gas --check

.PHONY: gas
gas: setup ## measure the gas of each named transaction and write the snapshots to be committed
	@$(python) -m scripts.toolchain.foundry gas --write

.PHONY: coverage
coverage: setup ## which branches of each contract the Solidity tests take; fails where none does
	@$(python) -m scripts.toolchain.foundry coverage

.PHONY: mutate
mutate: setup ## put small faults into copies of the contracts; MUTANTS=n or all, SEED=, WORKERS=
	@$(python) -m scripts.toolchain.mutation $(call option,MUTANTS,--mutants) \
		$(call option,SEED,--seed) $(call option,WORKERS,--workers)

.PHONY: slither
slither: setup ## static analysis of the contracts
	@$(python) -m scripts.toolchain.analyse

.PHONY: artifacts
artifacts: setup ## compile the contracts and write the ABI and bytecode that Python uses
	@$(python) -m scripts.toolchain.compile

.PHONY: artifacts-check
artifacts-check: setup ## fail when the committed artifacts are not what the sources compile to
	@$(python) -m scripts.toolchain.compile --check

.PHONY: unit-tests
unit-tests: setup ## Python tests without sockets, and the tests about the repository
	@$(python) -m pytest -q -n 3 tests/unit tests/meta

.PHONY: python-tests
python-tests: setup ## Python tests: unit, integration, and those about the repository
	@$(python) -m pytest -q -n 3 tests/unit tests/integration tests/simulation tests/meta

.PHONY: simulate
simulate: setup ## seeded lives of chain, node, mirror and database; SEEDS=n FROM=k DATABASE=sqlite|postgresql|both; ends in JSON
	@$(python) -m tests.simulation $(call option,SEEDS,--seeds) $(call option,FROM,--from) $(call option,DATABASE,--database)

.PHONY: conformance
conformance: setup ## viem, ethers and web3.py against the development chain and anvil
	@$(python) -m pytest -q tests/conformance

.PHONY: bench-gas
bench-gas: setup ## gas of each action beside bare Solady, OpenZeppelin and ERC721A
	@$(python) -m tests.benchmarks.gas

.PHONY: bench-access
bench-access: setup ## how fast the gate answers over HTTP, beside an empty route; SEATS= ROUNDS= SECONDS= SALES=
	@SEATS="$(SEATS)" ROUNDS="$(ROUNDS)" SECONDS="$(SECONDS)" SALES="$(SALES)" $(python) -m tests.benchmarks.access

.PHONY: bench-revocation
bench-revocation: setup ## how soon the gate denies a seller after a sale, on SQLite and on PostgreSQL
	@$(python) -m tests.benchmarks.revocation

.PHONY: bench-load
bench-load: setup ## many clients at the gate while seats are sold, blocks go and a leader dies; CLIENTS= SECONDS= RATE= ACTS= WORKERS= SEED=
	@CLIENTS="$(CLIENTS)" SECONDS="$(SECONDS)" RATE="$(RATE)" ACTS="$(ACTS)" WORKERS="$(WORKERS)" SEED="$(call set_by_user,SEED)" $(python) -m tests.benchmarks.load

.PHONY: bench-indexer
bench-indexer: setup ## how fast history is read, beside EventScanner; EVENTS=2000 ROUNDS=1 for a small one
	@EVENTS="$(EVENTS)" ROUNDS="$(ROUNDS)" $(python) -m tests.benchmarks.indexer

.PHONY: bench-steps
bench-steps: setup ## where the time of a history goes, step by step, on SQLite and on PostgreSQL (EVENTS=100000 ROUNDS=5)
	@EVENTS="$(EVENTS)" ROUNDS="$(ROUNDS)" $(python) -m tests.benchmarks.steps

.PHONY: bench-scale
bench-scale: setup ## bytes of a row and an index, and how lookups grow, on SQLite and on PostgreSQL (EVENTS=1000000)
	@$(python) -m tests.benchmarks.scale

.PHONY: hooks
hooks: ## run `make quick` before each commit and `make test` before each push
	@git config core.hooksPath .githooks
	@echo "Hooks of .githooks are on; git commit --no-verify goes around them once."

.PHONY: lock
lock: setup ## write the lock files again; UPGRADE=1 takes the newest versions that fit
	@scripts/house/lock.sh $(if $(UPGRADE),--upgrade)

.PHONY: changes
changes: setup ## gather the notes of docs/changes into CHANGELOG.md; VERSION=1.2.0 names the release
	@$(python) -m scripts.house.changes "$(VERSION)"

.PHONY: clean
clean: ## remove .venv, node_modules and everything that was generated
	@rm -rf .venv node_modules .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
