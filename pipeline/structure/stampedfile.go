package structure

import "strings"

// stampedFile takes the decimal file number that a registry stamped or typed along the
// side of a paper's first page, "864.4016/141", where no label says what it is. The
// number of the office's own file, typed at the foot, gives way to it.
func (v *pageValues) stampedFile() {
	s := &v.pages.sheets[0]
	for j := range s.prints {
		pr := &s.prints[j]
		inMargin := pr.box[0] > s.right || pr.box[2] < s.left || pr.box[3]-pr.box[1] > 2*(pr.box[2]-pr.box[0])
		if n := decimalFile(v.s[pr.start:pr.end]); n != "" && (inMargin || 4*pr.box[3] < s.height) {
			v.out.FileNumber = v.parser.value(pr.span, n)
			return
		}
	}
}

// decimalFile is a decimal file number, its blanks taken out, that is all there is in a
// line: class, point, subject, stroke, number of the paper; "" if it is none. A
// figure may be misread as a letter in each part that has three or more.
func decimalFile(text string) string {
	t := strings.ReplaceAll(strings.Trim(text, " .,;:|_-*'\""), " ", "")
	class, rest, point := strings.Cut(t, ".")
	subject, paper, stroke := strings.Cut(rest, "/")
	if !point || !stroke || len(class) < 2 || len(class) > 4 || len(subject) < 2 || len(subject) > 8 || len(paper) == 0 || len(paper) > 9 {
		return ""
	}
	for _, part := range []string{class, subject, strings.ReplaceAll(paper, "-", "")} {
		figures := 0
		for i := range len(part) {
			switch {
			case part[i] >= '0' && part[i] <= '9':
				figures++
			case !isLetterByte(part[i]):
				return ""
			}
		}
		if figures < len(part)-len(part)/3 {
			return ""
		}
	}
	return t
}
