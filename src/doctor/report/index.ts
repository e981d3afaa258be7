// Reports of the doctor: as text, as JSON, and two of them side by side.
export { reportAsJson, reportAsText } from './render-report.ts';
