import type { Probe } from '../probe.ts';
import { certificatesProbe } from './certificates.ts';
import { connectionsProbe } from './connections.ts';
import { forwardProxiesProbe } from './forward-proxies.ts';
import { goSettingsProbe } from './go-settings.ts';
import { moduleProxiesProbe } from './module-proxies.ts';
import { resolversProbe } from './resolvers.ts';

/** The basic ones first. */
export const probes: readonly Probe[] = [
  goSettingsProbe,
  resolversProbe,
  forwardProxiesProbe,
  connectionsProbe,
  certificatesProbe,
  moduleProxiesProbe,
];
