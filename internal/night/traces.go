package night

import (
	"context"
	"errors"
	"flag"
	"net/url"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"

	"nightshift/internal/program"
)

// flushWithin bounds how long the end of a process waits for its last spans.
const flushWithin = 3 * time.Second

// RegisterTraces adds the flag.
func RegisterTraces(fs *flag.FlagSet) *string {
	return fs.String("traces", "", "`URL` of an OpenTelemetry collector that takes OTLP over HTTP, e.g. http://collector:4318; empty: no traces")
}

// Traces sends traces of tasks through the stages to an OpenTelemetry collector
// that takes OTLP over HTTP, until end is called; with an empty address it does
// nothing. A collector that is away holds up no work: spans are dropped then.
func (s *System) Traces(ctx context.Context, address, name, version string) (end func(), err error) {
	if address == "" {
		return func() {}, nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, program.Exit(program.Usage, "--traces is the address of a collector, such as http://collector:4318")
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/v1/traces"
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(u.String()), otlptracehttp.WithTimeout(10*time.Second))
	if err != nil {
		return nil, errors.New("traces: the exporter cannot be made")
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter), trace.WithResource(resource.NewSchemaless(
		attribute.String("service.name", name), attribute.String("service.version", version), attribute.String("service.instance.id", Worker()))))
	before := otel.GetTracerProvider()
	otel.SetTracerProvider(provider)
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { s.Log.Debug("traces", "error", err) }))
	return func() {
		otel.SetTracerProvider(before)
		ctx, cancel := context.WithTimeout(context.Background(), flushWithin)
		defer cancel()
		if err := provider.Shutdown(ctx); err != nil {
			s.Log.Debug("last spans not sent", "error", err)
		}
	}, nil
}
