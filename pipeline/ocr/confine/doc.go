// Package confine shuts a process in: it keeps the system calls that reading a
// page needs and no others (seccomp), and of the files those that are named
// (Landlock, with its scopes for network and signals). It owns the lists and what
// the kernel at hand can hold of them; who is confined, and the limits of memory and
// time, are package tesseract's.
package confine
