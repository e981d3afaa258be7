import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Children } from './child-processes.ts';

export interface CofferdamServer {
  readonly url: string;
  /** Exit code or signal name when it ended without being asked to. */
  readonly died: () => number | string | undefined;
  stop(): Promise<void>;
}

export interface CofferdamSettings {
  readonly program: string;
  readonly store: string;
  readonly upstream: string;
  /** Value of --sumdb. */
  readonly checksumDatabase: string;
  readonly serveArguments: readonly string[];
  readonly home: string;
  readonly logFile: string;
}

/** The first start of all may have to install dependencies. */
const startTimeoutMilliseconds = 120_000;
/** Longer than the 25 s that it gives its streams. */
const stopGraceMilliseconds = 30_000;

export async function startCofferdam(
  { children }: { readonly children: Children },
  settings: CofferdamSettings,
): Promise<CofferdamServer> {
  const log = createWriteStream(settings.logFile, { flags: 'a' });
  const said: string[] = [];
  let ended: number | string | undefined;
  const firstLine = Promise.withResolvers<string>();
  const child = children.start(
    [
      settings.program,
      'serve',
      '--listen=127.0.0.1:0',
      `--store=${settings.store}`,
      `--upstream=${settings.upstream}`,
      `--sumdb=${settings.checksumDatabase}`,
      ...settings.serveArguments,
    ],
    {
      directory: settings.home,
      environment: { PATH: process.env['PATH'] ?? '', HOME: settings.home, LC_ALL: 'C', TZ: 'UTC' },
      onStdout: firstLine.resolve,
      onStderr(line) {
        log.write(`${line}\n`);
        said.push(line);
        if (said.length > 20) said.shift();
      },
    },
  );
  const died = child.ended.then((code) => {
    ended = code;
    throw new Error(`"cofferdam serve" ended (${code}):\n${said.join('\n')}`);
  });
  died.catch(() => {});
  async function stop(): Promise<void> {
    await child.stop(stopGraceMilliseconds);
    log.end();
    await finished(log);
  }
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error('"cofferdam serve" does not start.')),
      startTimeoutMilliseconds,
    );
  });
  try {
    const line = await Promise.race([firstLine.promise, late, died]);
    const url = /^listening on (https?:\/\/\S+)$/.exec(line)?.[1];
    if (url === undefined)
      throw new Error(`The first line of "cofferdam serve" is "${line}", not "listening on URL".`);
    return { url: url.replace(/\/+$/, ''), died: () => ended, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
