import type { Finding } from '../../finding/index.ts';

/** What is known of one log. */
export interface DiagnosedLog {
  /** As the person called it; `stdin` for what came through a pipe. */
  readonly source: string;
  readonly outcome: 'diagnosed' | 'unknown-failure' | 'no-failure';
  /** The root first; the rest depend on it. */
  readonly findings: readonly Finding[];
  readonly failedAtLine: number | undefined;
  readonly goVersion: string | undefined;
  /** Where the build system stopped writing a log that was too long. */
  readonly clippedAtLine: number | undefined;
  readonly lines: number;
  readonly bytes: number;
}

/** Whether trying again helps, in words. */
export const retryWords: Readonly<Record<NonNullable<Finding['retry']>, string>> = {
  transient: 'trying again may help',
  permanent: 'trying again does not help without a change',
  'transient-then-permanent': 'trying again may help; after two or three tries it is permanent',
  'permanent-but-cheap': 'trying again seldom helps, and costs little',
};

export const ownerWords: Readonly<Record<NonNullable<Finding['owner']>, string>> = {
  network: 'the network team',
  platform: 'who runs the build machines and images',
  author: "the module's author or the host of its code",
  developer: 'the developer of this repository',
  proxy: 'who runs the module proxy',
};
