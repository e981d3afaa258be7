export interface CommitFacts {
  readonly size: number;
  readonly sha256: string;
  readonly h1: string | undefined;
  readonly upstream: string;
  readonly state: 'verified' | 'first-seen' | 'none';
}
