import type { Level, UpstreamSnapshot } from './snapshot.ts';

/** What the level is read from. */
export interface DegradationFacts {
  /** The configured ones. */
  readonly upstreams: readonly (Pick<UpstreamSnapshot, 'name' | 'state'> & {
    readonly isLongOut: boolean;
  })[];
  readonly isStoreWritable: boolean;
}

/**
 * Reference builds 4.3, 13: L1 looks ahead and hedges no more, L2 serves lists as they were, L3 serves
 * what is stored, L4 stores nothing new. The higher ones include what the lower ones leave out, but
 * for L4, which says nothing about upstreams and is told because it is the worst for the next build.
 */
export function levelOf(facts: DegradationFacts): {
  readonly level: Level;
  readonly reason: string;
} {
  if (!facts.isStoreWritable) {
    return { level: 'L4', reason: 'the store cannot be written: what is fetched is not kept' };
  }
  const troubled = facts.upstreams.filter(
    ({ state }) => state === 'unhealthy' || state === 'trying' || state === 'held-down',
  );
  if (troubled.length === 0) {
    return { level: 'L0', reason: '' };
  }
  const names = troubled.map(({ name }) => name).join(', ');
  if (troubled.length < facts.upstreams.length) {
    return { level: 'L1', reason: `some upstreams fail: ${names}` };
  }
  return troubled.every(({ state, isLongOut }) => isLongOut || state === 'held-down')
    ? { level: 'L3', reason: `no upstream has answered for a while: ${names}` }
    : { level: 'L2', reason: `all upstreams fail: ${names}` };
}
