/** What is left on the file systems of this machine, as a port. */
export interface FileSystems {
  /** Of the file system that holds the path, or its nearest parent that exists. */
  space(path: string): Promise<Space>;
}

export interface Space {
  readonly freeBytes: number;
  /** Names of files that can still be made; undefined where the file system has no such limit. */
  readonly freeEntries: number | undefined;
}
