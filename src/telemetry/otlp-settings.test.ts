import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOtlpWish } from './otlp-settings.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.test:4318' };

test('readOtlpWish() exports only where an endpoint is named', () => {
  assert.deepEqual(readOtlpWish({}), { kind: 'none' });
  assert.deepEqual(readOtlpWish({ OTEL_TRACES_EXPORTER: 'otlp' }), { kind: 'none' });
  const wanted = { kind: 'export', protocol: 'http/protobuf' };
  assert.deepEqual(readOtlpWish(ENDPOINT), wanted);
  const own = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector.test/v1/traces' };
  assert.deepEqual(readOtlpWish(own), wanted);
});

test('readOtlpWish() obeys what turns it off', () => {
  for (const off of [{ OTEL_SDK_DISABLED: 'TRUE' }, { OTEL_TRACES_EXPORTER: 'none' }]) {
    assert.deepEqual(readOtlpWish({ ...ENDPOINT, ...off }), { kind: 'none' });
  }
});

test('readOtlpWish() takes the protocol for traces before the one for all', () => {
  const both = {
    ...ENDPOINT,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
  };
  assert.deepEqual(readOtlpWish(both), { kind: 'export', protocol: 'http/json' });
});

test('readOtlpWish() says what it cannot do', () => {
  const cases = [
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    { OTEL_TRACES_EXPORTER: 'zipkin' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector.test:4317' },
  ];
  for (const wrong of cases) {
    assert.equal(readOtlpWish({ ...ENDPOINT, ...wrong }).kind, 'unsupported');
  }
});
