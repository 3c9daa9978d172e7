# Two commands do all the set-up: `make edition` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SAMPLE := data/raw/sample
PERIOD ?= 2025-12
SIZE ?= 6800
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

.PHONY: edition test test-all lab lint bench profile docs picture lock wheelhouse clean

edition: $(READY) $(SAMPLE)/delivery.toml  ## build the sample edition and say where to open it
	$(BIN)/analysis build $(SAMPLE) --period $(PERIOD) --jobs $(JOBS)

test: $(READY)  ## every kind of test, small fixed seeds
	$(BIN)/python -m pytest -n 3 -m "not large"

test-all: $(READY)  ## the stated large numbers as well, fresh seeds (printed; again with SEED=...)
	$(BIN)/python -m pytest -n 2 --hypothesis-profile=fresh $(if $(SEED),--hypothesis-seed=$(SEED))

lab: $(READY) $(SAMPLE)/delivery.toml  ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(READY)  ## side by side with peers, as ratios
	$(BIN)/python -m benchmarks

profile: $(READY)  ## draw where a build's time goes, in build/profile/index.html
	$(BIN)/python -m benchmarks.profile

docs: $(READY)  ## write what of docs/ is made from the code
	$(BIN)/python docs/make.py

picture: $(READY)  ## take the picture of README from the sample edition
	$(BIN)/python docs/picture.py

lock:  ## compile requirements.lock again (needs uv)
	uv pip compile --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header --quiet \
	  --group dev pyproject.toml requirements.in -o requirements.lock

wheelhouse: $(READY)  ## everything that an installation without a network needs, in wheelhouse/
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --dest wheelhouse -r requirements.lock
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir wheelhouse .

clean:
	rm -rf $(VENV) build dist

$(SAMPLE)/delivery.toml: | $(READY)
	$(BIN)/analysis sample $(SAMPLE) --employees $(SIZE)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv is missing; on Debian: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@
