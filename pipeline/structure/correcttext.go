package structure

import "nightshift/pipeline/clean"

func correctText(clean.Input) []clean.Correction { return nil }
