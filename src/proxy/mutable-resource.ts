/** A resource whose answer changes: `@v/list`, `@latest`, or the `.info` of a branch, tag or hash. */
export interface MutableResource {
  readonly kind: 'list' | 'latest' | 'query';
  readonly path: string;
  readonly key: string;
}
