package main

import (
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// A go.sum file has no package of its own in golang.org/x/mod; the order of its lines is module.Sort's.
func init() {
	functions["sumfile"] = func(a []string) any {
		hashes := map[module.Version][]string{}
		modules := []module.Version{}
		malformed := []int{}
		for i, line := range strings.Split(a[0], "\n") {
			fields := strings.Fields(line)
			switch len(fields) {
			case 0:
			case 3:
				m := module.Version{Path: fields[0], Version: fields[1]}
				if hashes[m] == nil {
					modules = append(modules, m)
				}
				hashes[m] = append(hashes[m], fields[2])
			default:
				malformed = append(malformed, i+1)
			}
		}
		module.Sort(modules)
		var formatted strings.Builder
		for _, m := range modules {
			slices.Sort(hashes[m])
			for _, hash := range slices.Compact(hashes[m]) {
				formatted.WriteString(m.Path + " " + m.Version + " " + hash + "\n")
			}
		}
		return map[string]any{"format": text(formatted.String()), "malformed": malformed}
	}
}
