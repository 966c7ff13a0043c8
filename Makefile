# Every target may be repeated, and does its own set-up. Variables: make run INTAKE_PORT=8101

# Without these make has a hundred rules of its own that look for files to make.
MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help
.PHONY: help run stop status test check format bench documents lock

PYTHON_IN_VENV := .venv/bin/python
# exec: a signal to make then reaches the program itself, which stops in order.
AS_PROGRAM := exec $(PYTHON_IN_VENV)
# What is done by hand, with a set-up of its own.
COMMAND_LINE := exec ./contactpunt
FOR_DEVELOPMENT := sh deploy/local/bootstrap.sh requirements/dev.txt
COMPILE := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url
# What pytest is to run, and how: make test TESTS="tests/unit -x"
TESTS ?= tests
# In how many processes, each with a broker and a database of its own: a few tests are not worth a second one.
PROCESSES ?= $(if $(filter tests,$(TESTS)),2,0)

help: ## Show this
	@echo "make <target> [NAME=value …]"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "make run takes: DETACH=1 return once all is ready; SAMPLE=none start empty; KEEP=1 go on with the"
	@echo "data of the last run; AMQP_URL=… MONGO_URL=… use those instead of private ones; INTAKE_PORT=8001"
	@echo "ROUTING_PORT=8002 DEADLINES_PORT=8003 REPORTING_PORT=8004 AMQP_PORT=5675 MONGO_PORT=27117"
	@echo "RABBITMQ_MANAGEMENT_PORT=15675 RABBITMQ_PROMETHEUS_PORT=15695 other ports"

run: ## Start everything on this machine, load the sample year, stay until Ctrl-C
	@$(COMMAND_LINE) up

stop: ## Stop what make run started
	@$(COMMAND_LINE) down

status: ## Say how everything is doing
	@$(COMMAND_LINE) status

test: ## Run all tests, on a real RabbitMQ and MongoDB
	@$(FOR_DEVELOPMENT)
	@$(AS_PROGRAM) -m pytest -n $(PROCESSES) $(TESTS)

check: ## Lint, format, types, imports, generated documents: without changing anything
	@$(FOR_DEVELOPMENT)
	$(PYTHON_IN_VENV) -m ruff check
	$(PYTHON_IN_VENV) -m ruff format --check
	$(PYTHON_IN_VENV) -m mypy
	$(PYTHON_IN_VENV) .venv/bin/lint-imports
	$(PYTHON_IN_VENV) -m deploy.documents check

format: ## Mend what ruff can mend by itself
	@$(FOR_DEVELOPMENT)
	$(PYTHON_IN_VENV) -m ruff check --fix
	$(PYTHON_IN_VENV) -m ruff format

bench: ## Measure everything, which takes hours; FIGURES="latency costs" some of it, QUICK=1 small sizes
	@$(FOR_DEVELOPMENT)
	@$(COMMAND_LINE) bench $(if $(QUICK),--quick) $(FIGURES)

documents: ## Write the generated documents below docs/ anew
	@$(FOR_DEVELOPMENT)
	$(PYTHON_IN_VENV) -m deploy.documents write

lock: ## Write requirements/*.txt anew from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv/" >&2; exit 1; }
	$(COMPILE) --extra local --extra dev --output-file requirements/dev.txt
	$(COMPILE) --extra local --constraint requirements/dev.txt --output-file requirements/local.txt
	$(COMPILE) --constraint requirements/dev.txt --output-file requirements/service.txt
