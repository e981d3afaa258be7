import type { SeededRandom } from '../support/seeded.ts';

/** One kind of secret: what must never be seen, and a line as people and programs write it. */
export interface Kind {
  readonly name: string;
  /** Unique; any of these in an output is a leak. */
  readonly secrets: readonly string[];
  readonly line: string;
  /** A variable in which it usually stands. */
  readonly variable: readonly [name: string, value: string];
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const HEX = '0123456789abcdef';

/** Values of the right form and length, for every kind that teams have in their builds. */
export function createKinds(random: SeededRandom): readonly Kind[] {
  function word(length: number, letters = LETTERS): string {
    // A digit and both cases, as a generator of secrets makes them: no word of a language.
    const body = Array.from({ length: length - 3 }, () => letters[random.whole(letters.length)]);
    return `${letters === HEX ? 'a7f' : 'q7X'}${body.join('')}`;
  }
  function kind(
    name: string,
    value: string,
    line = `the token ${value} was used`,
    variable = `${name.toUpperCase().replaceAll('-', '_')}_TOKEN`,
    more: readonly string[] = [],
  ): Kind {
    return { name, secrets: [value, ...more], line, variable: [variable, value] };
  }
  function basic(pair: string): string {
    return Buffer.from(pair).toString('base64');
  }
  const jwt = ['{"alg":"RS256"}', `{"sub":"${word(12)}"}`].map((part) =>
    Buffer.from(part).toString('base64url'),
  );
  const keyLines = [word(70), word(70), word(40)];
  const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${keyLines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----`;
  const google = [word(64), word(64)];
  const [password, header, extra, docker, curl] = [20, 24, 24, 24, 18].map((length) =>
    word(length),
  ) as [string, string, string, string, string];
  const [netrc, goauth, cookie, setCookie, query] = [22, 30, 26, 26, 28].map((length) =>
    word(length),
  ) as [string, string, string, string, string];
  const session = `${word(120)}==`;
  return [
    kind('github-classic', `ghp_${word(36)}`),
    kind('github-fine-grained', `github_pat_${word(82)}`),
    kind('github-app', `ghs_${word(36)}`),
    kind('gitlab', `glpat-${word(20)}`),
    kind('gitlab-job', `glcbt-64_${word(20)}`, undefined, 'CI_JOB_TOKEN'),
    kind('bitbucket', `ATBB${word(32)}`, undefined, 'BITBUCKET_APP_PASSWORD'),
    kind('atlassian', `ATATT3xFfGF0${word(60)}`),
    kind('npm', `npm_${word(36)}`),
    kind('pypi', `pypi-AgEIcHlwaS5vcmc${word(60)}`),
    kind('docker-hub', `dckr_pat_${word(27)}`),
    kind('aws-key-id', `AKIA${word(16).toUpperCase()}`, undefined, 'AWS_ACCESS_KEY_ID'),
    aws('aws-secret-key', 'AWS_SECRET_ACCESS_KEY', word(40)),
    aws('aws-session', 'AWS_SESSION_TOKEN', session),
    kind('gcp-api-key', `AIza${word(35)}`, undefined, 'GOOGLE_API_KEY'),
    kind('gcp-oauth', `ya29.${word(80)}`),
    kind(
      'gcp-service-account',
      google[0] ?? '',
      `{"private_key": "-----BEGIN PRIVATE KEY-----\\n${google.join('\\n')}\\n-----END PRIVATE KEY-----\\n"}`,
      'GOOGLE_CREDENTIALS',
      google,
    ),
    kind('azure-client', `${word(3)}8Q~${word(34)}`, undefined, 'AZURE_CLIENT_SECRET'),
    aws('azure-storage', 'AccountKey', `${word(86)}==`),
    kind('azure-sas', query, `https://store.test/c?sv=2024-01-01&sig=${query}`, 'AZURE_SAS_TOKEN'),
    kind('slack-bot', `xoxb-123456789012-${word(24)}`),
    kind('slack-webhook', `T0${word(9)}/B0${word(9)}/${word(24)}`, undefined, 'X_TOKEN'),
    kind('jwt', `${jwt.join('.')}.${word(43)}`),
    kind('vault', `hvs.${word(90)}`),
    kind('artifactory', `AKCp${word(64)}`),
    kind(
      'basic-in-url',
      password,
      `go: fetching https://builder:${password}@git.corp.test/x`,
      'REPOSITORY_PASSWORD',
    ),
    kind('bearer-header', header, `> Authorization: Bearer ${header}`, 'AUTH_TOKEN'),
    kind(
      'basic-header',
      basic(`me:${extra}`),
      `> authorization: Basic ${basic(`me:${extra}`)}`,
      'BASIC_AUTH',
      [extra],
    ),
    kind('proxy-header', word(24), undefined, 'PROXY_TOKEN'),
    kind(
      'git-extraheader',
      basic(`x:${curl}`),
      `http.extraheader=AUTHORIZATION: basic ${basic(`x:${curl}`)}`,
      'GIT_AUTH',
      [curl],
    ),
    kind('netrc', netrc, `machine git.corp.test login me password ${netrc}`, 'NETRC_PASSWORD'),
    kind('ssh-key', keyLines[0] ?? '', key, 'SSH_PRIVATE_KEY', keyLines),
    kind('goauth', goauth, `Authorization: Bearer ${goauth}`, 'GOAUTH_SECRET'),
    kind('cookie', cookie, `Cookie: session=${cookie}`, 'SESSION_COOKIE_SECRET'),
    kind('set-cookie', setCookie, `Set-Cookie: sid=${setCookie}; Path=/`, 'COOKIE_SECRET'),
    kind(
      'docker-config',
      docker,
      `{"auths":{"ghcr.io":{"auth":"${docker}"}}}`,
      'DOCKER_AUTH_CONFIG_SECRET',
    ),
    kind('query-token', word(30), undefined, 'QUERY_TOKEN'),
  ].map(mendLines);
}

function aws(name: string, label: string, value: string): Kind {
  return {
    name,
    secrets: [value],
    line: `export ${label}=${value}`,
    variable: [label.toUpperCase(), value],
  };
}

/** Kinds that only their place makes secret. */
function mendLines(kind: Kind): Kind {
  const [secret = ''] = kind.secrets;
  const lines: Readonly<Record<string, string>> = {
    'slack-webhook': `posting to https://hooks.slack.com/services/${secret}`,
    'proxy-header': `Proxy-Authorization: Bearer ${secret}`,
    'query-token': `GET https://proxy.test/a/@v/list?access_token=${secret}&x=1`,
  };
  return { ...kind, line: lines[kind.name] ?? kind.line };
}
