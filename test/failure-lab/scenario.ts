import type { World } from './world/world.ts';

/** One way to break a build, and what is true about it. */
export interface Scenario {
  /** The cause, an id of the catalogue. */
  readonly id: string;
  /** Tells the scenarios of one id apart. */
  readonly name: string;
  /** Go versions that fail in this way; by the seed one of them. */
  readonly go?: readonly GoVersion[];
  /** Why it cannot be planted on this machine, if so. */
  hindrance?(): string | undefined;
  plant(world: World): Promise<Planted> | Planted;
}

export type GoVersion = '1.15.15' | '1.19.13' | '1.22.12' | '1.24.9' | 'local' | '1.27.3';

export interface Planted {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly prepare?: string;
  readonly command: string;
  readonly mounts?: string;
  readonly resolvers?: string;
  readonly user?: number;
  readonly patienceSeconds?: number;
  /** What the line that proves it reads like; any line that fits is one. */
  readonly evidence: RegExp;
  /** Other ids that would be a right answer as well. */
  readonly also?: readonly string[];
  readonly retry?: string;
  /** The module or host that is meant. */
  readonly target?: string;
  /** The command is expected to succeed or hang. */
  readonly anyExit?: boolean;
}
