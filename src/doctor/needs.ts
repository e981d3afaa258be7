import type { Clock, Files, Processes, Random } from '../platform/index.ts';
import type { HttpClient } from '../platform/http/index.ts';
import type { FileSystems } from '../platform/machine/index.ts';
import type { Network } from '../platform/network/index.ts';
import type { ZipChecker } from '../module-zip/index.ts';

export interface DoctorNeeds {
  readonly clock: Clock;
  readonly files: Pick<Files, 'readWhole' | 'list' | 'status' | 'create' | 'remove'>;
  readonly fileSystems: FileSystems;
  /** For names that no other doctor at work has. */
  readonly random: Pick<Random, 'bytes'>;
  readonly processes: Pick<Processes, 'run'>;
  readonly network: Network;
  /** Of its own, so that no connection is open yet. */
  readonly http: HttpClient;
  /** Reads what `http` and `network` trust, so that no probe waits for it within its own time. */
  readonly readTrust: () => Promise<void>;
  /** What `go` would send along with a request, found as `go` finds it. */
  readonly authorize: (url: string) => Promise<Readonly<Record<string, string>>>;
  readonly zips: Pick<ZipChecker, 'check'>;
  /** Why a signed tree head is not by the key, or undefined when it is. */
  readonly treeHeadProblem: (note: Buffer, key: string) => string | undefined;
}
