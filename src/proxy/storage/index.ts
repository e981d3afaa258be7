// The store of artifacts: the port, the disk tree, and the memory tier in front of it.
export type { Draft, Storage, StoredArtifact, StoredBytes, StoredVersion } from './storage.ts';
export { createDiskStorage } from './disk-storage.ts';
export type { DiskStorageSettings } from './disk-storage.ts';
export { createMemoryDraft } from './memory-draft.ts';
export type { MemoryRoom } from './memory-draft.ts';
export type { Damage } from './quarantine.ts';
export { createMemoryTier } from './memory-tier.ts';
export type { HotEntry, MemoryTier } from './memory-tier.ts';
