import { readFileSync } from 'node:fs';
import { loadSettings, settingNames } from './load-settings.js';

const SECRET = 'k3Yp9vQ2mX7tR4wZ8nB6cF1hJ5sD0gLa';

describe('.env.example', () => {
  const text = readFileSync('.env.example', 'utf8');
  const shown = [...text.matchAll(/^#?([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => ({
    name,
    value,
  }));

  it('names every setting once, and no other', () => {
    expect(shown.map(({ name }) => name).toSorted()).toEqual(settingNames().toSorted());
  });

  it('shows the defaults, and values that are allowed', () => {
    const environment = Object.fromEntries(
      shown.filter(({ value }) => value).map(({ name, value }) => [name, value]),
    );
    const settings = loadSettings({ ...environment, KEY_ENCRYPTION_SECRET: SECRET });
    const defaults = loadSettings({ KEY_ENCRYPTION_SECRET: SECRET });

    // Some stand in a comment: their default is for development.
    const withDefault = settingNames().filter((name) => !isNothing(Reflect.get(defaults, name)));
    expect(withDefault.map((name) => Reflect.get(settings, name))).toEqual(
      withDefault.map((name) => Reflect.get(defaults, name)),
    );
  });

  it('leaves to whoever copies it what production demands', () => {
    expect(text).not.toMatch(/^(JWT_ISSUER|MAIL_FROM|PASSWORD_RESET_URL|EMAIL_VERIFICATION_URL)=/m);
  });

  it('explains each setting in a comment above it', () => {
    for (const { name } of shown) {
      expect(text).toMatch(new RegExp(`# .*\\n(#?[A-Z_]+=.*\\n)?#?${name}=`));
    }
  });
});

function isNothing(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
