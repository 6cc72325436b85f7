# Two commands do it all on a fresh Debian machine: `make demo` and `make test`.
export PKG_CONFIG_PATH := $(CURDIR)/.deps/pkgconfig:$(PKG_CONFIG_PATH)
SMNAS := .build/release/smnas
DEMO_RUN ?= runs/demo

.PHONY: help setup build test test-browser test-export test-slurm test-device check format fuzz demo clean

help:
	@echo 'make demo    search detectors on real images, all stages (2 cores: some 20 minutes, and the build), then show them'
	@echo 'make test    build and run every test (Scripts/test DetSpec: those of one module)'
	@echo 'make test-export  exported files in onnxruntime and OpenVINO (both are fetched, some 150 MB)'
	@echo 'make test-browser  the live page in a real browser (Chromium and its driver are installed)'
	@echo 'make test-slurm  searches on a throw-away cluster that is killed piece by piece (root; Slurm is installed)'
	@echo 'make test-device  latencies of another machine, over ssh (root; an ssh server is installed)'
	@echo 'make build   the two programs, optimised: $(SMNAS), and smnas-torch beside it'
	@echo 'make check   formatting, import direction, links, documentation, examples'
	@echo 'make fuzz    one minute of fuzzing per reader (Fuzz/README.md)'
	@echo 'make setup   Debian packages, libtorch, plotly.js, sample images (the others call it)'
	@echo 'make clean   remove what was built (keeps .deps and runs)'

setup:
	@Scripts/setup

build: setup
	swift build -c release --product smnas
	swift build -c release --product smnas-torch

test: setup
	@[ "$$(id -u)" -ne 0 ] || Scripts/setup slurm || echo 'make test: without Slurm, whose test is skipped' >&2
	Scripts/test

test-export: setup
	Scripts/check-export

test-browser: setup
	@Scripts/setup browser
	[ -x .build/debug/smnas ] || swift build --product smnas
	SMNAS=$(CURDIR)/.build/debug/smnas SMNAS_PLOTLY=$(CURDIR)/.deps/plotly/plotly.min.js python3 Tests/Browser/live_page.py

test-slurm: setup
	@Scripts/setup slurm
	[ -x .build/debug/smnas ] || swift build --product smnas
	[ -x .build/debug/smnas-torch ] || swift build --product smnas-torch
	SMNAS=$(CURDIR)/.build/debug/smnas python3 Tests/Slurm/kills.py $(CASES)

test-device: setup
	@Scripts/setup device
	[ -x .build/debug/smnas ] || swift build --product smnas
	[ -x .build/debug/smnas-torch ] || swift build --product smnas-torch
	SMNAS=$(CURDIR)/.build/debug/smnas python3 Tests/Device/over_ssh.py

check: setup
	Scripts/check

format:
	swift format --in-place --recursive --parallel Sources Tests Examples Package.swift

FUZZ_TARGETS := $(basename $(notdir $(wildcard Fuzz/Targets/*)))
fuzz:
	@Scripts/setup fuzz
	Fuzz/build $(FUZZ_TARGETS)
	for target in $(FUZZ_TARGETS); do Fuzz/run $$target -1 -max_total_time=60 || exit 1; done

demo: build
	Scripts/demo $(DEMO_RUN)

clean:
	rm -rf .build
