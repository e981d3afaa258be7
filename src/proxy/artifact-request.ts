import type { Artifact } from './artifact.ts';
import type { Exchange } from './exchange.ts';
import type { Reach } from './reach.ts';

export interface ArtifactRequest {
  readonly exchange: Exchange;
  readonly artifact: Artifact;
  readonly trace: string;
  readonly reach: Reach;
  readonly via: string | undefined;
}
