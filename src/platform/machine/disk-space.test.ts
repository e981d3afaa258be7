import { createFileSystems } from './disk-space.ts';
import { fileSystemsContract } from './file-systems.contract.ts';

fileSystemsContract('createFileSystems()', createFileSystems);
