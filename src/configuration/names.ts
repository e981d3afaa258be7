import { settings, type Values } from './settings.ts';

/** How one setting is written in each place. */
export interface SettingNames {
  readonly name: keyof Values;
  /** `max_store_size` */
  readonly key: string;
  /** `--max-store-size` */
  readonly flag: string;
  /** `COFFERDAM_MAX_STORE_SIZE` */
  readonly variable: string;
}

export const allNames: readonly SettingNames[] = (Object.keys(settings) as (keyof Values)[]).map(
  (name) => {
    const key = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const flag = `--${key.replaceAll('_', '-')}`;
    return { name, key, flag, variable: `COFFERDAM_${key.toUpperCase()}` };
  },
);
