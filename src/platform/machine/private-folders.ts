/** Folders that only this user can enter, for what must not outlive the program, as a port. */
export interface PrivateFolders {
  /** A new one, in memory where the system has such a place. */
  make(): Promise<PrivateFolder>;
}

export interface PrivateFolder {
  readonly path: string;
  /** A new file that only this user can read; gives its path. */
  write(name: string, text: string): Promise<string>;
  /** With all that is in it. Also happens when the program ends without asking. */
  remove(): Promise<void>;
}
