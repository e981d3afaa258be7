// After a failure `cofferdam run` looks once whether its cause is still there, in the environment of the command.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { guardCommand } from '../support/guard-command.ts';
import { startHttpServer } from '../support/http-servers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FILE = '/m.test/x/@v/v1.0.0.mod';

interface Stage {
  readonly url: string;
  readonly folder: string;
  /** What the proxy was asked, in order. */
  readonly asked: string[];
  run(
    flags: readonly string[],
    command?: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<{ readonly code: number | null; readonly stderr: string }>;
}

async function setStage(context: TestContext, listener: RequestListener): Promise<Stage> {
  const asked: string[] = [];
  const { url } = await startHttpServer(context, (request, response) => {
    asked.push(request.url ?? '');
    listener(request, response);
  });
  const folder = await temporaryFolder(context);
  await mkdir(join(folder, 'main'));
  const text = 'module example.test/main\n\ngo 1.21\n\nrequire m.test/x v1.0.0\n';
  await writeFile(join(folder, 'main', 'go.mod'), text);
  const own = {
    PATH: process.env['PATH'],
    HOME: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    GOENV: 'off',
    GOFLAGS: '-modcacherw',
    GOPATH: join(folder, 'gopath'),
    GOTOOLCHAIN: 'local',
    GOPROXY: url,
    GOSUMDB: 'off',
  };
  const [program = '', ...words] = guardCommand(undefined);
  return {
    url,
    folder,
    asked,
    run: async (flags, command = ['go', 'mod', 'download'], environment = {}) => {
      asked.length = 0;
      const child = spawn(program, [...words, ...flags, '--', ...command], {
        cwd: join(folder, 'main'),
        env: { ...own, ...environment },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let stderr = '';
      child.stderr.on('data', (bytes: Buffer) => {
        stderr += bytes.toString();
      });
      const code = await new Promise<number | null>((resolve) => {
        child.on('close', resolve);
      });
      return { code, stderr };
    },
  };
}

const refuse: RequestListener = (_request, response) => {
  response.writeHead(403, { 'content-type': 'text/plain' }).end('blocked by policy 7\n');
};

interface RunFile {
  readonly confirmation: { readonly id: string; readonly state: string; readonly proof: string };
  readonly diagnosis: readonly { readonly checked: string }[];
  readonly phases: readonly { readonly name: string; readonly endedMilliseconds: number }[];
  readonly durationMilliseconds: number;
}

test('what is still so is told with its proof, in the log, the files and the annotation', async (context) => {
  const stage = await setStage(context, refuse);
  const reports = join(stage.folder, 'reports');
  const { code, stderr } = await stage.run(
    ['--report-dir', reports, '--build-system', 'github', '--classify-exit'],
    ['go', 'mod', 'download'],
    { GITHUB_ACTIONS: 'true' },
  );
  assert.equal(code, 77);
  // Our own request went where GOPROXY of the command leads, and not to the engine.
  const proof = `${stage.url}${FILE}: status 403: blocked by policy 7`;
  assert.ok(stderr.includes(`\ncofferdam: confirmed now: ${proof}\n`), stderr);
  assert.match(
    stderr,
    /^::error title=.*%0Aconfirmed now: http.*status 403: blocked by policy 7/mu,
  );
  const run = JSON.parse(await readFile(join(reports, 'run.json'), 'utf8')) as RunFile;
  const { id, state } = run.confirmation;
  assert.deepEqual([id, state, run.confirmation.proof], ['proxy-forbidden', 'confirmed', proof]);
  assert.equal(run.diagnosis[0]?.checked, 'yes');
  assert.deepEqual(
    run.phases.map(({ name }) => name),
    ['prepare', 'download', 'command', 'finish'],
  );
  assert.match(await readFile(join(reports, 'summary.md'), 'utf8'), /confirmed now: http/u);
  assert.match(await readFile(join(reports, 'junit.xml'), 'utf8'), /confirmed now: http/u);
  assert.match(await readFile(join(reports, 'code-quality.json'), 'utf8'), /confirmed now: http/u);
  assert.match(
    await readFile(join(reports, 'run.env'), 'utf8'),
    /^COFFERDAM_RUN_CONFIRMATION=confirmed$/mu,
  );
});

test('what has passed is told as that, and the exit code stays that of the command', async (context) => {
  let isBroken = true;
  const stage = await setStage(context, (_request, response) => {
    response.writeHead(isBroken ? 403 : 200, { 'content-type': 'text/plain' });
    response.end(isBroken ? 'closed for a moment\n' : 'module m.test/x\n');
    isBroken = false;
  });
  const { code, stderr } = await stage.run([]);
  assert.equal(code, 1);
  assert.ok(
    stderr.includes(`cofferdam: not seen any more: ${stage.url}${FILE}: status 200\n`),
    stderr,
  );
  assert.deepEqual(stage.asked, [FILE, FILE]);
});

test('--no-confirm, --quiet and --offline ask nobody again', async (context) => {
  const stage = await setStage(context, refuse);
  for (const flag of ['--no-confirm', '--quiet']) {
    const { code, stderr } = await stage.run([flag]);
    assert.equal(code, 1, flag);
    assert.doesNotMatch(stderr, /confirmed now|not seen any more/u, flag);
    assert.deepEqual(stage.asked, [FILE], flag);
  }
  await stage.run(['--offline']);
  assert.deepEqual(stage.asked, []);
});
