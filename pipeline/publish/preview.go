package publish

import (
	"context"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/mets"
)

// Preview says how publishing the task's structure would change the documents of
// the item's current records, and puts nothing. Nil means not at all. Renditions
// are not made for it, so its Files are empty.
func (o Options) Preview(ctx context.Context, t pipeline.PublishTask) (*archive.Changes, error) {
	terms, err := InForce(ctx, o.Work)
	if err != nil {
		return nil, err
	}
	in, err := o.gather(ctx, t, terms)
	if err != nil {
		return nil, err
	}
	rs, err := record.Build(in)
	if err != nil {
		return nil, err
	}
	e := edition{options: o, task: t, terms: terms, on: terms.on(), in: in, records: rs, files: map[string]mets.File{}}
	content, err := record.Content(rs, terms.Renditions)
	if err != nil {
		return nil, err
	}
	for i := range rs {
		body, err := record.Encode(rs[i])
		if err != nil {
			return nil, err
		}
		e.bodies = append(e.bodies, body)
		e.note(mets.File{Name: recordName(i + 1), SHA256: archive.DigestOf(body), Size: len(body)})
	}
	s := shelf{bucket: o.Records, locator: in.Manifest.Locator}
	current, _, err := s.current(ctx)
	if err != nil || current.Content == content {
		return nil, err
	}
	c, err := e.changes(ctx, s, current, e.version(content))
	if err != nil {
		return nil, err
	}
	c.Files = []string{}
	return c, nil
}
