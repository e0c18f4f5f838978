import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';
import { developmentSecrets } from './development-secrets.js';
import { productionFaults } from './production-rules.js';
import { Settings } from './settings.js';
import { weaknessOf } from './weak-secrets.js';

/** Thrown when the environment does not make valid settings; lists every fault at once. */
export class SettingsError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(
      `Latchkey cannot start, these settings are wrong:\n${faults.map((fault) => `  - ${fault}`).join('\n')}\n.env.example explains each one.`,
    );
    this.name = 'SettingsError';
  }
}

/**
 * Reads the settings from an environment; blank values count as not given.
 * @throws SettingsError with every fault found
 */
export function loadSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = givenValues(environment);
  const settings = plainToInstance(Settings, given, { exposeDefaultValues: true });
  const faults = [...fieldFaults(settings, given), ...crossFaults(settings)];
  if (settings.isProduction) {
    faults.push(...productionFaults(settings, given));
    settings.SWAGGER_UI = given['SWAGGER_UI'] === undefined ? false : settings.SWAGGER_UI;
  }
  if (faults.length > 0) {
    throw new SettingsError(faults);
  }
  if (settings.KEY_ENCRYPTION_SECRET === undefined) {
    settings.KEY_ENCRYPTION_SECRET = developmentSecrets(settings.DATA_DIR).keyEncryptionSecret;
  }
  return settings;
}

/** The names of all settings, as the environment spells them. */
export function settingNames(): string[] {
  const checks = getMetadataStorage().getTargetValidationMetadatas(Settings, '', false, false);
  return [...new Set(checks.map(({ propertyName }) => propertyName))];
}

function givenValues(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given: Record<string, string> = {};
  for (const name of settingNames()) {
    const value = environment[name]?.trim();
    if (value) {
      given[name] = value;
    }
  }
  return given;
}

function fieldFaults(settings: Settings, given: Readonly<Record<string, string>>): string[] {
  const secretIsMade = !settings.isProduction && given['KEY_ENCRYPTION_SECRET'] === undefined;
  return validateSync(settings)
    .filter(({ property }) => !(secretIsMade && property === 'KEY_ENCRYPTION_SECRET'))
    .map(({ property, constraints }) => {
      const rule = [...new Set(Object.values(constraints ?? {}))].join(' and ');
      return given[property] === undefined ? `${property} is missing: it ${rule}.` : `${property} ${rule}.`;
    });
}

function crossFaults(settings: Settings): string[] {
  const faults: string[] = [];
  if ((settings.TLS_CERT_FILE === undefined) !== (settings.TLS_KEY_FILE === undefined)) {
    faults.push('TLS_CERT_FILE and TLS_KEY_FILE belong together: give both or neither.');
  }
  if (settings.JWT_SECRET !== undefined && settings.JWT_ALGORITHM !== 'HS256') {
    faults.push('JWT_SECRET is for JWT_ALGORITHM=HS256 only; leave it out for the other algorithms.');
  }
  if (settings.JWT_SECRET !== undefined && settings.SIGNING_KEYS_FILE !== undefined) {
    faults.push(
      'JWT_SECRET and SIGNING_KEYS_FILE exclude each other: put the secret into the file, or leave one out.',
    );
  }
  if (settings.DATABASE_REPLICA_URLS.length > 0 && settings.DATABASE_URL === undefined) {
    faults.push('DATABASE_REPLICA_URLS needs DATABASE_URL: the server whose replicas these are.');
  }
  if (settings.HEADERS_TIMEOUT > settings.REQUEST_TIMEOUT) {
    faults.push(
      'HEADERS_TIMEOUT must not be longer than REQUEST_TIMEOUT: the headers are a part of the request.',
    );
  }
  const weakness = settings.JWT_SECRET === undefined ? null : weaknessOf(settings.JWT_SECRET);
  if (weakness) {
    faults.push(`JWT_SECRET ${weakness}; make one with: openssl rand -base64 32`);
  }
  return faults;
}
