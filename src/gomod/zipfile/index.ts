// The rules for module zips, judged from a list of entries: sizes, name prefix, entry names.
export { checkFiles, type SourceFile, type SourceVerdict } from './check-files.ts';
export { checkZip, type ZipEntry, type ZipVerdict } from './check-zip.ts';
export { MAX_GO_MOD_SIZE, MAX_LICENSE_SIZE, MAX_ZIP_SIZE } from './limits.ts';
export { describeViolations, type Violation, type ViolationClass } from './violation.ts';
