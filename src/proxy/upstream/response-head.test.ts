import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatResponseHead } from './response-head.ts';

test('formatResponseHead() writes status line and headers as a GOAUTH command reads them', () => {
  assert.equal(
    formatResponseHead(401, { 'www-authenticate': 'Basic realm="x"', 'x-a': 'b\r\nc' }),
    'HTTP/1.1 401 Unauthorized\nWww-Authenticate: Basic realm="x"\nX-A: b c\n\n',
  );
});
