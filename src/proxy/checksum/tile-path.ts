/** What a `tile/…` path names; only hash tiles of height 8 are kept. */
export interface TileRequest {
  readonly height: number;
  readonly level: number | 'data';
  readonly n: number;
  readonly width: number;
}

const PATH_BASE = 1000;
/** P-74: heights from 1 to 30, levels as Go's client can write them. */
const TILE_PATH =
  /^tile\/([1-9]\d?)\/(data|0|[1-9]\d?)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,9}))?$/;
const MAXIMUM_HEIGHT = 30;
const MAXIMUM_LEVEL = 63;

/** Undefined when malformed. Each tile has exactly one spelling (P-73). */
export function parseTilePath(path: string): TileRequest | undefined {
  const [, heightText, levelText, digits, widthText] = TILE_PATH.exec(path) ?? [];
  if (heightText === undefined || levelText === undefined || digits === undefined) {
    return undefined;
  }
  const height = Number(heightText);
  const full = 2 ** height;
  const level = levelText === 'data' ? 'data' : Number(levelText);
  const n = Number(digits.replaceAll(/[x/]/g, ''));
  const width = widthText === undefined ? full : Number(widthText);
  const isPossible =
    height <= MAXIMUM_HEIGHT &&
    (level === 'data' || level <= MAXIMUM_LEVEL) &&
    Number.isSafeInteger(n * full) &&
    (widthText === undefined || width < full) &&
    // Leading groups of zeros would be a second spelling.
    !(digits.length > 3 && digits.startsWith('x000'));
  return isPossible ? { height, level, n, width } : undefined;
}

export function formatTilePath({ height, level, n, width }: TileRequest): string {
  let digits = String(n % PATH_BASE).padStart(3, '0');
  for (let rest = Math.floor(n / PATH_BASE); rest > 0; rest = Math.floor(rest / PATH_BASE)) {
    digits = `x${String(rest % PATH_BASE).padStart(3, '0')}/${digits}`;
  }
  const partial = width === 2 ** height ? '' : `.p/${width}`;
  return `tile/${height}/${level}/${digits}${partial}`;
}
