import { smtpOptionsOf } from './smtp-options.js';

describe('how a mail server is reached', () => {
  it('takes user and password from the address, and nodemailer’s port where there is none', () => {
    expect(smtpOptionsOf('smtp://shop%40x:p%3Aw@mail.example', false)).toMatchObject({
      host: 'mail.example',
      auth: { user: 'shop@x', pass: 'p:w' },
    });
    expect(smtpOptionsOf('smtp://mail.example', false)).not.toHaveProperty('port');
    expect(smtpOptionsOf('smtp://mail.example', false)).not.toHaveProperty('auth');
    expect(smtpOptionsOf('smtp://[::1]:2525', false)).toMatchObject({ host: '::1', port: 2525 });
  });

  it.each([
    ['smtps://mail.example', false, { secure: true, requireTLS: false, tls: { rejectUnauthorized: true } }],
    ['smtp://mail.example', false, { secure: false, requireTLS: false, tls: { rejectUnauthorized: true } }],
    ['smtp://mail.example', true, { secure: false, requireTLS: true, tls: { rejectUnauthorized: true } }],
    ['smtp://localhost', true, { secure: false, requireTLS: false, tls: { rejectUnauthorized: false } }],
    ['smtp://127.0.0.1:25', true, { secure: false, requireTLS: false, tls: { rejectUnauthorized: false } }],
  ])('asks of %s (in production: %s) the right encryption', (url, isProduction, expected) => {
    expect(smtpOptionsOf(url, isProduction)).toMatchObject(expected);
  });
});
