package main

import (
	stdzip "archive/zip"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	"golang.org/x/mod/zip"
)

type entry struct {
	Name    []byte
	Content []byte
	Size    int64
	Mode    string
}

func init() {
	functions["hash1"] = func(a []string) any {
		entries := readEntries(a[0])
		names := []string{}
		contents := map[string]string{}
		for _, e := range entries {
			names = append(names, string(e.Name))
			contents[string(e.Name)] = string(e.Content)
		}
		return either(dirhash.Hash1(names, func(name string) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(contents[name])), nil
		}))
	}
	functions["checkZip"] = func(a []string) any {
		file, err := os.CreateTemp("", "gomod-oracle-*.zip")
		must(err)
		defer os.Remove(file.Name())
		writer := stdzip.NewWriter(file)
		for _, e := range readEntries(a[2]) {
			header := &stdzip.FileHeader{Name: string(e.Name), UncompressedSize64: uint64(e.Size)}
			_, err := writer.CreateRaw(header)
			must(err)
		}
		must(writer.Close())
		must(file.Close())
		checked, err := zip.CheckZip(module.Version{Path: a[0], Version: a[1]}, filepath.Clean(file.Name()))
		return verdict(checked, err)
	}
	functions["checkFiles"] = func(a []string) any {
		files := []zip.File{}
		for _, e := range readEntries(a[0]) {
			files = append(files, sourceFile{e})
		}
		return verdict(zip.CheckFiles(files))
	}
}

func readEntries(argument string) []entry {
	var entries []entry
	must(json.Unmarshal([]byte(argument), &entries))
	return entries
}

func verdict(checked zip.CheckedFiles, err error) any {
	list := func(errors []zip.FileError) [][]byte {
		lines := [][]byte{}
		for _, e := range errors {
			lines = append(lines, text(e.Error()))
		}
		return lines
	}
	valid := [][]byte{}
	for _, name := range checked.Valid {
		valid = append(valid, text(name))
	}
	return map[string]any{
		"valid": valid, "omitted": list(checked.Omitted), "invalid": list(checked.Invalid), "problem": problem(err),
	}
}

type sourceFile struct{ entry }

func (f sourceFile) Path() string                { return string(f.entry.Name) }
func (f sourceFile) Lstat() (fs.FileInfo, error) { return sourceInfo{f.entry}, nil }
func (f sourceFile) Open() (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(string(f.entry.Content))), nil
}

type sourceInfo struct{ entry }

func (i sourceInfo) Name() string       { return filepath.Base(string(i.entry.Name)) }
func (i sourceInfo) Size() int64        { return i.entry.Size }
func (i sourceInfo) ModTime() time.Time { return time.Time{} }
func (i sourceInfo) IsDir() bool        { return i.entry.Mode == "directory" }
func (i sourceInfo) Sys() any           { return nil }
func (i sourceInfo) Mode() fs.FileMode {
	switch i.entry.Mode {
	case "directory":
		return fs.ModeDir | 0o755
	case "symlink":
		return fs.ModeSymlink | 0o777
	case "irregular":
		return fs.ModeNamedPipe | 0o644
	}
	return 0o644
}
