import type { ReadReport } from './read-report.ts';

/** One thing that is not the same in two places. */
export interface Difference {
  /** `finding`, or the name of a probe. */
  readonly where: string;
  readonly subject: string;
  readonly first: string | undefined;
  readonly second: string | undefined;
}

export interface Comparison {
  readonly firstName: string;
  readonly secondName: string;
  /** Findings before facts. */
  readonly differences: readonly Difference[];
  /** One place has a finding that the other has not. */
  readonly findingsDiffer: boolean;
}

/** What is wrong or different in one of two places: on a host and in its container, for example. */
export function compareReports(
  [firstName, first]: readonly [string, ReadReport],
  [secondName, second]: readonly [string, ReadReport],
): Comparison {
  const findings = differencesOf('finding', findingsOf(first), findingsOf(second));
  const facts = [
    ...differencesOf('go', goOf(first), goOf(second)),
    ...probeNames(first, second).flatMap((name) =>
      differencesOf(name, factsOf(first, name), factsOf(second, name)),
    ),
  ];
  return {
    firstName,
    secondName,
    differences: [...findings, ...facts],
    findingsDiffer: findings.length > 0,
  };
}

type Facts = ReadonlyMap<string, string>;

function findingsOf({ findings }: ReadReport): Facts {
  return new Map(findings.map(({ code, title, severity }) => [`${code} ${title}`, severity]));
}

function goOf({ goVersion }: ReadReport): Facts {
  return new Map([['version', goVersion ?? 'none']]);
}

function probeNames(first: ReadReport, second: ReadReport): readonly string[] {
  // What only one of them looked at says nothing about the other.
  const names = new Set(second.probes.map(({ name }) => name));
  return first.probes.map(({ name }) => name).filter((name) => names.has(name));
}

/** Several of one subject, such as the addresses of a host, count together. */
function factsOf({ probes }: ReadReport, name: string): Facts {
  const facts = new Map<string, string>();
  for (const { subject, text } of probes.find((probe) => probe.name === name)?.observations ?? []) {
    const known = facts.get(subject);
    facts.set(subject, withoutMeasurements(known === undefined ? text : `${known}; ${text}`));
  }
  return facts;
}

/** Space and counts change from minute to minute. */
function withoutMeasurements(text: string): string {
  return text
    .replaceAll(
      /\d+(?:\.\d+)? (?=ms\b|GiB\b|KiB\b|inodes\b|records\b|versions listed\b|files looked at\b)/g,
      '… ',
    )
    .replaceAll(/\d+ (?=of \d+$)/g, '… ');
}

function differencesOf(where: string, first: Facts, second: Facts): readonly Difference[] {
  const subjects = new Set([...first.keys(), ...second.keys()]);
  return [...subjects].flatMap((subject) => {
    const [one, other] = [first.get(subject), second.get(subject)];
    return one === other ? [] : [{ where, subject, first: one, second: other }];
  });
}

export function comparisonAsText(comparison: Comparison): string {
  const { firstName, secondName, differences } = comparison;
  if (differences.length === 0) return `${firstName} and ${secondName} say the same\n`;
  const width = Math.max(firstName.length, secondName.length);
  const parts = differences.map(({ where, subject, first, second }) =>
    [
      `${where}: ${subject}`,
      `  ${firstName.padEnd(width)}  ${first ?? '-'}`,
      `  ${secondName.padEnd(width)}  ${second ?? '-'}`,
      '',
    ].join('\n'),
  );
  const count = `${differences.length} difference${differences.length === 1 ? '' : 's'}`;
  return `${parts.join('\n')}\n${count} between ${firstName} and ${secondName}\n`;
}

/** One line for programs. */
export function comparisonAsJson(comparison: Comparison): string {
  const { differences, ...rest } = comparison;
  const all = differences.map(({ first, second, ...where }) => ({
    ...where,
    first: first ?? null,
    second: second ?? null,
  }));
  return `${JSON.stringify({ version: 1, command: 'doctor', ...rest, differences: all })}\n`;
}
