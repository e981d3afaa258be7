import type { PhraseRanks } from '../reading/index.ts';
import { catalogue, type Failure, type Form } from '../catalogue/index.ts';

/** What a line says beside failures: facts for the verdict, and where a step ended. */
export type Landmark =
  | 'end-of-step'
  | 'next-try'
  | 'clipped'
  | 'go-version'
  | 'go-line'
  | 'error-word'
  | 'go-command';

const landmarks: Readonly<Record<Landmark, readonly string[]>> = {
  // The tail that wrappers add (reference A1): never a cause, always the end of one.
  'end-of-step': [
    'exit status ',
    'process completed with exit code',
    'error: job failed',
    'make: ***',
    'make[1]: ***',
    'returned a non-zero code',
    'did not complete successfully',
    'executor failed running',
    'script returned exit code',
    'command exited with code',
    'the command failed with exit code',
  ],
  // What was before it was survived, or will be said again.
  'next-try': ['retrying', 'will retry', 'attempt ', '---> running in '],
  'go-version': [
    'go version go1',
    'running go 1',
    'golang:1.',
    'go-version: ',
    'go version 1.',
    'successfully set up go version',
  ],
  // BuildKit and GitLab stop writing a log that is too long for them.
  clipped: ['[output clipped, log limit', 'log exceeded limit of', 'log size limit'],
  'error-word': ['error:', 'fatal:'],
  // Of these and the next only the last before something else is read: a log may have thousands.
  'go-command': ['go mod ', 'go build', 'go install', 'go get', 'go list', 'go test', 'go vet'],
  'go-line': ['go: ', '# get http'],
};

export interface PhraseIndex {
  readonly phrases: readonly string[];
  readonly ranks: PhraseRanks;
  formsOf(phrase: number): readonly IndexedForm[];
  landmarkOf(phrase: number): Landmark | undefined;
}

export interface IndexedForm {
  readonly failure: Failure;
  readonly form: Form;
  /** In the order of the catalogue, for equal weights. */
  readonly order: number;
}

/** Which forms are to be tried in a line, by the phrases that were found in it. */
export function createPhraseIndex(): PhraseIndex {
  const byPhrase = new Map<string, IndexedForm[]>();
  let order = 0;
  for (const failure of catalogue) {
    for (const form of failure.forms) {
      order += 1;
      for (const phrase of form.phrases) {
        byPhrase.set(phrase, [...(byPhrase.get(phrase) ?? []), { failure, form, order }]);
      }
    }
  }
  const ofFailures = [...byPhrase.keys()];
  // Only to notice the line: its phrases are looked up again when it is decoded.
  const inPages = ofFailures
    .filter((phrase) => phrase.includes('"'))
    .flatMap((phrase) => ['&#34;', '&quot;'].map((sign) => phrase.replaceAll('"', sign)));
  const kinds = Object.entries(landmarks).flatMap(([kind, phrases]) =>
    phrases.map((phrase) => [phrase, kind as Landmark] as const),
  );
  const landmarksFrom = ofFailures.length + inPages.length;
  return {
    phrases: [...ofFailures, ...inPages, ...kinds.map(([phrase]) => phrase)],
    ranks: {
      firstAlone: landmarksFrom,
      firstLast: landmarksFrom + kinds.findIndex(([, kind]) => kind === 'go-command'),
    },
    formsOf: (phrase) => byPhrase.get(ofFailures[phrase] ?? '') ?? [],
    landmarkOf: (phrase) => kinds[phrase - landmarksFrom]?.[1],
  };
}
