package main

import (
	"go/version"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

func init() {
	functions["path"] = func(a []string) any {
		escaped, escapeErr := module.EscapePath(a[0])
		unescaped, unescapeErr := module.UnescapePath(a[0])
		prefix, major, ok := module.SplitPathVersion(a[0])
		split := any(nil)
		if ok {
			split = [][]byte{text(prefix), text(major)}
		}
		return map[string]any{
			"module":   problem(module.CheckPath(a[0])),
			"import":   problem(module.CheckImportPath(a[0])),
			"file":     problem(module.CheckFilePath(a[0])),
			"escape":   either(escaped, escapeErr),
			"unescape": either(unescaped, unescapeErr),
			"split":    split,
		}
	}
	functions["version"] = func(a []string) any {
		v := a[0]
		escaped, escapeErr := module.EscapeVersion(v)
		unescaped, unescapeErr := module.UnescapeVersion(v)
		base, baseErr := module.PseudoVersionBase(v)
		rev, revErr := module.PseudoVersionRev(v)
		t, timeErr := module.PseudoVersionTime(v)
		return map[string]any{
			"valid":      semver.IsValid(v),
			"canonical":  text(semver.Canonical(v)),
			"major":      text(semver.Major(v)),
			"majorMinor": text(semver.MajorMinor(v)),
			"prerelease": text(semver.Prerelease(v)),
			"build":      text(semver.Build(v)),
			"module":     text(module.CanonicalVersion(v)),
			"pseudo":     module.IsPseudoVersion(v),
			"base":       either(base, baseErr),
			"revision":   either(rev, revErr),
			"time":       either(t.Format(time.RFC3339), timeErr),
			"escape":     either(escaped, escapeErr),
			"unescape":   either(unescaped, unescapeErr),
			"go":         version.IsValid("go" + v),
		}
	}
	functions["compare"] = func(a []string) any {
		return []int{semver.Compare(a[0], a[1]), version.Compare("go"+a[0], "go"+a[1])}
	}
	functions["check"] = func(a []string) any {
		_, major, _ := module.SplitPathVersion(a[0])
		return []any{problem(module.Check(a[0], a[1])), problem(module.CheckPathMajor(a[1], major))}
	}
	functions["match"] = func(a []string) any { return module.MatchPrefixPatterns(a[0], a[1]) }
	functions["makePseudo"] = func(a []string) any {
		t, err := time.Parse(time.RFC3339, a[2])
		must(err)
		return text(module.PseudoVersion(a[0], a[1], t, a[3]))
	}
	functions["quote"] = func(a []string) any {
		unquoted, err := strconv.Unquote(a[0])
		return []any{text(strconv.Quote(a[0])), either(unquoted, err)}
	}
	functions["space"] = func(a []string) any {
		fields := [][]byte{}
		for _, field := range strings.Fields(a[0]) {
			fields = append(fields, text(field))
		}
		return map[string]any{"trim": text(strings.TrimSpace(a[0])), "fields": fields}
	}
	functions["characters"] = func(a []string) any {
		classes := make([]byte, unicode.MaxRune+1)
		folds := make([]rune, unicode.MaxRune+1)
		for r := rune(0); r <= unicode.MaxRune; r++ {
			if unicode.IsLetter(r) {
				classes[r] |= 1
			}
			if strconv.IsPrint(r) {
				classes[r] |= 2
			}
			folds[r] = smallestFold(r)
		}
		return map[string]any{"classes": classes, "folds": folds}
	}
}

func smallestFold(r rune) rune {
	smallest := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		smallest = min(smallest, other)
	}
	return smallest
}
