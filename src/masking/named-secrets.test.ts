import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSecretName } from './named-secrets.ts';

test('names that say that their value is secret are known, as fields and as variables', () => {
  const secret =
    'token GITHUB_TOKEN apiKey X-Api-Key password DB_PASS db-pwd MY_CREDS NPM_AUTH DEPLOY_PAT SIGNING_KEY SigningKey Authorization set-cookie SLACK_WEBHOOK_ID ConnectionString SENTRY_DSN clientSecret NETRC';
  for (const name of secret.split(' ')) assert.equal(isSecretName(name), true, name);
});

test('names that only resemble those are not', () => {
  const plain =
    'PATH PWD OLDPWD GOAUTH GIT_ASKPASS SSH_AUTH_SOCK CACHE_KEY author pattern COMPAT path passes module';
  for (const name of plain.split(' ')) assert.equal(isSecretName(name), false, name);
});
