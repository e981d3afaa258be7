import { join } from 'node:path';
import type { Files } from '../../platform/index.ts';

/** An official Go image that a file of the repository names. */
export interface GoImage {
  /** `1.26`, `1.26.8` */
  readonly version: string;
  readonly file: string;
  readonly line: number;
}

const FILES = ['Dockerfile', 'Containerfile', '.gitlab-ci.yml', '.drone.yml', 'Jenkinsfile'];
const FILE_BYTES = 1024 * 1024;
const IMAGE = /\b(?:FROM|image:?)\s+["']?(?:[\w.-]+(?::\d+)?\/)*golang:(\d+\.\d+(?:\.\d+)?)\b/;

export async function readImages(
  files: Pick<Files, 'readWhole'>,
  directory: string,
): Promise<readonly GoImage[]> {
  const found = await Promise.all(
    FILES.map(async (file) => {
      const bytes = await files.readWhole(join(directory, file), FILE_BYTES).catch(() => undefined);
      const lines = bytes?.toString('utf8').split('\n') ?? [];
      return lines.flatMap((text, index) => {
        const version = IMAGE.exec(text)?.[1];
        return version === undefined ? [] : [{ version, file, line: index + 1 }];
      });
    }),
  );
  return found.flat();
}
