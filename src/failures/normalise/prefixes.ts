/**
 * What build systems put before a line, each as a pattern that ends before the first character of
 * the tool's own line: a TAB there says that the line belongs to the one above (reference A1).
 */
const prefixes: readonly string[] = [
  // GitHub, Kubernetes, GitLab, zap: 2021-09-30T12:57:17.2245615Z
  String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?Z| ?[+-]\d\d:?\d\d)?:? (?:\d\d[OE][ +])?(?:std(?:out|err) [FP] )?`,
  // Go's own log package: 2009/11/10 23:00:00
  String.raw`\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})? `,
  // Jenkins: [2020-06-15T01:17:55.890Z], 10:12:42 and two spaces
  String.raw`\[\d{4}-\d\d-\d\d[T ][^\]]{1,40}\] `,
  String.raw`\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?  ?`,
  // Netlify: 10:12:42 AM:
  String.raw`\d{1,2}:\d\d:\d\d [AP]M: `,
  // journald: May 01 10:00:00 host runner[12]:
  String.raw`[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [\w.-]{1,64} [\w.@\/-]{1,64}(?:\[\d{1,7}\])?: `,
  // Cloud Build: Step #2 - "build":
  String.raw`Step #\d{1,3}(?: - "[^"]{1,80}")?: `,
  // What a platform says of a build while it takes a push, and Nix of its log
  String.raw`remote: {4,9}`,
  String.raw` {2,10}> `,
  // BuildKit: `#14 0.326 `, and `0.326 ` in its recap
  String.raw`#\d{1,5} \d{1,6}\.\d{1,3} `,
  String.raw`#\d{1,5} (?=\S)`,
  String.raw`\d{1,6}\.\d{2,3} (?=\S|\t)`,
  // Classic Docker
  String.raw`Step \d{1,4}\/\d{1,4} : `,
  // Azure, old GitHub runners: ##[error]; GitHub: ::error file=x::
  String.raw`##\[[a-z-]{1,20}\]`,
  String.raw`##vso\[[^\]]{1,300}\]`,
  String.raw`::(?:error|warning|notice|debug|group)(?: [^:]{0,300})?::`,
  // The problem matcher of setup-go turns every position into an error.
  String.raw`Error: (?=[^\s:]{1,200}\.go:\d)`,
  // Open Build Service, Dagger, Compose, Tekton, kubectl --prefix
  String.raw`\[ {0,6}\d{1,7}s\] `,
  String.raw`\d{1,6} ?: \[\d{1,6}\.\d{1,3}s\] \| `,
  String.raw`\[(?:pod\/)?[\w .\/:-]{2,80}\] (?=\S|\t)`,
  String.raw` {0,20}\+?[\w.\/+@-]{1,60} {0,20}\| `,
  String.raw`[┃│║|] ?`,
  String.raw`> `,
];

const prefix = new RegExp(`^(?:${prefixes.join('|')})`);

/** One system inside another: more layers than this nobody has been seen with. */
const DEEPEST = 6;

/** The line without what build systems put before it. */
export function withoutPrefixes(line: string): string {
  let rest = line;
  for (let round = 0; round < DEEPEST; round += 1) {
    // Most lines begin with a letter of a word, which no prefix but that of Compose does.
    const length = prefix.exec(rest)?.[0].length ?? 0;
    if (length === 0) return rest;
    rest = rest.slice(length);
  }
  return rest;
}
