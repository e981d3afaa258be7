import { homedir, totalmem } from 'node:os';
import manifest from '../../package.json' with { type: 'json' };
import {
  diagnose,
  doctor,
  lint,
  readGoEnvironment,
  readReportFile,
  run,
  serve,
  withModuleCache,
  withStore,
} from '../app.ts';
import { createProgramContext } from './program-context.ts';
import { checkTls } from './read-tls.ts';
import { createSystemSignals } from './system-signals.ts';
import {
  createCommandLine,
  exitCodeFor,
  renderError,
  useColor,
  type Output,
  type Terminal,
} from '../cli/index.ts';
import {
  describeConfiguration,
  loadConfiguration,
  parseFlagDuration,
  parseFlagSize,
  settingFlags,
} from '../config.ts';
import { createWorkerProcesses, endProcess, readEnvironment } from '../platform/adapters.ts';
import { WORKER_WORD } from './worker-messages.ts';

/** A reader that went away, as `head` does, is no failure of ours. */
function output(stream: NodeJS.WriteStream): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    write: (text) => {
      stream.write(text);
    },
    isTerminal: stream.isTTY,
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
  };
}

/** An image from nothing has no list of users; there a home is `/`, as container engines have it. */
function homeOfUser(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
}

/** The whole program but for worker processes: arguments in, exit code out. */
export async function runProgram(): Promise<never> {
  const environment = readEnvironment().all();
  const terminal: Terminal = {
    out: output(process.stdout),
    err: output(process.stderr),
    environment,
  };
  const directory = process.cwd();
  const context = {
    ...createProgramContext({
      version: manifest.version,
      directory,
      workerProcesses: createWorkerProcesses({
        file: process.argv[1] ?? '',
        words: [WORKER_WORD],
        flags: process.execArgv,
      }),
      environment,
      log: {
        isTerminal: terminal.err.isTerminal,
        color: useColor(terminal.err, environment, 'auto'),
      },
    }),
    signals: createSystemSignals(process),
    terminalOnStdin: process.stdin.isTTY,
    terminalOnStdout: process.stdout.isTTY,
    write: terminal.err.write,
  };

  function fail(error: unknown): void {
    terminal.err.write(renderError(error, false));
    endProcess(exitCodeFor(error));
  }
  process.on('uncaughtException', fail);

  const commandLine = createCommandLine({
    terminal,
    version: {
      version: manifest.version,
      node: process.versions.node,
      platform: process.platform,
      architecture: process.arch,
    },
    settingFlags,
    loadConfiguration: ({ flags, file }) =>
      loadConfiguration({
        flags,
        file,
        environment,
        directory,
        home: environment['HOME'] ?? homeOfUser(),
        platform: process.platform,
        // What the container allows; 0 or a huge number where nothing limits it.
        memoryBytes: Math.min(process.constrainedMemory() || Infinity, totalmem()),
        files: context.files,
      }),
    describeConfiguration,
    checkFiles: (configuration) => checkTls(context, configuration),
    parseDuration: parseFlagDuration,
    parseSize: parseFlagSize,
    serve: (configuration, options, voice) => serve(context, configuration, options, voice),
    run: (request) => run(context, request),
    diagnose: (request) => diagnose({ ...context, stdin: process.stdin }, request),
    lint: (request) => lint(context, request),
    doctor: (request) => doctor(context, request),
    readReportFile: (path) => readReportFile(context.files, path),
    readGoEnvironment: () => readGoEnvironment(context),
    withModuleCache: (target, use) => withModuleCache(context, target, use),
    withStore: (target, use) => withStore(context, target, use),
  });

  const code = await commandLine.run(process.argv.slice(2));
  // Not left to the event loop: a connection that still closes must not hold up the caller.
  endProcess(code);
}
