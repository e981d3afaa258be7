// The fix of each fault that the laboratory can mend, as its page has it.
import type { Fixes } from './fix.ts';
import { machineFixes } from './machine.ts';
import { moduleProxyFixes } from './module-proxy.ts';
import { networkFixes } from './network.ts';
import { ownFileFixes } from './own-files.ts';
import { versionAndGitFixes } from './versions-and-git.ts';

export const fixes: Fixes = {
  ...networkFixes,
  ...moduleProxyFixes,
  ...ownFileFixes,
  ...versionAndGitFixes,
  ...machineFixes,
};
