import type { Server } from 'node:net';
import { ProgramError } from '../platform/index.ts';

/** Where a server is reached: by clients, or through a file by processes of the same user. */
export type ListenAddress =
  | {
      readonly host: string;
      /** 0 takes any free one. */
      readonly port: number;
    }
  | { readonly socketPath: string };

/** More wait for us at a start of many builds than the system's usual hundred. */
const BACKLOG = 1024;
/** Ten times what a large company's builds open at once; each costs some kilobytes. */
export const MAXIMUM_CONNECTIONS = 20_000;

/** Throws `listen-failed`. */
export async function listen(server: Server, address: ListenAddress): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      reject(listenError(error, address));
    };
    server.once('error', onError);
    const where =
      'socketPath' in address
        ? { path: address.socketPath }
        : { host: address.host, port: address.port };
    server.listen({ ...where, backlog: BACKLOG }, () => {
      server.off('error', onError);
      resolve();
    });
  });
}

function listenError(error: NodeJS.ErrnoException, address: ListenAddress): ProgramError {
  const where =
    'socketPath' in address ? address.socketPath : `${address.host}:${String(address.port)}`;
  const parts =
    error.code === 'EADDRINUSE'
      ? {
          message: `another program already listens on ${where}`,
          hint: 'stop it, or choose another address with --listen HOST:PORT (port 0 takes a free one)',
        }
      : error.code === 'EACCES'
        ? {
            message: `this user may not listen on ${where}`,
            hint: 'ports below 1024 need rights; choose a higher one with --listen',
          }
        : {
            message: `cannot listen on ${where}`,
            hint: '--listen takes an address of this machine, such as 127.0.0.1:8080',
          };
  return new ProgramError({ code: 'listen-failed', kind: 'bad-input', cause: error, ...parts });
}

/** As clients reach it: `http://HOST:PORT`, or `unix:PATH`. */
export function addressText(
  server: Server,
  settings: ListenAddress & { readonly tls: object | undefined },
): string {
  if ('socketPath' in settings) {
    return `unix:${settings.socketPath}`;
  }
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new ProgramError({
      code: 'listen-failed',
      kind: 'bug',
      message: 'the server has no address',
    });
  }
  const scheme = settings.tls === undefined ? 'http' : 'https';
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return `${scheme}://${host}:${String(address.port)}`;
}
