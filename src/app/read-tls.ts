import { X509Certificate, createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { toldCause } from '../finding/index.ts';
import { ProgramError, isProgramError } from '../platform/index.ts';
import type { Clock, Files } from '../platform/index.ts';

/** What a server that answers over https shows, read and compared. */
export interface TlsFiles {
  readonly certificate: Buffer;
  readonly key: Buffer;
  /** What is true now and breaks clients now or soon, in sentences. */
  readonly notices: readonly string[];
  /** Clients refuse it today. */
  readonly isRefused: boolean;
}

/** A chain of certificates is a few kilobytes. */
const LARGEST_PEM_BYTES = 1024 * 1024;
const DAY_MILLISECONDS = 86_400_000;
/** Whoever renews by hand needs some days; programs renew a month before. */
const SOON_DAYS = 14;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu;

interface Named {
  readonly flag: string;
  readonly path: string;
}

/** Undefined where neither is set. Throws what would keep a server from starting. */
export async function readTls(
  needs: { readonly files: Pick<Files, 'readWhole'>; readonly clock: Clock },
  configuration: { readonly tlsCert: string | undefined; readonly tlsKey: string | undefined },
): Promise<TlsFiles | undefined> {
  const { tlsCert, tlsKey } = configuration;
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const named = {
    certificate: { flag: '--tls-cert', path: tlsCert },
    key: { flag: '--tls-key', path: tlsKey },
  };
  const certificate = await readPem(needs.files, named.certificate);
  const key = await readPem(needs.files, named.key);
  const first = checkPair(
    named,
    parseChain(named.certificate, certificate),
    parseKey(named.key, key),
  );
  const now = needs.clock.epochMilliseconds();
  return { certificate, key, ...judgeTimes(named.certificate, first, now) };
}

/** For `config check`: what clients would refuse is as wrong as what does not start. */
export async function checkTls(
  needs: Parameters<typeof readTls>[0],
  configuration: Parameters<typeof readTls>[1],
): Promise<readonly string[]> {
  const tls = await readTls(needs, configuration);
  if (tls?.isRefused !== true) return tls?.notices ?? [];
  throw broken(tls.notices.join('; '));
}

async function readPem(files: Pick<Files, 'readWhole'>, { flag, path }: Named): Promise<Buffer> {
  let bytes: Buffer | undefined;
  try {
    bytes = await files.readWhole(path, LARGEST_PEM_BYTES);
  } catch (error) {
    if (isProgramError(error) && error.kind === 'bad-input') throw error;
    throw invalid(`${flag}: ${path} cannot be read`, 'see who may read it', error);
  }
  if (bytes !== undefined) return bytes;
  throw invalid(`${flag}: there is no file ${path}`);
}

function parseChain({ flag, path }: Named, bytes: Buffer): readonly X509Certificate[] {
  const blocks = bytes.toString('latin1').match(CERTIFICATE) ?? [];
  try {
    const chain = blocks.map((block) => new X509Certificate(block));
    if (chain.length > 0) return chain;
  } catch (error) {
    throw broken(`${flag}: a certificate in ${path} cannot be read`, error);
  }
  throw broken(`${flag}: ${path} holds no certificate in PEM form`);
}

function parseKey({ flag, path }: Named, bytes: Buffer): KeyObject {
  try {
    return createPrivateKey(bytes);
  } catch (error) {
    const isEncrypted = /ENCRYPTED/u.test(bytes.toString('latin1', 0, 4096));
    throw isEncrypted
      ? broken(`${flag}: the key in ${path} wants a passphrase, and nobody is there to type it`)
      : broken(`${flag}: ${path} holds no private key in PEM form`, error);
  }
}

/** The certificate that clients are shown for us: the first one (RFC 8446 4.4.2). */
function checkPair(
  named: { readonly certificate: Named; readonly key: Named },
  chain: readonly X509Certificate[],
  key: KeyObject,
): X509Certificate {
  const owner = chain.findIndex((certificate) => certificate.checkPrivateKey(key));
  const [first] = chain;
  if (owner === 0 && first !== undefined) return first;
  const { certificate } = named;
  throw owner === -1
    ? broken(`${named.key.flag}: the key does not belong to a certificate in ${certificate.path}`)
    : broken(
        `${certificate.flag}: the key belongs to certificate ${owner + 1} in ${certificate.path}, which must be the first`,
      );
}

function judgeTimes(
  { flag }: Named,
  { validFromDate, validToDate }: X509Certificate,
  now: number,
): Pick<TlsFiles, 'notices' | 'isRefused'> {
  if (validFromDate.getTime() > now) {
    const notice = `${flag}: the certificate is not valid before ${validFromDate.toISOString()}, if the clock here is right`;
    return { notices: [notice], isRefused: true };
  }
  const left = validToDate.getTime() - now;
  const to = validToDate.toISOString();
  if (left <= 0) return { notices: [`${flag}: the certificate expired at ${to}`], isRefused: true };
  const days = Math.floor(left / DAY_MILLISECONDS);
  const isSoon = days < SOON_DAYS;
  const notice = `${flag}: the certificate expires in ${days} day${days === 1 ? '' : 's'}, at ${to}`;
  return { notices: isSoon ? [notice] : [], isRefused: false };
}

function invalid(message: string, hint?: string, cause?: unknown): ProgramError {
  return new ProgramError({
    code: 'configuration-invalid',
    kind: 'bad-input',
    message: cause === undefined ? message : `${message} (${toldCause(cause)})`,
    ...(hint === undefined ? {} : { hint }),
  });
}

function broken(message: string, cause?: unknown): ProgramError {
  return new ProgramError({
    code: 'tls-invalid',
    kind: 'bad-input',
    message,
    ...(cause === undefined ? {} : { cause }),
    hint: '--tls-cert takes a PEM file with the chain, our own certificate first; --tls-key the key of that one',
  });
}
