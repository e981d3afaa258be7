// What surrounds a guarded command: required variables, credentials in a private place, a network that is shut.
export { parseCredential, readCredentials, writeCredentialFiles } from './credentials.ts';
export { checkRequiredVariables } from './required-variables.ts';
export { shutNetwork } from './shut-network.ts';
export type { CredentialRequest } from './credentials.ts';
export type { ShutNetwork } from './shut-network.ts';
