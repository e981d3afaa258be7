/**
 * A log as the reference describes it, for what cannot be broken here. The line that starts with § proves it. Filled in
 * by the seed: {module} {version} {host} {proxy} {git} {image} {tag} {app} {sha} {ip} {n} {go}.
 */
export interface Shape {
  readonly id: string;
  readonly text: string;
  readonly also?: readonly string[];
  readonly retry?: string;
}
