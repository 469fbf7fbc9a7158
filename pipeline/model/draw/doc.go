// Package draw makes lines of writing to learn from: typewriting in many faces
// with the faults of a machine, its ribbon, its carbons and its scans; print;
// photocopies of both; and worn copies of real lines.
//
// A picture is made in three steps. A hand (typed.go, printed.go) strikes a line
// and its neighbours as ink; marks.go puts pen, stamps and rulings over it; a
// scan (scan.go) or a copier (copier.go) turns the ink into what Tesseract gets.
// Wear (wear.go) begins at a real picture and does the last step again.
//
// What is drawn follows from the random numbers and the folder of faces alone:
// the same seed gives the same bytes on machines of one architecture. Pixels are
// whole numbers throughout for that reason, and for speed.
package draw
