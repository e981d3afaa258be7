/** What the environment says about exporting traces, in OpenTelemetry's own variables. */
export type OtlpWish =
  | { readonly kind: 'none' }
  | { readonly kind: 'unsupported'; readonly problem: string }
  | { readonly kind: 'export'; readonly protocol: 'http/protobuf' | 'http/json' };

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * OpenTelemetry specification, "SDK environment variables" and "OTLP exporter". Endpoint, headers,
 * time-out, compression and certificates are read by the exporter itself.
 */
export function readOtlpWish(environment: Variables): OtlpWish {
  const read = (name: string): string => environment[name]?.trim() ?? '';
  const isDisabled = read('OTEL_SDK_DISABLED').toLowerCase() === 'true';
  const exporter = read('OTEL_TRACES_EXPORTER') || 'otlp';
  // The specification would export to a collector on this machine unasked; nobody expects that of a proxy.
  const endpoint =
    read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') || read('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (isDisabled || exporter === 'none' || endpoint === '') {
    return { kind: 'none' };
  }
  if (exporter !== 'otlp') {
    return unsupported('OTEL_TRACES_EXPORTER is neither otlp nor none');
  }
  const protocol =
    read('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ||
    read('OTEL_EXPORTER_OTLP_PROTOCOL') ||
    'http/protobuf';
  if (protocol !== 'http/protobuf' && protocol !== 'http/json') {
    return unsupported('OTEL_EXPORTER_OTLP_PROTOCOL is neither http/protobuf nor http/json');
  }
  if (!/^https?:$/u.test(URL.parse(endpoint)?.protocol ?? '')) {
    return unsupported('OTEL_EXPORTER_OTLP_ENDPOINT is no http or https URL');
  }
  return { kind: 'export', protocol };
}

function unsupported(problem: string): OtlpWish {
  return { kind: 'unsupported', problem };
}
