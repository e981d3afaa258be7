import type { Processes } from '../../platform/index.ts';

/** How a command is run without a network. */
export interface ShutNetwork {
  /** For people. */
  readonly how: string;
  /** Whether nothing at all could get out: only then it is a proof. */
  readonly isProof: boolean;
  /** Stands before the command. */
  readonly prefix: readonly string[];
  /** What the command gets instead of its own. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A network namespace of its own; the first that is permitted here is taken. Without a user namespace only root may. */
const NAMESPACES: readonly (readonly string[])[] = [
  ['unshare', '--net'],
  ['unshare', '--user', '--map-current-user', '--keep-caps', '--net'],
  ['unshare', '--user', '--map-root-user', '--net'],
];
/** Tests listen on the loopback interface, which is down in a new namespace. */
const RAISE = 'ip link set lo up 2>/dev/null; exec "$@"';
const TRY_MILLISECONDS = 10_000;
const TRY_BYTES = 64 * 1024;

/** `go` then asks no proxy and no repository, and says so. */
const OFF = { GOPROXY: 'off' } as const;

/** Shuts the network by a namespace of the kernel where that is permitted, else by the settings of Go. */
export async function shutNetwork(
  processes: Pick<Processes, 'run'>,
  directory: string,
  environment: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<ShutNetwork> {
  for (const namespace of NAMESPACES) {
    const prefix = [...namespace, '--', 'sh', '-c', RAISE, 'cofferdam'];
    if (await works(processes, [...prefix, 'true'], directory, environment, signal)) {
      return { how: 'in a network namespace of its own', isProof: true, prefix, variables: OFF };
    }
  }
  const debug = environment['GODEBUG'] ?? '';
  // With it every connection of the go command itself is an error (cmd/go/internal/base, AcquireNet).
  const limit = 'cmdgonetlimit=0';
  return {
    how: 'by GOPROXY=off and GODEBUG=cmdgonetlimit=0 only, which bind go and no other program',
    isProof: false,
    prefix: [],
    variables: { ...OFF, GODEBUG: debug === '' ? limit : `${debug},${limit}` },
  };
}

async function works(
  processes: Pick<Processes, 'run'>,
  command: readonly string[],
  directory: string,
  environment: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    const { code } = await processes.run(command, {
      directory,
      environment,
      timeoutMilliseconds: TRY_MILLISECONDS,
      maximumOutputBytes: TRY_BYTES,
      ...(signal === undefined ? {} : { signal }),
    });
    return code === 0;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}
