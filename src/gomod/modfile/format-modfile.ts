import { cleanUp } from './edit-syntax.ts';
import type { Modfile, Workfile } from './modfile.ts';
import { printSyntax } from './print-syntax.ts';
import { sortBlocks } from './sort-blocks.ts';

/** Prints the file as it stands, in Go's layout. */
export function printModfile(file: Modfile | Workfile): string {
  return printSyntax(file.syntax);
}

/** Sorts the blocks, takes out what edits removed, and prints the file: byte for byte what `go mod edit -fmt` writes. */
export function formatModfile(file: Modfile | Workfile): string {
  sortBlocks(file);
  cleanUp(file.syntax);
  return printSyntax(file.syntax);
}
