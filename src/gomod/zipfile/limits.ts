// The limits of `go` itself (golang.org/x/mod/zip): a zip beyond them cannot be used by any client, so there is no reason
// to keep one.

const MEBIBYTE = 1024 * 1024;

/** Of the zip file, and of the sum of its uncompressed files. */
export const MAX_ZIP_SIZE: number = 500 * MEBIBYTE;

/** Of the go.mod file in a zip. */
export const MAX_GO_MOD_SIZE: number = 16 * MEBIBYTE;

/** Of the LICENSE file in a zip. */
export const MAX_LICENSE_SIZE: number = 16 * MEBIBYTE;

/** Says which limit a file breaks by itself; only two files have one. */
export function checkFileSize(name: string, size: number): string | undefined {
  if (name === 'go.mod' && size > MAX_GO_MOD_SIZE) {
    return `go.mod file too large (max size is ${MAX_GO_MOD_SIZE} bytes)`;
  }
  return name === 'LICENSE' && size > MAX_LICENSE_SIZE
    ? `LICENSE file too large (max size is ${MAX_LICENSE_SIZE} bytes)`
    : undefined;
}
