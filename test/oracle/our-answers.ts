import { createHash } from 'node:crypto';
import {
  editModfile,
  formatModfile,
  modulePathOf,
  parseModfile,
  parseWorkfile,
  printModfile,
  setRequire,
  type Modfile,
  type ModfileEdit,
  type Requirement,
} from '../../src/gomod/modfile/index.ts';
import {
  checkFilePath,
  checkImportPath,
  checkModulePath,
  checkModuleVersion,
  checkPathMajor,
  escapePath,
  escapeVersion,
  matchesPatterns,
  splitPathMajor,
  unescapePath,
  unescapeVersion,
  type Parsed,
} from '../../src/gomod/path/index.ts';
import { formatSumfile, hash1, hashGoMod, parseSumfile } from '../../src/gomod/sumfile/index.ts';
import { encodeText, fieldsOf, quote, trimSpace, unquote } from '../../src/gomod/text/index.ts';
import * as versions from '../../src/gomod/version/index.ts';
import {
  checkFiles,
  checkZip,
  describeViolations,
  type SourceFile,
  type Violation,
} from '../../src/gomod/zipfile/index.ts';
import type { Question } from './oracle.ts';

// Our answers in the shape of those of gomod-oracle: texts as base64, so that bytes that are no UTF-8 count.

export interface GeneratedEntry {
  readonly name: string;
  readonly content: string;
  readonly size: number;
  readonly mode: SourceFile['mode'];
}

export type GeneratedEdit =
  | ModfileEdit
  | { readonly kind: 'setRequire'; readonly requirements: readonly Requirement[] };

function text(value: string): string {
  return Buffer.from(encodeText(value)).toString('base64');
}

function problem(value: string | undefined): string | null {
  return value === undefined ? null : text(value);
}

function either(result: Parsed<string>): object {
  return result.ok ? { value: text(result.value) } : { problem: text(result.problem) };
}

function orSyntaxError(value: string | undefined): Parsed<string> {
  return value === undefined ? { ok: false, problem: 'invalid syntax' } : { ok: true, value };
}

/** go/version takes the part before a dash, which toolchain names may have. */
function goVersionOf(version: string): string {
  return version.split('-', 1)[0] ?? '';
}

function answerPath(path: string): object {
  const split = splitPathMajor(path);
  return {
    module: problem(checkModulePath(path)),
    import: problem(checkImportPath(path)),
    file: problem(checkFilePath(path)),
    escape: either(escapePath(path)),
    unescape: either(unescapePath(path)),
    split: split === undefined ? null : [text(split.prefix), text(split.pathMajor)],
  };
}

function answerVersion(version: string): object {
  const time = versions.pseudoVersionTime(version);
  return {
    valid: versions.isValidVersion(version),
    canonical: text(versions.canonicalVersion(version)),
    major: text(versions.majorOf(version)),
    majorMinor: text(versions.majorMinorOf(version)),
    prerelease: text(versions.prereleaseOf(version)),
    build: text(versions.buildOf(version)),
    module: text(versions.canonicalModuleVersion(version)),
    pseudo: versions.isPseudoVersion(version),
    base: either(versions.pseudoVersionBase(version)),
    revision: either(versions.pseudoVersionRevision(version)),
    time: either(time.ok ? { ok: true, value: time.value.toString() } : time),
    escape: either(escapeVersion(version)),
    unescape: either(unescapeVersion(version)),
    // A toolchain's name may end at a space too, and never has a slash.
    go: /[\\/ \t]/.test(version)
      ? versions.isValidGoVersion(goVersionOf(version))
      : versions.goVersionOfToolchain(`go${version}`) !== undefined,
  };
}

function sign(order: number): number {
  return order === 0 ? 0 : Math.sign(order);
}

function listDirectives(file: Modfile): unknown[] {
  const { module, go, toolchain } = file;
  return [
    ...(module === undefined ? [] : [['module', text(module.path), text(module.deprecated)]]),
    ...(go === undefined ? [] : [['go', text(go.version)]]),
    ...(toolchain === undefined ? [] : [['toolchain', text(toolchain.name)]]),
    ...file.godebug.map(({ key, value }) => ['godebug', text(key), text(value)]),
    ...file.require.map(({ module: { path, version }, indirect, line }) => {
      return ['require', text(path), text(version), indirect, line.start?.line, line.start?.column];
    }),
    ...file.exclude.map(({ module: { path, version } }) => ['exclude', text(path), text(version)]),
    ...file.replace.map((replace) => {
      const ends = [replace.old.path, replace.old.version, replace.new.path, replace.new.version];
      return ['replace', ...ends.map(text)];
    }),
    ...file.retract.map(({ low, high, rationale }) => [
      'retract',
      text(low),
      text(high),
      text(rationale),
    ]),
    ...file.tool.map(({ path }) => ['tool', text(path)]),
    ...file.ignore.map(({ path }) => ['ignore', text(path)]),
  ];
}

function describeFile(file: Modfile): object {
  return { directives: listDirectives(file), print: text(printModfile(file)) };
}

/** Only a file that was read strictly is ever formatted; see docs/decisions. */
function describeStrictly(file: Modfile): object {
  const strictFile = describeFile(file);
  return { strictFile, format: text(formatModfile(file)) };
}

function answerModfile(content: string): object {
  const strict = parseModfile('go.mod', content);
  const lax = parseModfile('go.mod', content, { lax: true });
  const work = parseWorkfile('go.work', content);
  return {
    strict: problem(strict.ok ? undefined : strict.problem),
    lax: problem(lax.ok ? undefined : lax.problem),
    work: problem(work.ok ? undefined : work.problem),
    modulePath: text(modulePathOf(content)),
    ...(strict.ok ? describeStrictly(strict.value) : {}),
    ...(lax.ok ? { laxFile: describeFile(lax.value) } : {}),
    ...(work.ok
      ? {
          workFile: {
            print: text(printModfile(work.value)),
            format: text(formatModfile(work.value)),
            use: work.value.use.map(({ path }) => text(path)),
          },
        }
      : {}),
  };
}

function applyEdit(file: Modfile, edit: GeneratedEdit): string | undefined {
  if (edit.kind !== 'setRequire') return editModfile(file, edit);
  setRequire(file, edit.requirements);
  return undefined;
}

function answerEdit(content: string, edits: readonly GeneratedEdit[]): unknown {
  const file = parseModfile('go.mod', content);
  if (!file.ok) return problem(file.problem);
  const problems = edits.map((edit) => problem(applyEdit(file.value, edit)));
  return { problems, format: text(formatModfile(file.value)) };
}

function describeInvalid(violations: readonly Violation[]): string[] {
  return violations.flatMap((violation) => {
    return violation.entry === undefined ? [] : [text(`${violation.entry}: ${violation.problem}`)];
  });
}

function answerZip(path: string, version: string, entries: readonly GeneratedEntry[]): object {
  const checked = checkZip({ path, version }, 1, entries);
  if (!checked.ok) return { valid: [], omitted: [], invalid: [], problem: text(checked.problem) };
  const { valid, violations } = checked.value;
  const reason = problem(describeViolations(violations));
  return {
    valid: valid.map(text),
    omitted: [],
    invalid: describeInvalid(violations),
    problem: reason,
  };
}

function answerFiles(entries: readonly GeneratedEntry[]): object {
  const goMod = entries.findLast(({ name, mode }) => name === 'go.mod' && mode === 'regular');
  const goLine = /^go (.*)$/.exec(goMod?.content ?? '')?.[1] ?? '';
  const { valid, omitted, violations } = checkFiles(entries, goLine);
  return {
    valid: valid.map(text),
    omitted: omitted.map(({ name, reason }) => text(`${name}: ${reason}`)),
    invalid: describeInvalid(violations),
    problem: problem(describeViolations(violations)),
  };
}

function answerSumfile(content: string): object {
  const { entries, problems } = parseSumfile('go.sum', content);
  return { format: text(formatSumfile(entries)), malformed: problems.map(({ line }) => line) };
}

function answerHash(entries: readonly GeneratedEntry[]): object {
  const [first] = entries;
  if (entries.length === 1 && first?.name === 'go.mod') {
    return { value: text(hashGoMod(encodeText(first.content))) };
  }
  const hashed = entries.map(({ name, content }) => {
    return { name, sha256: createHash('sha256').update(encodeText(content)).digest() };
  });
  return either(hash1(hashed));
}

/** Entries and edits as JSON for the Go side, whose names and contents are bytes. */
export function entriesArgument(entries: readonly GeneratedEntry[]): string {
  return JSON.stringify(
    entries.map((entry) => ({ ...entry, name: text(entry.name), content: text(entry.content) })),
  );
}

interface Subject extends Question {
  readonly entries?: readonly GeneratedEntry[];
  readonly edits?: readonly GeneratedEdit[];
}

export function answer(subject: Subject): unknown {
  const [first = '', second = '', third = '', fourth = ''] = subject.arguments;
  const { entries = [], edits = [] } = subject;
  const answers: Readonly<Record<string, () => unknown>> = {
    path: () => answerPath(first),
    version: () => answerVersion(first),
    compare: () => [
      sign(versions.compareVersions(first, second)),
      sign(versions.compareGoVersions(goVersionOf(first), goVersionOf(second))),
    ],
    check: () => [
      problem(checkModuleVersion(first, second)),
      problem(checkPathMajor(second, splitPathMajor(first)?.pathMajor ?? '')),
    ],
    match: () => matchesPatterns(first, second),
    makePseudo: () =>
      text(versions.makePseudoVersion(first, second, Temporal.Instant.from(third), fourth)),
    quote: () => [text(quote(first)), either(orSyntaxError(unquote(first)))],
    space: () => ({ trim: text(trimSpace(first)), fields: fieldsOf(first).map(text) }),
    modfile: () => answerModfile(first),
    edit: () => answerEdit(first, edits),
    checkZip: () => answerZip(first, second, entries),
    checkFiles: () => answerFiles(entries),
    hash1: () => answerHash(entries),
    sumfile: () => answerSumfile(first),
  };
  return answers[subject.function]?.();
}

export type { Subject };
