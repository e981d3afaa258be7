import type { DoctorNeeds } from '../needs.ts';
import { finding } from '../probe.ts';
import type { Observation, Probe, ProbeFinding } from '../probe.ts';

/** Linking a middle-sized program takes some hundred megabytes. */
const MEMORY_WISHED = 512 * 1024 * 1024;
/** `go build` starts a compiler for each processor, with some threads each. */
const PROCESSES_WISHED = 64;
/** A program of Go, as the compiler is one, has ten threads. */
const PROCESSES_OF_USER = 128;
/** `go` opens one connection and some files for each download at once. */
const FILES_WISHED = 512;

const FILE_BYTES = 1024 * 1024;

/** What the container or the shell allows: memory, processors, processes, open files. */
export const limitsProbe: Probe = {
  name: 'limits',
  about: 'limits of the container and the shell',
  // A dozen files of the kernel; where processors are what is missing, also these take long.
  limitMilliseconds: 6000,
  confirms: ['fd-limit', 'process-limit', 'memory-limit-low', 'oom-killed'],
  async run(_patient, needs) {
    const facts = await readLimits(needs);
    return { observations: observe(facts), findings: judge(facts) };
  },
};

interface Limits {
  readonly memory: number | undefined;
  readonly memoryFile: string;
  readonly killed: number;
  readonly processes: number | undefined;
  readonly processesUsed: number;
  /** Processes and threads of one user, on the whole machine. */
  readonly ofUser: number | undefined;
  readonly processors: string | undefined;
  readonly openFiles: number | undefined;
}

/** cgroup v2 at first, then v1, both as the container sees them (cgroups(7)). */
async function readLimits({ files }: DoctorNeeds): Promise<Limits> {
  async function read(path: string): Promise<string | undefined> {
    const bytes = await files.readWhole(path, FILE_BYTES).catch(() => undefined);
    return bytes?.toString('utf8').trim();
  }
  const [group = '', limits = '', status = ''] = await Promise.all([
    read('/proc/self/cgroup'),
    read('/proc/self/limits'),
    read('/proc/self/status'),
  ]);
  const own = /^0::(\/\S*)$/m.exec(group)?.[1] ?? '/';
  const root = '/sys/fs/cgroup';
  const folders = [`${root}${own === '/' ? '' : own}`, root];
  async function first(name: string): Promise<readonly [string, string] | undefined> {
    for (const folder of folders) {
      const text = await read(`${folder}/${name}`);
      if (text !== undefined) return [text, `${folder}/${name}`];
    }
    return undefined;
  }
  const [memory, oldMemory, events, pids, pidsNow, processor] = await Promise.all([
    first('memory.max'),
    first('memory/memory.limit_in_bytes'),
    first('memory.events'),
    first('pids.max'),
    first('pids.current'),
    first('cpu.max'),
  ]);
  const chosen = memory ?? oldMemory;
  return {
    memory: limitOf(chosen?.[0]),
    memoryFile: chosen?.[1] ?? '',
    killed: Number(/^oom_kill (\d+)$/m.exec(events?.[0] ?? '')?.[1] ?? 0),
    processes: limitOf(pids?.[0]),
    processesUsed: limitOf(pidsNow?.[0]) ?? 0,
    processors: processor?.[0],
    // The kernel spares root (setrlimit(2), RLIMIT_NPROC).
    ofUser: /^Uid:\s+0\s/m.test(status)
      ? undefined
      : limitOf(/^Max processes\s+(\S+)/m.exec(limits)?.[1]),
    openFiles: limitOf(/^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1]),
  };
}

/** `max`, `unlimited` and the near-infinity of v1 are no limit. */
function limitOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  const value = Number(text);
  return value > 2 ** 60 ? undefined : value;
}

function observe(facts: Limits): readonly Observation[] {
  const { memory, processes, processesUsed, processors, openFiles } = facts;
  const seen: Observation[] = [];
  function add(subject: string, text: string, ok: boolean): void {
    seen.push({ subject, text, ok });
  }
  if (memory !== undefined) add('memory', `${mebibytes(memory)} MiB`, memory >= MEMORY_WISHED);
  if (processes !== undefined) {
    add(
      'processes',
      `${processesUsed} of ${processes}`,
      processes - processesUsed >= PROCESSES_WISHED,
    );
  }
  const [quota, period] = (processors ?? '').split(' ').map(Number);
  if (quota !== undefined && period !== undefined && quota > 0) {
    add('processors', (quota / period).toFixed(1), true);
  }
  if (openFiles !== undefined) add('open files', `${openFiles}`, openFiles >= FILES_WISHED);
  return seen;
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}

function judge(facts: Limits): readonly ProbeFinding[] {
  return [...judgeMemory(facts), ...judgeCounts(facts)];
}

function judgeMemory({ memory, memoryFile, killed }: Limits): readonly ProbeFinding[] {
  const found: ProbeFinding[] = [];
  if (killed > 0) {
    found.push(
      finding('oom-killed', {
        scope: 'machine memory',
        title: `the kernel has killed ${killed} process${killed === 1 ? '' : 'es'} of this container for memory`,
        explanation: 'A compiler or linker that ends with "signal: killed" is the same thing.',
        // Without a limit it may have been anybody, long ago.
        severity: memory === undefined ? 'info' : 'warning',
        evidence: [{ kind: 'file', text: `oom_kill ${killed}`, source: 'memory.events' }],
        fix: 'give the container more memory, or build with less at once: go build -p 1',
      }),
    );
  }
  if (memory !== undefined && memory < MEMORY_WISHED) {
    found.push(
      finding('memory-limit-low', {
        scope: 'machine memory',
        title: `this container may use ${mebibytes(memory)} MiB of memory`,
        explanation:
          'Linking a program of ordinary size needs more, and is then killed without a word.',
        severity: 'warning',
        evidence: [{ kind: 'file', text: `${memory}`, source: memoryFile }],
        fix: 'give the container more memory, or build with less at once: go build -p 1',
        dependsOn: ['oom-killed'],
      }),
    );
  }
  return found;
}

function judgeCounts(facts: Limits): readonly ProbeFinding[] {
  const { processes, processesUsed, ofUser, openFiles } = facts;
  const found: ProbeFinding[] = [];
  if (ofUser !== undefined && ofUser < PROCESSES_OF_USER) {
    found.push(
      finding('process-limit', {
        scope: 'machine user',
        title: `this user may have ${ofUser} processes and threads at once`,
        explanation:
          'All that run as this user count, in every container of the machine; go build alone starts dozens.',
        severity: 'warning',
        evidence: [{ kind: 'file', text: `Max processes ${ofUser}`, source: '/proc/self/limits' }],
        fix: 'raise the limit for this user, or build with less at once: go build -p 2',
        command: 'ulimit -Hu',
      }),
    );
  }
  if (processes !== undefined && processes - processesUsed < PROCESSES_WISHED) {
    found.push(
      finding('process-limit', {
        scope: 'machine processes',
        title: `only ${Math.max(0, processes - processesUsed)} more processes and threads may be started here`,
        explanation:
          'go build starts several compilers, each with threads of its own, and fails with "resource temporarily unavailable".',
        severity: 'warning',
        evidence: [{ kind: 'file', text: `${processesUsed} of ${processes}`, source: 'pids.max' }],
        fix: 'raise the limit of the container, or build with less at once: go build -p 2',
      }),
    );
  }
  if (openFiles !== undefined && openFiles < FILES_WISHED) {
    found.push(
      finding('fd-limit', {
        scope: 'machine files',
        title: `only ${openFiles} files may be open at once`,
        explanation:
          'Downloads and compilers at the same time need more, and fail with "too many open files".',
        severity: 'warning',
        evidence: [
          { kind: 'file', text: `Max open files ${openFiles}`, source: '/proc/self/limits' },
        ],
        fix: 'raise the hard limit of open files for this user or container',
        command: 'ulimit -Hn',
      }),
    );
  }
  return found;
}
