/** The environment variable that holds the proxy URL which the scripts receive. */
export const proxyVariable = 'COFFERDAM_CONFORMANCE_PROXY';

export interface HookedSource {
  readonly text: string;
  readonly checksumDatabase: string;
}

/**
 * Adds the hook to cmd/go's proxy_test.go: where a variable is set, the scripts receive its value in GOPROXY.
 * The fixture's own fixed address needs no hook: the test program's flag -proxy=HOST:PORT gives it one.
 */
export function hookProxyTest(source: string): HookedSource {
  const assignments = [...source.matchAll(/^(\s*)proxyURL = .*$/gm)];
  const assignment = assignments[0];
  if (assignment === undefined || assignments.length !== 1) {
    throw new Error(
      `This Go's proxy_test.go sets proxyURL ${assignments.length} times instead of once: adapt test/conformance/hook.ts.`,
    );
  }
  const checksumDatabase =
    /testSumDBVerifierKey\s*=\s*"([^"+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+)"/.exec(source)?.[1];
  if (checksumDatabase === undefined) {
    throw new Error(
      "This Go's proxy_test.go names no checksum database key: adapt test/conformance/hook.ts.",
    );
  }
  if (!/^\t"os"$/m.test(source)) {
    throw new Error(
      'This Go\'s proxy_test.go does not import "os": adapt test/conformance/hook.ts.',
    );
  }
  const end = assignment.index + assignment[0].length;
  const hook = `\n\t\tif fixed := os.Getenv("${proxyVariable}"); fixed != "" {\n\t\t\tproxyURL = fixed\n\t\t}`;
  return { text: `${source.slice(0, end)}${hook}${source.slice(end)}`, checksumDatabase };
}
