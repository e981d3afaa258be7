/** Where the child's `go` looks, as `go env` says it. */
export interface GoPlaces {
  /** The main module's go.mod; empty, or the null device, outside a module. */
  readonly GOMOD: string;
  /** The go.work file; empty or `off` without a workspace. */
  readonly GOWORK: string;
  readonly GOMODCACHE: string;
  readonly GOFLAGS: string;
}

/** The Go settings that decide which servers are asked, as `go env` reports them. */
export interface GoSettings extends GoPlaces {
  readonly GOPROXY: string;
  readonly GOSUMDB: string;
  readonly GONOSUMDB: string;
  readonly GONOPROXY: string;
  readonly GOAUTH: string;
}
