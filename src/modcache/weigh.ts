/** What is known of one version's zip and of what comes from it; hashes are `h1:` texts. */
export interface Known {
  /** From go.sum, or from a proven record of the checksum database. */
  readonly trusted: string | undefined;
  /** What the file `.ziphash` says: undefined when absent, `malformed` when it is no hash. */
  readonly written: string | undefined;
  /** Undefined when there is no zip, `broken` when it cannot be read to its end. */
  readonly zip: string | undefined;
  /** Of the unpacked directory; undefined when there is none, `foreign` when no zip can give it. */
  readonly tree: string | undefined;
}

export type Part = 'zip' | 'ziphash' | 'tree';

export interface Weighed {
  /** What all parts should be, where it can be said. */
  readonly reference: string | undefined;
  readonly broken: ReadonlySet<Part>;
}

const HASH = /^h1:[A-Za-z0-9+/]{43}=$/;

export function isHash(text: string | undefined): text is string {
  return text !== undefined && HASH.test(text);
}

/**
 * Which parts are broken. Two parts that agree are right, because nothing becomes the same hash by
 * accident; where nothing agrees with anything, all of it goes.
 */
export function weigh(known: Known): Weighed {
  const reference = referenceOf(known);
  const broken = new Set<Part>();
  const { written, zip, tree } = known;
  if (zip === 'broken' || isOther(zip, reference)) broken.add('zip');
  if (isOther(written, reference)) broken.add('ziphash');
  if (tree === 'foreign' || isOther(tree, reference)) broken.add('tree');
  return { reference, broken };
}

function isOther(hash: string | undefined, reference: string | undefined): boolean {
  // What is no hash says for itself what is wrong with it.
  if (hash === undefined || hash === 'broken' || hash === 'foreign') return false;
  return hash !== reference;
}

function referenceOf({ trusted, written, zip, tree }: Known): string | undefined {
  if (trusted !== undefined) return trusted;
  const witnesses = [written, zip, tree].filter(isHash);
  const agreed = witnesses.find((one, index) => witnesses.indexOf(one) !== index);
  if (agreed !== undefined) return agreed;
  // One alone is believed: nothing speaks against it.
  return witnesses.length === 1 ? witnesses[0] : undefined;
}
