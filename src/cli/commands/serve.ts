import type { Command } from 'commander';
import { addExamples, addSettings, writtenSettings } from '../common-options.ts';
import type { CommandLineNeeds, Described, ServeVoice } from '../needs.ts';

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
  ]);
  addSettings(command, needs.settingFlags, 'serve');
  command
    .option('-q, --quiet', 'nothing on stderr but errors and the log')
    .option('--try', 'once it runs, ask one thing through it and say how it went');
  command.action(async (options: Readonly<Record<string, unknown>>) => {
    const written = writtenSettings(options, needs.settingFlags);
    const configuration = await needs.loadConfiguration(written);
    const voice = createVoice(needs, options['quiet'] === true);
    for (const notice of configuration.notices) voice.say(`note: ${notice}`);
    finish(
      await needs.serve(
        configuration,
        { tryIt: options['try'] === true, loadAgain: () => needs.loadConfiguration(written) },
        voice,
      ),
    );
  });
}

function createVoice(
  { terminal }: Pick<CommandLineNeeds<Described>, 'terminal'>,
  quiet: boolean,
): ServeVoice {
  function say(text: string): void {
    if (!quiet) terminal.err.write(`${text}\n`);
  }
  return {
    say,
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

/** An address that every machine listens on is one that a client on this machine cannot ask. */
function pasteable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//127.0.0.1:');
}
