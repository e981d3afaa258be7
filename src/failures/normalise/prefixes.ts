/**
 * What build systems put before a line, each as a pattern that ends before the first character of
 * the tool's own line: a TAB there says that the line belongs to the one above (reference A1).
 */
const prefixes: readonly string[] = [
  // What "gh run view --log" puts before the time: job, TAB, step, TAB
  String.raw`[^\t]{1,120}\t[^\t]{1,200}\t\uFEFF?(?=\d{4}-\d\d-\d\dT)`,
  // GitHub, Kubernetes, GitLab, zap: 2021-09-30T12:57:17.2245615Z
  String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?Z| ?[+-]\d\d:?\d\d)?:?[ \t](?:\d\d[OE][ +])?(?:std(?:out|err) [FP] )?`,
  // Go's own log package: 2009/11/10 23:00:00
  String.raw`\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})? `,
  // Jenkins: [2020-06-15T01:17:55.890Z], 10:12:42 and two spaces
  String.raw`\[\d{4}-\d\d-\d\d[T ][^\]]{1,40}\] `,
  // TeamCity: [10:12:42]W:<TAB> [Step 2/3]
  String.raw`\[\d\d:\d\d:\d\d ?\](?:[A-Za-z]?:?\t? {0,4})\[Step \d{1,3}\/\d{1,3}\] `,
  // Netlify: 10:12:42 AM:
  String.raw`\d{1,2}:\d\d(?::\d\d)? ?[AP]M:? (?:(?:TRC|DBG|INF|WRN|ERR|FTL) )?`,
  String.raw`\+?\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?  ?`,
  // journald: May 01 10:00:00 host runner[12]: and the same after another time
  String.raw`[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?:[A-Za-z0-9][\w.-]{0,63} [\w.\/-]{1,64}(?:\[\d{1,7}\])?: )?`,
  String.raw`[\w.-]{1,64} [\w.@\/-]{1,64}\[\d{1,7}\]: `,
  // RFC 5424: <14>1 2024-05-01T10:00:00Z host app 12 - -
  String.raw`<\d{1,3}>(?:1 )?`,
  String.raw`[\w.-]{1,64} [\w.\/-]{1,64} (?:\d{1,7}|-) [\w-]{1,32} - `,
  // klog: E0501 10:00:00.123456   12345 build.go:42]
  String.raw`[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{1,9} {1,8}\d{1,8} [\w.\/-]{1,80}:\d{1,6}\] `,
  // Seconds or milliseconds since 1970
  String.raw`1[5-9]\d{8}(?:\.\d{1,9}|\d{3,9})?[ \t]`,
  // zap: ERROR<TAB>builder/run.go:118<TAB>
  String.raw`(?:DEBUG|INFO|WARN|ERROR|FATAL|PANIC)\t(?:[\w.\/@-]{1,120}:\d{1,6}\t)?`,
  // Python's logging: ERROR:builder:
  String.raw`(?:DEBUG|INFO|WARNING|ERROR|CRITICAL):[\w.]{1,60}:(?=\S|\t)`,
  // logrus: ERRO[0007]
  String.raw`(?:TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)\[\d{4,7}\] `,
  // Bamboo: error<TAB>14-Mar-2025 10:12:42<TAB>
  String.raw`(?:simple|build|error|command)\t\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d\t`,
  String.raw`npm (?:ERR!|error) (?=\S|\t)`,
  // Cloud Build: Step #2 - "build":
  String.raw`Step #\d{1,3}(?: - "[^"]{1,80}")?: `,
  // What a platform says of a build while it takes a push, and Nix of its log
  String.raw`remote: {4,9}`,
  String.raw` {2,10}> `,
  // BuildKit: `#14 0.326 `, and `0.326 ` in its recap
  String.raw`#\d{1,5} (?:\[[^\]]{1,80}\] )?\d{1,6}\.\d{1,3}s? `,
  String.raw` => => # `,
  String.raw`#\d{1,5} (?=\S|\t)`,
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
  // cat -n and grep -n, before what go, git and others begin with
  String.raw` {0,6}(?:[\w.\/-]{1,100}:)?\d{1,7}[:\t](?=go: |\t|# |E: |Err:|fatal: |verifying |--- )`,
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
