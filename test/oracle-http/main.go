// The oracle of the forward proxy and trust store tests: it says what Go itself does.
// It uses the standard library alone, so that it builds with whatever Go is installed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
)

type choice struct {
	Error    bool   `json:"error,omitempty"`
	Proxied  bool   `json:"proxied,omitempty"`
	Scheme   string `json:"scheme,omitempty"`
	Host     string `json:"host,omitempty"`
	Port     string `json:"port,omitempty"`
	HasUser  bool   `json:"hasUser,omitempty"`
	Name     string `json:"name,omitempty"`
	Password string `json:"password,omitempty"`
}

func main() {
	switch {
	case len(os.Args) == 2 && os.Args[1] == "choose":
		choose()
	case len(os.Args) == 3 && os.Args[1] == "get":
		get(os.Args[2])
	default:
		fmt.Fprintln(os.Stderr, "usage: oracle-http choose < urls, or oracle-http get URL")
		os.Exit(2)
	}
}

// choose answers, for each line of standard input, which proxy net/http uses with this environment.
func choose() {
	lines := bufio.NewScanner(os.Stdin)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		target, err := url.Parse(lines.Text())
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		proxy, err := http.ProxyFromEnvironment(&http.Request{URL: target})
		answer := choice{Error: err != nil}
		if proxy != nil {
			answer.Proxied = true
			answer.Scheme, answer.Host, answer.Port = proxy.Scheme, proxy.Hostname(), proxy.Port()
			if proxy.User != nil {
				answer.HasUser = true
				answer.Name = proxy.User.Username()
				answer.Password, _ = proxy.User.Password()
			}
		}
		if err := answers.Encode(answer); err != nil {
			os.Exit(1)
		}
	}
}

// get prints the status and the body that a plain http.Get finds.
func get(address string) {
	response, err := http.Get(address)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%d %s", response.StatusCode, body)
}
