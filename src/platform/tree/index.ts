// The port to trees of files that another program made: looked at and removed without following a link.
export type { Tree, TreeEntry, TreeKind, TreeName } from './tree.ts';
