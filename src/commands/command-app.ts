import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { readEnvironment } from '../config/read-environment.js';
import { CommandLogger } from './command-logger.js';

/** The whole house without its HTTP server, as the environment says. @throws what keeps it from starting */
export async function startCommandApp(): Promise<INestApplicationContext> {
  const settings = readEnvironment();
  return NestFactory.createApplicationContext(AppModule.with(settings), {
    logger: new CommandLogger(settings),
    abortOnError: false,
  });
}
