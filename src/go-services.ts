/** The public services that the `go` command uses by itself: https://go.dev/ref/mod#environment-variables */
export const goServices: {
  readonly mirror: string;
  readonly index: string;
  /** Small, old and kept by the Go team: what a first trial asks for. */
  readonly exampleModule: string;
  readonly checksumDatabase: {
    readonly name: string;
    readonly key: string;
    readonly alias: { readonly name: string; readonly url: string };
  };
} = {
  mirror: 'https://proxy.golang.org',
  index: 'https://index.golang.org/index',
  exampleModule: 'golang.org/x/text',
  checksumDatabase: {
    name: 'sum.golang.org',
    key: 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8',
    /** A second address of the same database, for networks that do not reach the first. */
    alias: { name: 'sum.golang.google.cn', url: 'https://sum.golang.google.cn' },
  },
};
