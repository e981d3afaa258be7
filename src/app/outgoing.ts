import { createHttpClient, createOfflineHttpClient } from '../platform/adapters.ts';
import type { HttpClient } from '../platform/http/index.ts';
import type { Logger } from '../platform/index.ts';
import type { Configuration } from '../config.ts';

/** The one way to upstreams, or none. */
export function createOutgoing(
  needs: { readonly logger: Logger },
  program: { readonly version: string; readonly environment: Readonly<Record<string, string>> },
  { offline, allowLocalRedirects }: Pick<Configuration, 'offline' | 'allowLocalRedirects'>,
): HttpClient {
  if (offline) return createOfflineHttpClient();
  const { version, environment } = program;
  return createHttpClient(needs, { version, environment, allowLocalRedirects });
}
