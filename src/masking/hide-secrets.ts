import { maskSecrets } from './mask-secrets.ts';
import { maskUrl } from './mask-url.ts';

/** A text without what looks like a secret; of URLs only scheme, host and path are left. For logs and errors. */
export function hideSecrets(text: string): string {
  return maskSecrets(maskUrl(text));
}
