import type { Cause } from './planted-cause.ts';
import { machineCauses } from './machine-causes.ts';
import { networkCauses } from './network-causes.ts';
import { proxyCauses } from './proxy-causes.ts';
import { repositoryCauses } from './repository-causes.ts';
import { settingCauses } from './setting-causes.ts';

export const causes: readonly Cause[] = [
  ...settingCauses,
  ...machineCauses,
  ...networkCauses,
  ...proxyCauses,
  ...repositoryCauses,
];
