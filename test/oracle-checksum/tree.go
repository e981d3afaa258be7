package main

import (
	"encoding/base64"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type memory struct{ hashes []tlog.Hash }

func (m *memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x >= int64(len(m.hashes)) {
			return nil, errors.New("not in tree")
		}
		out[i] = m.hashes[x]
	}
	return out, nil
}

var log memory
var logSize int64

func grow(size int64) {
	for ; logSize < size; logSize++ {
		hashes, err := tlog.StoredHashes(logSize, fmt.Appendf(nil, "record %d\n", logSize), &log)
		if err != nil {
			panic(err)
		}
		log.hashes = append(log.hashes, hashes...)
	}
}

type recorder struct {
	height int
	read   []string
}

func (r *recorder) Height() int { return r.height }

func (r *recorder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, t := range tiles {
		r.read = append(r.read, t.Path())
		d, err := tlog.ReadTileData(t, &log)
		if err != nil {
			return nil, err
		}
		data[i] = d
	}
	return data, nil
}

func (r *recorder) SaveTiles([]tlog.Tile, [][]byte) {}

// answerTree gives the root of a tree of "record N" records, the tiles that a Go client reads to
// find the given records, and the tiles it reads to compare an older tree with this one.
func answerTree(q question) any {
	grow(q.Size)
	root, err := tlog.TreeHash(q.Size, &log)
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	tree := tlog.Tree{N: q.Size, Hash: root}
	records := &recorder{height: q.Height}
	stored := make([]int64, len(q.Indexes))
	for i, x := range q.Indexes {
		stored[i] = tlog.StoredHashIndex(0, x)
	}
	hashes, err := tlog.TileHashReader(tree, records).ReadHashes(stored)
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	older := &recorder{height: q.Height}
	oldRoot, err := tlog.TreeHash(q.Old, tlog.TileHashReader(tree, older))
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	return map[string]any{
		"root": root.String(), "records": hashes, "recordTiles": records.read,
		"oldRoot": oldRoot.String(), "oldTiles": older.read, "stored": stored,
	}
}

// answerTile parses a tile path and gives its canonical form and, when the tree is large enough, its data.
func answerTile(q question) any {
	t, err := tlog.ParseTilePath(q.Text)
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	answer := map[string]any{"h": t.H, "l": t.L, "n": t.N, "w": t.W, "path": t.Path()}
	if q.Size > 0 && t.L >= 0 {
		grow(q.Size)
		if data, err := tlog.ReadTileData(t, &log); err == nil {
			answer["data"] = base64.StdEncoding.EncodeToString(data)
		}
	}
	return answer
}

func answerRecord(q question) any {
	id, text, rest, err := tlog.ParseRecord([]byte(q.Text))
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	return map[string]any{"id": id, "text": string(text), "rest": string(rest), "hash": tlog.RecordHash(text).String()}
}

func answerNote(q question) any {
	verifier, err := note.NewVerifier(q.Key)
	if err != nil {
		return map[string]string{"keyError": err.Error()}
	}
	n, err := note.Open([]byte(q.Text), note.VerifierList(verifier))
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	tree, err := tlog.ParseTree([]byte(n.Text))
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	return map[string]any{"size": tree.N, "root": tree.Hash.String()}
}
