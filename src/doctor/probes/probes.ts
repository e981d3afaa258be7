import type { Probe } from '../probe.ts';
import { goSettingsProbe } from './go-settings.ts';
import { moduleProxiesProbe } from './module-proxies.ts';

export const probes: readonly Probe[] = [goSettingsProbe, moduleProxiesProbe];
