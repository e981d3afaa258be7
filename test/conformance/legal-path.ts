/**
 * Whether a request path belongs to the GOPROXY protocol (Go module reference, "GOPROXY protocol" and "Module paths").
 * Written apart from src/gomod on purpose: the judge must not share a mistake with the judged.
 */
export function isLegalProxyPath(rawPath: string): boolean {
  let path: string;
  try {
    path = decodeURIComponent(rawPath);
  } catch {
    return false;
  }
  if (!path.startsWith('/')) return false;
  return path.startsWith('/sumdb/')
    ? isChecksumPath(path.slice('/sumdb/'.length))
    : isModulePath(path.slice(1));
}

function isModulePath(path: string): boolean {
  if (path.endsWith('/@latest')) return isEscapedModule(path.slice(0, -'/@latest'.length));
  const split = path.lastIndexOf('/@v/');
  if (split < 0 || !isEscapedModule(path.slice(0, split))) return false;
  const file = path.slice(split + '/@v/'.length);
  if (file === 'list') return true;
  const dot = file.lastIndexOf('.');
  const version = unescape(file.slice(0, Math.max(dot, 0)));
  if (version === undefined || !isFileName(version)) return false;
  switch (file.slice(dot + 1)) {
    case 'info':
      return true;
    case 'mod':
    case 'zip':
      // These two exist for canonical versions only.
      return canonicalVersion.test(version);
    default:
      return false;
  }
}

function isChecksumPath(path: string): boolean {
  // A database name may hold slashes, so its end is found from what follows it.
  const plain = /^(.+)\/(?:supported|latest)$/.exec(path);
  if (plain !== null) return isDatabaseName(plain[1] ?? '');
  const tile = /^(.+)\/tile\/\d{1,2}\/(?:\d{1,2}|data)\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d{1,3})?$/.exec(
    path,
  );
  if (tile !== null) return isDatabaseName(tile[1] ?? '');
  const lookup = /^(.+?)\/lookup\/(.+)@([^@/]+)$/.exec(path);
  if (lookup === null) return false;
  const version = unescape(lookup[3] ?? '');
  return (
    isDatabaseName(lookup[1] ?? '') &&
    isEscapedModule(lookup[2] ?? '') &&
    version !== undefined &&
    isFileName(version)
  );
}

const canonicalVersion =
  /^v(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+incompatible)?$/;
const deviceName = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;

function isDatabaseName(name: string): boolean {
  return /^[a-z0-9.-]+\.[a-z0-9.:-]+(?:\/[A-Za-z0-9._~-]+)*$/.test(name);
}

function isEscapedModule(escaped: string): boolean {
  const path = unescape(escaped);
  if (path === undefined) return false;
  const elements = path.split('/');
  const first = elements[0] ?? '';
  if (!/^[a-z0-9.][a-z0-9.-]*$/.test(first) || !first.includes('.')) return false;
  if (!elements.every(isPathElement)) return false;
  const major = /\/v(\d[\d.]*)$/.exec(path)?.[1];
  if (major === undefined || path.startsWith('gopkg.in/')) return true;
  return /^(?:[2-9]|[1-9]\d+)$/.test(major);
}

function isPathElement(element: string): boolean {
  if (!/^[A-Za-z0-9._~-]+$/.test(element) || element.startsWith('.') || element.endsWith('.'))
    return false;
  const stem = element.split('.', 1)[0] ?? '';
  return !deviceName.test(stem) && !/~\d+$/.test(stem);
}

function isFileName(version: string): boolean {
  // control characters are just what must not come through
  return (
    version !== '' &&
    !/["'*/:<>?\\`|!\u0000-\u001f\u007f]/.test(version) &&
    version !== '.' &&
    version !== '..'
  );
}

/** Upper-case letters travel as `!` and the lower-case letter. */
function unescape(text: string): string | undefined {
  if (/[A-Z]|![^a-z]|!$/.test(text)) return undefined;
  return text.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
