export interface ModuleVersion {
  readonly path: string;
  readonly version: string;
}
