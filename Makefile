# Nightshift. `make demo` and `make test` are all a new machine needs: Debian
# with Go; each installs what it needs.

GO      ?= go
BIN     := bin
TOOLS   := .tools/bin
PROGRAMS := ocr-worker structurer publisher nightshift
MINIO   := $(TOOLS)/minio
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
export NIGHTSHIFT_SHARED ?= $(abspath ../shared)
export NIGHTSHIFT_MINIO  ?= $(abspath $(MINIO))

.PHONY: build demo test test-pure test-race test-minio test-upgrade test-bag test-deb test-image image test-compose test-kubernetes test-monitoring test-runbook scale vuln sbom test-chaos test-browser test-shared fuzz lint bench bench-publish soak deb deps clean

build: deps
	$(GO) build -trimpath -ldflags "-X main.version=$(VERSION)" -o $(BIN)/ $(addprefix ./cmd/,$(PROGRAMS))

# The sample box through the whole pipeline, with the report and the records.
demo: build
	$(BIN)/nightshift run testdata/samplebox --out demo-out --data demo-data; code=$$?; \
	  test $$code -eq 0 -o $$code -eq 3

deps:
	@deploy/deps.sh

test: deps
	$(GO) vet ./...
	$(GO) test ./...

# What is neither imaging nor the engine, without a C compiler.
test-pure:
	CGO_ENABLED=0 $(GO) vet ./...
	CGO_ENABLED=0 $(GO) test ./pipeline/archive/... ./pipeline/transcript/... ./pipeline/structure/... ./pipeline/clean/... ./pipeline/record/... ./pipeline/ledger/...

test-race: deps
	$(GO) test -race ./pipeline/runner/... ./pipeline/store/... ./pipeline/intake/... ./pipeline/progress/... ./pipeline/publish/... ./pipeline/ledger/...

$(MINIO):
	GOBIN=$(abspath $(TOOLS)) $(GO) install github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c

# The server of the version in go.mod, and the last one before those that work.
$(TOOLS)/nats-server: go.mod
	$(GO) build -o $@ github.com/nats-io/nats-server/v2

OLD_NATS := $(TOOLS)/nats-server-2.9/nats-server
export NIGHTSHIFT_OLD_NATS ?= $(abspath $(OLD_NATS))
$(OLD_NATS):
	GOBIN=$(abspath $(dir $@)) $(GO) install github.com/nats-io/nats-server/v2@v2.9.25

$(TOOLS)/mc:
	GOBIN=$(abspath $(TOOLS)) $(GO) install github.com/minio/mc@v0.0.0-20250313080218-cf909e1063a9

# Against a real MinIO process with its own NATS notifications: the store's
# suite, two copies of each stage program over the sample box, and the same with
# the keys, permissions and policies of deploy/; servers that are wrong in one way
# each; certificates renewed, a cluster's leader killed and a machine cut off in the
# middle of a run. As root: network namespaces.
test-minio: deps $(MINIO) $(TOOLS)/mc $(OLD_NATS)
	$(GO) test -tags minio -count=1 -run MinIO ./pipeline/store/
	$(GO) test -tags minio -count=1 -timeout 30m -skip 'TestUpgrade|TestNewer' ./internal/chaos/ -box $(abspath testdata/samplebox)

# The programs of the commit PREVIOUS exchanged for these, one after the other, in
# the middle of a run; and in the wrong order across a change of format.
PREVIOUS ?= HEAD~1
test-upgrade: deps $(MINIO)
	$(GO) test -tags minio -count=1 -timeout 15m -run 'TestUpgrade|TestNewer' ./internal/chaos/ -previous $(PREVIOUS)

# Kills and faults, bounded; CHAOS_ARGS="-instants 50 -long -pages 10000 -listed 1000000"
# for longer, "-box $(abspath testdata/samplebox)" to kill runs over the sample box. Needs root: a
# volume is filled up.
test-chaos: build
	$(GO) test -tags chaos -count=1 -parallel 3 -timeout 120m ./internal/chaos/ $(CHAOS_ARGS)
	$(GO) test -tags chaos -count=1 -run TestFullDisk ./cmd/nightshift/

# The console in a real Chromium, with an accessibility checker. SHOTS=DIR keeps
# pictures of the pages.
AXE := .tools/axe/axe-4.14.1.min.js
$(AXE):
	deploy/browser-deps.sh $(AXE)

test-browser: deps $(AXE)
	deploy/browser-deps.sh
	NIGHTSHIFT_AXE=$(abspath $(AXE)) NIGHTSHIFT_SHOTS=$(SHOTS) $(GO) test -tags browser -count=1 -timeout 9m ./pipeline/console

# Exported bags, checked by a bag validator that others wrote.
BAGIT := .tools/bagit-tools
test-bag:
	deploy/bag-deps.sh $(BAGIT)
	NIGHTSHIFT_BAGIT=$(abspath $(BAGIT)) $(GO) test -tags bag -count=1 -run Bag ./pipeline/export

# The Debian package, installed on a clean Debian root that is then booted. As root.
test-deb: build
	deploy/apt.sh dpkg-dev debootstrap systemd-container
	deploy/deb/build.sh $(BIN) $(VERSION) $(BIN)/deb
	deploy/deb/test.sh $(BIN)/deb/*.deb testdata/samplebox

# The container image, built from the Debian package and run with a read-only
# root. As root; starts a Docker daemon of its own where none runs.
test-image: deb
	deploy/apt.sh docker.io debootstrap
	deploy/container/test.sh $(BIN)/deb/*.deb testdata/samplebox $(BIN)/nightshift

# The compose stack from nothing to the sample box published, then every container
# killed in turn. As root.
test-compose: deb $(MINIO) $(TOOLS)/mc $(TOOLS)/nats-server
	deploy/apt.sh docker.io debootstrap docker-compose jq openssl iproute2
	deploy/compose/test.sh $(BIN)/deb/*.deb testdata/samplebox $(BIN)/nightshift $(TOOLS)

# BASE names the image below it; by digest (debian@sha256:…) it is one and the same each time.
BASE ?= debian:bookworm-slim
image: deb
	docker build --build-arg BASE=$(BASE) -f deploy/container/Containerfile -t nightshift:latest $(BIN)/deb

# Throughput against the number of workers, recognition stubbed; docs/scale.md.
CURVE ?= 1,2,4,8
scale: deps $(MINIO)
	$(GO) test -tags minio -count=1 -timeout 60m -run TestCurve -v ./internal/chaos/ -curve $(CURVE)

# What needs ../shared: scores, hostile and awkward files.
test-shared: deps
	$(GO) test -tags shared -count=1 -timeout 40m ./...

# The sample box drawn anew turned, inverted and at 100 to 600 dots an inch, through
# the real engine.
.PHONY: test-reading
test-reading: deps
	$(GO) test -tags reading -count=1 -timeout 30m -run 'TestVariants|TestNumbering' -v ./internal/samplebox

# The recognition model that builds carry, made again from Debian's and from what lies
# in ../shared: an hour on one core. It goes on where it was stopped. docs/model.md.
FACES := .tools/faces
MODEL := pipeline/model/shipped/eng.traineddata
.PHONY: model test-model
model: deps
	deploy/model-fonts.sh $(FACES)
	$(GO) build -o $(TOOLS)/makemodel ./pipeline/model/internal/makemodel
	$(TOOLS)/makemodel -faces $(FACES) -work .tools/model -out $(MODEL) -jobs $$(nproc) -sealed $(NIGHTSHIFT_SHARED)/eval/sealed.txt \
	  -scans $(NIGHTSHIFT_SHARED)/scans/typed,$(NIGHTSHIFT_SHARED)/scans/catalogue

# The same way with a fiftieth of the lines, twice, and an archive's own training, stopped
# and gone on with; about three minutes.
test-model: deps
	deploy/model-fonts.sh $(FACES)
	NIGHTSHIFT_FACES=$(abspath $(FACES)) $(GO) test -tags model -count=1 -timeout 15m -v -run 'Bounded|TestRun' ./pipeline/model/internal/makemodel ./pipeline/model/teach

FUZZTIME ?= 10s
fuzz: deps
	deploy/fuzz.sh $(FUZZTIME)

lint: $(TOOLS)/depguard $(TOOLS)/staticcheck
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "gofmt would change these"; exit 1; }
	$(TOOLS)/depguard ./...
	$(TOOLS)/staticcheck ./...

$(TOOLS)/depguard:
	GOBIN=$(abspath $(TOOLS)) $(GO) install github.com/OpenPeeDeeP/depguard/v2/cmd/depguard@v2.3.0

$(TOOLS)/staticcheck:
	GOBIN=$(abspath $(TOOLS)) $(GO) install honnef.co/go/tools/cmd/staticcheck@v0.8.2

# What tends to be a hole, in our own code; deploy/gosec.sh says what is left out, and why.
.PHONY: sec
sec: $(TOOLS)/gosec
	deploy/gosec.sh $(TOOLS)/gosec

$(TOOLS)/gosec:
	GOBIN=$(abspath $(TOOLS)) $(GO) install github.com/securego/gosec/v2/cmd/gosec@v2.30.0

# Known vulnerabilities in the code that the programs reach. Exit 77 of the script: no
# database could be had, and nothing was looked at.
vuln: deps $(TOOLS)/govulncheck
	deploy/vuln.sh $(TOOLS)/govulncheck .tools/vulndb

# Bills of materials of the four programs, in bin/sbom.
sbom: build $(TOOLS)/cyclonedx-gomod
	deploy/apt.sh jq
	deploy/sbom.sh $(TOOLS)/cyclonedx-gomod $(BIN) $(VERSION) $(BIN)/sbom

$(TOOLS)/govulncheck:
	GOBIN=$(abspath $(TOOLS)) $(GO) install golang.org/x/vuln/cmd/govulncheck@v1.9.0

$(TOOLS)/cyclonedx-gomod:
	GOBIN=$(abspath $(TOOLS)) $(GO) install github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0

# The manifests of deploy/kubernetes, built and decoded against the API's types.
test-kubernetes:
	cd deploy/kubernetes && $(GO) vet ./... && $(GO) test -count=1 ./...

# Alert rules, each raised once, and the dashboard: by Grafana's schema, and every
# expression asked of a Prometheus that watches a Nightshift at work.
test-monitoring: build
	deploy/apt.sh prometheus
	cd deploy/monitoring && $(GO) vet ./... && $(GO) test -count=1 ./...

# The commands of deploy/RUNBOOK.md, taken out of it and carried out: the morning,
# what is paused and held, a rule changed, all that NATS kept lost and restored.
test-runbook: build $(MINIO) $(TOOLS)/nats-server
	$(GO) vet -tags runbook ./deploy
	$(GO) test -tags runbook -count=1 -v ./deploy

bench: build
	deploy/bench.sh

# The same on typed pages, the sample box and twenty papers of a catalogue, with the ratios together.
.PHONY: bench-all
bench-all: build
	deploy/bench-all.sh

# What pages that crash, never end or take all memory cost the good pages beside them.
.PHONY: bench-poison
bench-poison: deps
	$(GO) test -run xxx -bench BesidePoison -benchtime 1x -v ./pipeline/ocr

# Publishing alone: pages a second with renditions and without, bytes of each a page.
PUBLISH ?= 200
bench-publish: build
	deploy/bench-publish.sh $(PUBLISH)

# Many real pages in one run, with the parent's memory on the way.
SOAK ?= 2000
soak: build
	deploy/soak.sh $(SOAK)

deb: build
	deploy/apt.sh dpkg-dev
	deploy/deb/build.sh $(BIN) $(VERSION) $(BIN)/deb

clean:
	rm -rf $(BIN) demo-out demo-data
