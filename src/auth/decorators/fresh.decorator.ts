import { applyDecorators, SetMetadata, UseGuards } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { FRESH_EXTENSION } from '../../http/openapi/access.js';
import { FRESH, FreshGuard } from '../guards/fresh.guard.js';

/**
 * Step-up (RFC 9470): the caller must have proved their password within so many minutes. It is asked last, after who
 * may call, and only routes that say so pay for it.
 */
export function Fresh(minutes: number): MethodDecorator {
  return applyDecorators(
    SetMetadata(FRESH, minutes),
    UseGuards(FreshGuard),
    ApiExtension(FRESH_EXTENSION, minutes),
  );
}
