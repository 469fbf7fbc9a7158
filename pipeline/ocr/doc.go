// Package ocr reads pages: stage ocr, and the pool of engine children that it
// asks. The pool owns processes: it starts, feeds, times, kills and replaces
// them, and turns each way of dying into a reason. What happens to an image
// inside a child is in ocr/tesseract; here nothing from outside is decoded.
package ocr
