// Package chaos injures the pipeline and looks at what is left. It holds tests
// only (build tag chaos): real processes are killed, stopped, starved of their
// servers and fed with poison; afterwards everything must be idle, every scan
// counted, every output byte-identical to that of an undisturbed run, and no
// version there twice. `make test-chaos` runs it bounded; flags make it longer. docs/faults.md lists the faults.
// With build tag minio it runs the stage programs, several of each, on a real
// MinIO that notifies a NATS server: `make test-minio`.
package chaos
