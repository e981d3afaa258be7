// Reports of the doctor: as text, as JSON, and two of them side by side.
export { compareReports, comparisonAsJson, comparisonAsText } from './compare-reports.ts';
export { readReport } from './read-report.ts';
export { reportAsJson, reportAsText } from './render-report.ts';
