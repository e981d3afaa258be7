export type ScriptStatus = 'pass' | 'fail' | 'skip';

export interface TestOutput {
  /** Script name to status, in the order in which the scripts ended. */
  readonly scripts: ReadonlyMap<string, ScriptStatus>;
  /** Script name to the end of its log, for scripts that failed or never ended. */
  readonly logs: ReadonlyMap<string, string>;
  /** Scripts that began and have no result: the test program died or ran out of time. */
  readonly unfinished: readonly string[];
  /** The test program reported its overall result, so it was not cut off. */
  readonly complete: boolean;
}

export interface TestOutputReader {
  /** One line, without its newline. */
  line(text: string): void;
  end(): TestOutput;
}

/** The reason for a failure stands at the end of a script's log; some logs are megabytes long. */
const maximumLogCharacters = 64 * 1024;
const maximumLineCharacters = 4 * 1024;

const parent = 'TestScript';
/** `-test.v=test2json` puts this before each line of the test framework, so that a script which prints such lines cannot confuse us. */
const frameworkMark = '\u0016';
const resultPattern = /^--- (PASS|FAIL|SKIP): (\S+) \(/;
const contextPattern = /^=== (RUN|PAUSE|CONT|NAME)\s+(\S*)$/;
const statuses: Readonly<Record<string, ScriptStatus>> = {
  PASS: 'pass',
  FAIL: 'fail',
  SKIP: 'skip',
};

/** Reads what a test program of Go prints with `-test.v=test2json`. */
export function createTestOutputReader(): TestOutputReader {
  const scripts = new Map<string, ScriptStatus>();
  const begun = new Set<string>();
  const logs = new Map<string, string>();
  let current: string | undefined;
  let complete = false;

  function frameworkLine(text: string): void {
    const context = contextPattern.exec(text);
    if (context !== null) {
      current = scriptOf(context[2] ?? '');
      if (context[1] === 'RUN' && current !== undefined) begun.add(current);
      return;
    }
    const result = resultPattern.exec(text);
    if (result === null) return;
    const status = statuses[result[1] ?? ''];
    const name = result[2] ?? '';
    const script = scriptOf(name);
    if (name === parent) complete = true;
    if (script === undefined || status === undefined) return;
    begun.add(script);
    scripts.set(script, status);
    if (status !== 'fail') logs.delete(script);
    current = script;
  }

  function logLine(text: string): void {
    if (current === undefined || scripts.get(current) === 'pass') return;
    const line = printable(text.slice(0, maximumLineCharacters));
    const log = `${logs.get(current) ?? ''}${line}\n`;
    logs.set(
      current,
      log.length > 2 * maximumLogCharacters ? log.slice(-maximumLogCharacters) : log,
    );
  }

  return {
    line(text) {
      // Output without a newline at its end stands before the mark, on the same line.
      const mark = text.indexOf(frameworkMark);
      const framework = mark < 0 ? undefined : text.slice(mark + 1);
      if (mark !== 0) {
        const before = mark < 0 ? text : text.slice(0, mark);
        if (before.trim() !== '') logLine(before);
      }
      if (framework !== undefined) frameworkLine(framework);
    },
    end() {
      const unfinished = [...begun].filter((name) => !scripts.has(name)).toSorted();
      const kept = [...logs]
        .filter(([name]) => scripts.get(name) === 'fail' || !scripts.has(name))
        .map(([name, log]) => [name, log.slice(-maximumLogCharacters)] as const);
      return { scripts, logs: new Map(kept), unfinished, complete };
    },
  };
}

export function namesWith(output: TestOutput, status: ScriptStatus): readonly string[] {
  return [...output.scripts]
    .filter(([, found]) => found === status)
    .map(([name]) => name)
    .toSorted();
}

/** Two plays of different scripts as one. */
export function mergeOutputs(first: TestOutput, second: TestOutput): TestOutput {
  return {
    scripts: new Map([...first.scripts, ...second.scripts]),
    logs: new Map([...first.logs, ...second.logs]),
    unfinished: [...first.unfinished, ...second.unfinished],
    complete: first.complete && second.complete,
  };
}

function scriptOf(testName: string): string | undefined {
  return testName.startsWith(`${parent}/`) ? testName.slice(parent.length + 1) : undefined;
}

function printable(text: string): string {
  // terminals must not obey what a script printed
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}
