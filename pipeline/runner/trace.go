package runner

import (
	"context"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"nightshift/pipeline"
)

// tracing is how a trace goes on from stage to stage: W3C's traceparent in the
// headers of messages. Without an exporter (package night's --traces) spans are
// nothing, and no header is written.
var tracing = propagation.TraceContext{}

// tracer names the spans' origin.
const tracer = "nightshift/pipeline/runner"

// traced continues the trace of the message with a span of the stage. End it.
func traced(ctx context.Context, stage string, msg jetstream.Msg, about pipeline.About, tries int) (context.Context, trace.Span) {
	ctx = tracing.Extract(ctx, propagation.HeaderCarrier(msg.Headers()))
	return otel.Tracer(tracer).Start(ctx, stage, trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(
		attribute.String("messaging.system", "nats"), attribute.String("messaging.destination.name", msg.Subject()),
		attribute.String("nightshift.item", string(about.Item)), attribute.String("nightshift.locator", string(about.Locator)),
		attribute.Int("nightshift.page", about.Page), attribute.Int("nightshift.try", tries), attribute.String("nightshift.replay", about.Replay)))
}

// outcome says in the span how the task ended: an error's reason, or that it
// only comes back later.
func outcome(span trace.Span, err error) {
	what := "ok"
	if _, later := pipeline.Later(err); later {
		what = "later"
	} else if err != nil {
		what = string(pipeline.ReasonOf(err))
		span.SetStatus(codes.Error, what)
	}
	span.SetAttributes(attribute.String("nightshift.outcome", what))
}

// carry puts the trace of ctx into the headers of messages.
func carry(ctx context.Context, msgs []*nats.Msg) {
	if !trace.SpanContextFromContext(ctx).IsValid() {
		return
	}
	for _, m := range msgs {
		tracing.Inject(ctx, propagation.HeaderCarrier(m.Header))
	}
}
