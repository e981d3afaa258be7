import { maskSecrets } from '../masking/index.ts';

/**
 * Text of logs and servers, as it may stand in our output: nothing in it is a secret, a command for a
 * terminal or a command for a build system.
 */
export function safeText(text: string): string {
  return maskSecrets(text)
    .replaceAll(CONTROLS, ' ')
    .replaceAll(/::(?=[a-z-]{2,20}(?: [^:]{0,200})?::)/gi, ': :')
    .replaceAll(/##(?=(?:vso)?\[)/gi, '# #')
    .replaceAll(/\b(section_(?:start|end)):(?=\d)/g, '$1 :');
}

/** Terminals obey escapes and readers are fooled by text that runs backwards. */
const CONTROLS =
  /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g;
