// `npm run test:secrets`: plants secrets of every kind in every way they can reach us, and looks for them in all that we show.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSeeded } from '../support/seeded.ts';
import { commandsFor, logOf } from './commands.ts';
import { plantHome, type Home } from './home.ts';
import { createKinds, type Kind } from './kinds.ts';
import { play, type Command } from './play.ts';
import { startUpstream } from './upstream.ts';
import type { Seen } from './watch.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: 'secrets' },
    only: { type: 'string', default: '' },
    show: { type: 'boolean', default: false },
  },
});

interface Leak {
  readonly command: string;
  readonly kind: string;
  readonly place: string;
  readonly around: string;
}

function leaksIn(command: string, kinds: readonly Kind[], seen: readonly Seen[]): readonly Leak[] {
  const leaks = new Map<string, Leak>();
  for (const { place, text } of seen) {
    for (const { name, secrets } of kinds) {
      for (const secret of formsOf(secrets)) {
        const at = text.indexOf(secret);
        if (at === -1) continue;
        const around = text.slice(Math.max(0, at - 60), at + 20).replaceAll(/\s+/g, ' ');
        leaks.set(`${name} ${place}`, { command, kind: name, place, around });
      }
    }
  }
  return [...leaks.values()];
}

/** As it is, in URLs and in JSON. */
function formsOf(secrets: readonly string[]): readonly string[] {
  return [
    ...new Set(
      secrets.flatMap((one) => [one, encodeURIComponent(one), JSON.stringify(one).slice(1, -1)]),
    ),
  ];
}

/** A program that leaks on purpose, in each way: what is not seen of it would not be seen of ours. */
function leaking(home: Home, kind: Kind): Command {
  const secret = (kind.secrets[0] ?? '').replaceAll("'", '');
  const file = join(home.folder, 'bin/leak');
  writeFileSync(
    file,
    `#!/bin/sh\necho '${secret}'; echo '${secret}' >&2; echo '${secret}' > ${home.folder}/leaked.txt\nADDED='${secret}' sh -c 'sleep 1; :' x '${secret}'\n`,
  );
  chmodSync(file, 0o700);
  return { name: 'a planted leak', words: [], program: [file] };
}

async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'cofferdam-secrets-'));
  const kinds = createKinds(createSeeded(values.seed));
  const upstream = await startUpstream(kinds);
  try {
    const home = plantHome(folder, kinds, upstream, {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${upstream.port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    });
    for (const name of ['tmp', 'out', 'sound']) mkdirSync(join(folder, name));
    const printed = join(folder, 'printed.txt');
    writeFileSync(printed, kinds.map(({ line }) => `${line}\n`).join(''));
    writeFileSync(join(folder, 'sound/go.mod'), 'module x.test/app\n\ngo 1.21\n');
    const planted = new Set([...home.planted, printed, join(folder, 'bin/leak')]);
    const leaks = await playAll({ ...home, planted }, kinds);
    leaks.push(...leaksIn('traces', kinds, [{ place: 'traces', text: upstream.received() }]));
    for (const { command, kind, place, around } of leaks) {
      console.log(`LEAK ${command}: ${kind} in ${place}${values.show ? `\n     … ${around}` : ''}`);
    }
    if (upstream.received() === '' && values.only === '')
      leaks.push({ command: 'serve', kind: '', place: 'no traces came', around: '' });
    const isSeen = await seesALeak({ ...home, planted }, kinds);
    console.log(`${kinds.length} kinds of secrets; traces of ${upstream.received().length} bytes`);
    console.log(isSeen ? 'a planted leak was seen in each place' : 'A PLANTED LEAK WAS NOT SEEN');
    console.log(`${leaks.length} leaks`);
    return leaks.length === 0 && isSeen ? 0 : 1;
  } finally {
    await upstream.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function playAll(home: Home, kinds: readonly Kind[]): Promise<Leak[]> {
  const leaks: Leak[] = [];
  let passed = 0;
  const commands = commandsFor(home, kinds, logOf(kinds)).filter(({ name }) =>
    name.includes(values.only),
  );
  for (const command of commands) {
    const seen = await play(home, command);
    const found = leaksIn(command.name, kinds, seen);
    const shown = seen.find(({ place }) => place === 'stdout')?.text.length ?? 0;
    console.log(
      `${found.length === 0 ? 'ok  ' : 'LEAK'} ${command.name}: ${seen.length} places, ${shown} bytes of output, ${found.length} leaks`,
    );
    if (values.show)
      for (const { place, text } of seen.slice(0, 2))
        console.log(`--- ${place}\n${text.slice(0, 4000)}`);
    if (found.length === 0) passed += 1;
    leaks.push(...found);
  }
  console.log(`${passed} passed, ${commands.length - passed} failed`);
  return leaks;
}

async function seesALeak(home: Home, kinds: readonly Kind[]): Promise<boolean> {
  const [kind] = kinds;
  if (kind === undefined) return false;
  const command = leaking(home, kind);
  const places = leaksIn(command.name, kinds, await play(home, command)).map(({ place }) => place);
  return ['stdout', 'stderr', 'arguments', 'variable', 'file'].every((wanted) =>
    places.some((place) => place.startsWith(wanted)),
  );
}

process.exitCode = await main();
