import fastifyUnderPressure from '@fastify/under-pressure';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { unavailable } from './unavailable.js';

/** How often the delay of the event loop is looked at, in milliseconds, at most. */
const SAMPLE_INTERVAL = 500;

/**
 * Answers 503 at once while the event loop runs late by more than `maxDelay` milliseconds on average: what is turned away
 * costs next to nothing, so that what has begun can end. Health is always told.
 */
export function shedLoad(fastify: FastifyInstance, maxDelay: number): void {
  void fastify.register(fastifyUnderPressure, {
    maxEventLoopDelay: maxDelay,
    // The library takes a time without a turn for a delay without end, so that time must not be shorter than the bound.
    sampleInterval: Math.max(SAMPLE_INTERVAL, maxDelay),
    pressureHandler: (request: FastifyRequest) =>
      request.url.startsWith('/health/')
        ? undefined
        : Promise.reject(unavailable('The server has more to do than it can; try again in a moment.')),
  });
}
