# make lab    opens the course        make test    proves that all of it works
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LEARNER := $(VENV)/.learner
TESTER := $(VENV)/.tester
BROWSER ?= yes
# JupyterLab refuses to run as root, as in a container, unless told that this is meant
LAB_OPTIONS := $(if $(filter no,$(BROWSER)),--no-browser) $(if $(filter 0,$(shell id -u)),--allow-root)
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)

.PHONY: agreement accessibility attacks bench bench-explorables bench-grading help lab lite plain-install site test test-matrix torch notebooks format lint system types clean

help:  ## say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade pip -c constraints.txt

$(LEARNER): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install -q -c constraints.txt -e .
	@touch $@

$(TESTER): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[test,grading,site]'
	@touch $@ $(LEARNER)

lab: $(LEARNER)  ## open the course in JupyterLab (BROWSER=no only prints the address)
	$(BIN)/jupyter lab $(LAB_OPTIONS) --ServerApp.root_dir=course --LabApp.default_url=/lab/tree/00_start_here.ipynb

TYPES := tests/js/node_modules/.package-lock.json
types: $(TYPES)  ## the types of the explorables' JavaScript, checked by TypeScript
	npm run --silent --prefix tests/js types

$(TYPES): tests/js/package.json tests/js/package-lock.json | system
	npm ci --silent --prefix tests/js

test: $(TESTER) system lint types  ## everything: lint, types, tests, every notebook
	COURSE_PROGRESS=off OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PATH="$(abspath $(BIN)):$$PATH" \
		$(BIN)/python -m pytest -n $(WORKERS) --dist=loadscope -q

test-matrix: $(TESTER) $(TYPES) system  ## the tests with the oldest and the newest versions allowed, each Python that is here (OPTIONS="-e oldest-py311 -- tests")
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[matrix]'
	$(BIN)/tox run $(foreach python,$(wildcard $(shell pyenv root 2>/dev/null)/versions/3.1[1-9]*/bin/python),--discover $(python)) $(OPTIONS)

lint: $(TESTER)  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

notebooks: $(TESTER)  ## build course/*.ipynb and solutions/*.ipynb from solutions/*.md
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m helpers notebooks

site: $(TESTER)  ## the course as a web site in build/site/html (REPOSITORY=owner/name: Colab and Binder open it)
	$(BIN)/python -m helpers site $(if $(REPOSITORY),--repository $(REPOSITORY))

PLAIN := build/plain
plain-install:  ## pip install into an empty environment, then run lessons from a folder elsewhere (LESSONS="00 04")
	rm -rf build/lib build/bdist.* $(PLAIN) && $(PYTHON) -m venv $(PLAIN)/env && mkdir $(PLAIN)/elsewhere
	$(PLAIN)/env/bin/python -m pip install -q -c constraints.txt .
	cp -r course $(PLAIN)/elsewhere
	cd $(PLAIN)/elsewhere && for notebook in $$(find course -name '*.ipynb' | sort); do \
		case " $(or $(LESSONS),all) " in *" all "* | *" $$(basename $$notebook | cut -d_ -f1) "*) \
			COURSE_PROGRESS=off ../env/bin/jupyter nbconvert --to notebook --inplace --execute $$notebook || exit 1;; \
		esac; \
	done

LITE := build/lite
lite: $(TESTER)  ## the course in JupyterLite, Python in the browser, in build/lite/html (needs the internet)
	rm -rf build/lib build/bdist.* $(LITE)/wheel $(LITE)/contents $(LITE)/html
	test -x $(LITE)/env/bin/jupyter-lite || { $(PYTHON) -m venv $(LITE)/env && \
		$(LITE)/env/bin/python -m pip install -q jupyterlite-core==0.8.6 jupyterlite-pyodide-kernel==0.8.6 jupyter-server; }
	$(BIN)/python -m pip wheel -q --no-deps --no-build-isolation -w $(LITE)/wheel .
	$(BIN)/python -m helpers.authoring.site.lite $(LITE)/contents
	cd $(LITE) && env/bin/jupyter lite build --contents contents --output-dir html --piplite-wheels wheel/*.whl

format: $(TESTER)  ## mend style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

TORCH := .venv-torch
torch:  ## install PyTorch beside the course (large): then `make test` runs the lessons' cells in PyTorch too
	$(TORCH)/bin/python -c 'import torch, sklearn' 2>/dev/null || { \
		rm -rf $(TORCH) && $(PYTHON) -m venv $(TORCH) && \
		$(TORCH)/bin/python -m pip install -q -c constraints.txt torch numpy scikit-learn && \
		$(TORCH)/bin/python -c 'import torch, sklearn'; \
	} || { rm -rf $(TORCH); exit 1; }

system:  ## the programs that tests need beside Python: Chromium, bubblewrap, Node.js with npm
	@missing=""; \
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || missing="$$missing chromium"; \
	command -v bwrap >/dev/null || missing="$$missing bubblewrap"; \
	command -v node >/dev/null || missing="$$missing nodejs"; \
	command -v npm >/dev/null || missing="$$missing npm"; \
	if [ -n "$$missing" ]; then \
		sudo=""; [ "$$(id -u)" = 0 ] || sudo="sudo -n"; \
		if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
			$$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing; \
		else \
			echo "The tests need:$$missing. Install them, for example: sudo apt-get install$$missing"; exit 1; \
		fi; \
	fi

clean:  ## remove the environment and caches
	rm -rf $(VENV) $(TORCH) .tox .pytest_cache .ruff_cache .mypy_cache .hypothesis build *.egg-info

accessibility: $(TESTER) system  ## axe-core on every solved notebook, open in JupyterLab, light and dark
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python -m pytest -q tests/browser/run_accessibility_in_lab.py

bench-explorables: $(TESTER) system  ## how smoothly the explorables follow a drag, measured in Chromium (OPTIONS="--seconds 2 landscape")
	$(BIN)/python -m benchmarks.explorables $(OPTIONS)

bench: $(TESTER)  ## our solvers beside other libraries, timed (OPTIONS="--quick --models lasso,svm")
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[bench]'
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks $(OPTIONS)

attacks: $(TESTER) system  ## the collection of hostile notebooks against the grader
	COURSE_PROGRESS=off $(BIN)/python -m pytest -q tests/grading_attacks/run_attacks.py

agreement: $(TESTER) system  ## every answer to every exercise: the notebook, the grader and nbgrader give it the same points
	COURSE_PROGRESS=off OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PATH="$(abspath $(BIN)):$$PATH" \
		$(BIN)/python -m pytest -q -o timeout=1800 tests/grading_agreement/run_sandbox.py tests/grading_agreement/run_nbgrader.py

OTTER := .venv-otter
bench-grading: $(TESTER) system  ## this grader beside nbgrader and Otter, interleaved (OPTIONS="--class 20000" for memory)
	test -x $(OTTER)/bin/python || $(PYTHON) -m venv $(OTTER)
	$(OTTER)/bin/python -m pip install -q otter-grader==7.0.0 ipykernel numpy scipy matplotlib scikit-learn platformdirs pillow
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PATH="$(abspath $(BIN)):$$PATH" \
		$(BIN)/python -m benchmarks.grading --otter $(abspath $(OTTER))/bin/python $(OPTIONS)
