// Every way to break a build that the laboratory knows.
import type { Scenario } from '../scenario.ts';
import { checksumDatabase } from './checksum-database.ts';
import { forwardProxy } from './forward-proxy.ts';
import { gitHosts, versions } from './git.ts';
import { machineFaults } from './machine.ts';
import { goSum, moduleProxyAnswers } from './module-proxy.ts';
import { network } from './network.ts';
import { ownFiles } from './own-files.ts';
import { ssh } from './ssh.ts';
import { tls } from './tls.ts';
import { toolchains } from './toolchain.ts';
import { transfer } from './transfer.ts';

export const scenarios: readonly Scenario[] = [
  ...network,
  ...tls,
  ...forwardProxy,
  ...transfer,
  ...moduleProxyAnswers,
  ...checksumDatabase,
  ...goSum,
  ...ownFiles,
  ...versions,
  ...gitHosts,
  ...ssh,
  ...toolchains,
  ...machineFaults,
];
