// Command gomod-oracle answers questions about Go modules with golang.org/x/mod, for comparison with our own library.
// Each line of its input is {"function": …, "arguments": [base64, …]}; each line of its output is the JSON answer.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

type question struct {
	Function  string
	Arguments [][]byte
}

var functions = map[string]func(arguments []string) any{}

func main() {
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	output := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer output.Flush()
	decoder := json.NewDecoder(input)
	encoder := json.NewEncoder(output)
	encoder.SetEscapeHTML(false)
	for decoder.More() {
		var asked question
		if err := decoder.Decode(&asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		arguments := make([]string, len(asked.Arguments))
		for i, argument := range asked.Arguments {
			arguments[i] = string(argument)
		}
		if err := encoder.Encode(functions[asked.Function](arguments)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// text is a result that may be no UTF-8, which plain JSON would change.
func text(s string) []byte { return []byte(s) }

// problem is an error's text, or null.
func problem(err error) any {
	if err == nil {
		return nil
	}
	return text(err.Error())
}

// either is a value or a problem.
func either(value string, err error) any {
	if err != nil {
		return map[string]any{"problem": text(err.Error())}
	}
	return map[string]any{"value": text(value)}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
