# Everything from a clone: `make demo` runs the main job, `make test` all tests. Needs make, Python 3.11 or newer with its
# venv module, and a package index as pip knows it. torch is asked for by its exact version and first: a plain `torch`
# can bring gigabytes of CUDA packages to a machine without a GPU.
PYTHON ?= python3
VENV ?= .venv
JOBS ?= 2
TESTERS ?= 3
DEMO ?=
SOUNDS ?= ../shared/sounds
BENCHES ?= render growth simulation latency transport
ENGINES_DIR ?= build/engines
SECONDS ?= 60
MODELS ?= ../shared/models
BIN := $(VENV)/bin
export AMBIOME_ENGINES_DIR = $(abspath $(ENGINES_DIR))
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
STATED := pyproject.toml constraints.txt

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo engines peers test test-engines test-long fuzz check format presets profiles bench evaluate picture screenshot clean distclean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Ambiome needs Python 3.11 or newer as '$(PYTHON)'; name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@if $(PYTHON) -c 'import venv, ensurepip' 2>/dev/null; then $(PYTHON) -m venv $(VENV); \
	elif $(PYTHON) -m pip --version >/dev/null 2>&1; then \
	  $(PYTHON) -m pip install -q --target build/virtualenv virtualenv && \
	  PYTHONPATH=build/virtualenv $(PYTHON) -m virtualenv -q $(VENV); \
	else echo "'$(PYTHON)' has neither venv nor pip. On Debian: apt-get install python3-venv" >&2; exit 1; fi

$(VENV)/.torch: constraints.txt | $(BIN)/python
	@echo "Setting up $(VENV): torch first, which is large; then what else is needed. Some minutes, once."
	$(PIP) install -c constraints.txt "$$(grep '^torch==' constraints.txt)"
	@touch $@

$(VENV)/.run: $(STATED) $(VENV)/.torch
	$(PIP) install -c constraints.txt -e '.[server,sim]'
	@touch $@

$(VENV)/.dev: $(STATED) $(VENV)/.torch
	$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.run

setup: $(VENV)/.run ## what the server, the demo and the command need, in .venv

setup-dev: $(VENV)/.dev ## and what tests and checks need

demo: $(VENV)/.run ## a real server, a simulated day, out/demo.wav and out/demo.png (DEMO="--seconds 30" for options)
	$(BIN)/ambiome demo --out out $(DEMO)

test: $(VENV)/.dev ## all tests but the long ones
	@echo '{"at": 0, "world": {"weather": {"rain_mm_h": 9}}}' | $(BIN)/ambiome render - - --seconds 1 > /dev/null
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(TESTERS) --dist loadfile --no-loadscope-reorder -m "not long"

engines: ## Godot 4 into ENGINES_DIR, and Mono on the system: what the engine clients are tested with (Debian)
	.ci/engines

peers: ## SuperCollider, Csound, Pure Data and Faust: what Ambiome is measured beside (Debian)
	.ci/peers

test-engines: $(VENV)/.dev ## the engine clients in their engines; fails where `make test` would skip
	AMBIOME_ENGINES=require OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m "not long" tests/engines

test-long: $(VENV)/.dev ## the long ones: minutes of work each (needs `make engines peers`)
	AMBIOME_ENGINES=require AMBIOME_PEERS=require $(BIN)/python -m pytest -m long --timeout=3600

fuzz: $(VENV)/.dev ## the decoders against bytes that look for trouble, for SECONDS (Linux)
	@mkdir -p build/fuzz
	OMP_NUM_THREADS=1 $(BIN)/python tests/protocol/fuzz_decoder.py -max_total_time=$(SECONDS) -max_len=20000 -rss_limit_mb=2048 \
	  -artifact_prefix=build/fuzz/ -print_final_stats=1

check: $(VENV)/.dev ## ruff, ruff format, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev ## formats the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

picture: demo ## the README's picture, from the demo
	$(BIN)/python -c "from PIL import Image; Image.open('out/demo.png').convert('RGB').quantize(256).save('docs/demo.png', optimize=True)"

presets: ## the presets from the Python client into the engine clients
	@for folder in integrations/godot/addons/ambiome/presets integrations/unity/Runtime/Resources/Ambiome/Presets; do \
	  rm -f $$folder/*.json; cp integrations/python/ambiome_client/presets/*.json $$folder/; done
	$(PYTHON) integrations/unity/Tools~/metas.py

profiles: $(VENV)/.dev ## the built-in voices' profiles anew, from the recordings in SOUNDS
	$(BIN)/python -m ambiome_middleware.analysis.learn.built_in $(SOUNDS)

screenshot: $(VENV)/.dev ## the picture of the Godot sample (needs `make engines`, xvfb, libgl1-mesa-dri)
	PYTHONPATH=tests $(BIN)/python -m engines.screenshot

bench: $(VENV)/.dev ## benchmarks, printed with the machine's name
	@set -e; for bench in $(BENCHES); do echo "== $$bench"; $(BIN)/python -m benchmarks.$$bench; done

evaluate: $(VENV)/.dev ## measures renders against recordings: docs/evaluation.md (SOUNDS and MODELS name their folders)
	OMP_NUM_THREADS=1 $(BIN)/ambiome evaluate --sounds $(SOUNDS) --models $(MODELS) --jobs $(JOBS) --out docs

clean: ## removes what was built or drawn; keeps .venv
	rm -rf out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean ## removes .venv too
	rm -rf $(VENV)
