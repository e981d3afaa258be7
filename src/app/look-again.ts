import type { Suspicion } from '../doctor/index.ts';
import type { Finding } from '../finding/index.ts';
import { escapePath, escapeVersion } from '../gomod/path/index.ts';
import type { LookAgain } from '../guard/index.ts';
import type { Credentials } from '../proxy/index.ts';
import { withDoctor } from './doctor.ts';
import type { ProgramContext } from './program-context.ts';

/**
 * Lets the doctor look whether the cause of a failed command is still there. The context has the environment that
 * the command would have without us: its own GOPROXY, and not the engine on loopback.
 */
export function createLookAgain(
  context: ProgramContext,
  /** Those that the engine used, once there is one. */
  credentials: () => Pick<Credentials, 'headersFor'> | undefined,
): LookAgain {
  return async (finding, directory, signal) =>
    withDoctor(context, credentials(), async (visit) =>
      visit.confirm({ directory, environment: context.environment }, suspicionOf(finding), signal),
    );
}

/** As the engine begins each of its texts: `example.com/m@v1.0.0 (.zip) could not be fetched`. */
const ASKED =
  /^(?<path>[^\s@]{1,300})@(?<version>v[^\s@]{1,200}) \((?<kind>\.(?:info|mod|zip))\) could not be fetched/u;

function suspicionOf({ code, explanation, evidence }: Finding): Suspicion {
  const texts = evidence.map(({ text }) => text);
  const [resource] = texts.flatMap((text) => resourceOf(text) ?? []);
  return { id: code, said: [explanation, ...texts], resource };
}

function resourceOf(text: string): string | undefined {
  const { path = '', version = '', kind = '' } = ASKED.exec(text)?.groups ?? {};
  const escaped = escapePath(path);
  const escapedVersion = escapeVersion(version);
  return escaped.ok && escapedVersion.ok
    ? `${escaped.value}/@v/${escapedVersion.value}${kind}`
    : undefined;
}
