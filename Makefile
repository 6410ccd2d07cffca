# make setup: install and build everything. make demo: setup, then serve with demo data. make test: setup, then every check.
# make bench: what the large jobs take, each beside a plain baseline, in one table.
.PHONY: setup demo test check unit postgres browser faults bench clean
SHELL := /bin/bash
export PATH := $(CURDIR)/.tools/uv/bin:$(PATH)

PHONE_SOURCES := $(shell find pwa -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null) $(shell find forms -type f)

setup: .tools/python pwa/dist/.built
	@echo "Ready. \`make demo\` serves the demonstration; \`make test\` runs every check."

demo: setup
	@uv run --frozen yaohao demo $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT))

test: check unit postgres browser

.tools/packages: backend/deploy/debian-packages.txt backend/deploy/install-packages.sh
	@backend/deploy/install-packages.sh
	@mkdir -p .tools && touch $@

.tools/python: .tools/packages pyproject.toml uv.lock backend/deploy/install-uv.sh
	@backend/deploy/install-uv.sh
	uv sync --frozen
	@touch $@

.tools/npm: .tools/packages pwa/package-lock.json
	cd pwa && npm ci --no-audit --no-fund
	@touch $@

pwa/dist/.built: .tools/npm $(PHONE_SOURCES)
	cd pwa && npm run build
	@touch $@

check: setup
	uv run --frozen ruff check .
	uv run --frozen ruff format --check .
	uv run --frozen mypy
	uv run --frozen lint-imports
	cd pwa && npm run lint && npm run check && npm test

unit: setup
	uv run --frozen pytest -n 2 --dist worksteal --durations 10 -m "not browser and not fault" --database sqlite

postgres: setup
	uv run --frozen pytest -n 2 --dist worksteal --durations 10 -m "not browser and not fault and not one_database" --database postgres

# In the order that tests/conftest.py gives them: the longest first.
browser: setup
	uv run --frozen pytest -n 2 --dist loadfile --no-loadscope-reorder --durations 10 -m "browser and not fault"

faults: setup
	uv run --frozen pytest -m fault

# OR-Tools and consistent_sampler are what the draw is measured against, Lighthouse what marks the phone app: fetched for this run only.
bench: setup
	cd tests/bench/lighthouse && npm ci --ignore-scripts --no-audit --no-fund
	uv run --frozen --with ortools==9.15.6755 --with consistent-sampler==1.0.10 python -m tests.bench

clean:
	rm -rf .tools .venv pwa/node_modules pwa/dist
