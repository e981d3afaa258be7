import type { DoctorNeeds } from '../needs.ts';
import type { Patient } from '../patient/index.ts';
import { finding } from '../probe.ts';
import type { ProbeFinding } from '../probe.ts';

/** Where Go looks on Linux (crypto/x509/root_linux.go). */
const PLACES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
const FOLDERS = ['/etc/ssl/certs', '/etc/pki/tls/certs'];

/** A machine without trusted certificates trusts nobody. Other systems ask their own verifier. */
export async function rootStoreFinding(
  patient: Patient,
  { files }: DoctorNeeds,
): Promise<ProbeFinding | undefined> {
  const isUnix = (await files.status('/proc/self').catch(() => undefined)) !== undefined;
  if (!isUnix) return undefined;
  const named = patient.environment['SSL_CERT_FILE'] ?? '';
  const folders = (patient.environment['SSL_CERT_DIR'] ?? '').split(':').filter(Boolean);
  const sizes = await Promise.all(
    (named === '' ? PLACES : [named]).map(async (path) => {
      const status = await files.status(path).catch(() => undefined);
      return status?.kind === 'file' ? status.size : 0;
    }),
  );
  const listed = await Promise.all(
    (folders.length === 0 ? FOLDERS : folders).map(async (path) =>
      files.list(path).catch(() => undefined),
    ),
  );
  const hasFiles = listed.some((entries) => entries?.some(({ kind }) => kind !== 'directory'));
  if (sizes.some((size) => size > 0) || hasFiles) return undefined;
  const where = named === '' ? 'the usual places' : `SSL_CERT_FILE=${named}`;
  return finding('tls-no-root-store', {
    scope: 'machine',
    title: 'this machine has no trusted certificates',
    explanation: `There are none in ${where}, so every https server is refused. Images without the package ca-certificates are so.`,
    evidence: [
      {
        kind: 'file',
        text: 'empty or not there',
        source: named === '' ? PLACES.join(', ') : named,
      },
    ],
    fix:
      named === ''
        ? 'install the package ca-certificates in the image before the first download'
        : 'correct or unset SSL_CERT_FILE',
  });
}
