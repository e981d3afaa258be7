// What Go's settings mean: each in plain words, for one module, and the lines that make Go use a server.
export { explainPath } from './explain-path.ts';
export { explainSetting, explainedNames } from './explain-setting.ts';
export { explanationsAsJson, explanationsAsText, pathAsJson, pathAsText } from './render.ts';
export { shellLines, shells } from './shell-lines.ts';
export type { ModuleExplanation } from './explain-path.ts';
export type { SettingExplanation } from './explain-setting.ts';
export type { Shell } from './shell-lines.ts';
export type { Surroundings } from './surroundings.ts';
