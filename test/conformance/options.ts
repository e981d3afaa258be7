import { parseArgs } from 'node:util';

export interface Options {
  readonly runs: number;
  readonly only: RegExp | undefined;
  /** A server that is already running, instead of one of our own. */
  readonly server: string | undefined;
  /** HOST:PORT where the fixture proxy listens; port 0 is any free one. */
  readonly fixture: string;
  readonly results: string | undefined;
  readonly json: string | undefined;
  readonly keep: boolean;
  /** Plays with faults between Cofferdam and the fixture: those whose name matches. */
  readonly faults: RegExp | undefined;
  readonly seeds: number;
  /** Further arguments of `cofferdam serve`. */
  readonly serveArguments: readonly string[];
}

export type ParsedOptions =
  | { readonly kind: 'run'; readonly options: Options }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'wrong'; readonly message: string };

/** A hundred runs take some two hours: more than that is a typing mistake. */
const maximumRuns = 100;

const help = `Judge Cofferdam by the go command's own script tests.

Usage: npm run test:conformance -- [FLAGS] [-- FLAGS OF "cofferdam serve"]

Examples:
  npm run test:conformance
  npm run test:conformance -- --runs 3 --json result.json
  npm run test:conformance -- --only '^mod_retract'
  npm run test:conformance -- --faults --seeds 1
  npm run test:conformance -- -- --workers 2
  npm run test:conformance -- --fixture 127.0.0.1:7001 --server http://127.0.0.1:8080

Each run plays the scripts twice: through a strict relay, which forwards only
legal GOPROXY paths, and through Cofferdam. What passes there must pass here,
unless exclusions.json names it. Odd runs begin with an empty store; even runs
start Cofferdam again on the store that the run before has filled.

With --faults each run stands between Cofferdam and the fixture with faults: 1 %
and 5 % of the requests fail with 503, 5 % are reset in mid-body, 5 % end before
their length, all come 200 ms late.

Flags:
  --faults             play with these faults instead, each with an empty store
  --fault REGEXP       the same with only those whose name matches
  --seeds N            how often each, every time with other requests (default 3)
  --runs N             how many runs in a row (default 1)
  --only REGEXP        only the scripts whose name matches
  --server URL         judge this running server; its upstream must be
                       http://HOST:PORT/mod of --fixture, its --sumdb and
                       --no-sumdb as in the line that this program prints
  --fixture HOST:PORT  where the fixture proxy listens (default 127.0.0.1:0)
  --results DIR        where logs of failing scripts go (default: the cache folder)
  --json FILE          write the result as JSON as well
  --keep               keep the scratch folder with the store
  -h, --help           show this

Exit code: 0 nothing differs, 1 something differs, 2 wrong usage or no usable Go.
`;

export function parseOptions(argumentList: readonly string[]): ParsedOptions {
  const separator = argumentList.indexOf('--');
  const own = separator < 0 ? argumentList : argumentList.slice(0, separator);
  const serveArguments = separator < 0 ? [] : argumentList.slice(separator + 1);
  let values: ReturnType<typeof readFlags>;
  try {
    values = readFlags(own);
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
  if (values.help === true) return { kind: 'help', text: help };
  const runs = Number(values.runs ?? '1');
  if (!Number.isInteger(runs) || runs < 1 || runs > maximumRuns) {
    return wrong(
      `--runs must be a whole number from 1 to ${maximumRuns}, not "${values.runs ?? ''}".`,
    );
  }
  const pattern = values.only;
  let only: RegExp | undefined;
  try {
    only = pattern === undefined ? undefined : new RegExp(pattern);
  } catch {
    return wrong(`--only is not a regular expression: "${pattern ?? ''}".`);
  }
  let faults: RegExp | undefined;
  try {
    if (values.faults === true || values.fault !== undefined)
      faults = new RegExp(values.fault ?? '');
  } catch {
    return wrong(`--fault is not a regular expression: "${values.fault ?? ''}".`);
  }
  const seeds = Number(values.seeds ?? '3');
  if (!Number.isInteger(seeds) || seeds < 1 || seeds > maximumRuns)
    return wrong(`--seeds must be a whole number from 1 to ${maximumRuns}.`);
  if (faults !== undefined && values.server !== undefined)
    return wrong('--faults and --server exclude each other: the faults need a server of our own.');
  const fixture = values.fixture ?? '127.0.0.1:0';
  if (!/^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]):\d{1,5}$/.test(fixture)) {
    return wrong(`--fixture must be a loopback HOST:PORT, not "${fixture}".`);
  }
  if (values.server !== undefined) {
    if (!URL.canParse(values.server) || !/^https?:$/.test(new URL(values.server).protocol)) {
      return wrong(`--server must be an http or https URL, not "${values.server}".`);
    }
    if (fixture.endsWith(':0')) {
      return wrong(
        '--server needs --fixture HOST:PORT with the port that the server has as its upstream.',
      );
    }
    if (serveArguments.length > 0) {
      return wrong('--server and arguments for "cofferdam serve" exclude each other.');
    }
  }
  return {
    kind: 'run',
    options: {
      runs,
      only,
      server: values.server?.replace(/\/+$/, ''),
      fixture,
      results: values.results,
      json: values.json,
      keep: values.keep === true,
      faults,
      seeds,
      serveArguments,
    },
  };
}

function wrong(message: string): ParsedOptions {
  return { kind: 'wrong', message: `${message} See --help.` };
}

function readFlags(argumentList: readonly string[]) {
  return parseArgs({
    args: [...argumentList],
    allowPositionals: false,
    options: {
      runs: { type: 'string' },
      only: { type: 'string' },
      server: { type: 'string' },
      fixture: { type: 'string' },
      results: { type: 'string' },
      json: { type: 'string' },
      keep: { type: 'boolean' },
      faults: { type: 'boolean' },
      fault: { type: 'string' },
      seeds: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  }).values;
}
