// Command oracle-checksum answers, one JSON line for one JSON line, what Go's own code says about
// module zips and checksum-database trees. Tests compare Cofferdam with it.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

type question struct {
	Kind    string `json:"kind"`
	Path    string `json:"path"`
	Version string `json:"version"`
	File    string `json:"file"`
	Scratch string `json:"scratch"`

	Height  int     `json:"height"`
	Size    int64   `json:"size"`
	Old     int64   `json:"old"`
	Indexes []int64 `json:"indexes"`
	Text    string  `json:"text"`
	Key     string  `json:"key"`
}

func main() {
	answers := map[string]func(question) any{
		"zip":    answerZip,
		"tree":   answerTree,
		"tile":   answerTile,
		"record": answerRecord,
		"note":   answerNote,
	}
	out := bufio.NewWriter(os.Stdout)
	in := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	for in.More() {
		var q question
		if err := in.Decode(&q); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		line, err := json.Marshal(answers[q.Kind](q))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		out.Write(append(line, '\n'))
		out.Flush()
	}
}
