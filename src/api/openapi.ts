import fastifySwagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Api } from './route.ts';

/** Lets an API describe itself; afterwards `api.swagger()` has the document. Before the routes are registered. */
export function describeApi(api: Api, version: string): void {
  api.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Millrace',
        version,
        description: "Airflow's stable REST API, and what Millrace has beyond it in the same style.",
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
}
