import type { FaultRule } from '../../src/drills/index.ts';
import type { Ended, Ground, RoundSettings } from './ground.ts';

/** One thing that `run` must do when something is wrong, with the real `go`. */
interface Case {
  readonly name: string;
  readonly command: readonly string[];
  readonly faults?: readonly FaultRule[];
  readonly files?: RoundSettings['files'];
  /** Of the whole run, its own start and end included. */
  readonly withinMilliseconds: number;
  readonly code: number;
  readonly says: readonly RegExp[];
  readonly keepsSilentOf?: readonly RegExp[];
}

const ALL_SILENT: readonly FaultRule[] = [{ fault: { kind: 'stall' } }];
const BUILD = ['go', 'build', '-o', '/dev/null', '.'];
const COMPILE_ERROR = { 'main.go': 'package main\n\nfunc main() { undefinedWord() }\n' };

/** From the limit to the end: the command obeys at once, what hangs is given up, the rest is stored. */
const AFTER_LIMIT_MILLISECONDS = 8000;

function casesOf(zipPath: string): readonly Case[] {
  const path = `*${zipPath}`;
  const silent: readonly FaultRule[] = [{ path, fault: { kind: 'stall' } }];
  const halfSilent: readonly FaultRule[] = [{ path, fault: { kind: 'stall', afterBytes: 100 } }];
  const named = new RegExp(`nothing ha[sd] come from http://\\S+${zipPath} for `, 'u');
  return [
    {
      name: 'a compile error is told once and nothing is tried again',
      command: ['run', '--retry-command', '3', '--', ...BUILD],
      files: COMPILE_ERROR,
      withinMilliseconds: 60_000,
      code: 1,
      says: [/undefined: undefinedWord/u, /\[compile-error\]/u],
      keepsSilentOf: [
        /failed for what may pass/u,
        /undefinedWord[^]*undefined: undefinedWord[^]*# /u,
      ],
    },
    {
      name: 'a silent zip ends a build by --stall-timeout, and is named before and after',
      command: ['run', '--stall-notice', '2s', '--stall-timeout', '6s', '--', ...BUILD],
      faults: silent,
      withinMilliseconds: 6000 + 10_000 + AFTER_LIMIT_MILLISECONDS,
      code: 124,
      says: [named, /stopped \(--stall-timeout\), when nothing/u, /\[net-hang\]/u],
    },
    {
      name: 'a zip that stops in the middle ends a build by --stall-timeout',
      command: ['run', '--stall-timeout', '6s', '--', ...BUILD],
      faults: halfSilent,
      withinMilliseconds: 6000 + 10_000 + AFTER_LIMIT_MILLISECONDS,
      code: 124,
      says: [named, /\[net-hang\]/u],
    },
    {
      name: 'a silent zip ends a command that says nothing, by --timeout',
      command: ['run', '--timeout', '12s', '--', 'sh', '-c', 'go mod download >/dev/null 2>&1'],
      faults: silent,
      withinMilliseconds: 12_000 + AFTER_LIMIT_MILLISECONDS,
      code: 124,
      says: [/stopped after 12 s \(--timeout\), when nothing/u, named],
    },
    {
      name: 'an upstream that is silent altogether ends a download by --stall-timeout',
      command: ['run', '--stall-timeout', '5s', '--', 'go', 'mod', 'download'],
      faults: ALL_SILENT,
      withinMilliseconds: 5000 + 5000 + AFTER_LIMIT_MILLISECONDS,
      code: 124,
      says: [/stopped \(--stall-timeout\), when nothing had come from http:\S+\/graph\.test\//u],
    },
    {
      name: 'without a limit a silent upstream is named, and fails within 75 s',
      command: ['run', '--', ...BUILD],
      faults: silent,
      withinMilliseconds: 75_000,
      code: 1,
      says: [named, /the download failed, so "go build" was not started/u],
    },
  ];
}

export interface Played {
  readonly name: string;
  readonly problems: readonly string[];
  readonly milliseconds: number;
}

/** Beyond every case's own time, so that a hang is told and not waited for. */
const HARD_LIMIT_MILLISECONDS = 120_000;

export async function playCases(ground: Ground, tell: (text: string) => void): Promise<Played[]> {
  const played: Played[] = [];
  for (const one of casesOf(ground.zipPath)) {
    const origin = await ground.startOrigin('cases', one.faults ?? []);
    try {
      const ended = await ground.run(one.command, {
        upstream: origin.url,
        files: one.files,
        limitMilliseconds: HARD_LIMIT_MILLISECONDS,
      });
      const problems = judge(one, ended);
      played.push({ name: one.name, problems, milliseconds: ended.milliseconds });
      const seconds = (ended.milliseconds / 1000).toFixed(1);
      tell(`${problems.length === 0 ? 'ok  ' : 'MISS'} ${one.name} (${seconds} s)`);
      if (problems.length > 0) tell(`${problems.join('; ')}\n${ended.stderr}`);
    } finally {
      await origin.close();
    }
  }
  return played;
}

function judge(one: Case, { code, milliseconds, stderr }: Ended): readonly string[] {
  const problems: string[] = [];
  if (code !== one.code) problems.push(`code ${code ?? 'none: it was killed'}, not ${one.code}`);
  if (milliseconds > one.withinMilliseconds) {
    problems.push(`${milliseconds.toFixed(0)} ms, not within ${one.withinMilliseconds}`);
  }
  for (const pattern of one.says) if (!pattern.test(stderr)) problems.push(`no ${pattern.source}`);
  for (const pattern of one.keepsSilentOf ?? []) {
    if (pattern.test(stderr)) problems.push(`there is ${pattern.source}`);
  }
  return problems;
}
