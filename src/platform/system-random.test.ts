import { randomContract } from './random.contract.ts';
import { createSystemRandom } from './system-random.ts';

randomContract('createSystemRandom()', createSystemRandom);
