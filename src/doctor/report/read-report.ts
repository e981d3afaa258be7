import { z } from 'zod';
import { ProgramError } from '../../platform/index.ts';

/** What two visits are compared by. */
export interface ReadReport {
  readonly goVersion: string | null;
  readonly probes: readonly ReadProbe[];
  readonly findings: readonly {
    readonly code: string;
    readonly title: string;
    readonly severity: 'error' | 'warning' | 'info';
  }[];
}

interface ReadProbe {
  readonly name: string;
  readonly observations: readonly { readonly subject: string; readonly text: string }[];
}

const REPORT: z.ZodType<ReadReport> = z.object({
  goVersion: z.string().nullable(),
  probes: z.array(
    z.object({
      name: z.string(),
      observations: z.array(z.object({ subject: z.string(), text: z.string() })),
    }),
  ),
  findings: z.array(
    z.object({
      code: z.string(),
      title: z.string(),
      severity: z.enum(['error', 'warning', 'info']),
    }),
  ),
});

/** What `--json` wrote. */
export function readReport(name: string, text: string): ReadReport {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser would quote what it found, whatever that file is.
    throw unreadable(name, 'it is no JSON');
  }
  const result = REPORT.safeParse(parsed);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw unreadable(
    name,
    `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it has another form'}`,
  );
}

function unreadable(name: string, problem: string): ProgramError {
  return new ProgramError({
    code: 'doctor-report-unreadable',
    kind: 'bad-input',
    message: `${name} is no report of the doctor: ${problem}`,
    hint: 'write one with: cofferdam doctor --json > report.json',
  });
}
