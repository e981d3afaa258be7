import { z } from 'zod';
import type { ApiRoute } from './route.ts';

/** Where all of it is. */
export const API_BASE = '/-/api/v1';

type Json = Readonly<Record<string, unknown>>;

/** The routes as an OpenAPI 3.1 document, whose schemas are JSON Schema as it is. */
export function describeApi(routes: readonly ApiRoute[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = (paths[`${API_BASE}${route.path}`] ??= {});
    path[route.method.toLowerCase()] = describeRoute(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Cofferdam',
      version,
      description:
        'What the server knows of itself. Requests that change something are answered on loopback only.',
      license: { name: 'UNLICENSED', identifier: 'LicenseRef-UNLICENSED' },
    },
    servers: [{ url: '/' }],
    paths,
  };
}

function describeRoute(route: ApiRoute): Json {
  return {
    operationId: route.operation,
    summary: route.summary,
    parameters: parametersOf(route.query),
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: jsonContent(route.body) } }),
    responses: {
      200: { description: 'what was asked for', content: jsonContent(route.result) },
      default: {
        description: 'the cause in one line, then the next step, then the trace',
        content: { 'text/plain': { schema: { type: 'string' } } },
      },
    },
  };
}

function parametersOf(query: z.ZodObject): readonly Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = typeof schema === 'boolean' ? {} : schema;
    const words = description === undefined ? {} : { description };
    return { name, in: 'query', required: required.includes(name), ...words, schema: rest };
  });
}

/** As input, results too: they may have further fields one day. */
function jsonContent(schema: z.ZodType): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io: 'input' });
  return { 'application/json': { schema: json } };
}
