package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	modzip "golang.org/x/mod/zip"
)

type zipAnswer struct {
	H1 string `json:"h1,omitempty"`
	// Where it was refused: open, prefix, hash, names, unzip.
	Stage string `json:"stage,omitempty"`
	Error string `json:"error,omitempty"`
}

// answerZip does with a zip what the go command does after a download, in the same order.
func answerZip(q question) any {
	m := module.Version{Path: q.Path, Version: q.Version}
	z, err := zip.OpenReader(q.File)
	if err != nil {
		return zipAnswer{Stage: "open", Error: err.Error()}
	}
	defer z.Close()
	prefix := m.Path + "@" + m.Version + "/"
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, prefix) {
			return zipAnswer{Stage: "prefix", Error: "unexpected file " + f.Name}
		}
	}
	h1, err := dirhash.HashZip(q.File, dirhash.DefaultHash)
	if err != nil {
		return zipAnswer{Stage: "hash", Error: err.Error()}
	}
	dir, err := os.MkdirTemp(q.Scratch, "unzip")
	if err != nil {
		return zipAnswer{Stage: "oracle", Error: err.Error()}
	}
	defer os.RemoveAll(dir)
	if err := modzip.Unzip(filepath.Join(dir, "m"), m, q.File); err != nil {
		stage := "unzip"
		if _, cf := modzip.CheckZip(m, q.File); cf != nil {
			var list modzip.FileErrorList
			if errors.As(cf, &list) {
				stage = "names"
			}
		}
		return zipAnswer{Stage: stage, Error: fmt.Sprint(err)}
	}
	return zipAnswer{H1: h1}
}
