/** The variables the program was started with, as a port. */
export interface Environment {
  /** The value as it stands, possibly empty; undefined when not set. */
  get(name: string): string | undefined;
  /** All of it, to hand to a child. */
  all(): Readonly<Record<string, string>>;
}
