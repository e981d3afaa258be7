// Every way to break a build that the laboratory knows.
import type { Scenario } from '../scenario.ts';
import { checksumDatabase } from './checksum-database.ts';
import { forwardProxy } from './forward-proxy.ts';
import { gitHosts } from './git.ts';
import { goModFiles } from './go-mod-files.ts';
import { goSum } from './go-sum.ts';
import { machineFaults } from './machine.ts';
import { moduleProxyAnswers } from './module-proxy.ts';
import { network } from './network.ts';
import { ownPackages } from './own-packages.ts';
import { ssh } from './ssh.ts';
import { tls } from './tls.ts';
import { toolchains } from './toolchain.ts';
import { transfer } from './transfer.ts';
import { versions } from './versions.ts';

export const scenarios: readonly Scenario[] = [
  ...network,
  ...tls,
  ...forwardProxy,
  ...transfer,
  ...moduleProxyAnswers,
  ...checksumDatabase,
  ...goSum,
  ...goModFiles,
  ...ownPackages,
  ...versions,
  ...gitHosts,
  ...ssh,
  ...toolchains,
  ...machineFaults,
];
