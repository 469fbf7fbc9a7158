package train

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
)

// Errors is how wrong a model reads lines, each a share of its letters or words,
// 0-1 unless it invents more than there is; the mean over the lines.
type Errors struct{ Letters, Words float64 }

var evaluated = regexp.MustCompile(`BCER eval=([0-9.]+), BWER eval=([0-9.]+)`)

// Evaluate reads the lines that a list names (lines.Set writes one) with a
// traineddata file, by the network alone, without word lists: Tesseract's lstmeval.
func Evaluate(ctx context.Context, model, list string) (Errors, error) {
	cmd := exec.CommandContext(ctx, "lstmeval", "--model", model, "--eval_listfile", list, "--verbosity", "0") // #nosec G204 -- a fixed program on files of this one's own folder
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1", "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	if err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return Errors{}, fmt.Errorf("%w: it is part of Debian's tesseract-ocr", err)
		}
		return Errors{}, fmt.Errorf("lstmeval: %w; it said: %.300s", err, out)
	}
	found := evaluated.FindSubmatch(out)
	if found == nil {
		return Errors{}, fmt.Errorf("lstmeval told no errors; it said: %.300s", out)
	}
	letters, err := strconv.ParseFloat(string(found[1]), 64)
	words, err2 := strconv.ParseFloat(string(found[2]), 64)
	if err := errors.Join(err, err2); err != nil {
		return Errors{}, fmt.Errorf("read what lstmeval told: %w", err)
	}
	return Errors{letters / 100, words / 100}, nil
}
