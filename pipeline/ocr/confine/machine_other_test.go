//go:build !amd64

package confine

// machineDoors are the gates that only some processors have. Programs of 32 bits run on
// an arm64 processor from a file alone, and running files is a door of its own.
func machineDoors() []door { return nil }
