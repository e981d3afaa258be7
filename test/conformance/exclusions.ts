import { readFile } from 'node:fs/promises';

/** Script name to reason. The file is ours, so a wrong shape is a mistake of the last commit. */
export async function readExclusions(file: URL): Promise<ReadonlyMap<string, string>> {
  const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new Error('exclusions.json is not an object of script names and reasons.');
  }
  return new Map(
    Object.entries(parsed).map(([name, reason]) => {
      if (typeof reason !== 'string' || reason.trim().length < 20) {
        throw new Error(`exclusions.json gives no real reason for ${name}.`);
      }
      return [name, reason];
    }),
  );
}

/** What a proxy that verifies must refuse, though one that only forwards lets it pass. */
export function isRefusedOnPurpose(reason: string): boolean {
  return reason.startsWith('Refused on purpose: ');
}
