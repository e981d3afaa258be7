/** Versions of which somebody is being sent a file piece by piece. */
export interface Readers {
  begin(unit: string): () => void;
  has(unit: string): boolean;
}

export function createReaders(): Readers {
  const counts = new Map<string, number>();
  return {
    begin(unit) {
      counts.set(unit, (counts.get(unit) ?? 0) + 1);
      return () => {
        const left = (counts.get(unit) ?? 1) - 1;
        if (left === 0) counts.delete(unit);
        else counts.set(unit, left);
      };
    },
    has: (unit) => counts.has(unit),
  };
}
