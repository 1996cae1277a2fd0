# make run    everything on this machine, with the demonstration, until Ctrl-C
# make test   every check there is; installs what it needs
# make fix    formats and mends what can be mended by a program
# make cluster  several machines in network namespaces, broken while mail and pages come in; only root can (CLUSTER="--server 15 --before TREE")
# make lab    real servers, broken in every way the field knows: what the desk says of each, and whether it is right; only root can
# make walls  hostile input at length: every payload in every place, and what came of it
# make soak   kills, outages, poison and backlog at length, with mails counted; root for the full disk (SOAK="--help": also an hour of load, an upgrade, a backup)
# make bench  measures pages, mails and weight at several sizes, and prints the tables; BENCH="--help" says what else
# make eval-duplicates  how well it is recognised that two requests are about one problem (EVAL="--sets FOLDER" for other sets)
# make schema writes what a first start fills an empty database with, from the migrations; after each new one
# make wheel  the package that is installed in production: dist/sportello-*.whl
# make sbom   what a release consists of: dist/sbom.json (CycloneDX), from the lock
# make audit  asks for known holes in what is locked, where there is a network
# make screenshots  the demonstration's screens, into docs/screenshots/
# make types  only the types;  make lint  only the rules of writing, and which way imports go
# make settings  docs/settings.md;  make fields  docs/fields.md, from what is declared
# make lock   renews the hashed locks of requirements/
# make help   this

VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help run environment environment-dev test fix lint types lock settings fields bench eval-duplicates cluster lab soak walls schema wheel sbom audit screenshots clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

run: environment
	@exec $(BIN)/python -m sportello up --demo

environment:
	@requirements/environment.sh $(VENV) requirements/run.txt
	@$(BIN)/python -m sportello.config.catalogues

environment-dev:
	@requirements/environment.sh $(VENV) requirements/dev.txt
	@$(BIN)/python -m sportello.config.catalogues

test:
	@PYTHON=$(PYTHON) VENV=$(VENV) tests/run

fix: environment-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: environment-dev
	@$(BIN)/python -m bench $(BENCH)

eval-duplicates: environment-dev
	@PYTHONPATH=src:. $(BIN)/python -m bench.duplicates $(EVAL)

cluster: environment-dev
	@PYTHONPATH=src:. $(BIN)/python -m tests.cluster $(CLUSTER)

lab: environment-dev
	@TESTS_LAB_TABLE=1 $(BIN)/pytest -n0 -q -s tests/lab

soak: environment-dev
	@PYTHONPATH=src:. $(BIN)/python -m tests.soak $(SOAK)

walls: environment-dev
	@WALLS=long $(BIN)/pytest -n0 tests/walls

lint: environment-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

# The checker reads the settings, though never their values.
types: export SPORTELLO_SECRET_KEY = only-for-checks
types: export DATABASE_URL = postgresql:///none
types: export DJANGO_SETTINGS_MODULE = sportello.config.settings
types: environment-dev
	@$(BIN)/mypy

lock:
	uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements/build.in --output-file requirements/build.txt
	uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml --output-file requirements/run.txt
	uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements/dev.in --output-file requirements/dev.txt

schema: environment
	@$(BIN)/python -m sportello.config.snapshot

settings: environment
	@$(BIN)/python -m sportello settings > docs/settings.md

fields: environment-dev
	@$(BIN)/python -m tests.walls.fields > docs/fields.md

wheel: environment-dev
	@rm -f dist/sportello-*.whl
	@$(BIN)/python -m hatchling build --target wheel --directory dist

sbom: environment-dev
	@mkdir -p dist
	@$(BIN)/python -m cyclonedx_py requirements requirements/run.txt --pyproject pyproject.toml --output-reproducible --output-file dist/sbom.json

screenshots: environment-dev
	@PYTHONPATH=src:. $(BIN)/python -m tests.screenshots

audit: environment-dev
	@requirements/audit.sh $(BIN)/python

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
