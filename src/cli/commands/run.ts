import type { Command } from 'commander';
import { addExamples, addSettings, writtenSettings } from '../common-options.ts';
import type { CommandLineNeeds, Described } from '../needs.ts';
import { usageError } from '../usage-error.ts';
import { addFlowOptions, readFlowOptions } from './run-flow.ts';
import { addReportingOptions, readReportingOptions } from './run-reporting.ts';

export function addRun<C extends Described>(
  parent: Command,
  needs: CommandLineNeeds<C>,
  finish: (code: number) => void,
): void {
  const command = parent
    .command('run')
    .usage('[options] -- COMMAND [ARGUMENTS]')
    .description('run one command with a module proxy of its own')
    .argument('[command...]')
    // From the command's first word on, everything is the command's.
    .passThroughOptions();
  addExamples(command, [
    ['cofferdam run -- go build ./...', 'your Go settings and credentials keep their meaning'],
    ['cofferdam run --offline -- go test ./...', 'with what the store has'],
    ['cofferdam run --report-dir reports -- make', 'JSON, metrics, JUnit and a page for CI'],
    ['cofferdam run --log-file build.log -- make', 'a copy of what it wrote, without secrets'],
    ['cofferdam run --credential git.corp.example=GIT_TOKEN -- make', 'a private host'],
    ['cofferdam run --verify-offline -- go build ./...', 'prove that the download brought all'],
  ]);
  addSettings(command, needs.settingFlags, 'run');
  command
    .option('-q, --quiet', 'no summary and no diagnosis; only errors on stderr')
    .option('--no-diagnose', 'leave its stderr alone: say nothing of why it failed')
    .option('--no-confirm', 'do not look again whether what made it fail is still there')
    .option('--classify-exit', 'a failure gives 75 (try again), 77 (rights) or 78 (configuration)');
  addFlowOptions(command);
  addReportingOptions(command);
  command.action(async (words: readonly string[], options: Readonly<Record<string, unknown>>) => {
    if (words.length === 0) {
      throw usageError('run has no command to run', 'cofferdam run -- go build ./...');
    }
    const flow = readFlowOptions(options, needs.parseDuration);
    const reporting = readReportingOptions(options, needs);
    const configuration = await needs.loadConfiguration(
      writtenSettings(options, needs.settingFlags),
    );
    const quiet = options['quiet'] === true;
    for (const notice of quiet ? [] : configuration.notices) {
      needs.terminal.err.write(`cofferdam: note: ${notice}\n`);
    }
    const code = await needs.run({
      configuration,
      command: words,
      quiet,
      reporting,
      flow,
      diagnose: options['diagnose'] !== false,
      classifyExit: options['classifyExit'] === true,
      confirm: options['confirm'] !== false,
    });
    finish(code);
  });
}
