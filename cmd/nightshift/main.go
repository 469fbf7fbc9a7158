// Command nightshift is the operator's tool, and every stage in one process.
package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"nightshift/internal/program"
	"nightshift/pipeline/ocr"
)

var version = "unknown"

func main() {
	ocr.ChildMain()
	program.Main(run)
}

// command is one of nightshift's commands. Commands that open a system take
// --data, or --nats and --s3.
type command struct {
	name, args, what string
	run              func(ctx context.Context, c call) error
}

// call is how a command was called.
type call struct {
	command
	argv           []string
	stdout, stderr io.Writer
}

func commands() []command {
	return []command{
		{"run", "DIR --out OUT [--data DIR]", "take a folder of scans through the whole pipeline, and end", runNight},
		{"up", "--data DIR | --nats URL --s3 URL", "run every stage until stopped", serve},
		{"console", "--data DIR | --nats URL --s3 URL", "serve the console alone", showConsole},
		{"account", "NAME --role ROLE --accounts FILE", "let somebody sign in to the console", account},
		{"init", "--nats URL --s3 URL", "make the streams, consumers and buckets of real servers", initServers},
		{"keys", "--out DIR", "make the keys of every service, for real servers", makeKeys},
		{"ingest", "DIR", "put a folder of scans in", ingestFolder},
		{"export", "--out OUT [--bag]", "write the published records as files", exportRecords},
		{"status", "", "how far everything is", status},
		{"watch", "[--box B] [--until-idle]", "follow what happens, line by line", watch},
		{"report", "--out OUT", "write the morning report", reportNight},
		{"failures", "", "what is parked, and why", failures},
		{"replay", "[--stage S] [--box B] [--reason R] … | --all", "run failed stages again", replayFailed},
		{"pause", "STAGE [--for 2h] [--why TEXT]", "stop a stage; what it works on ends, nothing is lost", order},
		{"resume", "STAGE", "let a paused stage go on", order},
		{"hold", "BOX [--why TEXT]", "take a box's scans in, but do nothing with them", order},
		{"first", "BOX [--why TEXT]", "let a box go before all others", order},
		{"release", "BOX", "end hold and first: boxes take turns", order},
		{"show", "ITEM", "what is known of one item", showItem},
		{"review", "[ITEM [--accept 1.2] [--reject 1.3] [--edit 1.4=TEXT] [--set date=…]]", "what asks for a person, and deciding it", reviewItems},
		{"search", "WORDS…", "find published records", searchRecords},
		{"verify", "", "count every scan from the objects: nothing lost", verify},
		{"evaluate", "GOLD PRED [--misses NAME] [--table]", "score what was found against an archive's own truth", evaluateFolders},
		{"rules", "test FILE | learn OUT", "try an archive's own rules of cleaning, or gather its words", rulesCommand},
		{"train", "[DIR…] --data DIR | --list | --use N", "teach the recognition model from mended pages, or choose one", trainModel},
		{"doctor", "", "say what is missing and how to get it", doctor},
		{"version", "", "print the version", func(_ context.Context, c call) error {
			fmt.Fprintln(c.stdout, "nightshift", version)
			return nil
		}},
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		usage(stderr)
		return &program.Error{Code: program.Usage}
	}
	switch args[0] {
	case "help", "-h", "--help":
		usage(stdout)
		return nil
	case "--version":
		args[0] = "version"
	}
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == args[0] })
	if i < 0 {
		usage(stderr)
		return program.Exit(program.Usage, "there is no command %q", args[0])
	}
	return all[i].run(ctx, call{all[i], args[1:], program.Plain(stdout), stderr})
}

func usage(w io.Writer) {
	fmt.Fprint(w, "nightshift turns boxes of scanned memos into clean, structured records.\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  nightshift %-9s %-42s %s\n", c.name, c.args, c.what)
	}
	fmt.Fprint(w, "\nnightshift COMMAND --help tells a command's flags.\n")
}
