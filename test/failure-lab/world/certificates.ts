import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createAuthority } from '../../support/certificates.ts';
import type { Authority, KeyPair } from '../../support/certificates.ts';

const run = promisify(execFile);

/** Server certificates, sound and otherwise. */
export interface Certificates {
  /** What an image trusts. */
  readonly trusted: string;
  good(host: string): Promise<KeyPair>;
  /** From an authority that nobody knows. */
  unknown(host: string): Promise<KeyPair>;
  expired(host: string): Promise<KeyPair>;
  /** With a common name only. */
  commonName(host: string): Promise<KeyPair>;
  names(names: readonly string[]): Promise<KeyPair>;
  weak(host: string): Promise<KeyPair>;
  /** Valid from next year on: what a clock that is behind makes of a sound one. */
  future(host: string): Promise<KeyPair>;
}

export async function createCertificates(folder: string): Promise<Certificates> {
  const [known, other] = ['known', 'other'].map((name) => join(folder, name)) as [string, string];
  mkdirSync(known);
  mkdirSync(other);
  const authority = await createAuthority(known, 'ISRG Lab Root X9');
  const stranger = await createAuthority(other, 'Corp Inspection CA');
  const made = new Map<string, Promise<KeyPair>>();
  // openssl numbers the certificates of an authority in a file, so one at a time.
  let turn: Promise<unknown> = Promise.resolve();
  async function once(key: string, make: () => Promise<KeyPair>): Promise<KeyPair> {
    const existing = made.get(key);
    if (existing !== undefined) return existing;
    const making = turn.then(make);
    turn = making.catch(() => undefined);
    made.set(key, making);
    return making;
  }
  async function issue(
    key: string,
    by: Authority,
    names: readonly string[],
    days?: number,
  ): Promise<KeyPair> {
    return once(`${key} ${names.join()} ${by.file}`, async () => by.issue(names, days));
  }
  return {
    trusted: readFileSync(authority.file, 'utf8'),
    good: async (host) => issue('good', authority, [`DNS:${host}`]),
    unknown: async (host) => issue('unknown', stranger, [`DNS:${host}`]),
    expired: async (host) => issue('expired', authority, [`DNS:${host}`], -1),
    commonName: async (host) =>
      once(`common ${host}`, async () => issueWith(known, host, 'sha256', '')),
    names: async (names) => issue('names', authority, names),
    future: async (host) => once(`future ${host}`, async () => issueFuture(known, host)),
    weak: async (host) =>
      once(`weak ${host}`, async () =>
        issueWith(known, host, 'sha1', `subjectAltName=DNS:${host}\n`),
      ),
  };
}

/** For the host as common name; SHA-1 is what old inspection appliances sign with. */
async function issueWith(
  folder: string,
  host: string,
  digest: 'sha1' | 'sha256',
  extensions: string,
): Promise<KeyPair> {
  const base = join(folder, `${digest}-${host}`);
  const [key, request, certificate, extension] = [
    `${base}.key`,
    `${base}.csr`,
    `${base}.pem`,
    `${base}.ext`,
  ];
  writeFileSync(extension, extensions);
  const subject = ['-subj', `/CN=${host}`];
  await run('openssl', [
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    key,
    '-out',
    request,
    ...subject,
  ]);
  const authority = ['-CA', join(folder, 'authority.pem'), '-CAkey', join(folder, 'authority.key')];
  const result = ['-days', '2', '-extfile', extension, '-out', certificate];
  await run('openssl', [
    'x509',
    '-req',
    `-${digest}`,
    '-in',
    request,
    ...authority,
    '-CAcreateserial',
    ...result,
  ]);
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(certificate, 'utf8') };
}

async function issueFuture(folder: string, host: string): Promise<KeyPair> {
  const [key, request, certificate, config] = ['key', 'csr', 'pem', 'cnf'].map((kind) =>
    join(folder, `future-${host}.${kind}`),
  ) as [string, string, string, string];
  writeFileSync(join(folder, 'index.txt'), '');
  writeFileSync(
    config,
    `[ca]\ndefault_ca=d\n[d]\ndatabase=${folder}/index.txt\nnew_certs_dir=${folder}\ndefault_md=sha256\npolicy=p\nrand_serial=yes\nx509_extensions=e\n[p]\ncommonName=supplied\n[e]\nsubjectAltName=DNS:${host}\n`,
  );
  await run('openssl', [
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    key,
    '-out',
    request,
    '-subj',
    `/CN=${host}`,
  ]);
  await run('openssl', [
    'ca',
    '-batch',
    '-config',
    config,
    '-cert',
    join(folder, 'authority.pem'),
    '-keyfile',
    join(folder, 'authority.key'),
    '-startdate',
    '20400101000000Z',
    '-enddate',
    '20410101000000Z',
    '-in',
    request,
    '-out',
    certificate,
    '-notext',
  ]);
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(certificate, 'utf8') };
}
