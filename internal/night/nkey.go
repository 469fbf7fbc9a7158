package night

import (
	"fmt"

	"github.com/nats-io/nkeys"
)

// NewNKey makes a key pair by which NATS knows a service: the seed is secret and
// stays with the service, the public key goes to the server.
func NewNKey() (seed, public string, err error) {
	pair, err := nkeys.CreateUser()
	if err != nil {
		return "", "", fmt.Errorf("make an NKey: %w", err)
	}
	raw, err := pair.Seed()
	if err != nil {
		return "", "", fmt.Errorf("make an NKey: %w", err)
	}
	public, err = pair.PublicKey()
	return string(raw), public, err
}
