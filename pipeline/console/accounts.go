package console

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/crypto/bcrypt"

	"nightshift/pipeline/custody"
)

// Role is what a person may do; each may do what those before it may.
type Role int

// The roles.
const (
	Nobody   Role = iota
	Viewer        // look
	Reviewer      // accept, reject and edit corrections
	Operator      // replay, upload
)

var roleNames = []string{"nobody", "viewer", "reviewer", "operator"}

func (r Role) String() string { return roleNames[r] }

// ParseRole reads viewer, reviewer or operator.
func ParseRole(s string) (Role, error) {
	if i := slices.Index(roleNames, s); i > 0 {
		return Role(i), nil
	}
	return Nobody, fmt.Errorf("there is no role %q; there are viewer, reviewer, operator", s)
}

// Account is one line of the accounts file: name:role:hash.
type Account struct {
	Name string
	Role Role
	Hash []byte // bcrypt
}

// cost of a new hash: about a quarter of a second of one core today.
var cost = 12 // a variable for tests

// maxPassword is bcrypt's own limit, in bytes.
const maxPassword = 72

// NewAccount hashes the password.
func NewAccount(name string, role Role, password string) (Account, error) {
	if err := checkName(name); err != nil {
		return Account{}, err
	}
	if len(password) < 10 || len(password) > maxPassword {
		return Account{}, fmt.Errorf("a password has 10 to %d bytes", maxPassword)
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), cost)
	return Account{name, role, hash}, err
}

func checkName(name string) error {
	bad := func(r rune) bool { return r == ':' || unicode.IsSpace(r) || !unicode.IsPrint(r) }
	if name == "" || len(name) > 100 || strings.ContainsFunc(name, bad) {
		return fmt.Errorf("a name has 1 to 100 characters, no blank and no colon; not %q", name)
	}
	return nil
}

// ParseAccounts reads an accounts file: a line name:role:hash each, where hash
// is bcrypt's as htpasswd -B writes it. Empty lines and those that begin with #
// are passed over.
func ParseAccounts(raw []byte) ([]Account, error) {
	var out []Account
	lines := bufio.NewScanner(bytes.NewReader(raw))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		parts := strings.SplitN(line, ":", 3)
		if len(parts) != 3 {
			return nil, fmt.Errorf("line %d is not name:role:hash", n)
		}
		role, err := ParseRole(parts[1])
		if err == nil {
			err = checkName(parts[0])
		}
		if err == nil {
			_, err = bcrypt.Cost([]byte(parts[2]))
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if slices.ContainsFunc(out, func(a Account) bool { return a.Name == parts[0] }) {
			return nil, fmt.Errorf("line %d: a second account %q", n, parts[0])
		}
		out = append(out, Account{parts[0], role, []byte(parts[2])})
	}
	return out, lines.Err()
}

// ReadAccounts reads the file; one that is not there holds no accounts.
func ReadAccounts(file string) ([]Account, error) {
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	list, err := ParseAccounts(raw)
	if err != nil {
		return nil, fmt.Errorf("accounts in %s: %w", file, err)
	}
	return list, nil
}

// AccountsIn reads the file of a console at work: one that is not there is an
// error, since without accounts a console would be open.
func AccountsIn(file string) ([]Account, error) {
	list, err := ReadAccounts(file)
	if err == nil && list == nil {
		if _, err = os.Stat(file); err != nil {
			err = fmt.Errorf("accounts: %w; make it with `nightshift account NAME --role operator --accounts %s`", err, file)
		}
	}
	return list, err
}

// WriteAccounts replaces the file, readable by its owner only.
func WriteAccounts(file string, list []Account) error {
	var b bytes.Buffer
	for _, a := range list {
		fmt.Fprintf(&b, "%s:%s:%s\n", a.Name, a.Role, a.Hash)
	}
	if err := custody.Replace(file, b.Bytes()); err != nil {
		return fmt.Errorf("accounts: %w", err)
	}
	return nil
}

// noHash is compared with where there is no such account, so that a wrong name
// takes as long as a wrong password.
var noHash = sync.OnceValue(func() []byte {
	h, _ := bcrypt.GenerateFromPassword([]byte(secret())[:40], cost) // fails only over maxPassword
	return h
})

// check is the account with that name and password.
func check(list []Account, name, password string) (Account, bool) {
	i := slices.IndexFunc(list, func(a Account) bool { return a.Name == name })
	if i < 0 || len(password) > maxPassword {
		_ = bcrypt.CompareHashAndPassword(noHash(), []byte("x"))
		return Account{}, false
	}
	return list[i], bcrypt.CompareHashAndPassword(list[i].Hash, []byte(password)) == nil
}
