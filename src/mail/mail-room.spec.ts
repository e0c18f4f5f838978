import { Logger } from '@nestjs/common';
import type { Mail } from './mail.js';
import { MAX_UNDER_WAY, MailRoom } from './mail-room.js';

const MAIL: Mail = { to: 'ada@example.com', subject: 'Hello', text: 'Hello' };

describe('the mail room', () => {
  let errors: jest.SpyInstance;
  beforeEach(() => {
    errors = jest.spyOn(Logger.prototype, 'error').mockImplementation();
  });
  afterEach(() => errors.mockRestore());

  it('sends what is written, and nothing where nothing is', async () => {
    const sent: Mail[] = [];
    const room = new MailRoom({ send: async (mail) => void sent.push(mail) });

    room.post('password-reset', async () => MAIL);
    room.post('password-reset', async () => null);
    const atOnce = sent.length;
    await room.settled();

    expect(atOnce).toBe(0);
    expect(sent).toEqual([MAIL]);
  });

  it(`holds ${MAX_UNDER_WAY} mails, drops one more with an error, and has room again later`, async () => {
    let sent = 0;
    const room = new MailRoom({ send: async () => void sent++ });

    for (let posted = 0; posted < MAX_UNDER_WAY; posted++) {
      room.post('password-reset', async () => MAIL);
    }
    const full = room.isFull;
    room.post('password-changed', async () => MAIL);
    await room.settled();

    expect(full).toBe(true);
    expect(errors.mock.calls).toEqual([
      [{ mail: 'password-changed' }, 'Too many mails are under way; this one is dropped'],
    ]);
    expect(sent).toBe(MAX_UNDER_WAY);
    expect(room.isFull).toBe(false);
  });

  it('logs what fails, in writing or in sending, and goes on', async () => {
    const failure = new Error('no route');
    const room = new MailRoom({
      send: async () => {
        throw failure;
      },
    });

    room.post('password-reset', async () => MAIL);
    room.post('password-changed', async () => {
      throw failure;
    });
    await room.settled();

    expect(errors.mock.calls).toHaveLength(2);
    expect(errors.mock.calls).toContainEqual([
      { err: failure, mail: 'password-reset' },
      'A mail could not be sent',
    ]);
    expect(errors.mock.calls).toContainEqual([
      { err: failure, mail: 'password-changed' },
      'A mail could not be sent',
    ]);
  });

  it('does nothing without a transport, and says that it cannot', async () => {
    const room = new MailRoom(null);
    const write = jest.fn(async () => MAIL);

    room.post('password-reset', write);
    await room.settled();

    expect(room.canSend).toBe(false);
    expect(write).not.toHaveBeenCalled();
  });
});
