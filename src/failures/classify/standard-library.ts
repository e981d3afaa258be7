/** Packages that every Go has. When one is missing, it is the installation that is broken. */
const always: ReadonlySet<string> = new Set(
  'bufio bytes context encoding/json errors fmt io io/ioutil log math net net/http os os/exec path path/filepath reflect regexp runtime sort strconv strings sync sync/atomic syscall testing time unicode unsafe internal/abi internal/cpu'.split(
    ' ',
  ),
);

/** Packages by the Go that brought them: what looks like a missing import is an old Go then. */
const newer: Readonly<Record<string, string>> = {
  '1.16': 'embed io/fs testing/fstest runtime/metrics go/build/constraint',
  '1.18': 'net/netip debug/buildinfo',
  '1.20': 'crypto/ecdh runtime/coverage',
  '1.21': 'slices maps cmp log/slog testing/slogtest',
  '1.22': 'math/rand/v2 go/version',
  '1.23': 'iter unique structs',
  '1.24': 'weak crypto/mlkem crypto/hkdf crypto/pbkdf2 crypto/sha3 crypto/fips140',
  '1.25': 'testing/synctest',
};

/** The package that a line says is missing. */
function missingPackage(text: string): string | undefined {
  return /(?:package|malformed module path) "?([\w/.-]{1,100})"?(?: is not in |: missing dot)/.exec(
    text,
  )?.[1];
}

export function isInstallationBroken(text: string): boolean {
  return always.has(missingPackage(text) ?? '');
}

/** `1.21` for slices; nothing for what no Go has. */
export function goThatBrought(text: string): string | undefined {
  const missing = missingPackage(text);
  if (missing === undefined) return undefined;
  return Object.entries(newer).find(([, packages]) => packages.split(' ').includes(missing))?.[0];
}
