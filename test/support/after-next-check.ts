import { PasswordHasher } from '../../src/auth/passwords/password-hasher.js';
import type { TestApp } from './app.js';

/** Does something between the next check of a password and what follows from it; resolves with what came of it. */
export function afterNextCheck<T>(app: TestApp, act: () => Promise<T>): Promise<T> {
  const hasher = app.nest.get(PasswordHasher);
  const verify = hasher.verify.bind(hasher);
  return new Promise((done) => {
    jest.spyOn(hasher, 'verify').mockImplementationOnce(async (storedHash, password) => {
      const isRight = await verify(storedHash, password);
      done(await act());
      return isRight;
    });
  });
}
