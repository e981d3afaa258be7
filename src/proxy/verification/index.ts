// Decides whether bytes are what they should be: by checksum databases, else by what was first seen.
export { createModuleVerification } from './create-verification.ts';
export type {
  ModuleVerification,
  ModuleVerificationNeeds,
  ModuleVerificationSettings,
} from './create-verification.ts';
export type { ExpectedHash } from './expected-hashes.ts';
export type { HashedArtifact, Outlook, Refused, Verification } from './verifier.ts';
export type { VerificationFinding } from './verification-findings.ts';
