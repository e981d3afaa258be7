import type { Probe } from '../probe.ts';
import { cacheDirectoriesProbe } from './cache-directories.ts';
import { certificatesProbe } from './certificates.ts';
import { checksumDatabaseProbe } from './checksum-database.ts';
import { connectionsProbe } from './connections.ts';
import { forwardProxiesProbe } from './forward-proxies.ts';
import { goSettingsProbe } from './go-settings.ts';
import { limitsProbe } from './limits.ts';
import { linkQualityProbe } from './link-quality.ts';
import { moduleProxiesProbe } from './module-proxies.ts';
import { repositoriesProbe } from './repositories.ts';
import { resolversProbe } from './resolvers.ts';
import { surroundingsProbe } from './surroundings.ts';
import { versionsProbe } from './versions.ts';

/** The basic ones first. */
export const probes: readonly Probe[] = [
  goSettingsProbe,
  versionsProbe,
  limitsProbe,
  resolversProbe,
  forwardProxiesProbe,
  connectionsProbe,
  certificatesProbe,
  moduleProxiesProbe,
  checksumDatabaseProbe,
  repositoriesProbe,
  cacheDirectoriesProbe,
  linkQualityProbe,
  surroundingsProbe,
];
