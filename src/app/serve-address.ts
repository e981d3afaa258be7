import type { Files } from '../platform/index.ts';

/** An address is a line. */
const MAXIMUM_BYTES = 1024;

function fileOf(store: string): string {
  return `${store}/serve-address`;
}

/** For commands on this machine that find the store in use. Stale after a crash: the lock says so. */
export async function writeServeAddress(
  { files }: { readonly files: Files },
  { store, scratch }: { readonly store: string; readonly scratch: string },
  address: string,
): Promise<void> {
  // An address that every machine listens on is one that a client here cannot ask.
  const local = address.replace(/\/\/(?:\[::\]|0\.0\.0\.0)?:/u, '//127.0.0.1:');
  await files.writeAtomically(fileOf(store), Buffer.from(`${local}\n`), scratch);
}

/** Of the server that uses this store, as far as it could be written down. */
export async function readServeAddress(
  { files }: { readonly files: Files },
  store: string,
): Promise<string | undefined> {
  const bytes = await files.readWhole(fileOf(store), MAXIMUM_BYTES).catch(() => undefined);
  const text = bytes?.toString().trim() ?? '';
  return /^https?:\/\/[\w.:[\]-]+$/u.test(text) ? text : undefined;
}
