# `make run` starts Podium, `make test` tests it; both make the environment first.

VENV := .venv
PYTHON := $(VENV)/bin/python

# TensorFlow's CUDA libraries come along where there is an NVIDIA device.
NVIDIA := /dev/nvidia0 /proc/driver/nvidia
GPU := $(if $(wildcard $(NVIDIA)),-gpu)
REQUIREMENTS := requirements$(GPU).txt
READY := $(VENV)/ready$(GPU)

.PHONY: run test venv lint format bench docs

run: venv
	@exec $(PYTHON) manage.py run

test: venv
	@$(PYTHON) -m pytest -n 2 --dist loadgroup

venv: $(READY)

# The newest Python that Podium runs on; PODIUM_PYTHON names another.
$(READY): requirements.txt $(REQUIREMENTS)
	@set -e; \
	for python in $(PODIUM_PYTHON) python3 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "Podium needs Python 3.11, 3.12 or 3.13 with venv; none was found on the PATH. Set PODIUM_PYTHON to one." >&2; exit 1; fi; \
	$$found -c 'import sys; print("Installing Podium for Python", sys.version.split()[0], "from $(REQUIREMENTS)", "(some minutes and $(if $(GPU),8,3) GB the first time)", flush=True)'; \
	$$found -m venv $(VENV); \
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r $(REQUIREMENTS); \
	touch $@

lint: venv
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@PODIUM_HOME=$$(mktemp -d) $(PYTHON) manage.py makemigrations --check --dry-run
	@$(VENV)/bin/pip-audit --requirement requirements.txt --no-deps --disable-pip --progress-spinner off

format: venv
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

bench: venv
	@$(PYTHON) -m benchmarks

docs: venv
	@$(VENV)/bin/sphinx-build --fail-on-warning --keep-going --quiet docs var/docs
	@echo "The documentation: var/docs/index.html"
