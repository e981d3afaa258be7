/** Something that is wrong, with proof and a way out (interface.md section 2). What is unknown is absent. */
export interface Finding {
  /** Stable, and documented in docs/errors.md or as a page of docs/findings. */
  readonly code: string;
  /** One line. */
  readonly title: string;
  /** One paragraph with the facts filled in. */
  readonly explanation: string;
  readonly severity: 'error' | 'warning' | 'info';
  /** From 0 to 1. */
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
  readonly fix?: Fix | undefined;
  /** Who can mend it: the team that runs the proxy, the image, the network, or the module's author. */
  readonly owner?: 'proxy' | 'platform' | 'network' | 'author' | 'developer' | undefined;
  /** What trying the same again would bring. */
  readonly retry?:
    | 'transient'
    | 'permanent'
    | 'transient-then-permanent'
    | 'permanent-but-cheap'
    | undefined;
  /** Codes of findings that are more basic than this one. */
  readonly dependsOn: readonly string[];
  readonly checked: 'yes' | 'no' | 'not-checked';
}

export interface Evidence {
  /** `file`, `log`, `response` */
  readonly kind: string;
  readonly text: string;
  readonly line?: number | undefined;
  /** Where it was seen: a file, a URL. */
  readonly source?: string | undefined;
}

export interface Fix {
  readonly text: string;
  /** To be typed as it stands. */
  readonly command?: string | undefined;
  /** What would be written, line by line. */
  readonly edits: readonly FileEdit[];
}

/** Some whole lines of a file replaced by others. */
export interface FileEdit {
  readonly file: string;
  /** The first line that goes, from 1. */
  readonly line: number;
  /** How many go; with 0 the text comes before `line`. */
  readonly lines: number;
  /** What stands there instead, each line with its end. */
  readonly text: string;
}
