/**
 * Whether the failure of an upstream lets this one resource cross a comma. Only somebody who can
 * prove the bytes knows (interface.md, `--upstream`), and finding out may take a request of its own.
 */
export interface Crossing {
  /** Undefined while it is being found out; the first call begins. */
  isAllowed(): boolean | undefined;
  isPending(): boolean;
}

export function createCrossing(
  ask: (() => Promise<boolean>) | undefined,
  changed: () => void,
): Crossing {
  let answer: boolean | undefined = ask === undefined ? false : undefined;
  let isPending = false;
  return {
    isAllowed() {
      if (answer === undefined && !isPending && ask !== undefined) {
        isPending = true;
        ask()
          .catch(() => false)
          .then((allowed) => {
            answer = allowed;
            isPending = false;
            changed();
          });
      }
      return answer;
    },
    isPending: () => isPending,
  };
}
