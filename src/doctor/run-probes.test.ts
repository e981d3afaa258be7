import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProgramError } from '../platform/index.ts';
import { createSystemClock } from '../platform/adapters.ts';
import type { DoctorNeeds } from './needs.ts';
import type { Patient } from './patient/index.ts';
import { finding } from './probe.ts';
import type { Probe, ProbeFinding } from './probe.ts';
import { runProbes } from './run-probes.ts';
import type { Examination } from './run-probes.ts';

const { signal } = new AbortController();

function run(...probes: readonly Probe[]): Promise<Examination> {
  const needs = { clock: createSystemClock() } as DoctorNeeds;
  return runProbes(probes, { patience: 1 } as Patient, needs, signal);
}

function probe(name: string, look: Probe['run'], limitMilliseconds = 1000): Probe {
  return { name, about: name, limitMilliseconds, confirms: [], run: look };
}

function found(code: string, scope: string, more: Partial<ProbeFinding> = {}): ProbeFinding {
  const made = finding(code, { scope, title: code, explanation: '', evidence: [], fix: '' });
  return { ...made, ...more };
}

function telling(...findings: readonly ProbeFinding[]): Probe {
  return probe('telling', async () => ({ observations: [], findings }));
}

test('a basic finding hides what follows from it, in its own scope only', async () => {
  const dependsOn = ['tcp-connection-refused'];
  const { findings, hidden } = await run(
    telling(
      found('proxy-5xx', 'a.test', { dependsOn }),
      found('proxy-5xx', 'b.test', { dependsOn }),
      found('tcp-connection-refused', 'a.test'),
    ),
  );
  assert.deepEqual(
    findings.map(({ code, scope }) => `${code} ${scope}`),
    ['tcp-connection-refused a.test', 'proxy-5xx b.test'],
  );
  assert.deepEqual(
    hidden.map(({ scope }) => scope),
    ['a.test'],
  );
});

test('a finding about the machine, or that covers others, hides them as well', async () => {
  const dependsOn = ['dns-timeout', 'http-proxy-auth'];
  const machine = await run(
    telling(found('dns-timeout', 'machine'), found('proxy-5xx', 'b.test', { dependsOn })),
  );
  assert.deepEqual(
    machine.hidden.map(({ scope }) => scope),
    ['b.test'],
  );
  const covering = await run(
    telling(
      found('http-proxy-auth', 'a.test', { covers: ['b.test'] }),
      found('proxy-5xx', 'b.test', { dependsOn }),
    ),
  );
  assert.deepEqual(
    covering.hidden.map(({ scope }) => scope),
    ['b.test'],
  );
});

test('a warning hides nothing, and errors come before it', async () => {
  const { findings } = await run(
    telling(
      found('dns-timeout', 'machine', { severity: 'warning' }),
      found('proxy-5xx', 'a.test', { dependsOn: ['dns-timeout'] }),
    ),
  );
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['proxy-5xx', 'dns-timeout'],
  );
});

test('what two probes find is told once, as severely as one of them says', async () => {
  const { findings } = await run(
    telling(found('proxy-5xx', 'a.test', { severity: 'warning' })),
    telling(found('proxy-5xx', 'a.test')),
  );
  assert.deepEqual(
    findings.map(({ severity }) => severity),
    ['error'],
  );
});

test('a probe that does not end is given up, and the others are told', async () => {
  const stuck = probe('stuck', () => new Promise<never>(() => undefined), 20);
  const { probes, findings } = await run(stuck, telling(found('proxy-5xx', 'a.test')));
  assert.deepEqual(
    probes.map(({ name, state, reason }) => [name, state, reason]),
    [
      ['stuck', 'given-up', 'no end after 20 ms'],
      ['telling', 'done', undefined],
    ],
  );
  assert.equal(findings.length, 1);
});

test('a probe that cannot look says why, and a bug is not hidden', async () => {
  const refused = probe('refused', async () => {
    throw new ProgramError({ code: 'disk-failed', kind: 'unavailable', message: 'no disk' });
  });
  const { probes } = await run(refused);
  assert.equal(probes[0]?.reason, 'no disk');
  const broken = probe('broken', async () => {
    throw new TypeError('our own mistake');
  });
  await assert.rejects(run(broken), /our own mistake/);
});
