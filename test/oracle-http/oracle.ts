import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What Go's net/http answers for one URL. */
export interface GoChoice {
  readonly error?: boolean;
  readonly proxied?: boolean;
  readonly scheme?: string;
  readonly host?: string;
  readonly port?: string;
  readonly hasUser?: boolean;
  readonly name?: string;
  readonly password?: string;
}

export interface HttpOracle {
  choose(
    environment: Readonly<Record<string, string>>,
    urls: readonly string[],
  ): readonly GoChoice[];
  /** Status and body as `200 text`; rejects when Go fails. */
  get(environment: Readonly<Record<string, string>>, url: string): Promise<string>;
}

/** Builds the oracle into `folder` with the installed Go. */
export async function buildHttpOracle(folder: string): Promise<HttpOracle> {
  const program = join(folder, 'oracle-http');
  await run('go', ['build', '-o', program, '.'], {
    cwd: import.meta.dirname,
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '', GOPROXY: 'off', GOTOOLCHAIN: 'local' },
  });
  return {
    choose(environment, urls) {
      const result = spawnSync(program, ['choose'], {
        env: { ...environment },
        input: urls.join('\n'),
        encoding: 'utf8',
      });
      if (result.status !== 0) throw new Error(result.stderr);
      return result.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as GoChoice);
    },
    async get(environment, url) {
      const { stdout } = await run(program, ['get', url], { env: { ...environment } });
      return stdout;
    },
  };
}
