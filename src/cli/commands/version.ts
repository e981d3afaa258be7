import type { Command } from 'commander';
import { addFormat } from '../common-options.ts';
import { exitCodes } from '../exit-codes.ts';
import type { CommandLineNeeds, Described, VersionFacts } from '../needs.ts';

export function addVersion<C extends Described>(
  parent: Command,
  needs: CommandLineNeeds<C>,
  finish: (code: number) => void,
): void {
  const command = parent
    .command('version')
    .description('the version of this program and of what it runs on')
    .allowExcessArguments(false);
  addFormat(command).action((options: Readonly<Record<string, unknown>>) => {
    const facts = needs.version;
    const text = options['format'] === 'json' ? JSON.stringify(facts) : versionLine(facts);
    needs.terminal.out.write(`${text}\n`);
    finish(exitCodes.fine);
  });
}

export function versionLine({ version, node, platform, architecture }: VersionFacts): string {
  return `cofferdam ${version} (Node ${node}, ${platform} ${architecture})`;
}
