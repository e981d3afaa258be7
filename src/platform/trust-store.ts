import { X509Certificate } from 'node:crypto';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createSecureContext, getCACertificates, rootCertificates } from 'node:tls';
import type { SecureContext } from 'node:tls';

/** The certificates that Go's crypto/x509 would trust on this machine, read at the first use. */
export interface TrustStore {
  /** For TLS 1.2 and 1.3 with these certificates. */
  context(): Promise<SecureContext>;
}

export interface TrustStoreSettings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Where certificates are looked for when the environment names no place. */
  readonly files?: readonly string[];
  readonly directories?: readonly string[];
}

/** Go's list for Linux (crypto/x509/root_linux.go): the first that can be read is used. */
const CERTIFICATE_FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** Go's directories for Linux: every file of every one is read, besides the file above. */
const CERTIFICATE_DIRECTORIES = ['/etc/ssl/certs', '/etc/pki/tls/certs'];

export function createTrustStore(settings: TrustStoreSettings): TrustStore {
  let loading: Promise<SecureContext> | undefined;
  return {
    context() {
      loading ??= loadRoots(settings).then((roots) =>
        createSecureContext({
          ca: [...roots],
          minVersion: 'TLSv1.2',
          // Go takes every certificate of the store as an anchor, also one that is not self-signed.
          allowPartialTrustChain: true,
        }),
      );
      return loading;
    },
  };
}

/** PEM texts, one certificate each, no two the same. */
export async function loadRoots(settings: TrustStoreSettings): Promise<readonly string[]> {
  const { environment, platform } = settings;
  if (platform === 'darwin' || platform === 'win32') {
    // There Go asks the system's own verifier and does not read SSL_CERT_FILE and SSL_CERT_DIR.
    return getCACertificates('system');
  }
  const file = environment['SSL_CERT_FILE'] ?? '';
  const directories = environment['SSL_CERT_DIR'] ?? '';
  const texts = [
    ...(await readFirst(file === '' ? (settings.files ?? CERTIFICATE_FILES) : [file])),
    ...(await readDirectories(
      directories === ''
        ? (settings.directories ?? CERTIFICATE_DIRECTORIES)
        : directories.split(':'),
    )),
  ];
  const roots = new Set<string>();
  for (const text of texts) {
    for (const root of certificatesOf(text)) {
      roots.add(root);
    }
  }
  if (roots.size === 0 && file === '' && directories === '') {
    // A machine without any store, such as a bare container: Go would fail there, and Node's own
    // list is better than nothing. A store that was named and is empty stays empty, as with Go.
    return rootCertificates;
  }
  return [...roots];
}

async function readFirst(paths: readonly string[]): Promise<string[]> {
  for (const path of paths) {
    const text = await readText(path);
    if (text !== undefined) {
      return [text];
    }
  }
  return [];
}

async function readDirectories(directories: readonly string[]): Promise<string[]> {
  const texts: string[] = [];
  for (const directory of directories) {
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = `${directory}/${entry.name}`;
      if (entry.isSymbolicLink() && (await pointsToNeighbour(path))) {
        continue;
      }
      const text = await readText(path);
      if (text !== undefined) {
        texts.push(text);
      }
    }
  }
  return texts;
}

/** Hash links beside the certificates themselves (c_rehash) would have each one read twice. */
async function pointsToNeighbour(path: string): Promise<boolean> {
  const target = await readlink(path).catch(() => '/');
  return !target.includes('/');
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'latin1').catch(() => undefined);
}

/** Blocks that are no certificate, or a broken one, are passed over as Go does. */
function certificatesOf(text: string): string[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return blocks.filter(isCertificate);
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}
