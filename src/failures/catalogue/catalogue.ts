import { cacheFailures } from './caches.ts';
import { checksumDatabaseFailures } from './checksum-database.ts';
import { dnsFailures } from './dns.ts';
import type { Failure } from './failure.ts';
import { forwardProxyFailures } from './forward-proxy.ts';
import { gitTransportFailures } from './git-transport.ts';
import { gitFailures } from './git.ts';
import { goModFailures } from './go-mod.ts';
import { goSumFailures } from './go-sum.ts';
import { handOverFailures } from './hand-over.ts';
import { imageFailures } from './images.ts';
import { importFailures } from './imports.ts';
import { machineFailures } from './machine.ts';
import { moduleContentFailures } from './module-content.ts';
import { moduleProxyFailures } from './module-proxy.ts';
import { surroundingFailures } from './surroundings.ts';
import { tcpFailures } from './tcp.ts';
import { tlsFailures } from './tls.ts';
import { toolchainFailures } from './toolchain.ts';
import { transferFailures } from './transfer.ts';
import { versionControlFailures } from './version-control.ts';
import { versionFailures } from './versions.ts';

/** All of them, from the network up to the build system. */
export const catalogue: readonly Failure[] = [
  ...dnsFailures,
  ...tcpFailures,
  ...tlsFailures,
  ...forwardProxyFailures,
  ...transferFailures,
  ...moduleProxyFailures,
  ...moduleContentFailures,
  ...checksumDatabaseFailures,
  ...goSumFailures,
  ...goModFailures,
  ...importFailures,
  ...versionFailures,
  ...gitFailures,
  ...gitTransportFailures,
  ...versionControlFailures,
  ...toolchainFailures,
  ...machineFailures,
  ...cacheFailures,
  ...imageFailures,
  ...surroundingFailures,
  ...handOverFailures,
];
