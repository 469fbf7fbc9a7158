package clean

import "nightshift/pipeline/clean/lexicon"

// Version names the rules and the lexicon of this package: it changes when the
// same text may be corrected differently.
func Version() string { return "4+lexicon-" + lexicon.Version }
