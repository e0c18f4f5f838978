import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Settings } from '../../config/settings.js';
import { Metrics } from './metrics.js';
import { mayRead } from './metrics-access.js';

/** Serves metrics on a port of their own, if `METRICS_PORT` says so, for a network that clients cannot reach. */
export async function serveMetrics(app: NestFastifyApplication, settings: Settings): Promise<void> {
  if (settings.METRICS_PORT === undefined) {
    return;
  }
  const metrics = app.get(Metrics);
  const server = createServer((request, response) => {
    answer(request, response, metrics, settings).catch((error: unknown) => {
      new Logger('Metrics').error({ err: error }, 'Metrics could not be read');
      response.writeHead(500).end();
    });
  });
  server.listen(settings.METRICS_PORT, settings.HOST);
  await once(server, 'listening');
}

async function answer(
  { method, url, headers }: IncomingMessage,
  response: ServerResponse,
  metrics: Metrics,
  settings: Settings,
): Promise<void> {
  if (method !== 'GET' || url !== '/metrics') {
    response.writeHead(404).end();
    return;
  }
  if (!mayRead(headers.authorization, settings)) {
    response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    return;
  }
  const text = await metrics.text();
  response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
  response.end(text);
}
