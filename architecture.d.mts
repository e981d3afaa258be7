export interface Kind {
  readonly folders: readonly string[];
  readonly mayImport: readonly string[];
}
export const kinds: Readonly<Record<'roots' | 'faces' | 'features' | 'foundation', Kind>>;
export const doorNames: {
  readonly values: number;
  readonly names: number;
  readonly more: Readonly<Record<string, number>>;
};
export function kindOf(folder: string): string | undefined;
export const publicSubDoors: readonly string[];
