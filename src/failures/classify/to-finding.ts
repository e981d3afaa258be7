import { safeText, type Evidence, type Finding } from '../../finding/index.ts';
import type { Retry } from '../catalogue/index.ts';
import type { Candidate } from './candidate.ts';
import { repositoryOf } from './repository.ts';
import type { Target } from './target.ts';

/** Longer lines are cut: proof is to be read. A chain of certificates in words takes 900. */
const LONGEST_EVIDENCE = 950;
/** Of a line that is cut: who speaks, and about what. */
const EVIDENCE_START = 200;
/** What stands behind the words that decide: mostly the end of the message. */
const EVIDENCE_END = 300;

export interface FindingFacts {
  readonly source: string | undefined;
  readonly retry: Retry;
  readonly confidence: number;
  /** Ids that explain this one. */
  readonly dependsOn: readonly string[];
  /** What makes this one uncertain or particular. */
  readonly note: string | undefined;
}

/** A candidate as everybody reads it: secrets hidden, nothing in it that a terminal or a build system obeys. */
export function toFinding(candidate: Candidate, facts: FindingFacts): Finding {
  const { failure, target } = candidate;
  const command = fill(failure.command, target);
  const concerns = describeTarget(target);
  const explanation = [failure.meaning, concerns, facts.note].filter((part) => part !== undefined);
  return {
    code: failure.id,
    title: failure.title,
    explanation: explanation.join(' '),
    severity: facts.dependsOn.length > 0 ? 'warning' : 'error',
    confidence: facts.confidence,
    evidence: proofOf(candidate, facts.source),
    fix: { text: failure.remedy, command, edits: [] },
    owner: failure.owner,
    retry: facts.retry,
    dependsOn: facts.dependsOn,
    checked: 'not-checked',
  };
}

function proofOf(candidate: Candidate, source: string | undefined): readonly Evidence[] {
  const { statement, form } = candidate;
  const own = evidence(statement.text, statement.number, source, form.phrases);
  const head = headOf(candidate, source);
  const reply = statement.isRemote
    ? []
    : statement.reply.map(({ text, number }) => evidence(text, number, source, []));
  return form.proof === 'head' ? [...head, own, ...reply] : [own, ...head, ...reply];
}

function headOf({ statement, form }: Candidate, source: string | undefined): readonly Evidence[] {
  const { head, headNumber } = statement;
  if (head === undefined || head === statement.text) return [];
  return [evidence(head, headNumber, source, form.phrases)];
}

function evidence(
  text: string,
  line: number | undefined,
  source: string | undefined,
  phrases: readonly string[],
): Evidence {
  return { kind: 'log', text: clip(safeText(text.trim()), phrases), line, source };
}

/** The start of a long line, and what stands around the words that decide. */
function clip(text: string, phrases: readonly string[]): string {
  if (text.length <= LONGEST_EVIDENCE) return text;
  const lower = text.toLowerCase();
  const found = Math.max(...phrases.map((phrase) => lower.lastIndexOf(phrase)));
  const end = Math.min(text.length, Math.max(found, 0) + EVIDENCE_END);
  const from = end - (LONGEST_EVIDENCE - EVIDENCE_START);
  const rest = end < text.length ? '…' : '';
  if (from <= EVIDENCE_START) return `${text.slice(0, LONGEST_EVIDENCE)}…`;
  return `${text.slice(0, EVIDENCE_START)} … ${text.slice(from, end)}${rest}`;
}

function describeTarget({ module, version, host }: Target): string | undefined {
  const about = [
    module === undefined ? '' : `module ${module}${version === undefined ? '' : `@${version}`}`,
    host === undefined ? '' : `host ${host}`,
  ].filter((part) => part !== '');
  return about.length === 0 ? undefined : `It concerns ${safeText(about.join(', '))}.`;
}

/** What a log says goes into a command only where it cannot be anything but a name. */
const SAFE_IN_COMMAND = /^[\w.~:/@+!-]{1,300}$/;

/** The command with the facts filled in, or none where one is missing. */
function fill(command: string | undefined, target: Target): string | undefined {
  if (command === undefined) return undefined;
  let isWhole = true;
  const { module, version, host, url } = target;
  const facts = new Map(
    Object.entries({ module, version, host, url, repository: repositoryOf(target) }),
  );
  const filled = command.replaceAll(
    /\{(module|version|host|url|repository)\}/g,
    (_, name: string) => {
      const value = facts.get(name);
      if (value !== undefined && SAFE_IN_COMMAND.test(value) && !value.startsWith('-')) {
        return safeText(value);
      }
      isWhole = false;
      return '';
    },
  );
  return isWhole ? filled : undefined;
}
