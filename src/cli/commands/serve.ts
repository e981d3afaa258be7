import type { Command } from 'commander';
import { addExamples, addSettings, writtenSettings } from '../common-options.ts';
import { renderLiveView } from '../live-view.ts';
import type { CommandLineNeeds, Described, ServeVoice, ServiceSnapshot } from '../needs.ts';
import { useColor } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { usageError } from '../usage-error.ts';

export function addServe<C extends Described>(
  parent: Command,
  needs: CommandLineNeeds<C>,
  finish: (code: number) => void,
): void {
  const command = parent
    .command('serve')
    .description('answer go commands as their module proxy and checksum database')
    .allowExcessArguments(false);
  addExamples(command, [
    ['cofferdam serve', 'on 127.0.0.1:8080, asking the default mirror'],
    [
      'cofferdam serve --listen :3000 --store /srv/go',
      'for other machines, with a store of your own',
    ],
    ['cofferdam serve --offline', 'from what the store has, and nothing else'],
    ['cofferdam serve --watch', 'with a live view of requests and upstreams'],
  ]);
  addSettings(command, needs.settingFlags, 'serve');
  command
    .option('-q, --quiet', 'nothing on stderr but errors and the log')
    .option('--try', 'once it runs, ask one thing through it and say how it went')
    .option('--watch', 'show on this terminal how it is, every second');
  command.action(async (options: Readonly<Record<string, unknown>>) => {
    const watch = options['watch'] === true;
    if (watch) refuseWithoutTerminal(needs.terminal);
    const written = writtenSettings(options, needs.settingFlags);
    const configuration = await needs.loadConfiguration(written);
    const voice = createVoice(needs, options['quiet'] === true);
    for (const notice of configuration.notices) voice.say(`note: ${notice}`);
    finish(
      await needs.serve(
        configuration,
        {
          tryIt: options['try'] === true,
          watch,
          loadAgain: () => needs.loadConfiguration(written),
        },
        voice,
      ),
    );
  });
}

function createVoice(
  { terminal }: Pick<CommandLineNeeds<Described>, 'terminal'>,
  quiet: boolean,
): ServeVoice {
  const draw = createDrawing(terminal);
  function say(text: string): void {
    if (!quiet) terminal.err.write(`${text}\n`);
  }
  return {
    say,
    show: draw,
    listening(url) {
      // Programs wait for this line, so it is alone on stdout.
      terminal.out.write(`listening on ${url}\n`);
      say(`\nPaste this where you build:\n\n    export GOPROXY=${pasteable(url)}\n`);
    },
    ready(facts) {
      const width = Math.max(...facts.map((fact) => fact.name.length));
      for (const { ok, name, text } of facts) {
        say(`${ok ? '  ok  ' : 'FAILED'}  ${name.padEnd(width)}  ${text}`);
      }
      if (facts.every((fact) => fact.ok)) say('\nReady. Ctrl-C stops it; what was fetched stays.');
    },
  };
}

/** Draws over what it drew before: nothing has to be put right when the program ends. */
function createDrawing({ out, environment }: Terminal): ServeVoice['show'] {
  const color = useColor(out, environment, 'auto');
  let before: ServiceSnapshot | undefined;
  let drawn = 0;
  return (now) => {
    // A terminal that does not know its size says 0.
    const columns = out.columns || ORDINARY_COLUMNS;
    const settings = { columns, color, timeZone: localZone() };
    const lines = renderLiveView(before ?? now, now, settings);
    const back = drawn === 0 ? '' : `\u001B[${drawn}A\r`;
    const text = lines.map((line) => `${line}\u001B[K\n`).join('');
    out.write(`${back}${text}\u001B[J`);
    drawn = lines.length;
    before = now;
  };
}

/** The width that every terminal has. */
const ORDINARY_COLUMNS = 80;

function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function refuseWithoutTerminal({ out, environment }: Terminal): void {
  if (out.isTerminal && environment['TERM'] !== 'dumb') return;
  throw usageError(
    '--watch draws on a terminal, and standard output is none',
    'leave it out; /-/metrics and /-/api/v1/status say the same to programs',
  );
}

/** An address that every machine listens on is one that a client on this machine cannot ask. */
function pasteable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//127.0.0.1:');
}
